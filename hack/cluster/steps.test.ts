import assert from 'node:assert/strict';
import { Steps } from './steps.js';
import { allDone, until } from './wait.js';

describe('steps of a command', () => {
  it('do not begin once the command is interrupted', async () => {
    const controller = new AbortController();
    let text = '';
    const steps = new Steps(controller.signal, (part) => (text += part));
    await assert.rejects(
      steps.run('first', () => {
        controller.abort(new Error('interrupted'));
        return Promise.reject(new Error('a child was killed'));
      }),
      /a child was killed/,
    );
    assert.match(text, /first \.+ interrupted after/);
    let began = false;
    await assert.rejects(
      steps.run('second', () => Promise.resolve((began = true))),
      /^Error: interrupted$/,
    );
    assert.ok(!began);
    assert.equal(steps.count, 1);
  });

  it('end their waits at an interruption', async () => {
    const controller = new AbortController();
    let asked = 0;
    const ask = () => {
      if (++asked === 3) controller.abort(new Error('interrupted'));
      return false;
    };
    await assert.rejects(until(ask, 60_000, 'too late', controller.signal), /^Error: interrupted$/);
    assert.equal(asked, 3);
  });

  it('leave nothing running when one of several parts fails', async () => {
    let isOver = false;
    const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      isOver = true;
    });
    await assert.rejects(allDone([Promise.reject(new Error('no')), slow]), /^Error: no$/);
    assert.ok(isOver);
    assert.deepEqual(await allDone([Promise.resolve(1), Promise.resolve(2)]), [1, 2]);
  });
});
