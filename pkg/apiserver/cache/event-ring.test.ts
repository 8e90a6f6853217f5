import assert from 'node:assert/strict';
import { VirtualClock } from '../../../test/support/virtual-env.js';
import {
  RING_FRESH_MS,
  RING_LEAST_EVENTS,
  RING_MAX_BYTES,
  RING_MAX_EVENTS,
  RING_MIN_EVENTS,
  SNAPSHOT_AGE_MS,
  SNAPSHOT_BYTES,
} from '../limits.js';
import { Entry, entryOf } from './entry.js';
import { EventRing, type CacheEvent } from './event-ring.js';
import { ResourceCache } from './resource-cache.js';

/** An entry that claims a size; the ring does not look at contents. */
const sized = (length: number): Entry => ({ bytes: { length } }) as unknown as Entry;
const event = (revision: number, previousBytes: number, time = 0): CacheEvent => ({
  revision,
  time,
  entry: sized(1),
  previous: previousBytes ? sized(previousBytes) : undefined,
});

describe('event ring', () => {
  it('keeps events by number and age while versions are small', () => {
    const ring = new EventRing(0);
    for (let revision = 1; revision <= RING_MAX_EVENTS + 10; revision++)
      ring.push(event(revision, 100));
    assert.deepEqual([ring.length, ring.floor], [RING_MAX_EVENTS, 10]);
    ring.push(event(RING_MAX_EVENTS + 11, 100, RING_FRESH_MS + 1));
    assert.equal(ring.length, RING_MIN_EVENTS);
    assert.equal(ring.bytes, RING_MIN_EVENTS * 100);
  });

  it('keeps fewer events of big versions, but a minimum, and knows its oldest complete revision', () => {
    const ring = new EventRing(0);
    const megabyte = 1024 * 1024;
    const count = 4_000;
    for (let revision = 1; revision <= count; revision++) {
      ring.push(event(revision, revision % 2 ? megabyte / 4 : 0));
      assert.ok(ring.bytes <= RING_MAX_BYTES || ring.length === RING_LEAST_EVENTS);
    }
    assert.ok(
      ring.length > RING_LEAST_EVENTS && ring.length < RING_MIN_EVENTS,
      String(ring.length),
    );
    const held = Array.from({ length: ring.length }, (_, at) => ring.at(ring.first + at)!.revision);
    assert.deepEqual(
      held,
      Array.from({ length: ring.length }, (_, at) => ring.floor + 1 + at),
    );
    assert.equal(ring.after(ring.floor), ring.first);
    for (let revision = count + 1; revision <= count + 300; revision++)
      ring.push(event(revision, 2 * megabyte));
    assert.equal(ring.length, RING_LEAST_EVENTS);
    assert.equal(ring.bytes, RING_LEAST_EVENTS * 2 * megabyte);
    ring.reset(9_000);
    assert.deepEqual([ring.length, ring.bytes, ring.floor], [0, 0, 9_000]);
  });

  it('frees the objects of dropped events', () => {
    const ring = new EventRing(0);
    const first = ring.end;
    for (let revision = 1; revision <= 500; revision++) ring.push(event(revision, RING_MAX_BYTES));
    for (let place = first; place < ring.first; place++)
      assert.equal(ring.at(place)?.previous, undefined);
    assert.equal(ring.at(ring.first)!.revision, 401);
  });
});

describe('snapshots for continue', () => {
  const text = (name: string, bulk: number) =>
    Buffer.from(
      JSON.stringify({ kind: 'X', apiVersion: 'v1', metadata: { name }, data: 'x'.repeat(bulk) }),
    );

  function paged(bulk: number) {
    const clock = new VirtualClock();
    const cache = new ResourceCache('configmaps', true, clock);
    let revision = 0;
    const change = () => {
      revision++;
      cache.apply('a/one', entryOf('a/one', true, text('one', bulk), revision), revision);
    };
    change();
    cache.keepSnapshot();
    const at = revision;
    change();
    const isKept = () => cache.viewAt(at, revision) !== undefined;
    assert.ok(isKept());
    return { clock, change, isKept };
  }

  it('are dropped by age at the next change', async () => {
    const { clock, change, isKept } = paged(10);
    for (let n = 0; n < 100; n++) change();
    assert.ok(isKept());
    await clock.advance(SNAPSHOT_AGE_MS + 1);
    change();
    assert.ok(!isKept());
  });

  it('are dropped when the versions replaced since take too much memory', () => {
    const bulk = SNAPSHOT_BYTES / 16;
    const { change, isKept } = paged(bulk);
    for (let n = 0; n < 12; n++) change();
    assert.ok(isKept());
    for (let n = 0; n < 6; n++) change();
    assert.ok(!isKept());
  });
});
