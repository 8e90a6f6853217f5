// Waiting that an AbortSignal ends. Time comes from the caller's clock.
import type { Clock } from '../env/env.js';

/** The outcome of `promise`; rejects with the signal's reason when the signal aborts first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const withdraw = onAbort(signal, () => reject(signal.reason as Error));
    void promise.then(resolve, reject).finally(withdraw);
  });
}

/** Calls back once at abort; at once when the signal has aborted. Returns its withdrawal. */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal?.aborted) callback();
  else signal?.addEventListener('abort', callback, { once: true });
  return () => signal?.removeEventListener('abort', callback);
}

/** Resolves at abort. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => onAbort(signal, resolve));

/** A pause that another part of the program can end early. */
export class Wakeup {
  private woken = false;
  private end: (() => void) | undefined;

  /** Ends the pause; without one, the next pause ends at once. */
  wake(): void {
    this.woken = true;
    this.end?.();
  }

  /** Resolves after `ms`, at a wake-up or at abort; never rejects. One pause at a time. */
  pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        timer?.cancel();
        signal.removeEventListener('abort', end);
        this.end = undefined;
        this.woken = false;
        resolve();
      };
      const timer = this.woken || signal.aborted ? undefined : clock.after(ms, end);
      if (!timer) return end();
      this.end = end;
      signal.addEventListener('abort', end, { once: true });
    });
  }
}

/** As abortable; rejects with `message` when `promise` takes longer than `ms`. */
export function within<T>(
  clock: Clock,
  ms: number,
  message: string,
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const timer = clock.after(ms, () => limit.abort(new Error(message)));
  return abortable(promise, AbortSignal.any([signal, limit.signal])).finally(() => timer.cancel());
}
