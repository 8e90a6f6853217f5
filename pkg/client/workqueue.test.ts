import assert from 'node:assert/strict';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { WorkQueue } from './workqueue.js';

const never = new AbortController().signal;

describe('work queue', () => {
  it('is fair and returns a key once, however often it was added', async () => {
    const queue = new WorkQueue('q', virtualEnv());
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    assert.deepEqual(
      [await queue.get(never), await queue.get(never), await queue.get(never)],
      ['a', 'b', 'c'],
    );
    assert.equal(queue.length, 0);
  });

  it('queues a key again that is added while a worker holds it', async () => {
    const queue = new WorkQueue('q', virtualEnv());
    queue.add('a');
    assert.equal(await queue.get(never), 'a');
    queue.add('a');
    queue.add('a');
    assert.equal(queue.length, 0);
    queue.done('a');
    assert.equal(await queue.get(never), 'a');
    queue.done('a');
    assert.equal(queue.length, 0);
    assert.throws(() => queue.done('a'), /without get/);
  });

  it('serves waiting workers in order and releases them on abort', async () => {
    const queue = new WorkQueue('q', virtualEnv());
    const abort = new AbortController();
    const [first, second, third] = [queue.get(never), queue.get(abort.signal), queue.get(never)];
    abort.abort();
    queue.add('a');
    queue.add('b');
    assert.deepEqual(await Promise.all([first, second, third]), ['a', undefined, 'b']);
  });

  it('keeps the earliest of several delays', async () => {
    const env = virtualEnv();
    const queue = new WorkQueue('q', env);
    queue.addAfter('a', 5000);
    queue.addAfter('a', 1000);
    queue.addAfter('a', 3000);
    await env.clock.advance(999);
    assert.equal(queue.length, 0);
    await env.clock.advance(1);
    assert.equal(queue.length, 1);
    assert.equal(await queue.get(never), 'a');
    queue.done('a');
    await env.clock.advance(10_000);
    assert.equal(queue.length, 0);
  });

  it('doubles the delay of a failing key until it is forgotten', async () => {
    const env = virtualEnv();
    const queue = new WorkQueue('q', env);
    const delayOf = async (): Promise<number> => {
      queue.addRateLimited('a');
      const start = env.clock.now();
      while (queue.length === 0) await env.clock.advance(1);
      const key = await queue.get(never);
      queue.done(key!);
      return env.clock.now() - start;
    };
    assert.deepEqual([await delayOf(), await delayOf(), await delayOf()], [5, 10, 20]);
    assert.equal(queue.failures('a'), 3);
    queue.forget('a');
    assert.equal(await delayOf(), 5);
  });

  it('has no timers and accepts no keys after close', async () => {
    const env = virtualEnv();
    const queue = new WorkQueue('q', env);
    queue.addAfter('a', 1000);
    queue.add('b');
    queue.close();
    queue.add('c');
    queue.addAfter('d', 10);
    await env.clock.advance(5000);
    assert.equal(queue.length, 0);
  });
});
