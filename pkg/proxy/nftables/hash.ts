// Names in the table that are made from what they stand for. Pure.
import { createHash } from 'node:crypto';

/** First 8 of base32(sha256), as upstream names its chains. */
export function hash(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(text).digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  return Array.from(
    { length: 8 },
    (_, at) => alphabet[Number((bits >> BigInt(35 - 5 * at)) & 31n)],
  ).join('');
}
