// Retries of read-modify-write (client-go util/retry).
import { isReason, StatusError } from '../apimachinery/errors/status-error.js';
import { Backoff } from '../util/backoff/backoff.js';
import type { Env } from '../util/env/env.js';
import { retry } from '../util/wait/retry.js';

const CONFLICT_TRIES = 5;
const CONFLICT_WAIT = { baseMs: 10, maxMs: 10 };

/**
 * Calls `attempt` again after a 409 Conflict, five times at most. `attempt` must read the object
 * anew.
 */
export async function retryOnConflict<T>(
  env: Pick<Env, 'clock' | 'random'>,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const wait = new Backoff({ ...CONFLICT_WAIT, jitter: 1 }, env.random);
  const again = (error: unknown) => isReason(error, 'Conflict');
  return retry({ clock: env.clock, signal, wait, tries: CONFLICT_TRIES, again }, attempt);
}

/** True when a later attempt may succeed: no response, 429 or 5xx. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof StatusError) || error.code === 429 || error.code >= 500;
}
