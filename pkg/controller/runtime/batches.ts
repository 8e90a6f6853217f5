// Runs many requests with bounded parallelism.
import { inParallel } from '../../util/wait/in-parallel.js';
import { MAX_PARALLEL_REQUESTS, SLOW_START_INITIAL_BATCH } from './limits.js';

/** Runs `act` for all items, MAX_PARALLEL_REQUESTS at once, and returns all errors. */
export async function runAll<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
): Promise<unknown[]> {
  const errors: unknown[] = [];
  await inParallel(items, MAX_PARALLEL_REQUESTS, async (item) => {
    try {
      await act(item);
    } catch (error) {
      errors.push(error);
    }
  });
  return errors;
}

/** Runs `act` for all items, and then throws the first error. */
export async function doAll<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const [error] = await runAll(items, act);
  if (error) throw error as Error;
}

/**
 * Runs `act` `count` times in batches that double after each success, and stops after the first
 * batch with a failure, so that a full quota does not refuse hundreds of requests. Returns the
 * number of attempts and the errors (slowStartBatch of pkg/controller/replicaset/replica_set.go).
 */
export async function slowStart(
  count: number,
  act: () => Promise<void>,
): Promise<{ tried: number; errors: unknown[] }> {
  let tried = 0;
  let errors: unknown[] = [];
  for (let most = SLOW_START_INITIAL_BATCH; tried < count && !errors.length; most *= 2) {
    const batch = Array.from({ length: Math.min(most, count - tried) }, (_, i) => i);
    errors = await runAll(batch, act);
    tried += batch.length;
  }
  return { tried, errors };
}
