// The work queue (client-go util/workqueue): fair (first come, first served), stingy (a key waits
// once, however often it is added), and safe for many workers (a key is handed to one worker at a
// time; added meanwhile, it comes again when that worker is done). Three sets carry the invariant:
// `queue` is the order of waiting keys, `dirty` all keys that need work, `processing` those being
// worked on; a key is in `queue` exactly when it is dirty and not processing. Pure.
import { assert } from '../util/assert/assert.js';
import { Backoff } from '../util/backoff/backoff.js';
import type { Env, Timer } from '../util/env/env.js';
import { QUEUE_BACKOFF_BASE_MS, QUEUE_BACKOFF_MAX_MS } from './limits.js';

export interface WorkQueue {
  add(key: string): void;
  /** Adds later; of several delays of one key the earliest counts. */
  addAfter(key: string, ms: number): void;
  /** Adds after a delay that doubles with each call until `forget`. */
  addRateLimited(key: string): void;
  /** The key succeeded: its next failure waits shortly again. */
  forget(key: string): void;
  /** How often the key failed since `forget`. */
  failures(key: string): number;
  /** The next key; undefined when the signal aborts. Every key got must be given back with `done`. */
  get(signal: AbortSignal): Promise<string | undefined>;
  done(key: string): void;
  /** Drops what waits, delayed keys too; nothing is added any more. */
  close(): void;
  /** Keys waiting, without the delayed ones. */
  readonly length: number;
}

const SECONDS = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100] as const;

/** `name` labels the metrics, upstream's names (workqueue_depth and so on). */
export function createWorkQueue(name: string, env: Pick<Env, 'clock' | 'random' | 'metrics'>): WorkQueue {
  const { clock, metrics, random } = env;
  const depth = metrics.gauge('workqueue_depth', 'Current depth of workqueue', ['name']);
  const adds = metrics.counter('workqueue_adds_total', 'Total number of adds handled by workqueue', ['name']);
  const retries = metrics.counter('workqueue_retries_total', 'Total number of retries handled by workqueue', ['name']);
  const waited = metrics.histogram('workqueue_queue_duration_seconds', 'How long in seconds an item stays in workqueue before being requested', SECONDS, ['name']);
  const worked = metrics.histogram('workqueue_work_duration_seconds', 'How long in seconds processing an item from workqueue takes.', SECONDS, ['name']);

  /** Waiting keys in order, with the time they were added. A Set or Map keeps insertion order. */
  const queue = new Map<string, number>();
  const dirty = new Set<string>();
  const processing = new Map<string, number>();
  const delayed = new Map<string, { at: number; timer: Timer }>();
  const backoffs = new Map<string, { backoff: Backoff; failures: number }>();
  const takers = new Set<(key: string) => void>();
  let closed = false;

  const hand = (): void => {
    while (queue.size && takers.size) {
      const [key, since] = queue.entries().next().value!;
      const [taker] = takers;
      takers.delete(taker!);
      queue.delete(key);
      dirty.delete(key);
      processing.set(key, clock.monotonic());
      waited.observe((clock.monotonic() - since) / 1000, { name });
      depth.set(queue.size, { name });
      taker!(key);
    }
  };
  const enqueue = (key: string): void => {
    queue.set(key, clock.monotonic());
    depth.set(queue.size, { name });
    hand();
  };
  const add = (key: string): void => {
    if (closed || dirty.has(key)) return;
    adds.inc({ name });
    dirty.add(key);
    if (!processing.has(key)) enqueue(key);
  };
  const addAfter = (key: string, ms: number): void => {
    if (closed || ms <= 0) return add(key);
    const at = clock.monotonic() + ms;
    const earlier = delayed.get(key);
    if (earlier && earlier.at <= at) return;
    earlier?.timer.cancel();
    const timer = clock.after(ms, () => {
      delayed.delete(key);
      add(key);
    });
    delayed.set(key, { at, timer });
  };

  return {
    add,
    addAfter,
    addRateLimited(key) {
      let entry = backoffs.get(key);
      if (!entry) {
        entry = { backoff: new Backoff({ baseMs: QUEUE_BACKOFF_BASE_MS, maxMs: QUEUE_BACKOFF_MAX_MS }, random), failures: 0 };
        backoffs.set(key, entry);
      }
      entry.failures++;
      retries.inc({ name });
      addAfter(key, entry.backoff.next());
    },
    forget: (key) => void backoffs.delete(key),
    failures: (key) => backoffs.get(key)?.failures ?? 0,
    get(signal) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve(undefined);
        const take = (key: string) => {
          signal.removeEventListener('abort', onAbort);
          resolve(key);
        };
        const onAbort = () => {
          takers.delete(take);
          resolve(undefined);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        takers.add(take);
        hand();
      });
    },
    done(key) {
      const since = processing.get(key);
      assert(since !== undefined, `work queue ${name}: done("${key}") without get`);
      processing.delete(key);
      worked.observe((clock.monotonic() - since) / 1000, { name });
      if (dirty.has(key)) enqueue(key);
    },
    close() {
      closed = true;
      for (const { timer } of delayed.values()) timer.cancel();
      delayed.clear();
      queue.clear();
      dirty.clear();
    },
    get length() {
      return queue.size;
    },
  };
}
