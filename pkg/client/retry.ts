// Retry of read-modify-write (client-go util/retry).
import { isReason, StatusError } from '../apimachinery/errors/status-error.js';
import { sleep, type Env } from '../util/env/env.js';

const CONFLICT_TRIES = 5;
const CONFLICT_WAIT_MS = 10;

/** Calls `attempt` again after a 409 Conflict, five times at most. `attempt` must read the object anew. */
export async function retryOnConflict<T>(
  env: Pick<Env, 'clock' | 'random'>,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isReason(error, 'Conflict') || tries === CONFLICT_TRIES) throw error;
      await sleep(env.clock, CONFLICT_WAIT_MS * (1 + env.random.next()), signal);
    }
  }
}

/** True when the same call may succeed later: no answer came, or the server is overloaded or in trouble. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof StatusError) || error.code === 429 || error.code >= 500;
}
