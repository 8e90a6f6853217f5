// Decodes a parsed request body into an object of a known kind, as Go's typed decoder does: unknown
// fields are dropped and reported, null means absent, a wrong JSON type is refused, and times and
// numeric quantities get their stored form. The result is canonical: zero values that a Go struct
// cannot tell from absence are dropped, and zero values that it always writes are present, so that
// storage, defaults, managed fields and comparisons see one form. Defaults and other validation are
// not done here. The given value is consumed: it may be changed and become part of the result.
// Source of behaviour and texts: sigs.k8s.io/json, encoding/json, apiserver endpoints/handlers.
import { jsonTypeOf } from './json.js';
import { errorText } from '../../util/errors/error-text.js';
import { badRequest, type StatusError } from '../errors/status-error.js';
import { MAX_DECODE_PROBLEMS, MAX_STRUCT_DEPTH } from '../limits.js';
import { isJsonObject } from '../meta/clone.js';
import { parseQuantity } from '../quantity/quantity.js';
import type { SchemaTable } from '../schema/facts.js';
import { namedGoType } from '../schema/go-types.js';
import {
  goTypeName,
  mustStructOf,
  type FieldNode,
  type ListNode,
  type MapNode,
  type Scalar,
  type ScalarNode,
  type StructNode,
  type TypeNode,
} from '../schema/schema.js';
import { canonicalBase64, corruptBase64At } from './base64.js';
import { normalizeMicroTime, normalizeTime, timeProblem } from './time.js';

export type DecodeMode = 'Strict' | 'Warn' | 'Ignore';

export interface Decoded<T = Record<string, unknown>> {
  object: T;
  /** 'unknown field "spec.x"', 'duplicate field "spec.y"'; empty in mode Ignore. */
  problems: string[];
}

type JsonObject = Record<string, unknown>;

class TypeMismatch extends Error {
  override name = 'TypeMismatch';
}

interface Walk {
  problems: string[] | undefined;
  /** Paths of keys that occur twice in one object. */
  duplicates: ReadonlySet<string> | undefined;
  canonical: boolean;
  /** Structs around the present value. */
  depth: number;
}

/** 'Pod in version "v1" cannot be handled as a Pod: WHY', as a BadRequest. */
export function cannotBeHandled(
  apiVersion: string,
  kind: string,
  expectedKind: string,
  why: string,
): StatusError {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${expectedKind}: ${why}`,
  );
}

interface Identified {
  apiVersion?: unknown;
  kind?: unknown;
}

const textOr = (value: unknown, other: string): string =>
  typeof value === 'string' ? value : other;

const unhandled = ({ apiVersion, kind }: Identified, expectedKind: string, why: string) =>
  cannotBeHandled(textOr(apiVersion, ''), textOr(kind, expectedKind), expectedKind, why);

/** The BadRequest for problems of a Strict decode. */
export const strictDecodingError = (
  object: Identified,
  expectedKind: string,
  problems: readonly string[],
): StatusError => unhandled(object, expectedKind, `strict decoding error: ${problems.join(', ')}`);

/**
 * `duplicates` are paths from parseJson. On problems, callers refuse the object in mode Strict
 * (strictDecodingError) and send warnings in mode Warn. Only decodeAsWritten needs
 * `canonical`.
 * @throws StatusError BadRequest for a value of a wrong JSON type.
 */
export function decodeObject<T = JsonObject>(
  value: unknown,
  schemaName: string,
  table: SchemaTable,
  mode: DecodeMode,
  duplicates: readonly string[] = [],
  canonical = true,
): Decoded<T> {
  const struct = mustStructOf(table, schemaName);
  try {
    return decodeWhole(value, struct, mode, duplicates, canonical);
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    throw unhandled(isJsonObject(value) ? value : {}, struct.name, error.message);
  }
}

/**
 * As decodeObject, but zero values stay as the client wrote them: in server-side apply they are
 * part of what is owned.
 */
export const decodeAsWritten = (
  value: unknown,
  schemaName: string,
  table: SchemaTable,
  mode: DecodeMode,
): Decoded => decodeObject(value, schemaName, table, mode, [], false);

/**
 * As decodeObject, for a struct inside a body, such as the metadata of an embedded object. The text
 * of a mismatch takes the place of a result.
 */
export function decodePart<T = JsonObject>(
  value: unknown,
  schemaName: string,
  table: SchemaTable,
): Decoded<T> | string {
  try {
    return decodeWhole<T>(value, mustStructOf(table, schemaName), 'Warn', [], true);
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    return error.message;
  }
}

/** @throws TypeMismatch */
function decodeWhole<T>(
  value: unknown,
  struct: StructNode,
  mode: DecodeMode,
  duplicates: readonly string[],
  canonical: boolean,
): Decoded<T> {
  if (!isJsonObject(value))
    throw new TypeMismatch(
      `json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type ${goTypeName({ kind: 'struct', struct })}`,
    );
  const problems: string[] = [];
  const object = decodeStruct(value, struct, '', '', {
    problems: mode === 'Ignore' ? undefined : problems,
    duplicates: mode === 'Ignore' || !duplicates.length ? undefined : new Set(duplicates),
    canonical,
    depth: 0,
  });
  return { object: object as T, problems: problems.slice(0, MAX_DECODE_PROBLEMS) };
}

/** Types that decode themselves, by the type that they read from JSON. */
const READ_AS: Readonly<Partial<Record<Scalar, string>>> = {
  intOrString: 'int32',
  time: 'string',
  microTime: 'string',
};

function typeText(context: StructNode, path: string, type: TypeNode): string {
  const read = type.kind === 'scalar' ? READ_AS[type.scalar] : undefined;
  if (read !== undefined) return read;
  const named = namedGoType(context.schemaName, path.slice(path.lastIndexOf('.') + 1));
  if (named === undefined) return goTypeName(type);
  if (named.startsWith('[]')) return type.kind === 'list' ? named : named.slice(2);
  if (named.startsWith('map')) {
    if (type.kind === 'map') return named;
    return type.kind === 'list' ? named.slice(named.indexOf(']') + 1) : goTypeName(type);
  }
  return named.endsWith('ResourceList') && type.kind !== 'map' ? goTypeName(type) : named;
}

function mismatch(what: string, context: StructNode, path: string, type: TypeNode): TypeMismatch {
  const field = path.replace(/\[[0-9]+\]/g, '');
  return new TypeMismatch(
    `json: cannot unmarshal ${what} into Go struct field ${context.name}.${field} of type ${typeText(context, field, type)}`,
  );
}

/**
 * `strictPath` has indexes and map keys, `goPath` only field names (as UnmarshalTypeError.Field).
 */
function decodeStruct(
  object: JsonObject,
  struct: StructNode,
  strictPath: string,
  goPath: string,
  walk: Walk,
): JsonObject {
  if (++walk.depth > MAX_STRUCT_DEPTH) throw new TypeMismatch('exceeded max depth');
  const keys = Object.keys(object);
  let dropped = false;
  for (const key of keys) {
    const field = struct.fields.get(key);
    const value = object[key];
    if (field === undefined) {
      walk.problems?.push(`unknown field ${JSON.stringify(join(strictPath, key))}`);
      dropped = true;
      object[key] = undefined;
      continue;
    }
    if (walk.duplicates) reportDuplicate(strictPath, key, walk);
    if (value === null) {
      dropped = true;
      object[key] = undefined;
    } else {
      const { type } = field;
      const decoded =
        type.kind === 'scalar'
          ? decodeScalar(value, type, struct, goPath, key, walk)
          : decodeNested(value, type, struct, join(strictPath, key), join(goPath, key), walk);
      const kept =
        walk.canonical && field.zero !== 'keep' && isZero(decoded) ? zeroIn(field) : decoded;
      if (kept !== value) object[key] = kept;
      dropped ||= kept === undefined;
    }
  }
  const result = dropped ? withoutUndefined(object, keys) : object;
  if (walk.canonical) addWritten(result, struct);
  walk.depth--;
  return result;
}

/** Problems stand in the order of the document. An unknown field is not a duplicate field too. */
function reportDuplicate(path: string, key: string, walk: Walk): void {
  const name = join(path, key);
  if (walk.duplicates?.has(name)) walk.problems?.push(`duplicate field ${JSON.stringify(name)}`);
}

const zeroIn = (field: FieldNode): null | undefined => (field.zero === 'null' ? null : undefined);

function isZero(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  if (Array.isArray(value)) return value.length === 0;
  for (const _key in value) return false;
  return true;
}

function withoutUndefined(object: JsonObject, keys: readonly string[]): JsonObject {
  const kept: JsonObject = {};
  for (const key of keys) if (object[key] !== undefined) kept[key] = object[key];
  return kept;
}

function addWritten(object: JsonObject, { written }: StructNode): void {
  for (const { name, zero, type } of written)
    if (object[name] === undefined) object[name] = zero === undefined ? zeroStruct(type) : zero;
}

function zeroStruct(type: TypeNode): unknown {
  const object: JsonObject = {};
  if (type.kind === 'struct') addWritten(object, type.struct);
  return object;
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function decodeList(
  value: unknown,
  type: ListNode,
  context: StructNode,
  path: string,
  goPath: string,
  walk: Walk,
): unknown[] {
  const { item } = type;
  if (!Array.isArray(value)) throw mismatch(jsonTypeOf(value), context, goPath, type);
  for (let i = 0; i < value.length; i++) {
    const member: unknown = value[i];
    const decoded =
      member === null
        ? zeroOf(item, walk)
        : item.kind === 'scalar'
          ? decodeScalar(member, item, context, goPath, '', walk)
          : decodeNested(member, item, context, `${path}[${i}]`, goPath, walk);
    if (decoded !== member) value[i] = decoded;
  }
  return value as unknown[];
}

function decodeMap(
  value: unknown,
  type: MapNode,
  context: StructNode,
  path: string,
  goPath: string,
  walk: Walk,
): JsonObject {
  const item = type.value;
  if (!isJsonObject(value)) throw mismatch(jsonTypeOf(value), context, goPath, type);
  for (const key of Object.keys(value)) {
    if (walk.duplicates) reportDuplicate(path, key, walk);
    const member = value[key];
    const decoded =
      member === null
        ? zeroOf(item, walk)
        : item.kind === 'scalar'
          ? item.scalar === 'quantity'
            ? decodeQuantity(member, MILLI)
            : decodeScalar(member, item, context, goPath, '', walk)
          : decodeNested(member, item, context, join(path, key), goPath, walk);
    if (decoded !== member) value[key] = decoded;
  }
  return value;
}

function decodeNested(
  value: unknown,
  type: TypeNode,
  context: StructNode,
  path: string,
  goPath: string,
  walk: Walk,
): unknown {
  switch (type.kind) {
    case 'struct':
      if (!isJsonObject(value)) throw mismatch(jsonTypeOf(value), context, goPath, type);
      return decodeStruct(value, type.struct, path, goPath, walk);
    case 'list':
      return decodeList(value, type, context, path, goPath, walk);
    case 'map':
      return decodeMap(value, type, context, path, goPath, walk);
    case 'scalar':
      return decodeScalar(value, type, context, goPath, '', walk);
  }
}

const NULLS: Readonly<Record<Scalar, unknown>> = {
  boolean: false,
  int32: 0,
  int64: 0,
  double: 0,
  intOrString: 0,
  quantity: '0',
  any: null,
  time: null,
  microTime: null,
  string: '',
  bytes: '',
  duration: '',
};

/** The value that Go stores for a null in a list or map. */
function zeroOf(type: TypeNode, walk: Walk): unknown {
  if (type.kind === 'list') return [];
  if (type.kind === 'scalar') return NULLS[type.scalar];
  return walk.canonical ? zeroStruct(type) : {};
}

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
const INT64_LIMIT = 2n ** 63n;

function decodeScalar(
  value: unknown,
  type: ScalarNode,
  context: StructNode,
  goPath: string,
  key: string,
  walk: Walk,
): unknown {
  const fail = (what: string): TypeMismatch =>
    mismatch(what, context, key === '' ? goPath : join(goPath, key), type);
  switch (type.scalar) {
    case 'string':
    case 'duration':
      if (typeof value !== 'string') throw fail(jsonTypeOf(value));
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw fail(jsonTypeOf(value));
      return value;
    case 'int32':
      if (typeof value !== 'number')
        throw fail(typeof value === 'bigint' ? `number ${value}` : jsonTypeOf(value));
      if (!Number.isInteger(value) || value > INT32_MAX || value < INT32_MIN)
        throw fail(`number ${value}`);
      return value;
    case 'int64':
      if (typeof value === 'bigint' && (value >= INT64_LIMIT || value < -INT64_LIMIT))
        throw fail(`number ${value}`);
      // Larger integers are bigint, unless the text has an exponent, which Go refuses.
      if (typeof value === 'number' && !Number.isSafeInteger(value)) throw fail(`number ${value}`);
      if (typeof value !== 'number' && typeof value !== 'bigint') throw fail(jsonTypeOf(value));
      return value;
    case 'double':
      if (typeof value !== 'number' && typeof value !== 'bigint') throw fail(jsonTypeOf(value));
      return value;
    case 'bytes':
      if (typeof value !== 'string') throw fail(jsonTypeOf(value));
      return decodeBase64Text(value);
    case 'any':
      return type.schemaOr
        ? decodeSchemaOr(value, type.schemaOr, context, key ? join(goPath, key) : goPath, walk)
        : value;
    case 'quantity':
      return decodeQuantity(value);
    case 'intOrString':
      return decodeIntOrString(value, fail);
    case 'time':
    case 'microTime':
      return decodeTime(value, type.scalar, fail);
  }
}

/**
 * A JSON schema or something in its place. Upstream's types decode themselves without strictness,
 * so unknown fields are dropped and not reported.
 */
function decodeSchemaOr(
  value: unknown,
  { other, schema }: NonNullable<ScalarNode['schemaOr']>,
  context: StructNode,
  goPath: string,
  { canonical, depth }: Walk,
): unknown {
  const walk = { problems: undefined, duplicates: undefined, canonical, depth };
  try {
    return decodeOwn(value, { other, schema }, context, goPath, walk);
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    // Upstream names the field that decodes itself, not those inside.
    const named = error.message.replace(
      /Go struct field \S+ of type/,
      () => `Go struct field ${context.name}.${goPath} of type`,
    );
    throw new TypeMismatch(named);
  }
}

function decodeOwn(
  value: unknown,
  { other, schema }: NonNullable<ScalarNode['schemaOr']>,
  context: StructNode,
  goPath: string,
  walk: Walk,
): unknown {
  if (isJsonObject(value)) return decodeStruct(value, schema.struct, '', goPath, walk);
  if (other === 'boolean') {
    if (typeof value !== 'boolean') throw new TypeMismatch('boolean or JSON schema expected');
    return value;
  }
  // Upstream keeps an empty union, which validation refuses where a schema is needed.
  if (!Array.isArray(value)) return [];
  const item: TypeNode = other === 'schemas' ? schema : STRING;
  return decodeList(value, { kind: 'list', item }, context, '', goPath, walk);
}

const STRING: TypeNode = { kind: 'scalar', scalar: 'string' };

/** Small amounts with a common suffix are already canonical. */
const CANONICAL_QUANTITY = /^[1-9][0-9]{0,2}(?:m|Ki|Mi|Gi)?$/;

/**
 * A map of quantities is a ResourceList, whose amounts upstream's defaults round up to thousandths
 * (pkg/apis/core/v1/defaults.go SetDefaults_ResourceList).
 */
const MILLI = -3;

function decodeQuantity(value: unknown, scale?: number): string {
  if (typeof value === 'string' && CANONICAL_QUANTITY.test(value)) return value;
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(typeof value === 'bigint' ? Number(value) : value);
  try {
    const quantity = parseQuantity(text.trim());
    return (scale === undefined ? quantity : quantity.roundUp(scale)).toString();
  } catch (error) {
    throw new TypeMismatch(errorText(error));
  }
}

type Fail = (what: string) => TypeMismatch;

function decodeIntOrString(value: unknown, fail: Fail): number | string {
  if (typeof value === 'string') return value;
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value <= INT32_MAX &&
    value >= INT32_MIN
  )
    return value;
  throw fail(
    typeof value === 'number' || typeof value === 'bigint' ? `number ${value}` : jsonTypeOf(value),
  );
}

function decodeTime(value: unknown, scalar: 'time' | 'microTime', fail: Fail): string {
  if (typeof value !== 'string') throw fail(jsonTypeOf(value));
  const text = scalar === 'time' ? normalizeTime(value) : normalizeMicroTime(value);
  if (text !== undefined) return text;
  throw new TypeMismatch(timeProblem(value, scalar === 'microTime'));
}

function decodeBase64Text(value: string): string {
  const at = corruptBase64At(value);
  if (at !== undefined) throw new TypeMismatch(`illegal base64 data at input byte ${at}`);
  return canonicalBase64(value);
}
