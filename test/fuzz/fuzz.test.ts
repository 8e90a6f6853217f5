// A slice of hack/fuzz with fixed inputs. New inputs are the work of hack/fuzz itself, so that a
// change is not refused for a fault that it did not bring. A failure names the command that repeats
// it.
import assert from 'node:assert/strict';
import { FAMILIES } from './families.js';
import { minimise } from './minimise.js';
import { mutateBytes, mutateJson, mutateText } from './mutate.js';
import { Choice } from './random.js';
import { runFamily } from './run.js';

const INPUTS = 4_000;
const SEED = 20261129;
const SHARES = FAMILIES.reduce((sum, { share }) => sum + share, 0);

describe('mutated inputs', function () {
  this.timeout(120_000);
  for (const family of FAMILIES) {
    const count = Math.ceil((INPUTS * family.share) / SHARES);
    it(`${family.name}: ${count} of them break no rule`, async () => {
      const { failures } = await runFamily(family, SEED, 0, count);
      const texts = failures.map(
        ({ input, text, bytes }) =>
          `hack/fuzz 1 ${SEED} ${family.name} ${input}\n${text}\n${JSON.stringify(bytes.toString('latin1'))}`,
      );
      assert.equal(texts.join('\n\n'), '');
    });
  }
});

describe('the fuzzer', () => {
  const broken = {
    name: 'broken',
    share: 1,
    prepare: () => ({
      make: (choice: Choice) => mutateBytes(choice, Buffer.from('a harmless input, twice as long')),
      run(input: Buffer) {
        if (input.includes('less')) throw new TypeError('found');
      },
    }),
  };

  it('finds an input that breaks a rule, and makes it small', async () => {
    const { failures } = await runFamily(broken, 1, 0, 50);
    assert.equal(failures.length, 1);
    assert.equal(failures[0]!.bytes.toString(), 'less');
    assert.match(failures[0]!.text, /TypeError: found/);
  });

  it('finds an input that takes long', async () => {
    const spin = () => {
      // Other threads of the process use CPU time too, so that neither clock tells of the other.
      const spent = () => Object.values(process.cpuUsage()).reduce((sum, us) => sum + us, 0);
      const [cpuEnd, wallEnd] = [spent() + 220_000, performance.now() + 220];
      while (spent() < cpuEnd || performance.now() < wallEnd);
    };
    const slow = { ...broken, prepare: () => ({ make: () => Buffer.from('x'), run: spin }) };
    const { failures } = await runFamily(slow, 1, 0, 1);
    assert.match(failures[0]!.text, /slow: \d+ ms of CPU/);
  }).timeout(60_000);

  it('finds memory that stays', async () => {
    const leaked: number[][] = [];
    const run = () => void leaked.push(Array.from({ length: 200_000 }, () => 0));
    const leaky = { ...broken, prepare: () => ({ make: () => Buffer.from('x'), run }) };
    const { failures } = await runFamily(leaky, 1, 0, 100);
    assert.match(failures.at(-1)!.text, /growth: \d+ MB/);
    leaked.length = 0;
  }).timeout(60_000);

  it('makes the same inputs from the same seed', () => {
    const made = (seed: number) => {
      const choice = Choice.of(seed, 'f', 7);
      return JSON.stringify([
        mutateText(choice, 'a=b,c', ['=']),
        mutateJson(choice, { a: [1, { b: 'c' }] }),
        mutateBytes(choice, Buffer.from('bytes')).toString('hex'),
      ]);
    };
    assert.equal(made(5), made(5));
    assert.notEqual(made(5), made(6));
  });

  it('leaves an input that passes as it is', async () => {
    const input = Buffer.from('fine');
    assert.equal(await minimise(input, () => Promise.resolve(undefined)), input);
  });
});
