// Maps that expressions make. Keys are bool, int, uint or string; numbers that are equal are one
// key.
import { numberOf } from './compare.js';
import { intOf, kindOf, TAG, type MapValue, type Value } from './value.js';

type Plain = string | number | bigint | boolean;

/** The key in the form that equal keys share; undefined for values that equal no key. */
function plainKey(key: Value): Plain | undefined {
  if (typeof key === 'string' || typeof key === 'boolean') return key;
  const number = numberOf(key);
  if (number === undefined) return undefined;
  if (typeof number === 'bigint') return intOf(number);
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
  return Number.isInteger(number) ? BigInt(number) : undefined;
}

const KEY_KINDS: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'string']);
export const isMapKey = (key: Value): boolean => KEY_KINDS.has(kindOf(key));

export interface MutableMap extends MapValue {
  /** False when the key is there already. */
  insert(key: Value, value: Value): boolean;
}

export function createMap(): MutableMap {
  const entries = new Map<Plain, readonly [key: Value, value: Value]>();
  return {
    [TAG]: 'map',
    typeName: 'map',
    get size() {
      return entries.size;
    },
    get(key) {
      const plain = plainKey(key);
      return plain === undefined ? undefined : entries.get(plain)?.[1];
    },
    *keys() {
      for (const [key] of entries.values()) yield key;
    },
    insert(key, value) {
      const plain = plainKey(key)!;
      if (entries.has(plain)) return false;
      entries.set(plain, [key, value]);
      return true;
    },
  };
}
