import assert from 'node:assert/strict';
import { SharedCheck } from './shared-check.js';

describe('shared check', () => {
  it('never answers with a question asked before the caller came', async () => {
    let asked = 0;
    const answers: ((value: number) => void)[] = [];
    const check = new SharedCheck(() => {
      const number = ++asked;
      return new Promise<number>((resolve) => answers.push(() => resolve(number)));
    });
    const first = check.get();
    const late = [check.get(), check.get(), check.get()];
    assert.equal(asked, 1);
    answers[0]!(0);
    assert.equal(await first, 1);
    await Promise.resolve();
    assert.equal(asked, 2);
    answers[1]!(0);
    assert.deepEqual(await Promise.all(late), [2, 2, 2]);
  });

  it('goes on after a failure', async () => {
    let failing = true;
    const check = new SharedCheck(() => (failing ? Promise.reject(new Error('down')) : Promise.resolve(7)));
    const first = check.get();
    const second = check.get();
    await assert.rejects(first, /down/);
    failing = false;
    await assert.rejects(second, /down/).catch(() => {});
    assert.equal(await check.get(), 7);
  });
});
