// Writes: one transaction each, compared with the revision that the change started from. The first
// attempt starts from the cached object; only a lost race reads the store. The same transaction
// takes and releases reservations (exclusive values).
import { parseTrustedJson } from '../../apimachinery/codec/json.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { internalError, invalid } from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Compare, KeyValue, Operation, Storage } from '../../storage/storage.js';
import type { Cacher } from '../cache/cacher.js';
import { entryOf, type Entry } from '../cache/entry.js';
import { withoutRevision } from '../codec/object-bytes.js';
import { LEASE_BUCKET_SECONDS, MAX_WRITE_ATTEMPTS } from '../limits.js';
import type { Deadline } from '../request/deadline.js';
import type { Reservation } from '../resource/definition.js';
import type { ServedResource } from '../served/served.js';
import type { Env } from '../../util/env/env.js';

/** The result of a step for the current object. */
export type Change = { put: ApiObject } | { remove: true } | { keep: true };

/** Another object holds a reservation. The caller may choose another value. */
export class ReservationHeldError extends Error {
  override name = 'ReservationHeldError';
  constructor(readonly reservation: Reservation) {
    super(`${reservation} is held`);
  }
}

const NO_VALUE = Buffer.alloc(0);
const NONE: readonly Reservation[] = [];

const put = (key: string, value: Uint8Array, lease?: string): Operation =>
  lease ? { type: 'put', key, value, lease } : { type: 'put', key, value };
const remove = (key: string): Operation => ({ type: 'delete', key });

export class ObjectStore {
  private readonly leases = new Map<string, Promise<string>>();
  /** Entries of values that are due to be written again, though nothing changes in them. */
  private readonly stale = new WeakSet<Entry>();

  constructor(
    private readonly storage: Storage,
    private readonly cacher: Cacher,
    private readonly env: Pick<Env, 'clock'>,
  ) {}

  private reservationsOf(
    { definition }: ServedResource,
    object: () => ApiObject,
  ): readonly Reservation[] {
    return definition.reservations ? definition.reservations(object()) : NONE;
  }

  /**
   * Throws 409 AlreadyExists, ReservationHeldError, and what `deadline` throws before anything is
   * written.
   */
  async create(
    resource: ServedResource,
    key: string,
    object: ApiObject,
    deadline: Deadline,
  ): Promise<Entry> {
    const change = { put: object };
    for (let attempt = 0; attempt < MAX_WRITE_ATTEMPTS; attempt++) {
      const outcome = await this.tryChange(resource, key, undefined, change, false, deadline);
      if ('entry' in outcome) return outcome.entry;
      if (outcome.now) throw resource.alreadyExists(object.metadata.name);
    }
    throw resource.conflict(object.metadata.name);
  }

  /** A transaction that writes `value`, which has the shape of `resource`. */
  private transact(
    resource: ServedResource,
    storeKey: string,
    value: Buffer,
    ...words: Parameters<Storage['transact']>
  ): ReturnType<Storage['transact']> {
    const write = () => this.storage.transact(...words);
    if (!resource.definition.stored?.isOwnShape) return write();
    return this.cacher.writing(storeKey, value, (entry) => resource.markShown(entry), write);
  }

  private written(
    resource: ServedResource,
    key: string,
    value: Buffer,
    revision: number,
    lease: string | undefined,
  ): Entry {
    const { cache } = resource;
    const known = cache.index.get(key);
    // The watch may have brought the entry before the transaction's answer came.
    const isKnown = known?.revision === revision;
    const entry = isKnown ? known : entryOf(key, cache.namespaced, value, revision, lease);
    if (resource.definition.stored?.isOwnShape) resource.markShown(entry);
    if (!isKnown) this.cacher.remember(resource.storeKey(key), entry);
    return entry;
  }

  private async read(resource: ServedResource, key: string): Promise<Entry | undefined> {
    const { kv } = await this.storage.get(resource.storeKey(key));
    return kv && this.fromStore(resource, key, kv);
  }

  private fromStore(resource: ServedResource, key: string, kv: KeyValue): Entry {
    if (kv.unreadable) throw internalError(kv.unreadable);
    const entry = entryOf(key, resource.cache.namespaced, kv.value, kv.modRevision, kv.lease);
    if (kv.stale) this.stale.add(entry);
    return entry;
  }

  /**
   * Changes the object by `step`, and repeats that until no other writer came between. `step` gets
   * undefined for a missing object and throws to refuse; when it refuses a cached state, it runs
   * once more with the stored state. Resolves to the object as it is now, or as it was before its
   * removal.
   */
  async change(
    resource: ServedResource,
    key: string,
    deadline: Deadline,
    step: (current: Entry | undefined) => Promise<Change> | Change,
  ): Promise<{ entry: Entry; removed: boolean; unchanged?: boolean }> {
    let current = resource.cache.index.get(key);
    let cached = true;
    for (let attempt = 0; attempt < MAX_WRITE_ATTEMPTS; attempt++) {
      if (!current && cached) {
        current = await this.read(resource, key);
        cached = false;
      }
      let change: Change;
      try {
        change = await step(current);
      } catch (error) {
        if (!cached) throw error;
        const stored: Entry | undefined = await this.read(resource, key);
        if (stored?.revision === current?.revision) throw error;
        current = stored;
        cached = false;
        continue;
      }
      const outcome = await this.tryChange(resource, key, current, change, cached, deadline);
      if ('entry' in outcome) return outcome;
      current = outcome.now;
      cached = false;
    }
    throw resource.conflict(key.slice(key.indexOf('/') + 1));
  }

  private async tryChange(
    resource: ServedResource,
    key: string,
    current: Entry | undefined,
    change: Change,
    cached: boolean,
    deadline: Deadline,
  ): Promise<{ entry: Entry; removed: boolean; unchanged?: boolean } | { now: Entry | undefined }> {
    const storeKey = resource.storeKey(key);
    const encoded = 'put' in change ? resource.encode(change.put) : NO_VALUE;
    const value = encoded instanceof Promise ? await encoded : encoded;
    if (
      'keep' in change ||
      ('put' in change && current && sameBytes(withoutRevision(current), value))
    ) {
      // The step wants no write; a cached state must be the newest one to decide that.
      const stored = cached ? await this.read(resource, key) : current;
      if (stored?.revision !== current?.revision) return { now: stored };
      const isDue = 'put' in change && stored !== undefined && this.stale.has(stored);
      if (!isDue) return { entry: current!, removed: false, unchanged: true };
    }
    const held = current ? this.reservationsOf(resource, () => resource.object(current)) : NONE;
    const wanted = 'put' in change ? this.reservationsOf(resource, () => change.put) : NONE;
    const taken = held.length ? wanted.filter((one) => !held.includes(one)) : wanted;
    const released = held.length ? held.filter((one) => !wanted.includes(one)) : NONE;
    const granting = current ? undefined : this.leaseFor(resource.definition.ttlSeconds);
    const lease = current ? current.lease : granting && (await granting);
    deadline.throwIfExpired();
    const guard = current ? undefined : resource.definition.guard?.();
    const compares: Compare[] = [{ key: storeKey, modRevision: current?.revision ?? 0 }];
    const writes: Operation[] = ['put' in change ? put(storeKey, value, lease) : remove(storeKey)];
    const reads: Operation[] = [{ type: 'get', key: storeKey }];
    if (guard) {
      const key = this.cacher.reservationKey(guard.key);
      compares.push({ key, modRevision: guard.revision });
      reads.push({ type: 'get', key });
    }
    for (const reservation of taken) {
      const key = this.cacher.reservationKey(reservation);
      compares.push({ key, createRevision: 0 });
      writes.push(put(key, Buffer.from(storeKey)));
      reads.push({ type: 'get', key });
    }
    for (const reservation of released)
      writes.push(remove(this.cacher.reservationKey(reservation)));
    const result = await this.transact(resource, storeKey, value, compares, writes, reads);
    if (result.succeeded) {
      if (!('put' in change)) return { entry: current!.at(result.revision), removed: true };
      return { entry: this.written(resource, key, value, result.revision, lease), removed: false };
    }
    const now = result.results[0];
    if ((now?.modRevision ?? 0) !== (current?.revision ?? 0))
      return { now: now && this.fromStore(resource, key, now) };
    if (guard && result.results[1]?.modRevision !== guard.revision) {
      await this.cacher.fresh();
      return { now: undefined };
    }
    const holders = result.results.slice(guard ? 2 : 1);
    throw new ReservationHeldError(taken[holders.findIndex((kv) => kv)] ?? taken[0]!);
  }

  /** One lease for all objects of a minute; upstream shares leases in the same way. */
  private leaseFor(ttlSeconds: number | undefined): Promise<string> | undefined {
    if (!ttlSeconds) return undefined;
    const bucket = `${ttlSeconds}/${Math.floor(this.env.clock.now() / (LEASE_BUCKET_SECONDS * 1000))}`;
    let lease = this.leases.get(bucket);
    if (!lease) {
      for (const old of this.leases.keys())
        if (old.startsWith(`${ttlSeconds}/`)) this.leases.delete(old);
      lease = this.storage.grantLease(ttlSeconds + LEASE_BUCKET_SECONDS);
      lease.catch(() => this.leases.delete(bucket));
      this.leases.set(bucket, lease);
    }
    return lease;
  }
}

/** The answer to a write that lost its reservation to another object. */
export function reservationRefusal(
  resource: ServedResource,
  object: ApiObject,
  reservation: Reservation,
): Error {
  const field = resource.definition.reservationConflict?.(object, reservation);
  if (!field) return resource.conflict(object.metadata.name, `${reservation} is already allocated`);
  return invalid({ group: resource.group, kind: resource.kind }, object.metadata.name, [field]);
}

/**
 * Whether two objects have equal content; the order of members may differ. Equal objects have equal
 * lengths and equal sums of bytes. A status with a new time keeps its length, so the sums save two
 * parses.
 */
function sameBytes(a: Buffer, b: Buffer): boolean {
  if (a.length !== b.length) return false;
  if (a.equals(b)) return true;
  // Not JSON.parse, which reads different integers beyond 2^53 as one number.
  return sumOf(a) === sumOf(b) && equalJson(parseTrustedJson(a), parseTrustedJson(b));
}

function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum += bytes[i]!;
  return sum;
}
