import assert from 'node:assert/strict';
import { VirtualClock } from '../../../test/support/virtual-env.js';
import { sharedCheck } from './etcd-storage.js';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++)
    await new Promise<void>((resolve) => setImmediate(resolve));
};

describe('shared check', () => {
  it('never returns the result of a call that started before the caller', async () => {
    let asked = 0;
    const answers: (() => void)[] = [];
    const check = sharedCheck(
      () => {
        const number = ++asked;
        return new Promise<number>((resolve) => answers.push(() => resolve(number)));
      },
      new VirtualClock(),
      10_000,
    );
    const first = [check(), check()];
    await turns(2);
    assert.equal(asked, 1);
    const late = [check(), check(), check()];
    await turns(2);
    assert.equal(asked, 1);
    answers[0]!();
    assert.deepEqual(await Promise.all(first), [1, 1]);
    await turns(2);
    assert.equal(asked, 2);
    answers[1]!();
    assert.deepEqual(await Promise.all(late), [2, 2, 2]);
  });

  it('continues after a failure', async () => {
    let failing = true;
    const check = sharedCheck(
      () => (failing ? Promise.reject(new Error('down')) : Promise.resolve(7)),
      new VirtualClock(),
      10_000,
    );
    await assert.rejects(check(), /down/);
    failing = false;
    assert.equal(await check(), 7);
  });

  it('bounds the wait for two successive calls that hang', async () => {
    const clock = new VirtualClock();
    const given: number[] = [];
    const ask = (timeoutMs: number): Promise<number> => {
      given.push(timeoutMs);
      return new Promise((_resolve, reject) =>
        clock.after(timeoutMs, () => reject(new Error('no answer'))),
      );
    };
    const check = sharedCheck(ask, clock, 10_000);
    const failed = async (answer: Promise<number>): Promise<number> => {
      await assert.rejects(answer, /no answer/);
      return clock.monotonic();
    };
    const first = failed(check());
    await turns(2);
    await clock.advance(100);
    const asked = clock.monotonic();
    const second = failed(check());
    for (let step = 0; step < 30; step++) {
      await clock.advance(500);
      await turns(2);
    }
    assert.equal((await first) - asked, 9_900);
    assert.ok((await second) - asked <= 11_500, String((await second) - asked));
    assert.deepEqual(given, [10_000, 1_000]);
  });
});
