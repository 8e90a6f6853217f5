// A store whose values of some resources are encrypted at rest. It lies between the caches, which
// hold plain bytes, and the store; a server without a configuration does not have it.
import { internalError } from '../../apimachinery/errors/status-error.js';
import type { KeyValue, Operation, Storage, StorageEvent } from '../../storage/storage.js';
import type { Env } from '../../util/env/env.js';
import { every } from '../../util/wait/every.js';
import { UNREADABLE_RETRY_MS, UNREADABLE_SAMPLES } from './limits.js';
import type { Transformer } from './transformer.js';

export interface EncryptedStorage extends Storage {
  /**
   * Until abort, tries values again that could not be decrypted, after a pause and after each
   * `again`: a KMS plugin may be back, or a key may have been added. Success ends the watches, so
   * that the caches are filled anew.
   */
  run(env: Pick<Env, 'clock' | 'log'>, signal: AbortSignal): Promise<void>;
  again(): Promise<void>;
}

/** `transformerOf` gets a key of the store; undefined leaves its value as it is. */
export function encryptedStorage(
  storage: Storage,
  transformerOf: (key: string) => Transformer | undefined,
): EncryptedStorage {
  /** Some of the values that could not be decrypted, as they are in the store. */
  const failed = new Map<string, KeyValue>();
  let following = new AbortController();

  const plain = async (kv: KeyValue, transformer: Transformer): Promise<KeyValue> => {
    const { buffer, byteOffset, length } = kv.value;
    const stored = Buffer.from(buffer, byteOffset, length);
    const { data, stale } = await transformer.fromStorage(stored, kv.key);
    return { ...kv, value: data, ...(stale && { stale }) };
  };
  const open = async (kv: KeyValue): Promise<KeyValue> => {
    const transformer = transformerOf(kv.key);
    if (!transformer) return kv;
    try {
      return await plain(kv, transformer);
    } catch (error) {
      if (failed.size < UNREADABLE_SAMPLES) failed.set(kv.key, kv);
      const text = `unable to transform key ${JSON.stringify(kv.key)}: ${(error as Error).message}`;
      return { ...kv, unreadable: new Error(text) };
    }
  };
  const seal = async <T extends { key: string; value: Uint8Array }>(put: T): Promise<T> => {
    const transformer = transformerOf(put.key);
    if (!transformer) return put;
    try {
      return { ...put, value: await transformer.toStorage(put.value, put.key) };
    } catch (error) {
      throw internalError(error);
    }
  };
  const isSealed = (key: string) => transformerOf(key) !== undefined;
  /** One after the other: the first value may have a KMS plugin decrypt the key of all others. */
  const openAll = async (kvs: readonly KeyValue[]): Promise<KeyValue[]> => {
    const opened: KeyValue[] = [];
    for (const kv of kvs) opened.push(isSealed(kv.key) ? await open(kv) : kv);
    return opened;
  };
  const sealAll = (operations: readonly Operation[]): Promise<Operation[]> =>
    Promise.all(operations.map(async (one) => (one.type === 'put' ? seal(one) : one)));

  const openEvent = async (event: StorageEvent): Promise<StorageEvent> => {
    if (!isSealed(event.kv.key)) return event;
    const previous = event.previous ? { previous: await open(event.previous) } : {};
    if (event.type === 'delete') return { ...event, ...previous };
    return { ...event, kv: await open(event.kv), ...previous };
  };

  const again = async () => {
    for (const kv of failed.values()) {
      const transformer = transformerOf(kv.key);
      const isReadable = transformer
        ? await plain(kv, transformer).then(
            () => true,
            () => false,
          )
        : true;
      if (!isReadable) continue;
      failed.clear();
      const ended = following;
      following = new AbortController();
      ended.abort(new Error('values can be decrypted that could not be before'));
      return;
    }
  };

  return {
    async get(key, options) {
      const result = await storage.get(key, options);
      return result.kv && isSealed(key) ? { ...result, kv: await open(result.kv) } : result;
    },
    async list(prefix, options) {
      const result = await storage.list(prefix, options);
      if (options?.keysOnly || !result.kvs.some(({ key }) => isSealed(key))) return result;
      return { ...result, kvs: await openAll(result.kvs) };
    },
    async transact(compares, success, failure = []) {
      const touches = [...success, ...failure].some(({ key }) => isSealed(key));
      if (!touches) return storage.transact(compares, success, failure);
      const result = await storage.transact(
        compares,
        await sealAll(success),
        await sealAll(failure),
      );
      const results: (KeyValue | undefined)[] = [];
      for (const kv of result.results) results.push(kv && (await open(kv)));
      return { ...result, results };
    },
    async put(key, value, options) {
      return storage.put(key, (await seal({ key, value })).value, options);
    },
    async *watch(prefix, options) {
      const signal = AbortSignal.any([options.signal, following.signal]);
      for await (const batch of storage.watch(prefix, { ...options, signal })) {
        if (!batch.events.some(({ kv }) => isSealed(kv.key))) yield batch;
        else {
          const events: StorageEvent[] = [];
          for (const event of batch.events) events.push(await openEvent(event));
          yield { ...batch, events };
        }
      }
    },
    run: (env, signal) =>
      every(
        {
          env,
          signal,
          periodMs: UNREADABLE_RETRY_MS,
          firstMs: UNREADABLE_RETRY_MS,
          failed: 'cannot try encrypted values again',
        },
        again,
      ),
    again,
    delete: (key) => storage.delete(key),
    currentRevision: (signal) => storage.currentRevision(signal),
    requestProgress: () => storage.requestProgress(),
    grantLease: (ttlSeconds) => storage.grantLease(ttlSeconds),
    keepAliveLease: (lease) => storage.keepAliveLease(lease),
    revokeLease: (lease) => storage.revokeLease(lease),
    compact: (revision) => storage.compact(revision),
    ping: (signal) => storage.ping(signal),
    close: () => storage.close(),
  };
}

/**
 * Group and resource of the objects at a key of the store. `folders` has those of the built-in
 * resources by folder; custom resources are in GROUP/RESOURCE.
 */
export function resourceAt(
  root: string,
  folders: ReadonlyMap<string, { group: string; resource: string }>,
): (key: string) => { group: string; resource: string } | undefined {
  return (key) => {
    if (!key.startsWith(root) || key[root.length] !== '/') return undefined;
    const start = root.length + 1;
    const slash = key.indexOf('/', start);
    if (slash < 0) return undefined;
    const first = key.slice(start, slash);
    const known = folders.get(first);
    if (known) return known;
    const next = key.indexOf('/', slash + 1);
    if (next < 0) return undefined;
    const found = folders.get(key.slice(start, next));
    if (found) return found;
    return first.includes('.') ? { group: first, resource: key.slice(slash + 1, next) } : undefined;
  };
}
