import assert from 'node:assert/strict';
import { createMemoryStorage } from '../../storage/memory/memory-storage.js';
import { CompactedError, type Storage } from '../../storage/storage.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { Cacher } from './cacher.js';
import type { CacheEvent } from './event-ring.js';

const bytes = (name: string, value = '') =>
  Buffer.from(
    JSON.stringify({ kind: 'X', apiVersion: 'v1', metadata: { name, labels: { value } } }),
  );

/** A store; `cut` ends its next watch with an error. */
function breakable(inner: Storage): { storage: Storage; cut: (error: Error) => void } {
  let breaker = new AbortController();
  const storage: Storage = Object.assign(Object.create(inner) as Storage, {
    async *watch(prefix: string, options: Parameters<Storage['watch']>[1]) {
      breaker = new AbortController();
      yield* inner.watch(prefix, {
        ...options,
        signal: AbortSignal.any([options.signal, breaker.signal]),
      });
    },
  });
  return { storage, cut: (error) => breaker.abort(error) };
}

function setUp() {
  const env = virtualEnv();
  const inner = createMemoryStorage(env);
  const { storage, cut } = breakable(inner);
  const cacher = new Cacher(storage, '/registry', env);
  const pods = cacher.cacheOf('pods', true);
  const specs = cacher.cacheOf('services/specs', true);
  const controller = new AbortController();
  const start = async () => {
    let running: Promise<void> = Promise.resolve();
    await new Promise<void>((resolve) => {
      running = cacher.run(controller.signal, resolve);
    });
    return async () => {
      controller.abort(new Error('test over'));
      await running;
    };
  };
  return { env, storage: inner, cut, cacher, pods, specs, start };
}

describe('cacher', () => {
  it('fills from the store, follows the watch and assigns each key to its cache', async () => {
    const { storage, cacher, pods, specs, start } = setUp();
    await storage.put('/registry/pods/a/one', bytes('one'));
    await storage.put('/registry/services/specs/a/s', bytes('s'));
    await storage.put('/registry/ranges/serviceips/10.0.0.1', bytes('reservation'));
    await storage.put('/elsewhere', bytes('x'));
    const stop = await start();
    assert.deepEqual(
      [
        pods.index.size,
        specs.index.size,
        cacher.isReserved('/registry/ranges/serviceips/10.0.0.1'),
      ],
      [1, 1, true],
    );
    await storage.put('/registry/pods/a/two', bytes('two'));
    await storage.delete('/registry/pods/a/one');
    await storage.delete('/registry/ranges/serviceips/10.0.0.1');
    await storage.put('/elsewhere', bytes('y'));
    await cacher.fresh();
    assert.equal(cacher.revision, await storage.currentRevision());
    assert.deepEqual(
      [
        pods.index
          .view()
          .collect('')
          .map(({ key }) => key),
        cacher.isReserved('/registry/ranges/serviceips/10.0.0.1'),
      ],
      [['a/two'], false],
    );
    await stop();
  });

  it('fills again after compaction: observers get the differences, watches end, old revisions are refused', async () => {
    const { env, storage, cut, cacher, pods, start } = setUp();
    await storage.put('/registry/pods/a/kept', bytes('kept'));
    await storage.put('/registry/pods/a/gone', bytes('gone'));
    const stop = await start();
    const seen: CacheEvent[] = [];
    pods.observe((event) => seen.push(event));
    let ended = 0;
    const sink = { write: () => true, buffered: 0, onDrain() {}, end() {} };
    const encoder = {
      event: () => Buffer.alloc(0),
      bookmark: () => Buffer.alloc(0),
      error: () => Buffer.alloc(0),
    };
    const watcher = pods.addWatcher(
      { key: 'all', namespace: '', matches: undefined },
      () => encoder,
      {
        sink,
        after: cacher.revision,
        initial: undefined,
        initialBookmark: false,
        bookmarks: false,
        onEnd: () => ended++,
      },
    );
    watcher.catchUp();
    seen.length = 0;
    cut(new CompactedError(5));
    await storage.delete('/registry/pods/a/gone');
    await storage.put('/registry/pods/a/new', bytes('new'));
    for (let turn = 0; turn < 50 && pods.index.get('a/new') === undefined; turn++)
      await env.clock.advance(200);
    assert.deepEqual(
      seen.map(({ entry, previous }) => `${entry?.name ?? '-'}<${previous?.name ?? '-'}`).sort(),
      ['-<gone', 'new<-'],
    );
    assert.deepEqual([ended, pods.ring.floor], [1, await storage.currentRevision()]);
    await stop();
  });

  it('times out for revisions that do not arrive', async () => {
    const { env, cacher, start } = setUp();
    const stop = await start();
    const waiting = assert.rejects(
      cacher.waitFor(1_000),
      /Too large resource version: 1000, current: \d+/,
    );
    await env.clock.advance(3_000);
    await waiting;
    await stop();
  });

  it('pages from snapshots and drops them later', async () => {
    const { env, storage, cacher, pods, start } = setUp();
    for (let n = 0; n < 5; n++) await storage.put(`/registry/pods/a/${n}`, bytes(String(n)));
    const stop = await start();
    const then = cacher.revision;
    pods.keepSnapshot();
    await storage.put('/registry/pods/a/9', bytes('9'));
    await cacher.fresh();
    assert.equal(pods.viewAt(then, cacher.revision)!.collect('').length, 5);
    assert.equal(pods.viewAt(cacher.revision, cacher.revision)!.collect('').length, 6);
    await env.clock.advance(600_000);
    pods.keepSnapshot();
    await storage.put('/registry/pods/a/9', bytes('9', 'again'));
    await cacher.fresh();
    assert.equal(pods.viewAt(then, cacher.revision), undefined);
    await stop();
  });
});

describe('cacher of a store that is restored from a backup', () => {
  it('reads all keys again, also those with a reused revision, and does not wait for old revisions', async () => {
    const env = virtualEnv();
    const lost = createMemoryStorage(env);
    const restored = createMemoryStorage(env);
    let current: Storage = lost;
    const storage = new Proxy({} as Storage, {
      get: (_, name: keyof Storage) =>
        typeof current[name] === 'function' ? current[name].bind(current) : current[name],
    });
    const cacher = new Cacher(storage, '/registry', env);
    const pods = cacher.cacheOf('pods', true);
    await lost.put('/registry/pods/a/first', bytes('first'));
    await lost.put('/registry/pods/a/second', bytes('second', 'lost'));
    await lost.put('/registry/pods/a/third', bytes('third'));
    await restored.put('/registry/pods/a/first', bytes('first'));
    await restored.put('/registry/pods/a/second', bytes('second', 'new'));
    const controller = new AbortController();
    let running: Promise<void> = Promise.resolve();
    await new Promise<void>((filled) => {
      running = cacher.run(controller.signal, filled);
    });
    assert.equal(pods.index.size, 3);
    current = restored;
    // A consistent read that begins before the new store is read waits for the end of that.
    const reading = cacher.fresh();
    for (let turn = 0; turn < 20; turn++) await env.clock.advance(100);
    await reading;
    assert.deepEqual(
      pods.index
        .view()
        .collect('')
        .map((entry) => `${entry.name} ${entry.labels['value']}`),
      ['first ', 'second new'],
    );
    assert.deepEqual(
      [cacher.revision, pods.ring.floor],
      [await restored.currentRevision(), await restored.currentRevision()],
    );
    await restored.put('/registry/pods/a/third', bytes('third', 'new'));
    await cacher.fresh();
    assert.equal(pods.index.get('a/third')?.labels['value'], 'new');
    controller.abort(new Error('test over'));
    await running;
  });
});
