// Everything the world gives a component: time, chance, a log, metrics. Components receive an Env
// (or the part they need) and never reach for globals; pkg/system/env.ts is the real one and
// virtual-env.ts beside this file the deterministic one.

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only grow; for measuring. */
  monotonic(): number;
  /** Calls back once, at least `ms` later. The real clock's timers do not keep a process alive by themselves when `background`. */
  after(ms: number, callback: () => void): Timer;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** RFC 9562 version 4 UUID, lower case. */
  uuid(): string;
}

export type LogFields = Record<string, unknown>;

/** Event name first, then keyed fields: `log.info('pod bound', {pod, node})`. */
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

/** Registering a name twice returns the first metric. Names and labels are upstream's where it has one. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly string[],
  ): Histogram;
  /** Prometheus text exposition. */
  render(): Promise<string>;
}

export interface Env {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** RFC 3339 with seconds, as metav1.Time is written. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 with microseconds, as metav1.MicroTime is written. */
export function microTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}

/** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
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
