// The environment of a component: clock, random numbers, log, metrics. Components receive an Env,
// or the parts of it that they need, and use no globals. pkg/system/env.ts has the real Env;
// virtual-env.ts has a deterministic Env.

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall clock time in milliseconds since the Unix epoch. */
  now(): number;
  /** Monotonic time in milliseconds, for durations. Its origin is arbitrary. */
  monotonic(): number;
  /** Calls `callback` once, after at least `ms` milliseconds. */
  after(ms: number, callback: () => void): Timer;
}

export interface Random {
  /** A uniformly distributed number in [0, 1). */
  next(): number;
  /** A version 4 UUID in lower case (RFC 9562). */
  uuid(): string;
}

export type LogFields = Record<string, unknown>;

/** A structured log: an event name, then fields, as in `log.info('pod bound', { pod, node })`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
}

export interface Counter {
  inc(labels?: Record<string, string | number>, by?: number): void;
}
export interface Gauge {
  set(value: number, labels?: Record<string, string | number>): void;
}
export interface Histogram {
  observe(value: number, labels?: Record<string, string | number>): void;
}

/** A second registration of a name returns the first metric. Names and labels are upstream's. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly string[],
  ): Histogram;
  /** All metrics in the Prometheus text exposition format. */
  render(): Promise<string>;
}

export interface Env {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  /**
   * Told of each piece of work that begins, such as ('GET', '/api/v1/pods') or ('replicaset',
   * 'default/web'): the log of a stalled event loop names the last one.
   */
  readonly begins?: (kind: string, what: string) => void;
}

/** RFC 3339 text in seconds, the form of metav1.Time. `ms` counts from the Unix epoch. */
export function timestamp(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = `${new Date(ms).toISOString().slice(0, 19)}Z`;
  }
  return lastText;
}

/** Many objects are written within a second. */
let lastSecond = Number.NaN;
let lastText = '';

/** RFC 3339 text in microseconds, the form of metav1.MicroTime. `ms` counts from the Unix epoch. */
export const microTimestamp = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 23)}000Z`;

/**
 * Resolves after `ms` milliseconds; rejects with the signal's reason when the signal aborts first.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const onAbort = () => {
      timer.cancel();
      reject(signal!.reason as Error);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
