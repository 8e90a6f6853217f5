// Equality and order of values. Numbers of different types compare by their mathematical value,
// except that an integer is rounded to a double before it meets one, as in Go.
import {
  doubleOf,
  kindOf,
  listGet,
  listSize,
  mapGet,
  mapKeys,
  mapSize,
  isListValue,
  type Duration,
  type Opaque,
  type Optional,
  type Timestamp,
  type TypeValue,
  type Uint,
  type Value,
} from './value.js';

/** The number of an int, uint or double; undefined for other values. */
export function numberOf(v: Value): number | bigint | undefined {
  switch (kindOf(v)) {
    case 'int':
      return v as number | bigint;
    case 'uint':
      return (v as Uint).value;
    case 'double':
      return doubleOf(v);
    default:
      return undefined;
  }
}

/** Code point order, which is the order of UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above the rest of the basic plane.
    const isHighX = x >= 0xd800 && x <= 0xdfff;
    const isHighY = y >= 0xd800 && y <= 0xdfff;
    if (isHighX !== isHighY) return isHighX ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

const byOrder = <T extends number | bigint | boolean>(a: T, b: T): number =>
  a === b ? 0 : a < b ? -1 : 1;

function compareNumbers(x: number | bigint, y: number | bigint, a: Value, b: Value): number {
  const isMixed = typeof x !== typeof y && (kindOf(a) === 'double' || kindOf(b) === 'double');
  const left = isMixed ? Number(x) : x;
  const right = isMixed ? Number(y) : y;
  return left < right ? -1 : left > right ? 1 : left == right ? 0 : Number.NaN;
}

/**
 * -1, 0 or 1; NaN for doubles without an order, and undefined for values that do not compare with
 * each other.
 */
export function compareValues(a: Value, b: Value): number | undefined {
  const x = numberOf(a);
  if (x !== undefined) {
    const y = numberOf(b);
    return y === undefined ? undefined : compareNumbers(x, y, a, b);
  }
  const kind = kindOf(a);
  if (kindOf(b) !== kind) return undefined;
  switch (kind) {
    case 'string':
      return compareText(a as string, b as string);
    case 'bytes':
      return compareBytes(a as Uint8Array, b as Uint8Array);
    case 'bool':
      return byOrder(a as boolean, b as boolean);
    case 'timestamp':
    case 'duration':
      return byOrder((a as Timestamp).nanos, (b as Timestamp).nanos);
    default:
      return undefined;
  }
}

function equalLists(a: Value, b: Value): boolean {
  if (isListValue(a) && a.equals) return a.equals(b);
  if (isListValue(b) && b.equals) return b.equals(a);
  const size = listSize(a);
  if (listSize(b) !== size) return false;
  for (let i = 0; i < size; i++) if (!equalValues(listGet(a, i), listGet(b, i))) return false;
  return true;
}

function equalMaps(a: Value, b: Value): boolean {
  if (mapSize(a) !== mapSize(b)) return false;
  for (const key of mapKeys(a)) {
    const other = mapGet(b, key);
    if (other === undefined || !equalValues(mapGet(a, key)!, other)) return false;
  }
  return true;
}

const equalOptionals = ({ value: a }: Optional, { value: b }: Optional): boolean =>
  a === undefined || b === undefined ? a === b : equalValues(a, b);

/** Values of different kinds are not equal, except numbers. */
export function equalValues(a: Value, b: Value): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  const x = numberOf(a);
  if (x !== undefined) {
    const y = numberOf(b);
    return y !== undefined && compareNumbers(x, y, a, b) === 0;
  }
  const kind = kindOf(a);
  if (kindOf(b) !== kind) return false;
  switch (kind) {
    case 'list':
      return equalLists(a, b);
    case 'map':
      return equalMaps(a, b);
    case 'bytes':
      return compareBytes(a as Uint8Array, b as Uint8Array) === 0;
    case 'timestamp':
    case 'duration':
      return (a as Duration).nanos === (b as Duration).nanos;
    case 'type':
      return (a as TypeValue).name === (b as TypeValue).name;
    case 'optional':
      return equalOptionals(a as Optional, b as Optional);
    case 'opaque':
      return (a as Opaque).typeName === (b as Opaque).typeName && (a as Opaque).equals(b as Opaque);
    default:
      return a === b;
  }
}
