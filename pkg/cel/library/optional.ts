// Optional values (cel-go cel/library.go optionalLib, version 0 with optMap and optFlatMap).
import { declare } from '../checker/declarations.js';
import type { Library } from '../checker/environment.js';
import { DYN, optionalOf } from '../checker/types.js';
import { OPTIONAL_MACROS } from '../syntax/macros.js';
import {
  EvalError,
  doubleOf,
  kindOf,
  listSize,
  mapSize,
  NONE,
  Optional,
  type Duration,
  type Timestamp,
  type Uint,
  type Value,
} from '../values/value.js';
import { wholeSeconds } from '../values/time.js';

/** Zero values: what a field of protobuf holds when it was not set. */
function isZero(v: Value): boolean {
  switch (kindOf(v)) {
    case 'null_type':
      return true;
    case 'bool':
      return v === false;
    case 'int':
      return v === 0;
    case 'uint':
      return (v as Uint).value === 0n;
    case 'double':
      return doubleOf(v) === 0;
    case 'string':
      return v === '';
    case 'bytes':
      return (v as Uint8Array).length === 0;
    case 'list':
      return listSize(v) === 0;
    case 'map':
      return mapSize(v) === 0;
    case 'duration':
      return (v as Duration).nanos === 0n;
    case 'timestamp':
      return wholeSeconds(v as Timestamp) === -62_135_596_800n;
    case 'optional':
      return (v as Optional).value === undefined;
    default:
      return false;
  }
}

export const OPTIONALS: Library = {
  macros: OPTIONAL_MACROS,
  optionalSyntax: true,
  types: { optional_type: optionalOf(DYN) },
  functions: declare([
    ['optional_of', '~optional.of(V) optional(V)', (value: Value) => new Optional(value)],
    [
      'optional_ofNonZeroValue',
      '~optional.ofNonZeroValue(V) optional(V)',
      (value: Value) => (isZero(value) ? NONE : new Optional(value)),
    ],
    ['optional_none', '~optional.none() optional(V)', () => NONE],
    ['optional_value', 'optional(V).value() V', ({ value }: Optional) => value ?? missing(value)],
    ['optional_hasValue', 'optional(V).hasValue() bool', (o: Optional) => o.value !== undefined],
    ['optional_or_optional', 'optional(V).or(optional(V)) optional(V)'],
    ['optional_orValue_value', 'optional(V).orValue(V) V'],
    // The compiler evaluates these itself.
    ['select_optional_field', '~_?._(dyn, string) optional(V)'],
    ['list_optindex_optional_int', '~_[?_](list(V), int) optional(V)'],
    ['optional_list_optindex_optional_int', '~_[?_](optional(list(V)), int) optional(V)'],
    ['map_optindex_optional_value', '~_[?_](map(K, V), K) optional(V)'],
    ['optional_map_optindex_optional_value', '~_[?_](optional(map(K, V)), K) optional(V)'],
    ['optional_list_index_int', '~_[_](optional(list(V)), int) optional(V)'],
    ['optional_map_index_value', '~_[_](optional(map(K, V)), K) optional(V)'],
  ]),
};

/** null is a value; undefined is none. */
const missing = (value: Value | undefined): Value =>
  value === null ? null : new EvalError('optional.none() dereference');
