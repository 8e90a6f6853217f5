import assert from 'node:assert/strict';
import { virtualEnv } from '../../test/support/virtual-env.js';
import type { Component } from './components.js';
import { runHyperkube } from './run.js';

const parts = ['first', 'second', 'third'].map((name) => ({ name, argv: [] }));
const once = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('hyperkube', () => {
  let said: string[];
  const component =
    (name: string, run: (signal: AbortSignal) => Promise<void>): Component =>
    () =>
      Promise.resolve({
        logLevel: 'info',
        start: (_env, signal) => run(signal).finally(() => said.push(name)),
      });
  const waiting = (name: string) => component(name, once);
  beforeEach(() => {
    said = [];
  });

  it('stops the last component first, each after the one behind it has ended', async () => {
    const controller = new AbortController();
    const slow = component('third', async (signal) => {
      await once(signal);
      await new Promise((resolve) => setImmediate(resolve));
    });
    const done = runHyperkube(parts, () => virtualEnv(), controller.signal, {
      components: { first: waiting('first'), second: waiting('second'), third: slow },
    });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
    await done;
    assert.deepEqual(said, ['third', 'second', 'first']);
  });

  it('stops the others when one fails, and reports its name and error', async () => {
    const broken = component('second', () => Promise.reject(new Error('no room')));
    const done = runHyperkube(parts, () => virtualEnv(), new AbortController().signal, {
      components: { first: waiting('first'), second: broken, third: waiting('third') },
    });
    await assert.rejects(done, /^Error: second: no room$/);
    assert.deepEqual(said, ['second', 'third', 'first']);
  });
});
