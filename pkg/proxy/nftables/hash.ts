// Names in the table that are made from the content they stand for. Pure.
import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'; // RFC 4648 base32

/**
 * The first `length` characters of base32(sha256(text)), five bits each; upstream's chain names
 * have 8 (pkg/proxy/iptables portProtoHash).
 */
export function hashName(text: string, length = 8): string {
  const digest = createHash('sha256').update(text).digest();
  let bits = 0;
  let count = 0;
  let name = '';
  for (const byte of digest) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) {
      if (name.length === length) return name;
      name += ALPHABET[(bits >> (count - 5)) & 31];
    }
  }
  return name;
}
