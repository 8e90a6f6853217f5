// Waiting for something that does not itself know how to stop. What is given up goes on unheard.
import type { Clock } from '../util/env/env.js';

/** Rejects with the signal's reason as soon as it aborts, else as `work` ends. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Rejects with `message` when `work` takes longer than `ms`, or with the signal's reason when it aborts. */
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
