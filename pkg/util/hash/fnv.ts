// FNV-1a of 32 bits, the hash of upstream's template, container and port names (hash/fnv New32a).

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** The unsigned hash of the text's UTF-8 bytes. */
export function fnv32a(text: string): number {
  let hash = OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}
