// Runs a few seeds, and checks that a seed determines the run: two runs of a seed are identical to
// the last byte.
import assert from 'node:assert/strict';
import { simulate } from './simulate.js';

/**
 * Fixed seeds, and a seed that changes every day to try new faults. Seed 20262023 changes the
 * template of a Deployment before the controller's cache shows the first replica set, for which the
 * answer of the create was lost.
 */
const SEEDS = [
  1,
  2,
  3,
  20262023,
  Number(new Date().toISOString().slice(0, 10).replaceAll('-', '')),
];

describe('simulation', function () {
  this.timeout(120_000);

  for (const seed of SEEDS) {
    it(`keeps every invariant under faults, and settles: seed ${seed}`, async () => {
      const { report, virtualSeconds } = await simulate({ seed, rounds: 1, chaosSeconds: 250 });
      assert.equal(report, undefined, report);
      assert.ok(virtualSeconds > 250);
    });
  }

  it('finds a violation, and prints how to reproduce it', async () => {
    const { report = '' } = await simulate({
      seed: 5,
      rounds: 1,
      chaosSeconds: 20,
      sabotage: ({ store }) => store.delete('/registry/namespaces/kube-system'),
    });
    assert.match(
      report,
      /^seed 5, after [\d.]+ virtual seconds and \d+ steps:\nnamespace kube-system is gone and .* is still there/,
    );
    assert.match(report, /store \d+ delete \/registry\/namespaces\/kube-system/);
    assert.match(report, /again: SIM_SEED=5 SIM_ROUNDS=1 SIM_SECONDS=20 hack\/simulate$/);
  });

  it('finds a loop, which would never end', async () => {
    const { report = '' } = await simulate({
      seed: 5,
      rounds: 1,
      chaosSeconds: 20,
      sabotage: (cluster) => {
        const spin = (): void => {
          for (let i = 0; i < 1_000; i++) cluster.trace.add('PUT again');
          cluster.clock.after(1_000, spin);
        };
        spin();
        return Promise.resolve();
      },
    });
    assert.match(report, /caught in a loop: \d+ steps in a minute/);
  });

  it('repeats the run of a seed, and differs for another seed', async () => {
    const run = async (seed: number) =>
      (await simulate({ seed, rounds: 1, chaosSeconds: 40 })).hash;
    const [first, again, other] = [await run(11), await run(11), await run(12)];
    assert.equal(again, first);
    assert.notEqual(other, first);
  });
});
