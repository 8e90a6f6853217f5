import assert from 'node:assert/strict';
import { SharedCheck } from './shared-check.js';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
};

describe('shared check', () => {
  it('never answers with a question asked before the caller came', async () => {
    let asked = 0;
    const answers: (() => void)[] = [];
    const check = new SharedCheck(() => {
      const number = ++asked;
      return new Promise<number>((resolve) => answers.push(() => resolve(number)));
    });
    const first = [check.get(), check.get()];
    await turns(2);
    assert.equal(asked, 1);
    const late = [check.get(), check.get(), check.get()];
    await turns(2);
    assert.equal(asked, 1);
    answers[0]!();
    assert.deepEqual(await Promise.all(first), [1, 1]);
    await turns(2);
    assert.equal(asked, 2);
    answers[1]!();
    assert.deepEqual(await Promise.all(late), [2, 2, 2]);
  });

  it('goes on after a failure', async () => {
    let failing = true;
    const check = new SharedCheck(() => (failing ? Promise.reject(new Error('down')) : Promise.resolve(7)));
    await assert.rejects(check.get(), /down/);
    failing = false;
    assert.equal(await check.get(), 7);
  });
});
