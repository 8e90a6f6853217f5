// The values of literals (cel-go parser/unescape.go, parser.go visitLiteral).
import { Double, Uint, intOf, MAX_INT64, MAX_UINT64, MIN_INT64 } from '../values/value.js';

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** A literal whose value does not exist; the message is cel-go's. */
export class LiteralError extends Error {
  override name = 'LiteralError';
}

const encoder = new TextEncoder();

function codePoint(value: number): number {
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    throw new LiteralError('invalid unicode code point');
  return value;
}

function inside(text: string): { body: string; isRaw: boolean } {
  const isRaw = /^[bB]?[rR]/.test(text);
  const quoted = text.replace(/^[bBrR]+/, '');
  const width = /^("""|''')/.test(quoted) ? 3 : 1;
  return { body: quoted.slice(width, quoted.length - width).replace(/\r\n?/g, '\n'), isRaw };
}

/** The pieces of an escaped body: plain text, code points, and single bytes (\x and octal). */
function* pieces(body: string): Generator<string | { codePoint: number; isByte: boolean }> {
  let at = 0;
  for (;;) {
    const slash = body.indexOf('\\', at);
    if (slash < 0) break;
    if (slash > at) yield body.slice(at, slash);
    const kind = body[slash + 1]!;
    const width = { x: 2, X: 2, u: 4, U: 8 }[kind];
    if (width !== undefined) {
      const value = Number.parseInt(body.slice(slash + 2, slash + 2 + width), 16);
      yield { codePoint: value, isByte: width === 2 };
      at = slash + 2 + width;
    } else if (kind >= '0' && kind <= '3') {
      yield { codePoint: Number.parseInt(body.slice(slash + 1, slash + 4), 8), isByte: true };
      at = slash + 4;
    } else {
      yield { codePoint: SIMPLE[kind] ?? kind.charCodeAt(0), isByte: true };
      at = slash + 2;
    }
  }
  if (at < body.length) yield body.slice(at);
}

/** @throws LiteralError for code points that do not exist. */
export function stringLiteral(text: string): string {
  const { body, isRaw } = inside(text);
  if (isRaw || !body.includes('\\')) return body;
  let value = '';
  for (const piece of pieces(body))
    value += typeof piece === 'string' ? piece : String.fromCodePoint(codePoint(piece.codePoint));
  return value;
}

/** @throws LiteralError for code points in bytes. */
export function bytesLiteral(text: string): Uint8Array {
  const { body, isRaw } = inside(text);
  if (isRaw || !body.includes('\\')) return encoder.encode(body);
  const bytes: number[] = [];
  for (const piece of pieces(body)) {
    if (typeof piece === 'string') for (const byte of encoder.encode(piece)) bytes.push(byte);
    else if (piece.isByte) bytes.push(piece.codePoint);
    else throw new LiteralError('unable to unescape string');
  }
  return Uint8Array.from(bytes);
}

/** @throws LiteralError beyond int64. */
export function intLiteral(text: string, isNegative: boolean): number | bigint {
  const value = isNegative ? -BigInt(text) : BigInt(text);
  if (value > MAX_INT64 || value < MIN_INT64) throw new LiteralError('invalid int literal');
  return intOf(value);
}

/** @throws LiteralError beyond uint64. */
export function uintLiteral(text: string): Uint {
  const value = BigInt(text.slice(0, -1));
  if (value > MAX_UINT64) throw new LiteralError('invalid uint literal');
  return new Uint(value);
}

/** @throws LiteralError beyond a double. */
export function doubleLiteral(text: string, isNegative: boolean): Double {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new LiteralError('invalid double literal');
  return new Double(isNegative ? -value : value);
}
