// Trying until something works (upstream: wait.ExponentialBackoff, client-go's util/retry).
import type { Backoff } from '../backoff/backoff.js';
import { sleep, type Clock, type Log } from '../env/env.js';

export interface RetryOptions {
  clock: Clock;
  /** Rejects the retry with its reason; absent when the caller's bound is on tries or time. */
  signal?: AbortSignal | undefined;
  /** Milliseconds between two tries. */
  wait: number | Backoff;
  /** Tries at most; unbounded when absent. */
  tries?: number;
  /** Called after each failed try; false gives up, and so does a throw. */
  again?: (error: unknown, tries: number) => boolean | void;
}

const pauseOf = (wait: number | Backoff) => (typeof wait === 'number' ? wait : wait.next());

/**
 * The value of the first try that succeeds. Rejects with the last error, or the signal's reason.
 */
export async function retry<T>(options: RetryOptions, attempt: () => T | Promise<T>): Promise<T> {
  const { clock, signal, wait, tries = Infinity } = options;
  for (let count = 1; ; count++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (signal?.aborted || options.again?.(error, count) === false || count >= tries) throw error;
    }
    await sleep(clock, pauseOf(wait), signal);
  }
}

/**
 * An `again` that logs a failure as a warning, and once only while each try fails for the same
 * reason.
 */
export function warnOnce(log: Log, event: string): (error: unknown) => void {
  let last: string | undefined;
  return (error) => {
    const text = String(error);
    if (text !== last) log.warn(event, { error });
    last = text;
  };
}

/**
 * Asks until the answer is neither false nor undefined; undefined after `limitMs`, or at abort. The
 * first question is asked at once.
 */
export async function until<T>(
  options: { clock: Clock; signal?: AbortSignal; periodMs: number | Backoff; limitMs: number },
  ask: () => T | Promise<T>,
): Promise<Exclude<T, false | undefined> | undefined> {
  const { clock, signal } = options;
  const end = clock.monotonic() + options.limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, false | undefined>;
    if (signal?.aborted || clock.monotonic() >= end) return undefined;
    await sleep(clock, pauseOf(options.periodMs), signal).catch(() => {});
  }
}
