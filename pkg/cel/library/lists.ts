// Lists as Kubernetes extends them (k8s.io/apiserver/pkg/cel/library/lists.go), sets (cel-go
// ext/sets.go), and the function behind the macros with two variables.
import { declare, type Row } from '../checker/declarations.js';
import type { Library } from '../checker/environment.js';
import { TWO_VARIABLE_MACROS } from '../syntax/macros.js';
import { addInts, durationInRange, uintInRange } from '../values/arithmetic.js';
import { compareValues, equalValues } from '../values/compare.js';
import {
  Double,
  doubleOf,
  Duration,
  EvalError,
  kindOf,
  listItems,
  Uint,
  type Value,
} from '../values/value.js';

const NO_OVERLOAD = new EvalError('no such overload');

function isSorted(list: Value): Value {
  const items = listItems(list);
  for (let i = 1; i < items.length; i++) {
    const order = compareValues(items[i - 1]!, items[i]!);
    if (order === undefined) return NO_OVERLOAD;
    if (order > 0) return false;
  }
  return true;
}

/** The least item by `sign` 1, or the greatest by -1. */
const extreme =
  (name: string, sign: 1 | -1) =>
  (list: Value): Value => {
    const [first, ...others] = listItems(list);
    if (first === undefined) return new EvalError(`${name} called on empty list`);
    let best = first;
    for (const item of others) {
      const order = compareValues(item, best);
      if (order === undefined) return NO_OVERLOAD;
      if (order * sign < 0) best = item;
    }
    return best;
  };

function plus(a: Value, b: Value): Value {
  const kind = kindOf(a);
  if (kindOf(b) !== kind) return NO_OVERLOAD;
  switch (kind) {
    case 'int':
      return addInts(a as number, b as number);
    case 'uint':
      return uintInRange((a as Uint).value + (b as Uint).value);
    case 'double':
      return new Double(doubleOf(a) + doubleOf(b));
    case 'duration':
      return durationInRange((a as Duration).nanos + (b as Duration).nanos);
    default:
      return NO_OVERLOAD;
  }
}

const sum =
  (zero: Value) =>
  (list: Value): Value => {
    const [first, ...others] = listItems(list);
    let total = first ?? zero;
    for (const item of others) {
      total = plus(total, item);
      if (total instanceof EvalError) return total;
    }
    return first === undefined || plus(total, total) !== NO_OVERLOAD ? total : NO_OVERLOAD;
  };

const indexIn = (list: Value, item: Value): Value =>
  listItems(list).findIndex((other) => equalValues(other, item));
const lastIndexIn = (list: Value, item: Value): Value =>
  listItems(list).findLastIndex((other) => equalValues(other, item));

const ORDERED = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const SUMMED: Readonly<Record<string, Value>> = {
  int: 0,
  uint: new Uint(0n),
  double: new Double(0),
  duration: new Duration(0n),
};

export const LISTS: Library = {
  functions: declare([
    ...ORDERED.flatMap((type): Row[] => [
      [`list_${type}_is_sorted_bool`, `list(${type}).isSorted() bool`, isSorted],
      [`list_${type}_max_${type}`, `list(${type}).max() ${type}`, extreme('max', -1)],
      [`list_${type}_min_${type}`, `list(${type}).min() ${type}`, extreme('min', 1)],
    ]),
    ...Object.entries(SUMMED).map(([type, zero]): Row => [
      `list_${type}_sum_${type}`,
      `list(${type}).sum() ${type}`,
      sum(zero),
    ]),
    ['list_a_index_of_int', 'list(A).indexOf(A) int', indexIn],
    ['list_a_last_index_of_int', 'list(A).lastIndexOf(A) int', lastIndexIn],
  ]),
};

const holds = (list: readonly Value[], item: Value): boolean =>
  list.some((other) => equalValues(other, item));

function containsAll(list: Value, part: Value): boolean {
  const items = listItems(list);
  return listItems(part).every((item) => holds(items, item));
}

export const SETS: Library = {
  functions: declare([
    ['list_sets_contains_list', '~sets.contains(list(T), list(T)) bool', containsAll],
    [
      'list_sets_equivalent_list',
      '~sets.equivalent(list(T), list(T)) bool',
      (a: Value, b: Value) => containsAll(a, b) && containsAll(b, a),
    ],
    [
      'list_sets_intersects_list',
      '~sets.intersects(list(T), list(T)) bool',
      (a: Value, b: Value) => listItems(a).some((item) => holds(listItems(b), item)),
    ],
  ]),
};

/** The compiler evaluates cel.@mapInsert itself. */
export const TWO_VARIABLE_COMPREHENSIONS: Library = {
  macros: TWO_VARIABLE_MACROS,
  functions: declare([
    ['@mapInsert_map_map', '~cel.@mapInsert(map(K, V), map(K, V)) map(K, V)'],
    ['@mapInsert_map_key_value', '~cel.@mapInsert(map(K, V), K, V) map(K, V)'],
  ]),
};
