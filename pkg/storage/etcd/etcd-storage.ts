// The storage contract over etcd v3 (3.4 and later). Reads are linearizable; concurrent reads of
// the current revision share a round trip. Values are opaque.
import type { Env, Clock } from '../../util/env/env.js';
import { BatchQueue } from '../memory/batch-queue.js';
import {
  CompactedError,
  type Compare,
  type KeyValue,
  type ListOptions,
  type ListResult,
  type Operation,
  type Storage,
  type TransactionResult,
  type WatchBatch,
  type WatchOptions,
} from '../storage.js';
import { CALL_TIMEOUT_MS, LAST_QUESTION_MS } from '../limits.js';
import { GrpcConnection, GrpcError, type TlsFiles } from './grpc-connection.js';
import {
  compactRequest,
  leaseGrantRequest,
  leaseRequest,
  rangeEnd,
  rangeRequest,
  rangeStart,
  readLeaseResponse,
  readRangeResponse,
  readTransactionResponse,
  transactionRequest,
  type RangeOptions,
} from './messages.js';
import { EtcdWatch } from './watch.js';
import { WireReader, type WireWriter } from './wire.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Lets concurrent callers share one call with a fresh result. A caller never gets the result of a
 * call that started before it: callers wait for the end of the previous call and one turn of the
 * event loop, and then share the next call. A caller waits for both calls together no longer than
 * the limit plus LAST_QUESTION_MS. `ask` must settle within the given milliseconds.
 */
export function sharedCheck<T>(
  ask: (timeoutMs: number) => Promise<T>,
  clock: Pick<Clock, 'monotonic'>,
  limitMs: number,
): () => Promise<T> {
  let gathering: Promise<T> | undefined;
  let asked: Promise<unknown> = Promise.resolve();
  const gather = async (): Promise<T> => {
    const deadline = clock.monotonic() + limitMs;
    await asked;
    await nextTurn();
    gathering = undefined;
    const question = ask(Math.max(LAST_QUESTION_MS, deadline - clock.monotonic()));
    asked = question.catch(() => {});
    return question;
  };
  return () => (gathering ??= gather());
}

const KV = '/etcdserverpb.KV';
const LEASE = '/etcdserverpb.Lease';
const PROBE_KEY = Buffer.from('\0probe');
const OUT_OF_RANGE = 11;
const NOT_FOUND = 5;

export interface EtcdOptions {
  /** 'https://127.0.0.1:2379'; several endpoints are tried in turn. */
  endpoints: readonly string[];
  /** PEM contents. */
  tls?: TlsFiles;
  env: Pick<Env, 'clock' | 'log' | 'random'>;
}

function translate(error: unknown): never {
  if (error instanceof GrpcError && error.code === OUT_OF_RANGE) {
    if (error.message.includes('compacted')) throw new CompactedError(0);
    throw new RangeError(error.message);
  }
  throw error;
}

class EtcdStorage implements Storage {
  private readonly connection: GrpcConnection;
  private readonly watches = new Set<EtcdWatch>();
  private readonly newest: () => Promise<number>;

  constructor(private readonly options: EtcdOptions) {
    this.connection = new GrpcConnection(options.endpoints, options.tls, options.env);
    this.newest = sharedCheck(
      async (timeoutMs) =>
        (await this.range(PROBE_KEY, { countOnly: true }, undefined, timeoutMs)).revision,
      options.env.clock,
      CALL_TIMEOUT_MS,
    );
  }

  private async call(
    path: string,
    message: WireWriter,
    idempotent: boolean,
    signal?: AbortSignal,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<WireReader> {
    return new WireReader(
      await this.connection
        .unary(path, message.finishFrame(), { idempotent, signal, timeoutMs })
        .catch(translate),
    );
  }

  private async range(
    key: Buffer,
    options: RangeOptions,
    signal?: AbortSignal,
    timeoutMs?: number,
  ): Promise<ListResult> {
    return readRangeResponse(
      await this.call(`${KV}/Range`, rangeRequest(key, options), true, signal, timeoutMs),
    );
  }

  async get(
    key: string,
    options: { revision?: number; signal?: AbortSignal } = {},
  ): Promise<{ kv?: KeyValue; revision: number }> {
    const at = { revision: options.revision ?? 0 };
    const { kvs, revision } = await this.range(Buffer.from(key), at, options.signal);
    return kvs[0] ? { kv: kvs[0], revision } : { revision };
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    const { start, limit = 0, revision = 0, keysOnly = false, signal } = options;
    const from = start !== undefined && start > prefix ? Buffer.from(start) : rangeStart(prefix);
    const asked = { end: rangeEnd(prefix), limit, revision, keysOnly };
    const response = await this.range(from, asked, signal);
    return revision ? { ...response, revision } : response;
  }

  async transact(
    compares: Compare[],
    success: Operation[],
    failure: Operation[] = [],
  ): Promise<TransactionResult> {
    const { deleted: _, ...result } = await this.txn(compares, success, failure);
    return result;
  }

  private async txn(...branches: Parameters<typeof transactionRequest>) {
    return readTransactionResponse(
      await this.call(`${KV}/Txn`, transactionRequest(...branches), false),
    );
  }

  async put(key: string, value: Uint8Array, options: { lease?: string } = {}): Promise<number> {
    return (await this.transact([], [{ type: 'put', key, value, ...options }])).revision;
  }

  async delete(key: string): Promise<{ revision: number; deleted: boolean }> {
    const { revision, deleted } = await this.txn([], [{ type: 'delete', key }], []);
    return { revision, deleted: deleted > 0 };
  }

  async *watch(prefix: string, options: WatchOptions): AsyncIterable<WatchBatch> {
    options.signal.throwIfAborted();
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    const queue = new BatchQueue(options.signal);
    const watch = new EtcdWatch(this.connection, this.options.env, prefix, { ...options, signal });
    this.watches.add(watch);
    let failure: unknown;
    void watch
      .run(queue)
      .catch((error: unknown) => (failure = error))
      .finally(() => queue.close());
    try {
      for (;;) {
        const batch = await queue.next().catch((error: unknown) => {
          throw failure ?? error;
        });
        yield batch;
      }
    } finally {
      this.watches.delete(watch);
      stop.abort(new Error('watch ended'));
    }
  }

  currentRevision(signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    return this.newest();
  }

  requestProgress(): void {
    for (const watch of this.watches) watch.requestProgress();
  }

  async grantLease(ttlSeconds: number): Promise<string> {
    return readLeaseResponse(
      await this.call(`${LEASE}/LeaseGrant`, leaseGrantRequest(ttlSeconds), false),
    ).lease;
  }

  async keepAliveLease(lease: string): Promise<number> {
    return readLeaseResponse(await this.call(`${LEASE}/LeaseKeepAlive`, leaseRequest(lease), true))
      .ttlSeconds;
  }

  async revokeLease(lease: string): Promise<void> {
    await this.call(`${LEASE}/LeaseRevoke`, leaseRequest(lease), true).catch((error: unknown) => {
      if (!(error instanceof GrpcError && error.code === NOT_FOUND)) throw error;
    });
  }

  async compact(revision: number): Promise<void> {
    await this.call(`${KV}/Compact`, compactRequest(revision), false);
  }

  async ping(signal?: AbortSignal): Promise<void> {
    await this.range(PROBE_KEY, { countOnly: true }, signal);
  }

  async close(): Promise<void> {
    this.connection.close();
  }
}

/** Connects at the first call, which fails when etcd is unavailable. */
export const openEtcdStorage = (options: EtcdOptions): Storage => new EtcdStorage(options);
