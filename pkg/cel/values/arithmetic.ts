// Arithmetic of int64, uint64, durations and timestamps. Small integers are numbers and take the
// fast path; a result that is not safe is computed again with bigint.
import {
  Duration,
  EvalError,
  intOf,
  MAX_INT64,
  MAX_UINT64,
  MIN_INT64,
  Timestamp,
  Uint,
  type Value,
} from './value.js';

type Int = number | bigint;

export const INT_OVERFLOW = new EvalError('integer overflow');
const UINT_OVERFLOW = new EvalError('unsigned integer overflow');
const DIVISION_BY_ZERO = new EvalError('division by zero');
const MODULUS_BY_ZERO = new EvalError('modulus by zero');
const TIMESTAMP_OVERFLOW = new EvalError('timestamp overflow');

export const intInRange = (value: bigint): Value =>
  value > MAX_INT64 || value < MIN_INT64 ? INT_OVERFLOW : intOf(value);
export const uintInRange = (value: bigint): Value =>
  value > MAX_UINT64 || value < 0n ? UINT_OVERFLOW : new Uint(value);
export const durationInRange = (nanos: bigint): Value =>
  nanos > MAX_INT64 || nanos < MIN_INT64 ? INT_OVERFLOW : new Duration(nanos);

const SECOND = 1_000_000_000n;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z */
const MIN_TIMESTAMP = -62_135_596_800n * SECOND;
const MAX_TIMESTAMP = 253_402_300_800n * SECOND - 1n;
export const timestampInRange = (nanos: bigint): Value =>
  nanos < MIN_TIMESTAMP || nanos > MAX_TIMESTAMP ? TIMESTAMP_OVERFLOW : new Timestamp(nanos);

export function addInts(a: Int, b: Int): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return intInRange(BigInt(a) + BigInt(b));
}

export function subtractInts(a: Int, b: Int): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return intInRange(BigInt(a) - BigInt(b));
}

export function multiplyInts(a: Int, b: Int): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    // Adding zero turns -0 into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return intInRange(BigInt(a) * BigInt(b));
}

export function divideInts(a: Int, b: Int): Value {
  if (b == 0) return DIVISION_BY_ZERO;
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0;
  return intInRange(BigInt(a) / BigInt(b));
}

export function moduloInts(a: Int, b: Int): Value {
  if (b == 0) return MODULUS_BY_ZERO;
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  if (BigInt(a) === MIN_INT64 && BigInt(b) === -1n) return INT_OVERFLOW;
  return intOf(BigInt(a) % BigInt(b));
}

export const negateInt = (a: Int): Value => (typeof a === 'number' ? 0 - a : intInRange(-a));

export const divideUints = (a: Uint, b: Uint): Value =>
  b.value === 0n ? DIVISION_BY_ZERO : new Uint(a.value / b.value);
export const moduloUints = (a: Uint, b: Uint): Value =>
  b.value === 0n ? MODULUS_BY_ZERO : new Uint(a.value % b.value);
