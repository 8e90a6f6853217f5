// Waiting for a condition, always with a bound.

const FIRST_NAP_MS = 20;
const LONGEST_NAP_MS = 250;

/** Asks until the answer is truthy and returns it; after `ms` throws what `why` says. */
export async function until<T>(
  ask: () => T | Promise<T>,
  ms: number,
  why: (last: T | undefined) => string | Promise<string>,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + ms;
  let nap = FIRST_NAP_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(await why(answer));
    await new Promise((resolve) => setTimeout(resolve, nap));
    nap = Math.min(nap * 1.5, LONGEST_NAP_MS);
  }
}
