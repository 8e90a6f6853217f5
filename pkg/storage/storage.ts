// The storage contract: a revisioned key-value store as etcd v3 defines it. Two implementations,
// etcd (etcd/) and memory (memory/), pass one contract suite (test/contract/storage.test.ts).
// The API server stores objects in it; flanneld stores leases, SkyDNS records.
//
// Invariants: revisions increase; a successful transaction is one revision; a watch delivers every
// change after its start exactly once, in the order of revisions, and never a part of a revision.

export interface KeyValue {
  key: string;
  value: Uint8Array;
  createRevision: number;
  modRevision: number;
  /** Lease id as a decimal string; absent when the key has none. */
  lease?: string;
  /** Set where values are encrypted: written with a key that is no longer the first. */
  stale?: boolean;
  /** Set where values are encrypted: the reason why this value, kept as stored, is not plain. */
  unreadable?: Error;
}

export type StorageEvent =
  | { type: 'put'; kv: KeyValue; previous?: KeyValue }
  /** kv.value is empty; kv.modRevision is the revision of the deletion. */
  | { type: 'delete'; kv: KeyValue; previous?: KeyValue };

/** All events of one or more whole revisions; `events` is empty for a progress notice. */
export interface WatchBatch {
  revision: number;
  events: StorageEvent[];
}

/** True when the key has the given revision; 0 stands for a key that does not exist. */
export type Compare =
  | { key: string; modRevision: number }
  | { key: string; createRevision: number };

export type Operation =
  | { type: 'put'; key: string; value: Uint8Array; lease?: string }
  | { type: 'delete'; key: string }
  | { type: 'get'; key: string };

export interface TransactionResult {
  succeeded: boolean;
  revision: number;
  /** One entry per operation of the executed branch: the key that 'get' read, else undefined. */
  results: (KeyValue | undefined)[];
}

export interface ListOptions {
  /** The revision to read, which must not be compacted. */
  revision?: number;
  /** At most this many keys. */
  limit?: number;
  /** First key to return, inclusive; default the prefix itself. */
  start?: string;
  keysOnly?: boolean;
  signal?: AbortSignal;
}

export interface ListResult {
  kvs: KeyValue[];
  /** The revision of the snapshot. */
  revision: number;
  more: boolean;
  /** The number of keys from `start` under the prefix, regardless of the limit. */
  count: number;
}

export interface WatchOptions {
  fromRevision: number;
  previous?: boolean;
  onStart?: () => void;
  signal: AbortSignal;
}

export interface Storage {
  get(
    key: string,
    options?: { revision?: number; signal?: AbortSignal },
  ): Promise<{ kv?: KeyValue; revision: number }>;
  /** Keys under `prefix` in byte order. */
  list(prefix: string, options?: ListOptions): Promise<ListResult>;
  /** Atomically runs `success` when all comparisons hold, else `failure`. */
  transact(
    compares: Compare[],
    success: Operation[],
    failure?: Operation[],
  ): Promise<TransactionResult>;
  /** Puts a key unconditionally. Returns the revision. */
  put(key: string, value: Uint8Array, options?: { lease?: string }): Promise<number>;
  delete(key: string): Promise<{ revision: number; deleted: boolean }>;
  /**
   * Yields every batch from `fromRevision` on. Reconnects and resumes by itself. Throws
   * CompactedError when `fromRevision` is compacted, and the signal's reason on abort. Calls
   * `onStart` once, when the watch is established.
   */
  watch(prefix: string, options: WatchOptions): AsyncIterable<WatchBatch>;
  /** The newest revision, linearizable. Concurrent callers may share one round trip. */
  currentRevision(signal?: AbortSignal): Promise<number>;
  /** Makes each running watch yield an empty batch at or after the current revision. */
  requestProgress(): void;
  grantLease(ttlSeconds: number): Promise<string>;
  /** Renews the lease once. Returns the remaining seconds, 0 for a lease that does not exist. */
  keepAliveLease(lease: string): Promise<number>;
  revokeLease(lease: string): Promise<void>;
  compact(revision: number): Promise<void>;
  /** Rejects when the store is unavailable; for health checks. */
  ping(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The requested revision is compacted; `compactRevision` is the oldest available revision. */
export class CompactedError extends Error {
  override name = 'CompactedError';
  constructor(readonly compactRevision: number) {
    super(`required revision has been compacted (oldest ${compactRevision})`);
  }
}

/** The store was unreachable or did not respond in time; the outcome of a write is unknown. */
export class StorageUnavailableError extends Error {
  override name = 'StorageUnavailableError';
}
