// The memory store: etcd's revision semantics (MVCC history, compaction, leases, watches of past
// revisions) in plain maps. It is a product: single-process clusters use it, and so do tests and
// the simulation. It is neither durable nor shared between processes.
//
// Invariants: `history` holds the versions of each key, with increasing modRevision; `log` holds
// every change after `compacted`, grouped by revision; `keys` is sorted and holds every key with a
// version left. Keys are ASCII, so that string order is byte order.
import type { Env, Timer } from '../../util/env/env.js';
import {
  CompactedError,
  type Compare,
  type KeyValue,
  type ListOptions,
  type ListResult,
  type Operation,
  type Storage,
  type StorageEvent,
  type TransactionResult,
  type WatchBatch,
  type WatchOptions,
} from '../storage.js';
import { BatchQueue } from './batch-queue.js';

interface Version {
  kv: KeyValue;
  deleted: boolean;
}

interface Lease {
  ttlSeconds: number;
  expires: number;
  timer: Timer;
  keys: Set<string>;
}

interface Watcher {
  prefix: string;
  previous: boolean;
  queue: BatchQueue;
}

const NOTHING = new Uint8Array(0);

/** The position of the first key that is not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

class MemoryStorage implements Storage {
  private revision = 1;
  private compacted = 0;
  private readonly keys: string[] = [];
  private readonly history = new Map<string, Version[]>();
  private log: WatchBatch[] = [];
  private readonly leases = new Map<string, Lease>();
  private nextLease = 1n;
  private readonly watchers = new Set<Watcher>();

  constructor(private readonly env: Pick<Env, 'clock'>) {}

  private versionAt(key: string, revision: number): KeyValue | undefined {
    const versions = this.history.get(key);
    if (!versions) return undefined;
    for (let at = versions.length - 1; at >= 0; at--) {
      const version = versions[at]!;
      if (version.kv.modRevision <= revision) return version.deleted ? undefined : version.kv;
    }
    return undefined;
  }

  private latest(key: string): KeyValue | undefined {
    const version = this.history.get(key)?.at(-1);
    return version && !version.deleted ? version.kv : undefined;
  }

  private checkRevision(revision: number | undefined): number {
    if (revision === undefined) return this.revision;
    if (revision < this.compacted) throw new CompactedError(this.compacted);
    if (revision > this.revision)
      throw new RangeError(`required revision ${revision} is a future revision`);
    return revision;
  }

  async get(
    key: string,
    options: { revision?: number } = {},
  ): Promise<{ kv?: KeyValue; revision: number }> {
    const kv = this.versionAt(key, this.checkRevision(options.revision));
    return kv ? { kv, revision: this.revision } : { revision: this.revision };
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    options.signal?.throwIfAborted();
    const revision = this.checkRevision(options.revision);
    const limit = options.limit ?? Infinity;
    const kvs: KeyValue[] = [];
    let count = 0;
    const start = options.start !== undefined && options.start > prefix ? options.start : prefix;
    for (let at = lowerBound(this.keys, start); at < this.keys.length; at++) {
      const key = this.keys[at]!;
      if (!key.startsWith(prefix)) break;
      const kv = this.versionAt(key, revision);
      if (!kv) continue;
      count++;
      if (kvs.length < limit) kvs.push(options.keysOnly ? { ...kv, value: NOTHING } : kv);
    }
    return { kvs, revision, more: count > kvs.length, count };
  }

  async transact(
    compares: Compare[],
    success: Operation[],
    failure: Operation[] = [],
  ): Promise<TransactionResult> {
    const succeeded = compares.every((compare) => {
      const kv = this.latest(compare.key);
      return 'modRevision' in compare
        ? (kv?.modRevision ?? 0) === compare.modRevision
        : (kv?.createRevision ?? 0) === compare.createRevision;
    });
    const operations = succeeded ? success : failure;
    for (const operation of operations) {
      if (operation.type === 'put' && operation.lease && !this.leases.has(operation.lease))
        throw new Error('requested lease not found');
    }
    const results = this.run(operations);
    return { succeeded, revision: this.revision, results };
  }

  private run(operations: readonly Operation[]): (KeyValue | undefined)[] {
    const revision = this.revision + 1;
    const events: StorageEvent[] = [];
    const results = operations.map((operation) => {
      if (operation.type === 'get') return this.latest(operation.key);
      const event =
        operation.type === 'put'
          ? this.applyPut(operation, revision)
          : this.applyDelete(operation.key, revision);
      if (event) events.push(event);
      return undefined;
    });
    if (events.length) this.commit(revision, events);
    return results;
  }

  private applyPut(
    operation: { key: string; value: Uint8Array; lease?: string },
    revision: number,
  ): StorageEvent {
    const { key, value, lease } = operation;
    const previous = this.latest(key);
    if (previous?.lease) this.leases.get(previous.lease)?.keys.delete(key);
    if (lease) this.leases.get(lease)!.keys.add(key);
    const kv: KeyValue = {
      key,
      value,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      ...(lease && { lease }),
    };
    this.append(key, { kv, deleted: false });
    return { type: 'put', kv, ...(previous && { previous }) };
  }

  private applyDelete(key: string, revision: number): StorageEvent | undefined {
    const previous = this.latest(key);
    if (!previous) return undefined;
    if (previous.lease) this.leases.get(previous.lease)?.keys.delete(key);
    const kv: KeyValue = { key, value: NOTHING, createRevision: 0, modRevision: revision };
    this.append(key, { kv, deleted: true });
    return { type: 'delete', kv, previous };
  }

  private append(key: string, version: Version): void {
    const versions = this.history.get(key);
    if (versions) {
      versions.push(version);
      return;
    }
    this.history.set(key, [version]);
    this.keys.splice(lowerBound(this.keys, key), 0, key);
  }

  private commit(revision: number, events: StorageEvent[]): void {
    this.revision = revision;
    const batch = { revision, events };
    this.log.push(batch);
    for (const watcher of this.watchers) {
      const matching = select(batch, watcher);
      if (matching.events.length) watcher.queue.push(matching);
    }
  }

  async put(key: string, value: Uint8Array, options: { lease?: string } = {}): Promise<number> {
    return (await this.transact([], [{ type: 'put', key, value, ...options }])).revision;
  }

  async delete(key: string): Promise<{ revision: number; deleted: boolean }> {
    const deleted = this.latest(key) !== undefined;
    this.run([{ type: 'delete', key }]);
    return { revision: this.revision, deleted };
  }

  async *watch(prefix: string, options: WatchOptions): AsyncIterable<WatchBatch> {
    options.signal.throwIfAborted();
    if (options.fromRevision <= this.compacted) throw new CompactedError(this.compacted);
    const watcher: Watcher = {
      prefix,
      previous: options.previous ?? false,
      queue: new BatchQueue(options.signal),
    };
    for (const batch of this.log) {
      if (batch.revision < options.fromRevision) continue;
      const matching = select(batch, watcher);
      if (matching.events.length) watcher.queue.push(matching);
    }
    watcher.queue.from = options.fromRevision;
    this.watchers.add(watcher);
    options.onStart?.();
    try {
      for (;;) {
        const batch = await watcher.queue.next();
        if (batch.revision >= options.fromRevision || batch.events.length === 0) yield batch;
      }
    } finally {
      this.watchers.delete(watcher);
      watcher.queue.close();
    }
  }

  async currentRevision(): Promise<number> {
    return this.revision;
  }

  requestProgress(): void {
    for (const watcher of this.watchers)
      watcher.queue.push({ revision: this.revision, events: [] });
  }

  async grantLease(ttlSeconds: number): Promise<string> {
    const id = String(this.nextLease++ + 7_587_000_000_000_000_000n);
    this.leases.set(id, { ttlSeconds, keys: new Set(), ...this.arm(id, ttlSeconds) });
    return id;
  }

  private arm(id: string, ttlSeconds: number): { expires: number; timer: Timer } {
    return {
      expires: this.env.clock.now() + ttlSeconds * 1000,
      timer: this.env.clock.after(ttlSeconds * 1000, () => this.expire(id)),
    };
  }

  private expire(id: string): void {
    const lease = this.leases.get(id);
    if (!lease) return;
    lease.timer.cancel();
    this.leases.delete(id);
    this.run([...lease.keys].sort().map((key) => ({ type: 'delete', key })));
  }

  async keepAliveLease(id: string): Promise<number> {
    const lease = this.leases.get(id);
    if (!lease) return 0;
    lease.timer.cancel();
    Object.assign(lease, this.arm(id, lease.ttlSeconds));
    return lease.ttlSeconds;
  }

  async revokeLease(id: string): Promise<void> {
    this.expire(id);
  }

  async compact(revision: number): Promise<void> {
    if (revision <= this.compacted) throw new CompactedError(this.compacted);
    if (revision > this.revision)
      throw new RangeError(`required revision ${revision} is a future revision`);
    this.compacted = revision;
    this.log = this.log.filter((batch) => batch.revision > revision);
    for (let at = this.keys.length - 1; at >= 0; at--) {
      const key = this.keys[at]!;
      const versions = this.history.get(key)!;
      // The newest version at or before the compaction stays readable, unless it is a deletion.
      let keep = versions.findLastIndex((version) => version.kv.modRevision <= revision);
      if (keep >= 0 && versions[keep]!.deleted) keep++;
      if (keep > 0) versions.splice(0, keep);
      if (versions.length) continue;
      this.history.delete(key);
      this.keys.splice(at, 1);
    }
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {
    for (const lease of this.leases.values()) lease.timer.cancel();
    for (const watcher of this.watchers) watcher.queue.close();
  }
}

function select(batch: WatchBatch, watcher: Watcher): WatchBatch {
  const events: StorageEvent[] = [];
  for (const event of batch.events) {
    if (!event.kv.key.startsWith(watcher.prefix)) continue;
    events.push(watcher.previous || !event.previous ? event : { type: event.type, kv: event.kv });
  }
  return { revision: batch.revision, events };
}

/** A new store at revision 1. Leases use the clock of `env`. */
export const createMemoryStorage = (env: Pick<Env, 'clock'>): Storage => new MemoryStorage(env);
