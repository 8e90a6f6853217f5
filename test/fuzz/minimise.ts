// Smaller inputs that fail in the same way: pieces are taken out while the failure stays.

const MAX_ATTEMPTS = 3_000;
const MAX_MS = 20_000;

/** `failure` gives the kind of an input's failure, undefined for an input that passes. */
export async function minimise(
  input: Buffer,
  failure: (input: Buffer) => Promise<string | undefined>,
): Promise<Buffer> {
  const wanted = await failure(input);
  if (wanted === undefined) return input;
  const ends = performance.now() + MAX_MS;
  let best = input;
  let attempts = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length;) {
      if (++attempts > MAX_ATTEMPTS || performance.now() > ends) return best;
      const smaller = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if ((await failure(smaller)) === wanted) best = smaller;
      else at += size;
    }
  }
  return best;
}
