// Conversions between types: int(), uint(), double(), string(), bytes(), bool(), duration(),
// timestamp() (cel-go common/types).
import { INT_OVERFLOW, intInRange, timestampInRange, uintInRange } from './arithmetic.js';
import { durationOf, parseTimestamp } from './time.js';
import { Double, EvalError, type Value } from './value.js';

const INTEGER = /^[+-]?[0-9]+$/;
const FLOAT = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan)$/i;

const noConversion = (from: string, to: string): EvalError =>
  new EvalError(`type conversion error from '${from}' to '${to}'`);

export function intFromText(text: string): Value {
  if (!INTEGER.test(text)) return noConversion('string', 'int');
  const value = intInRange(BigInt(text.replace(/^\+/, '')));
  return value instanceof EvalError ? noConversion('string', 'int') : value;
}

export function uintFromText(text: string): Value {
  if (!/^[0-9]+$/.test(text)) return noConversion('string', 'uint');
  const value = uintInRange(BigInt(text));
  return value instanceof EvalError ? noConversion('string', 'uint') : value;
}

/** A float as Go reads it; undefined when the text is none. */
function parseFloat64(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined;
  if (/nan$/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export function doubleFromText(text: string): Value {
  const value = parseFloat64(text);
  return value === undefined ? noConversion('string', 'double') : new Double(value);
}

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

export function boolFromText(text: string): Value {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : noConversion('string', 'bool');
}

/** Towards zero. */
export function intFromDouble(value: number): Value {
  if (!(value > -(2 ** 63) && value < 2 ** 63)) return INT_OVERFLOW;
  return intInRange(BigInt(Math.trunc(value)));
}

export function uintFromDouble(value: number): Value {
  if (!(value >= 0 && value < 2 ** 64)) return uintInRange(-1n);
  return uintInRange(BigInt(Math.trunc(value)));
}

export const durationFromText = (text: string): Value =>
  durationOf(text) ?? noConversion('string', 'google.protobuf.Duration');
export const timestampFromText = (text: string): Value =>
  parseTimestamp(text) ?? noConversion('string', 'google.protobuf.Timestamp');
export const timestampFromSeconds = (seconds: number | bigint): Value =>
  timestampInRange(BigInt(seconds) * 1_000_000_000n);

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

export function textFromBytes(bytes: Uint8Array): Value {
  try {
    // The decoder drops a byte order mark; Go keeps it.
    const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\ufeff' : '';
    return mark + decoder.decode(bytes);
  } catch {
    return new EvalError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

export const bytesFromText = (text: string): Uint8Array => encoder.encode(text);

const NAMES: ReadonlyMap<number, string> = new Map([
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
]);

/** Go's %g: the shortest text, with an exponent from 1e6 up or below 1e-4 (FormatFloat 'g', -1). */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const name = NAMES.get(value);
  if (name) return name;
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 6) {
    const sign = power < 0 ? '-' : '+';
    return `${digits}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  return plainText(value);
}

/** Go's %f with the fewest digits: never an exponent. */
export function plainText(value: number): string {
  const text = String(Math.abs(value));
  const [, whole = '', fraction = '', exponent = '0'] =
    /^([0-9]+)(?:\.([0-9]+))?(?:e([+-][0-9]+))?$/.exec(text) ?? [];
  const power = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + power;
  const padded = digits.padEnd(point, '0').padStart(digits.length + Math.max(0, 1 - point), '0');
  const at = Math.max(point, 1);
  const tail = padded.slice(at);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return `${sign}${padded.slice(0, at)}${tail ? `.${tail}` : ''}`;
}
