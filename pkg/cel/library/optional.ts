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
  type Kind,
  type Timestamp,
  type Uint,
  type Value,
} from '../values/value.js';
import { wholeSeconds } from '../values/time.js';

/** Zero values: what a field of protobuf holds when it was not set. */
const ZEROS: Readonly<Partial<Record<Kind, (v: never) => boolean>>> = {
  null_type: () => true,
  bool: (v: boolean) => !v,
  int: (v: number | bigint) => v === 0,
  uint: ({ value }: Uint) => value === 0n,
  double: (v: Value) => doubleOf(v) === 0,
  string: (v: string) => v === '',
  bytes: (v: Uint8Array) => v.length === 0,
  list: (v: Value) => listSize(v) === 0,
  map: (v: Value) => mapSize(v) === 0,
  duration: ({ nanos }: Duration) => nanos === 0n,
  timestamp: (v: Timestamp) => wholeSeconds(v) === -62_135_596_800n,
  optional: ({ value }: Optional) => value === undefined,
};
const isZero = (v: Value): boolean => ZEROS[kindOf(v)]?.(v as never) ?? false;

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
