// Values at run time. JSON stays as it is: null, booleans, strings, arrays, plain objects, and
// integers as numbers. The other types have classes with a tag, which no JSON carries.
//
// | CEL                 | JavaScript                                                      |
// | int                 | number while it is a safe integer, else bigint; never another form |
// | uint, double        | Uint, Double; a number of JSON that is no safe integer is a double |
// | bytes               | Uint8Array                                                      |
// | timestamp, duration | Timestamp, Duration                                             |
// | list                | array, or a ListValue that adapts its elements                  |
// | map                 | plain object (string keys), or a MapValue                       |
// | optional, type      | Optional, TypeValue                                             |
// | others              | Opaque: a named type with a value of its library                |

export const TAG: unique symbol = Symbol('cel');

export const MAX_INT64 = 2n ** 63n - 1n;
export const MIN_INT64 = -(2n ** 63n);
export const MAX_UINT64 = 2n ** 64n - 1n;

export class Uint {
  readonly [TAG] = 'uint';
  /** 0 to 2^64-1 */
  constructor(readonly value: bigint) {}
}

export class Double {
  readonly [TAG] = 'double';
  constructor(readonly value: number) {}
}

export class Timestamp {
  readonly [TAG] = 'timestamp';
  /** Nanoseconds since 1970. */
  constructor(readonly nanos: bigint) {}
}

export class Duration {
  readonly [TAG] = 'duration';
  constructor(readonly nanos: bigint) {}
}

export class Optional {
  readonly [TAG] = 'optional';
  /** `value` is undefined for optional.none(). */
  constructor(readonly value: Value | undefined) {}
}

export const NONE: Optional = new Optional(undefined);

/** The result of type(x). */
export class TypeValue {
  readonly [TAG] = 'type';
  constructor(readonly name: string) {}
}

/** A value of a library, such as a URL or a quantity. */
export class Opaque {
  readonly [TAG] = 'opaque';
  constructor(
    readonly typeName: string,
    readonly data: unknown,
    /** Equality with another value of the same type. */
    readonly equals: (other: Opaque) => boolean,
    /** The size that the cost of functions counts; 1 when absent. */
    readonly size: number = 1,
  ) {}
}

/** A map with other keys than strings, or one that adapts its values. */
export interface MapValue {
  readonly [TAG]: 'map';
  readonly size: number;
  /** 'map', or the name of the struct type. */
  readonly typeName: string;
  get(key: Value): Value | undefined;
  keys(): Iterable<Value>;
}

/** A list that adapts its elements, or one with an equality of its own. */
export interface ListValue {
  readonly [TAG]: 'list';
  readonly size: number;
  get(index: number): Value;
  /** Concatenation, where it is not the usual one (sets and map lists). */
  concat?(other: Value): Value;
  /** Equality, where the order does not count. */
  equals?(other: Value): boolean;
}

/** An error is a value: && and || may absorb it. */
export class EvalError {
  readonly [TAG] = 'error';
  constructor(readonly message: string) {}
}

type Tagged =
  | Uint
  | Double
  | Timestamp
  | Duration
  | Optional
  | TypeValue
  | Opaque
  | MapValue
  | ListValue
  | EvalError;

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | Tagged
  | { readonly [name: string]: Value };

export const isError = (v: Value): v is EvalError => v instanceof EvalError;

/** A bigint in the form that an int has. */
export function intOf(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

export const isInt = (v: Value): v is number | bigint =>
  (typeof v === 'number' && Number.isSafeInteger(v)) || typeof v === 'bigint';

const tagOf = (v: object): string | undefined => (v as { [TAG]?: string })[TAG];

type Scalar = 'null_type' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes';
type Compound = 'list' | 'map' | 'optional' | 'type' | 'opaque';
export type Kind = Scalar | 'timestamp' | 'duration' | Compound | 'error';

/** The kind of a value; structs are maps. */
export function kindOf(v: Value): Kind {
  switch (typeof v) {
    case 'string':
      return 'string';
    case 'number':
      return Number.isSafeInteger(v) ? 'int' : 'double';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    default:
  }
  if (v === null) return 'null_type';
  if (Array.isArray(v)) return 'list';
  if (v instanceof Uint8Array) return 'bytes';
  return (tagOf(v as object) as Kind | undefined) ?? 'map';
}

const TYPE_NAMES: Readonly<Partial<Record<Kind, string>>> = {
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  optional: 'optional_type',
};

/** The name that type(v) has, as cel-go prints it. */
export function typeNameOf(v: Value): string {
  const kind = kindOf(v);
  if (kind === 'opaque') return (v as Opaque).typeName;
  if (kind === 'map' && tagOf(v as object) === 'map') return (v as MapValue).typeName;
  return TYPE_NAMES[kind] ?? kind;
}

/** The number in a double: a Double, or a JSON number with a fraction. */
export const doubleOf = (v: Value): number => (typeof v === 'number' ? v : (v as Double).value);

export const isListValue = (v: Value): v is ListValue =>
  typeof v === 'object' && v !== null && tagOf(v) === 'list';
export const isMapValue = (v: Value): v is MapValue =>
  typeof v === 'object' && v !== null && tagOf(v) === 'map';

type PlainObject = { readonly [name: string]: Value };

/** The value of a key, or undefined. */
export function mapGet(map: Value, key: Value): Value | undefined {
  if (isMapValue(map)) return map.get(key);
  if (typeof key !== 'string') return undefined;
  return Object.hasOwn(map as PlainObject, key) ? (map as PlainObject)[key] : undefined;
}

export const mapSize = (map: Value): number =>
  isMapValue(map) ? map.size : Object.keys(map as PlainObject).length;

export const mapKeys = (map: Value): Iterable<Value> =>
  isMapValue(map) ? map.keys() : Object.keys(map as PlainObject);

export const listSize = (list: Value): number =>
  isListValue(list) ? list.size : (list as readonly Value[]).length;

export const listGet = (list: Value, index: number): Value =>
  isListValue(list) ? list.get(index) : (list as readonly Value[])[index]!;

export function listItems(list: Value): readonly Value[] {
  if (!isListValue(list)) return list as readonly Value[];
  return Array.from({ length: list.size }, (_, i) => list.get(i));
}

/** Code points of a text. */
export function textLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        length--;
        i++;
      }
    }
  }
  return length;
}
