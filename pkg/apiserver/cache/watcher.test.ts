import assert from 'node:assert/strict';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { COALESCE_MS, COALESCED_WATCHERS, WATCHER_CATCH_UP_BYTES } from '../limits.js';
import { entryOf } from './entry.js';
import { ResourceCache } from './resource-cache.js';
import type { WatchSink } from '../http/watch-sink.js';

const stored = (name: string) =>
  Buffer.from(JSON.stringify({ kind: 'X', apiVersion: 'v1', metadata: { name } }));

/**
 * A connection that accepts every write until it stalls; records events as 'TYPE name revision'.
 */
function connection() {
  const sent: string[] = [];
  let drained = () => {};
  const sink: WatchSink & { buffered: number } = {
    write(chunk) {
      sent.push(chunk.toString());
      return sink.buffered < Infinity;
    },
    buffered: 0,
    onDrain: (callback) => (drained = callback),
    end: () => void sent.push('END'),
  };
  return {
    sent,
    sink,
    stall: () => (sink.buffered = Infinity),
    drain(buffered = 0) {
      sink.buffered = buffered;
      drained();
    },
  };
}

function setUp() {
  const env = virtualEnv();
  const cache = new ResourceCache('x', true, env.clock);
  const encoder = {
    event: (type: string, entry: { name: string; revision: number }) =>
      Buffer.from(`${type} ${entry.name} ${entry.revision}`),
    bookmark: (revision: number) => Buffer.from(`BOOKMARK ${revision}`),
    error: () => Buffer.from('ERROR'),
  };
  return {
    env,
    cache,
    put: (name: string, revision: number) =>
      cache.apply(`ns/${name}`, entryOf(`ns/${name}`, true, stored(name), revision), revision),
    remove: (name: string, revision: number) => cache.apply(`ns/${name}`, undefined, revision),
    watch: (after: number) => {
      const wire = connection();
      const watcher = cache.addWatcher(
        { key: 'all', namespace: '', matches: undefined },
        () => encoder,
        {
          sink: wire.sink,
          after,
          initial: undefined,
          initialBookmark: false,
          bookmarks: true,
          onEnd() {},
        },
      );
      watcher.catchUp();
      return wire;
    },
  };
}

describe('watcher', () => {
  it('skips events that its client saw on a server that is ahead of this one', () => {
    const { put, remove, watch } = setUp();
    put('a', 1);
    const ahead = watch(4);
    const here = watch(1);
    put('b', 2);
    remove('a', 3);
    put('b', 4);
    put('c', 5);
    assert.deepEqual(ahead.sent, ['ADDED c 5']);
    assert.deepEqual(here.sent, ['ADDED b 2', 'DELETED a 3', 'MODIFIED b 4', 'ADDED c 5']);
  });

  it('gets all events of one revision, although its connection stalls between them', () => {
    const { put, remove, watch } = setUp();
    for (const [at, name] of ['a', 'b', 'c'].entries()) put(name, at + 1);
    const live = watch(3);
    // An expired lease deletes several objects in one revision.
    live.stall();
    for (const name of ['a', 'b', 'c']) remove(name, 4);
    put('d', 5);
    assert.deepEqual(live.sent, ['DELETED a 4']);
    live.drain();
    assert.deepEqual(live.sent, ['DELETED a 4', 'DELETED b 4', 'DELETED c 4', 'ADDED d 5']);
  });

  it('ends with an error when the ring has dropped its position, and cannot start before the ring', () => {
    const { cache, put, watch } = setUp();
    put('a', 1);
    const slow = watch(1);
    slow.stall();
    put('b', 2);
    put('c', 3);
    cache.ring.reset(3);
    slow.drain();
    assert.deepEqual(slow.sent, ['ADDED b 2', 'ERROR', 'END']);
    assert.deepEqual([watch(2).sent, watch(3).sent], [['ERROR', 'END'], []]);
  });

  it('goes on while the connection accepts writes, because no drain event would follow', () => {
    const { put, watch } = setUp();
    put('a', 1);
    put('b', 2);
    put('c', 3);
    const wire = watch(3);
    wire.stall();
    put('d', 4);
    put('e', 5);
    put('f', 6);
    wire.drain(WATCHER_CATCH_UP_BYTES * 2);
    put('g', 7);
    assert.deepEqual(wire.sent, ['ADDED d 4', 'ADDED e 5', 'ADDED f 6', 'ADDED g 7']);
  });

  it('of a large group gets fast events in one write, in order, each once', async () => {
    const { env, put, remove, watch } = setUp();
    put('a', 1);
    const many = Array.from({ length: COALESCED_WATCHERS }, () => watch(1));
    const ahead = watch(3);
    put('b', 2);
    assert.deepEqual(many[0]!.sent, ['ADDED b 2']);
    put('c', 3);
    remove('a', 4);
    assert.deepEqual([many[0]!.sent.length, ahead.sent], [1, []]);
    const late = watch(2);
    assert.deepEqual(
      [many[1]!.sent, late.sent, ahead.sent],
      [['ADDED b 2', 'ADDED c 3DELETED a 4'], ['ADDED c 3', 'DELETED a 4'], ['DELETED a 4']],
    );
    put('d', 5);
    many[2]!.stall();
    await env.clock.advance(COALESCE_MS);
    put('e', 6);
    await env.clock.advance(COALESCE_MS);
    many[2]!.drain();
    assert.deepEqual(many[3]!.sent.slice(2), ['ADDED d 5', 'ADDED e 6']);
    assert.deepEqual(
      [many[2]!.sent.slice(2), late.sent.slice(2)],
      [
        ['ADDED d 5', 'ADDED e 6'],
        ['ADDED d 5', 'ADDED e 6'],
      ],
    );
  });

  it('has no pending events up to the revision of a bookmark', () => {
    const { cache, put, watch } = setUp();
    put('a', 1);
    const many = Array.from({ length: COALESCED_WATCHERS }, () => watch(1));
    put('b', 2);
    put('c', 3);
    cache.bookmark(3);
    put('d', 4);
    cache.endWatchers();
    for (const { sent } of many)
      assert.deepEqual(sent, ['ADDED b 2', 'ADDED c 3', 'BOOKMARK 3', 'ADDED d 4', 'END']);
  });
});
