// A handful of seeds, and that a seed says everything: two runs of one are equal to the last byte.
import assert from 'node:assert/strict';
import { simulate } from './simulate.js';

/** Fixed ones first; the last is another every day, so that the house meets new weather. */
const SEEDS = [1, 2, 3, Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''))];

describe('simulation', function () {
  this.timeout(120_000);

  for (const seed of SEEDS) {
    it(`keeps every promise under faults, and settles: seed ${seed}`, async () => {
      const { report, virtualSeconds } = await simulate({ seed, rounds: 1, chaosSeconds: 250 });
      assert.equal(report, undefined, report);
      assert.ok(virtualSeconds > 250);
    });
  }

  it('does the same again for the same seed, and something else for another', async () => {
    const run = async (seed: number) => (await simulate({ seed, rounds: 1, chaosSeconds: 40 })).hash;
    const [first, again, other] = [await run(11), await run(11), await run(12)];
    assert.equal(again, first);
    assert.notEqual(other, first);
  });
});
