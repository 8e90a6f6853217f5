// The one loop of the house for work that is done again and again (upstream: wait.JitterUntil,
// wait.BackoffUntil). A loop whose next step depends on more than time and failure is written out.
import type { Backoff } from '../backoff/backoff.js';
import type { Clock, Log, Random } from '../env/env.js';
import { Wakeup } from './abortable.js';
import { warnOnce } from './retry.js';

export interface EveryOptions {
  env: { clock: Clock; log: Log; random?: Random };
  signal: AbortSignal;
  /** Milliseconds between the end of a run and the start of the next. */
  periodMs: number | (() => number);
  /** Milliseconds before the first run; 0 when absent. */
  firstMs?: number;
  /** Lengthens each pause by up to this fraction by chance; needs `env.random`. */
  jitter?: number;
  /** Gives the pause after a failed run instead of `periodMs`; a run that succeeds resets it. */
  backoff?: Backoff;
  /** Ends pauses early. */
  wakeup?: Wakeup;
  /**
   * The event that a failed run is logged under: a warning, and once only while each run fails for
   * the same reason. A function takes the failure over; what it throws ends the loop.
   */
  failed: string | ((error: unknown) => void);
}

/** The value that `work` returns when no further run is needed. */
export const DONE = 'done' as const;

/**
 * Runs `work`, never two runs at once, until abort; resolves then. Rejects only with what
 * `options.failed` throws. A failure after abort is not reported.
 */
export async function every(
  options: EveryOptions,
  work: () => void | typeof DONE | Promise<void | typeof DONE>,
): Promise<void> {
  const { signal, backoff, wakeup = new Wakeup(), env } = options;
  const period = () =>
    typeof options.periodMs === 'number' ? options.periodMs : options.periodMs();
  const report = failureReport(options);
  const pause = (ms: number) => {
    const longer = 1 + (options.jitter ?? 0) * (env.random?.next() ?? 0);
    return wakeup.pause(env.clock, ms * longer, signal);
  };
  if (options.firstMs) await pause(options.firstMs);
  while (!signal.aborted) {
    let ms: number;
    try {
      if ((await work()) === DONE) return;
      report.succeeded();
      backoff?.reset();
      ms = period();
    } catch (error) {
      if (signal.aborted) return;
      report.failed(error);
      ms = backoff ? backoff.next() : period();
    }
    await pause(ms); // of 0 too: other work of the process gets its turn
  }
}

function failureReport({ failed, env }: EveryOptions) {
  const made = () => (typeof failed === 'string' ? warnOnce(env.log, failed) : failed);
  let report = made();
  return {
    succeeded: () => void (report = made()),
    failed: (error: unknown): void => report(error),
  };
}
