// The standard library: operators, conversions, strings and dates (cel-go
// common/stdlib/standard.go). Operators that the compiler treats itself have no implementation
// here.
import { declare, type Row } from '../checker/declarations.js';
import type { Library } from '../checker/environment.js';
import { MAX_LIST_SIZE } from '../limits.js';
import { STANDARD_MACROS } from '../syntax/macros.js';
import {
  addInts,
  divideInts,
  divideUints,
  durationInRange,
  intInRange,
  moduloInts,
  moduloUints,
  multiplyInts,
  negateInt,
  subtractInts,
  timestampInRange,
  uintInRange,
} from '../values/arithmetic.js';
import { compareValues } from '../values/compare.js';
import {
  boolFromText,
  bytesFromText,
  doubleFromText,
  doubleText,
  durationFromText,
  intFromDouble,
  intFromText,
  textFromBytes,
  timestampFromSeconds,
  timestampFromText,
  uintFromDouble,
  uintFromText,
} from '../values/convert.js';
import { matchesPattern } from '../values/pattern.js';
import {
  DATE_FIELDS,
  dateField,
  durationText,
  millisOf,
  timestampText,
  wholeSeconds,
} from '../values/time.js';
import {
  Double,
  doubleOf,
  intOf,
  EvalError,
  isListValue,
  listGet,
  listItems,
  listSize,
  mapSize,
  textLength,
  TypeValue,
  typeNameOf,
  TAG,
  type Duration,
  type ListValue,
  type Timestamp,
  type Uint,
  type Value,
} from '../values/value.js';
import { DATE_IDS } from './facts.generated.js';

type Int = number | bigint;
type Bytes = Uint8Array;

function concatBytes(a: Bytes, b: Bytes): Bytes {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Two lists as one, without a copy: concatenation costs one unit, whatever the lists hold. */
interface JoinedList extends ListValue {
  readonly depth: number;
}
const COPIED_SIZE = 64;
const MAX_JOINS = 64;
const depthOf = (list: Value): number =>
  isListValue(list) ? ((list as Partial<JoinedList>).depth ?? 0) : 0;

export function concatLists(a: Value, b: Value): Value {
  if (isListValue(a) && a.concat) return a.concat(b);
  const [left, right] = [listSize(a), listSize(b)];
  const size = left + right;
  if (size > MAX_LIST_SIZE) return new EvalError('list is too long');
  const depth = 1 + Math.max(depthOf(a), depthOf(b));
  if (size <= COPIED_SIZE || depth > MAX_JOINS) return [...listItems(a), ...listItems(b)];
  const get = (index: number): Value =>
    index < left ? listGet(a, index) : listGet(b, index - left);
  return { [TAG]: 'list', size, get, depth } satisfies JoinedList;
}

const double =
  (operation: (a: number, b: number) => number) =>
  (a: Value, b: Value): Value =>
    new Double(operation(doubleOf(a), doubleOf(b)));
const nanos =
  (operation: (a: bigint, b: bigint) => bigint, result: (n: bigint) => Value) =>
  (a: Timestamp | Duration, b: Timestamp | Duration): Value =>
    result(operation(a.nanos, b.nanos));
const uint =
  (operation: (a: bigint, b: bigint) => bigint) =>
  (a: Uint, b: Uint): Value =>
    uintInRange(operation(a.value, b.value));

const add = (a: bigint, b: bigint): bigint => a + b;
const subtract = (a: bigint, b: bigint): bigint => a - b;

const ARITHMETIC: readonly Row[] = [
  ['add_bytes', '~_+_(bytes, bytes) bytes', concatBytes],
  ['add_double', '~_+_(double, double) double', double((a, b) => a + b)],
  ['add_duration_duration', '~_+_(duration, duration) duration', nanos(add, durationInRange)],
  ['add_duration_timestamp', '~_+_(duration, timestamp) timestamp', nanos(add, timestampInRange)],
  ['add_timestamp_duration', '~_+_(timestamp, duration) timestamp', nanos(add, timestampInRange)],
  ['add_int64', '~_+_(int, int) int', addInts],
  ['add_list', '~_+_(list(A), list(A)) list(A)', concatLists],
  ['add_string', '~_+_(string, string) string', (a: string, b: string) => a + b],
  ['add_uint64', '~_+_(uint, uint) uint', uint(add)],
  ['divide_double', '~_/_(double, double) double', double((a, b) => a / b)],
  ['divide_int64', '~_/_(int, int) int', divideInts],
  ['divide_uint64', '~_/_(uint, uint) uint', divideUints],
  ['modulo_int64', '~_%_(int, int) int', moduloInts],
  ['modulo_uint64', '~_%_(uint, uint) uint', moduloUints],
  ['multiply_double', '~_*_(double, double) double', double((a, b) => a * b)],
  ['multiply_int64', '~_*_(int, int) int', multiplyInts],
  ['multiply_uint64', '~_*_(uint, uint) uint', uint((a, b) => a * b)],
  ['negate_double', '~-_(double) double', (a: Value) => new Double(-doubleOf(a))],
  ['negate_int64', '~-_(int) int', negateInt],
  ['subtract_double', '~_-_(double, double) double', double((a, b) => a - b)],
  [
    'subtract_duration_duration',
    '~_-_(duration, duration) duration',
    nanos(subtract, durationInRange),
  ],
  ['subtract_int64', '~_-_(int, int) int', subtractInts],
  [
    'subtract_timestamp_duration',
    '~_-_(timestamp, duration) timestamp',
    nanos(subtract, timestampInRange),
  ],
  [
    'subtract_timestamp_timestamp',
    '~_-_(timestamp, timestamp) duration',
    nanos(subtract, durationInRange),
  ],
  ['subtract_uint64', '~_-_(uint, uint) uint', uint(subtract)],
];

const COMPARISONS: readonly [name: string, sign: string, holds: (order: number) => boolean][] = [
  ['less', '_<_', (order) => order < 0],
  ['less_equals', '_<=_', (order) => order <= 0],
  ['greater', '_>_', (order) => order > 0],
  ['greater_equals', '_>=_', (order) => order >= 0],
];
const ORDERED: readonly [suffix: string, a: string, b: string][] = [
  ['bool', 'bool', 'bool'],
  ['int64', 'int', 'int'],
  ['int64_double', 'int', 'double'],
  ['int64_uint64', 'int', 'uint'],
  ['uint64', 'uint', 'uint'],
  ['uint64_double', 'uint', 'double'],
  ['uint64_int64', 'uint', 'int'],
  ['double', 'double', 'double'],
  ['double_int64', 'double', 'int'],
  ['double_uint64', 'double', 'uint'],
  ['string', 'string', 'string'],
  ['bytes', 'bytes', 'bytes'],
  ['timestamp', 'timestamp', 'timestamp'],
  ['duration', 'duration', 'duration'],
];

const COMPARISON_ROWS: readonly Row[] = COMPARISONS.flatMap(([name, sign, holds]) =>
  ORDERED.map(([suffix, a, b]): Row => {
    const compare = (x: Value, y: Value): boolean => holds(compareValues(x, y)!);
    return [`${name}_${suffix}`, `~${sign}(${a}, ${b}) bool`, compare];
  }),
);

/** Operators that the compiler evaluates itself. */
const OPERATORS: readonly Row[] = [
  ['conditional', '~_?_:_(bool, A, A) A'],
  ['logical_and', '~_&&_(bool, bool) bool'],
  ['logical_or', '~_||_(bool, bool) bool'],
  ['logical_not', '~!_(bool) bool', (a: boolean) => !a],
  ['not_strictly_false', '~@not_strictly_false(bool) bool'],
  ['equals', '~_==_(A, A) bool'],
  ['not_equals', '~_!=_(A, A) bool'],
  ['in_list', '~@in(A, list(A)) bool'],
  ['in_map', '~@in(A, map(A, B)) bool'],
  ['index_list', '~_[_](list(A), int) A'],
  ['index_map', '~_[_](map(A, B), A) B'],
];

const size = { text: textLength, bytes: (a: Bytes) => a.length, list: listSize, map: mapSize };

const SIZES: readonly Row[] = [
  ['size_bytes', '~size(bytes) int', size.bytes],
  ['bytes_size', 'bytes.size() int', size.bytes],
  ['size_list', '~size(list(A)) int', size.list],
  ['list_size', 'list(A).size() int', size.list],
  ['size_map', '~size(map(A, B)) int', size.map],
  ['map_size', 'map(A, B).size() int', size.map],
  ['size_string', '~size(string) int', size.text],
  ['string_size', 'string.size() int', size.text],
];

const same = (a: Value): Value => a;

const CONVERSIONS: readonly Row[] = [
  ['type', '~type(A) type(A)', (a: Value) => new TypeValue(typeNameOf(a))],
  ['to_dyn', '~dyn(A) dyn', same],
  ['bool_to_bool', '~bool(bool) bool', same],
  ['string_to_bool', '~bool(string) bool', boolFromText],
  ['bytes_to_bytes', '~bytes(bytes) bytes', same],
  ['string_to_bytes', '~bytes(string) bytes', bytesFromText],
  ['double_to_double', '~double(double) double', same],
  ['int64_to_double', '~double(int) double', (a: Int) => new Double(Number(a))],
  ['string_to_double', '~double(string) double', doubleFromText],
  ['uint64_to_double', '~double(uint) double', (a: Uint) => new Double(Number(a.value))],
  ['duration_to_duration', '~duration(duration) duration', same],
  [
    'int64_to_duration',
    '~duration(int) duration',
    (a: Int) => durationInRange(BigInt(a) * 1_000_000_000n),
  ],
  ['string_to_duration', '~duration(string) duration', durationFromText],
  ['int64_to_int64', '~int(int) int', same],
  ['double_to_int64', '~int(double) int', (a: Value) => intFromDouble(doubleOf(a))],
  ['duration_to_int64', '~int(duration) int', (a: Duration) => intInRange(a.nanos)],
  ['string_to_int64', '~int(string) int', intFromText],
  ['timestamp_to_int64', '~int(timestamp) int', (a: Timestamp) => intOf(wholeSeconds(a))],
  ['uint64_to_int64', '~int(uint) int', (a: Uint) => intInRange(a.value)],
  ['string_to_string', '~string(string) string', same],
  ['bool_to_string', '~string(bool) string', (a: boolean) => String(a)],
  ['bytes_to_string', '~string(bytes) string', textFromBytes],
  ['double_to_string', '~string(double) string', (a: Value) => doubleText(doubleOf(a))],
  ['duration_to_string', '~string(duration) string', durationText],
  ['int64_to_string', '~string(int) string', (a: Int) => String(a)],
  ['timestamp_to_string', '~string(timestamp) string', timestampText],
  ['uint64_to_string', '~string(uint) string', (a: Uint) => String(a.value)],
  ['timestamp_to_timestamp', '~timestamp(timestamp) timestamp', same],
  ['int64_to_timestamp', '~timestamp(int) timestamp', timestampFromSeconds],
  ['string_to_timestamp', '~timestamp(string) timestamp', timestampFromText],
  ['uint64_to_uint64', '~uint(uint) uint', same],
  ['double_to_uint64', '~uint(double) uint', (a: Value) => uintFromDouble(doubleOf(a))],
  ['int64_to_uint64', '~uint(int) uint', (a: Int) => uintInRange(BigInt(a))],
  ['string_to_uint64', '~uint(string) uint', uintFromText],
];

const matches = (text: string, pattern: string): Value => matchesPattern(text, pattern);

const STRINGS: readonly Row[] = [
  ['contains_string', 'string.contains(string) bool', (a: string, b: string) => a.includes(b)],
  ['ends_with_string', 'string.endsWith(string) bool', (a: string, b: string) => a.endsWith(b)],
  [
    'starts_with_string',
    'string.startsWith(string) bool',
    (a: string, b: string) => a.startsWith(b),
  ],
  ['matches', '~matches(string, string) bool', matches],
  ['matches_string', 'string.matches(string) bool', matches],
];

const DATES: readonly Row[] = [
  ...DATE_FIELDS.flatMap((field): Row[] => {
    const id = `timestamp_to_${DATE_IDS[field]}`;
    return [
      [id, `timestamp.${field}() int`, (time: Timestamp) => dateField(field, time, 'UTC')],
      [
        `${id}_with_tz`,
        `timestamp.${field}(string) int`,
        (time: Timestamp, zone: string) => dateField(field, time, zone),
      ],
    ];
  }),
  ['timestamp_to_milliseconds', 'timestamp.getMilliseconds() int', millisOf],
  [
    'timestamp_to_milliseconds_with_tz',
    'timestamp.getMilliseconds(string) int',
    (time: Timestamp, zone: string) => {
      const found = dateField('getSeconds', time, zone);
      return typeof found === 'number' ? millisOf(time) : found;
    },
  ],
  ...(
    [
      ['hours', 'getHours', 3_600_000_000_000n],
      ['minutes', 'getMinutes', 60_000_000_000n],
      ['seconds', 'getSeconds', 1_000_000_000n],
      ['milliseconds', 'getMilliseconds', 1_000_000n],
    ] as const
  ).map(([id, name, unit]): Row => [
    `duration_to_${id}`,
    `duration.${name}() int`,
    (duration: Duration) => intOf(duration.nanos / unit),
  ]),
];

export const STANDARD: Library = {
  macros: STANDARD_MACROS,
  functions: declare([
    ...OPERATORS,
    ...ARITHMETIC,
    ...COMPARISON_ROWS,
    ...SIZES,
    ...CONVERSIONS,
    ...STRINGS,
    ...DATES,
  ]),
};
