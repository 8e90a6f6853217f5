// The storage contract: a revisioned key-value store as etcd v3 defines it. Two implementations,
// etcd (etcd/) and memory (memory/), pass one contract suite (test/contract/storage.test.ts).
// The apiserver keeps objects in it; flanneld and skydns keep leases and records.
//
// Invariants: revisions only grow; one successful transaction is one revision; a watch delivers
// every change after its start exactly once, in revision order, never a part of a revision.

export interface KeyValue {
  key: string;
  value: Uint8Array;
  createRevision: number;
  modRevision: number;
  /** Lease id as a decimal string; absent when the key has none. */
  lease?: string;
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

/** Holds when the key's revision equals the given one; 0 means the key does not exist. */
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
  /** One entry per operation of the branch that ran: the key read by 'get', undefined for others or a missing key. */
  results: (KeyValue | undefined)[];
}

export interface ListOptions {
  /** Read as of this revision; must not be compacted. */
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
  /** All keys from `start` on under the prefix, whatever the limit. */
  count: number;
}

export interface Storage {
  get(
    key: string,
    options?: { revision?: number; signal?: AbortSignal },
  ): Promise<{ kv?: KeyValue; revision: number }>;
  /** Keys under `prefix` in byte order. */
  list(prefix: string, options?: ListOptions): Promise<ListResult>;
  /** If every compare holds runs `success`, else `failure`; atomically. */
  transact(
    compares: Compare[],
    success: Operation[],
    failure?: Operation[],
  ): Promise<TransactionResult>;
  /** Put without condition. Returns the revision. */
  put(key: string, value: Uint8Array, options?: { lease?: string }): Promise<number>;
  delete(key: string): Promise<{ revision: number; deleted: boolean }>;
  /**
   * Every batch after `fromRevision - 1`. Reconnects by itself and goes on where it was. Throws
   * CompactedError when `fromRevision` is not after the last compaction, the signal's reason on abort.
   * `onStart` is called once the watch is established.
   */
  watch(
    prefix: string,
    options: {
      fromRevision: number;
      previous?: boolean;
      onStart?: () => void;
      signal: AbortSignal;
    },
  ): AsyncIterable<WatchBatch>;
  /** The newest revision, linearizable. Concurrent callers may share one round trip. */
  currentRevision(signal?: AbortSignal): Promise<number>;
  /** Asks for a progress notice on running watches: each will yield an empty batch at or after the current revision. */
  requestProgress(): void;
  grantLease(ttlSeconds: number): Promise<string>;
  /** Renews once; the remaining seconds, or 0 when the lease is gone. */
  keepAliveLease(lease: string): Promise<number>;
  revokeLease(lease: string): Promise<void>;
  compact(revision: number): Promise<void>;
  /** Rejects when the store cannot answer; for health checks. */
  ping(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The revision asked for has been compacted away; `compactRevision` is the oldest one left. */
export class CompactedError extends Error {
  override name = 'CompactedError';
  constructor(readonly compactRevision: number) {
    super(`required revision has been compacted (oldest ${compactRevision})`);
  }
}

/** The store could not be reached or did not answer in time; the outcome of a write is unknown. */
export class StorageUnavailableError extends Error {
  override name = 'StorageUnavailableError';
}
