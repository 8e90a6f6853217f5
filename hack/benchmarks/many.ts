const AT_ONCE = 64;

/** Runs `one` for 0 to `count` - 1, 64 at a time. */
export async function many(
  count: number,
  signal: AbortSignal,
  one: (at: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      signal.throwIfAborted();
      await one(next++);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
