// The work queue (client-go util/workqueue). It is fair (first in, first out), deduplicates (a key
// waits once, however often it is added) and serves many workers (one worker at a time gets a key;
// a key that is added meanwhile is queued again when the worker is done). Invariant over three
// sets: `queue` has the waiting keys in order, `dirty` the keys that need work, `processing` the
// keys that workers hold; a key is in `queue` exactly when it is dirty and not processing. Pure.
import { assert } from '../util/assert/assert.js';
import { Backoff } from '../util/backoff/backoff.js';
import type { Env, Timer } from '../util/env/env.js';
import { QUEUE_BACKOFF_BASE_MS, QUEUE_BACKOFF_MAX_MS } from './limits.js';
import { WORKQUEUE_METRICS } from './metrics.generated.js';
import { registered, type Registered } from '../util/metrics/registered.js';
import { onAbort } from '../util/wait/abortable.js';
import { getOrInsert } from '../util/map/get-or-insert.js';

type QueueEnv = Pick<Env, 'clock' | 'random' | 'metrics' | 'begins'>;

export class WorkQueue {
  /** Waiting keys with the time of their addition. A Map keeps the order of insertion. */
  private readonly queue = new Map<string, number>();
  private readonly dirty = new Set<string>();
  /** Keys that workers hold, with the time at which they got them. */
  private readonly processing = new Map<string, number>();
  private readonly delayed = new Map<string, { at: number; timer: Timer }>();
  private readonly backoffs = new Map<string, { backoff: Backoff; failures: number }>();
  private readonly waitingWorkers = new Set<(key: string) => void>();
  private readonly metrics: Registered<typeof WORKQUEUE_METRICS>;
  private readonly label: { name: string };
  private closed = false;

  /** `name` labels the metrics, which have upstream's names (workqueue_depth ...). */
  constructor(
    private readonly name: string,
    private readonly env: QueueEnv,
  ) {
    this.metrics = registered(env.metrics, WORKQUEUE_METRICS);
    this.label = { name };
  }

  /** The number of waiting keys, without delayed keys. */
  get length(): number {
    return this.queue.size;
  }

  add(key: string): void {
    if (this.closed || this.dirty.has(key)) return;
    this.metrics.adds.inc(this.label);
    this.dirty.add(key);
    if (!this.processing.has(key)) this.enqueue(key);
  }

  /** Adds the key after a delay; of several delays of a key the earliest wins. */
  addAfter(key: string, ms: number): void {
    if (this.closed || ms <= 0) return this.add(key);
    const at = this.env.clock.monotonic() + ms;
    const earlier = this.delayed.get(key);
    if (earlier && earlier.at <= at) return;
    earlier?.timer.cancel();
    const timer = this.env.clock.after(ms, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { at, timer });
  }

  /** Adds the key after a delay that doubles with each call before `forget`. */
  addRateLimited(key: string): void {
    const options = { baseMs: QUEUE_BACKOFF_BASE_MS, maxMs: QUEUE_BACKOFF_MAX_MS };
    const entry = getOrInsert(this.backoffs, key, () => ({
      backoff: new Backoff(options, this.env.random),
      failures: 0,
    }));
    entry.failures++;
    this.metrics.retries.inc(this.label);
    this.addAfter(key, entry.backoff.next());
  }

  /** Resets the back-off of the key, after a success. */
  forget(key: string): void {
    this.backoffs.delete(key);
  }

  /** Failures of the key since `forget`. */
  failures(key: string): number {
    return this.backoffs.get(key)?.failures ?? 0;
  }

  /** The next key; undefined when the signal aborts. The caller must call `done` with each key. */
  get(signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(undefined);
      const assign = (key: string) => {
        withdraw();
        resolve(key);
      };
      const withdraw = onAbort(signal, () => {
        this.waitingWorkers.delete(assign);
        resolve(undefined);
      });
      this.waitingWorkers.add(assign);
      this.dispatch();
    });
  }

  done(key: string): void {
    const since = this.processing.get(key);
    assert(since !== undefined, `work queue ${this.name}: done("${key}") without get`);
    this.processing.delete(key);
    this.metrics.worked.observe((this.env.clock.monotonic() - since) / 1000, this.label);
    if (this.dirty.has(key)) this.enqueue(key);
  }

  /** Drops waiting and delayed keys, and ignores later additions. */
  close(): void {
    this.closed = true;
    for (const { timer } of this.delayed.values()) timer.cancel();
    this.delayed.clear();
    this.queue.clear();
    this.dirty.clear();
  }

  private enqueue(key: string): void {
    this.queue.set(key, this.env.clock.monotonic());
    this.metrics.depth.set(this.queue.size, this.label);
    this.dispatch();
  }

  /** Assigns waiting keys to waiting workers, both in order. */
  private dispatch(): void {
    while (this.queue.size && this.waitingWorkers.size) {
      const [key, since] = this.queue.entries().next().value!;
      const [worker] = this.waitingWorkers;
      this.waitingWorkers.delete(worker!);
      this.queue.delete(key);
      this.dirty.delete(key);
      const now = this.env.clock.monotonic();
      this.processing.set(key, now);
      this.metrics.waited.observe((now - since) / 1000, this.label);
      this.metrics.depth.set(this.queue.size, this.label);
      this.env.begins?.(this.name, key);
      worker!(key);
    }
  }
}
