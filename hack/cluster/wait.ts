// Waits for a condition, with a bound.

const FIRST_NAP_MS = 20;
const LONGEST_NAP_MS = 250;

/**
 * Calls `ask` until its result is truthy and returns the result. Throws an error with the text of
 * `why` after `ms`, and the signal's reason once it is aborted.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  ms: number,
  why: string | (() => string),
  signal?: AbortSignal,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + ms;
  let nap = FIRST_NAP_MS;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(typeof why === 'string' ? why : why());
    await new Promise((resolve) => setTimeout(resolve, nap));
    nap = Math.min(nap * 1.5, LONGEST_NAP_MS);
  }
}

/** Promise.all that rejects only when no promise runs any more. */
export async function allDone<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
