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

type QueueEnv = Pick<Env, 'clock' | 'random' | 'metrics'>;

/** `name` labels the metrics, upstream's names (workqueue_depth and so on). */
export function createWorkQueue(name: string, env: QueueEnv): WorkQueue {
  return new Queue(name, env);
}

function queueMetrics(name: string, { metrics }: QueueEnv) {
  const counter = (suffix: string, help: string) =>
    metrics.counter(`workqueue_${suffix}`, help, ['name']);
  const seconds = (suffix: string, help: string) =>
    metrics.histogram(`workqueue_${suffix}_duration_seconds`, help, SECONDS, ['name']);
  const depth = metrics.gauge('workqueue_depth', 'Current depth of workqueue', ['name']);
  const adds = counter('adds_total', 'Total number of adds handled by workqueue');
  const retries = counter('retries_total', 'Total number of retries handled by workqueue');
  const waited = seconds(
    'queue',
    'How long in seconds an item stays in workqueue before being requested',
  );
  const worked = seconds('work', 'How long in seconds processing an item from workqueue takes.');
  const label = { name };
  return {
    depth: (keys: number) => depth.set(keys, label),
    added: () => adds.inc(label),
    retried: () => retries.inc(label),
    waited: (ms: number) => waited.observe(ms / 1000, label),
    worked: (ms: number) => worked.observe(ms / 1000, label),
  };
}

class Queue implements WorkQueue {
  /** Waiting keys in order, with the time they were added. A Map keeps insertion order. */
  private readonly queue = new Map<string, number>();
  private readonly dirty = new Set<string>();
  /** Keys being worked on, with the time they were handed out. */
  private readonly processing = new Map<string, number>();
  private readonly delayed = new Map<string, { at: number; timer: Timer }>();
  private readonly backoffs = new Map<string, { backoff: Backoff; failures: number }>();
  private readonly takers = new Set<(key: string) => void>();
  private readonly metrics: ReturnType<typeof queueMetrics>;
  private closed = false;

  constructor(
    private readonly name: string,
    private readonly env: QueueEnv,
  ) {
    this.metrics = queueMetrics(name, env);
  }

  get length(): number {
    return this.queue.size;
  }

  add(key: string): void {
    if (this.closed || this.dirty.has(key)) return;
    this.metrics.added();
    this.dirty.add(key);
    if (!this.processing.has(key)) this.enqueue(key);
  }

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

  addRateLimited(key: string): void {
    const options = { baseMs: QUEUE_BACKOFF_BASE_MS, maxMs: QUEUE_BACKOFF_MAX_MS };
    const entry = this.backoffs.get(key) ?? {
      backoff: new Backoff(options, this.env.random),
      failures: 0,
    };
    this.backoffs.set(key, entry);
    entry.failures++;
    this.metrics.retried();
    this.addAfter(key, entry.backoff.next());
  }

  forget(key: string): void {
    this.backoffs.delete(key);
  }

  failures(key: string): number {
    return this.backoffs.get(key)?.failures ?? 0;
  }

  get(signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(undefined);
      const take = (key: string) => {
        signal.removeEventListener('abort', onAbort);
        resolve(key);
      };
      const onAbort = () => {
        this.takers.delete(take);
        resolve(undefined);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.takers.add(take);
      this.hand();
    });
  }

  done(key: string): void {
    const since = this.processing.get(key);
    assert(since !== undefined, `work queue ${this.name}: done("${key}") without get`);
    this.processing.delete(key);
    this.metrics.worked(this.env.clock.monotonic() - since);
    if (this.dirty.has(key)) this.enqueue(key);
  }

  close(): void {
    this.closed = true;
    for (const { timer } of this.delayed.values()) timer.cancel();
    this.delayed.clear();
    this.queue.clear();
    this.dirty.clear();
  }

  private enqueue(key: string): void {
    this.queue.set(key, this.env.clock.monotonic());
    this.metrics.depth(this.queue.size);
    this.hand();
  }

  /** Gives waiting keys to waiting workers, both in order. */
  private hand(): void {
    while (this.queue.size && this.takers.size) {
      const [key, since] = this.queue.entries().next().value!;
      const [taker] = this.takers;
      this.takers.delete(taker!);
      this.queue.delete(key);
      this.dirty.delete(key);
      const now = this.env.clock.monotonic();
      this.processing.set(key, now);
      this.metrics.waited(now - since);
      this.metrics.depth(this.queue.size);
      taker!(key);
    }
  }
}
