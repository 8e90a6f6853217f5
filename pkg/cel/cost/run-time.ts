// The cost units of calls at run time (cel-go interpreter/runtimecost.go, and upstream's
// k8s.io/apiserver/pkg/cel/library/cost.go). A call without a row costs one unit.
import {
  isListValue,
  kindOf,
  listItems,
  listSize,
  mapGet,
  mapKeys,
  mapSize,
} from '../values/value.js';
import { textLength, type Opaque, type Value } from '../values/value.js';

export const SELECT_COST = 1;
export const LIST_COST = 10;
export const MAP_COST = 30;
export const STRUCT_COST = 40;
export const STRING_FACTOR = 0.1;
export const REGEX_FACTOR = 0.25;
export const AUTHORIZATION_COST = 350_000;

/** Units of one call; `result` is what it returned. */
export type CallCost = (args: readonly Value[], result: Value) => number;

/** The size that a traversal of the value costs; 1 for scalars. */
export function sizeOf(v: Value): number {
  if (typeof v === 'string') return textLength(v);
  switch (kindOf(v)) {
    case 'bytes':
      return (v as Uint8Array).length;
    case 'list':
      return listSize(v);
    case 'map':
      return mapSize(v);
    case 'opaque':
      return (v as Opaque).size;
    default:
      return 1;
  }
}

const traversal = (size: number, factor = 1): number => Math.ceil(size * factor * STRING_FACTOR);
const traversalOf =
  (index: number, factor = 1): CallCost =>
  (args) =>
    traversal(sizeOf(args[index]!), factor);
const constant =
  (cost: number): CallCost =>
  () =>
    cost;
const one = constant(1);

/** One traversal of a whole tree. */
function treeCost(v: Value): number {
  switch (kindOf(v)) {
    case 'string':
      return Math.trunc(new TextEncoder().encode(v as string).length * STRING_FACTOR);
    case 'bytes':
      return Math.trunc((v as Uint8Array).length * STRING_FACTOR);
    case 'list': {
      let cost = 0;
      for (const item of isListValue(v) ? listItems(v) : (v as readonly Value[]))
        cost += treeCost(item);
      return cost;
    }
    case 'map': {
      let cost = 0;
      for (const key of mapKeys(v)) cost += treeCost(key) + treeCost(mapGet(v, key)!);
      return cost;
    }
    default:
      return 1;
  }
}

const regexCost: CallCost = ([text, pattern]) =>
  traversal(sizeOf(text!) + 1) * Math.ceil(sizeOf(pattern!) * REGEX_FACTOR);

const smaller: CallCost = ([a, b]) => traversal(Math.min(sizeOf(a!), sizeOf(b!)));

/** The cost of `a == b`. */
export function equalityCost(a: Value, b: Value): number {
  if (typeof a !== 'string' && (typeof a !== 'object' || a === null)) return 1;
  return kindOf(a) === 'opaque' ? 1 : traversal(Math.min(sizeOf(a), sizeOf(b)));
}

const setsCost =
  (factor: number): CallCost =>
  ([a, b]) =>
    1 + sizeOf(a!) * sizeOf(b!) * factor;

/** A CIDR is masked and compared; a text is parsed first. */
const contains =
  (isCidr: boolean, isText: boolean): CallCost =>
  ([cidr, other]) => {
    const size = sizeOf(cidr!);
    return (
      traversal(2 * size) +
      (isCidr ? traversal(size) + 1 : 0) +
      (isText ? traversal(sizeOf(other!)) : 0)
    );
  };

/**
 * Parsing costs a traversal; every requirement that may lie in the text costs a list and a struct.
 */
const selectorCost: CallCost = ([, text]) => {
  const size = sizeOf(text!);
  return LIST_COST + traversal(size) + Math.ceil(size * 0.5) * (LIST_COST + STRUCT_COST);
};

const validation: CallCost = ([format, text]) =>
  traversal(sizeOf(text!) + 1) *
  Math.ceil(((format as Opaque).data as { readonly regexSize: number }).regexSize * REGEX_FACTOR);

/** The only cost that depends on the result. */
export const JOIN_COST: CallCost = (_args, result) => traversal(sizeOf(result), 2);

const named = (names: string, cost: CallCost): [string, CallCost][] =>
  names.split(' ').map((name) => [name, cost]);

const BY_FUNCTION: ReadonlyMap<string, CallCost> = new Map([
  ...named('check', constant(AUTHORIZATION_COST)),
  ...named('fieldSelector labelSelector', selectorCost),
  ...named('isSorted sum max min indexOf lastIndexOf', ([list]) => treeCost(list!)),
  ...named('url lowerAscii upperAscii substring trim jsonpatch.escapeKey', traversalOf(0)),
  ...named('cidr isIP isCIDR quantity isQuantity', traversalOf(0)),
  ...named('replace split ip.isCanonical', traversalOf(0, 2)),
  ...named('join', JOIN_COST),
  ...named('find findAll', regexCost),
  ...named('validate', validation),
]);

const BY_OVERLOAD: ReadonlyMap<string, CallCost> = new Map([
  ...named('starts_with_string ends_with_string string_to_bytes bytes_to_string', traversalOf(0)),
  ...named('string_format ip', traversalOf(0)),
  ...named('in_list', ([, list]) => sizeOf(list!)),
  ...named('less_string less_equals_string greater_string greater_equals_string', smaller),
  ...named('less_bytes less_equals_bytes greater_bytes greater_equals_bytes', smaller),
  ...named('add_string add_bytes', ([a, b]) => traversal(sizeOf(a!) + sizeOf(b!))),
  ...named('matches_string', regexCost),
  ...named('contains_string', ([a, b]) => traversal(sizeOf(a!)) * traversal(sizeOf(b!))),
  ...named('list_sets_contains_list list_sets_intersects_list', setsCost(1)),
  ...named('list_sets_equivalent_list', setsCost(2)),
  ...named('cidr_ip', one),
  ...named('cidr_contains_ip_string', contains(false, true)),
  ...named('cidr_contains_ip_ip', contains(false, false)),
  ...named('cidr_contains_cidr_string', contains(true, true)),
  ...named('cidr_contains_cidr', contains(true, false)),
]);

/**
 * The cost of a call; undefined for one unit. `overloadId` is the only overload that the checker
 * left, or empty: then the cost does not depend on the overload, as upstream.
 */
export const callCost = (fn: string, overloadId: string): CallCost | undefined =>
  BY_FUNCTION.get(fn) ?? BY_OVERLOAD.get(overloadId);
