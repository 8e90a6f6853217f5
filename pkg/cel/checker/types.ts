// Static types (cel-go common/types/types.go). Types are plain data; params are those of lists,
// maps and of generic opaque types.

type Primitive = 'null' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes';
type WellKnown = 'duration' | 'timestamp' | 'any' | 'wrapper';
type Compound = 'list' | 'map' | 'type' | 'opaque' | 'struct';
type TypeKind = Primitive | WellKnown | Compound | 'dyn' | 'error' | 'param';

export interface Type {
  readonly kind: TypeKind;
  /** As cel-go's Type.String() prints it, without parameters. */
  readonly name: string;
  readonly params: readonly Type[];
}

const simple = (kind: TypeKind, name: string = kind): Type => ({ kind, name, params: [] });

export const DYN = simple('dyn');
export const ERROR = simple('error', '!error!');
export const NULL = simple('null', 'null_type');
export const BOOL = simple('bool');
export const INT = simple('int');
export const UINT = simple('uint');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const BYTES = simple('bytes');
export const DURATION = simple('duration', 'google.protobuf.Duration');
export const TIMESTAMP = simple('timestamp', 'google.protobuf.Timestamp');
export const ANY = simple('any', 'google.protobuf.Any');

/** By the names that expressions use. */
export const PRIMITIVES: Readonly<Record<string, Type>> = Object.fromEntries(
  [BOOL, BYTES, DOUBLE, INT, NULL, STRING, UINT].map((type) => [type.name, type]),
);

export const listOf = (element: Type): Type => ({ kind: 'list', name: 'list', params: [element] });
export const mapOf = (key: Type, value: Type): Type => ({
  kind: 'map',
  name: 'map',
  params: [key, value],
});
export const typeOf = (of?: Type): Type => ({ kind: 'type', name: 'type', params: of ? [of] : [] });
export const opaque = (name: string, ...params: Type[]): Type => ({ kind: 'opaque', name, params });
export const optionalOf = (of: Type): Type => opaque('optional_type', of);
export const structOf = (name: string): Type => simple('struct', name);
export const paramOf = (name: string): Type => simple('param', name);
/** A primitive that may be null. */
export const wrapperOf = (of: Type): Type => ({ kind: 'wrapper', name: of.name, params: [of] });

export const isDyn = (t: Type): boolean => t.kind === 'dyn' || t.kind === 'any';
export const isDynOrError = (t: Type): boolean => isDyn(t) || t.kind === 'error';
export const isOptional = (t: Type): boolean => t.kind === 'opaque' && t.name === 'optional_type';

/** The type inside of an optional one, and the others as they are. */
export const unwrapOptional = (t: Type): Type => (isOptional(t) ? t.params[0]! : t);

export const sameType = (a: Type, b: Type): boolean =>
  a === b ||
  (a.kind === b.kind &&
    a.name === b.name &&
    a.params.length === b.params.length &&
    a.params.every((param, i) => sameType(param, b.params[i]!)));

const withParams = (name: string, params: readonly Type[], print: (t: Type) => string): string =>
  params.length === 0 ? name : `${name}(${params.map(print).join(', ')})`;

const SHORT_NAMES: Partial<Record<TypeKind, string>> = {
  null: 'null',
  duration: 'duration',
  timestamp: 'timestamp',
  any: 'any',
  wrapper: 'wrapper',
};

/** As messages of the checker name a type: `map(string, dyn)`, `timestamp`. */
export const formatType = (t: Type): string =>
  withParams(SHORT_NAMES[t.kind] ?? t.name, t.params, formatType);

/** As Go prints a type: `list(bool)`, `google.protobuf.Timestamp`, `null_type`. */
export const typeText = (t: Type): string =>
  t.kind === 'wrapper'
    ? `wrapper(${typeText(t.params[0]!)})`
    : withParams(t.name, t.params, typeText);
