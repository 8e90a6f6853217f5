// Abortable waits for work that cannot be aborted itself. The abandoned work continues, and its
// result is ignored.
import type { Clock } from '../util/env/env.js';

/**
 * Rejects with the signal's reason as soon as the signal aborts; otherwise settles as `work` does.
 */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * Rejects with `message` when `work` takes longer than `ms`, or with the signal's reason when it
 * aborts.
 */
export function within<T>(
  clock: Clock,
  ms: number,
  message: string,
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const timer = clock.after(ms, () => limit.abort(new Error(message)));
  return orAborted(work, AbortSignal.any([signal, limit.signal])).finally(() => timer.cancel());
}
