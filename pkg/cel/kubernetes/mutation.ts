// The types with which mutating admission policies write patches: Object{...}, whose fields have
// the types Object.FIELD{...}, and JSONPatch{...} (k8s.io/apiserver/pkg/cel/mutation).
import { encodeBase64 } from '../../apimachinery/codec/base64.js';
import { setMember } from '../../apimachinery/meta/clone.js';
import { declare } from '../checker/declarations.js';
import type { Library, TypeProvider } from '../checker/environment.js';
import { DYN, listOf, STRING, structOf, type Type } from '../checker/types.js';
import { MAX_RESULT_SIZE } from '../limits.js';
import { durationText, timestampText } from '../values/time.js';
import {
  doubleOf,
  intOf,
  isMapValue,
  kindOf,
  listItems,
  mapGet,
  mapKeys,
  TAG,
  type Duration,
  type MapValue,
  type Timestamp,
  type Uint,
  type Value,
} from '../values/value.js';

const ROOT = 'Object';
const PATCH = 'JSONPatch';
const PATCH_FIELDS: Readonly<Record<string, Type>> = {
  op: STRING,
  path: STRING,
  from: STRING,
  value: DYN,
};

/** The result of an expression that builds an apply configuration. */
export const CONFIGURATION_TYPE = structOf(ROOT);
/** The result of an expression that builds a JSON patch. */
export const PATCH_LIST_TYPE = listOf(structOf(PATCH));

const isObjectType = (name: string): boolean => name === ROOT || name.startsWith(`${ROOT}.`);

const structValue = (typeName: string, fields: ReadonlyMap<string, Value>): MapValue => ({
  [TAG]: 'map',
  typeName,
  size: fields.size,
  get: (key) => fields.get(key as string),
  keys: () => fields.keys(),
});

/** An object's fields have any name and type: the schema is checked when the patch is used. */
export const PATCH_TYPES: TypeProvider = {
  hasStruct: (name) => name === PATCH || isObjectType(name),
  fieldType: (name, field) =>
    isObjectType(name) ? DYN : Object.hasOwn(PATCH_FIELDS, field) ? PATCH_FIELDS[field] : undefined,
  construct: structValue,
};

export const PATCH_FUNCTIONS: Library = {
  functions: declare([
    [
      'jsonpatch_escape_key_string',
      '~jsonpatch.escapeKey(string) string',
      (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'),
    ],
  ]),
};

const objectTypeOf = (value: Value): string | undefined =>
  isMapValue(value) && isObjectType(value.typeName) ? value.typeName : undefined;

function misnamedBelow(value: Value, path: string): string[] {
  const kind = kindOf(value);
  if (kind === 'list') return listItems(value).flatMap((item) => misnamedBelow(item, path));
  if (kind !== 'map') return [];
  const type = objectTypeOf(value);
  const complaints =
    type === undefined || type === path
      ? []
      : [
          `unexpected type name ${JSON.stringify(type)}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`,
        ];
  for (const key of mapKeys(value)) {
    const inner = type === undefined ? path : `${path}.${String(key as string)}`;
    complaints.push(...misnamedBelow(mapGet(value, key)!, inner));
  }
  return complaints;
}

/** Complaints about the objects in an object that are not named after the path of their field. */
export function misnamedTypes(value: Value): string[] {
  const type = objectTypeOf(value);
  return type === undefined ? [] : misnamedBelow(value, type);
}

type Rest = { size: number };

const SCALARS: Readonly<Partial<Record<ReturnType<typeof kindOf>, (value: Value) => unknown>>> = {
  null_type: () => null,
  bool: (value) => value,
  int: (value) => value,
  string: (value) => value,
  double: doubleOf,
  uint: (value) => intOf((value as Uint).value),
  bytes: (value) => encodeBase64(value as Uint8Array),
  timestamp: (value) => timestampText(value as Timestamp),
  duration: (value) => durationText(value as Duration),
};

function convert(value: Value, rest: Rest): unknown {
  rest.size -= 1 + (typeof value === 'string' ? value.length : 0);
  if (rest.size < 0) throw new Error('the result of the expression is too large');
  const kind = kindOf(value);
  if (kind === 'list') return listItems(value).map((item) => convert(item, rest));
  if (kind !== 'map') {
    const scalar = SCALARS[kind];
    if (!scalar) throw new Error(`unsupported type ${kind} in a patch`);
    return scalar(value);
  }
  const object: Record<string, unknown> = {};
  for (const key of mapKeys(value)) {
    if (typeof key !== 'string')
      throw new Error(`map key ${String(key as number)} is of type ${kindOf(key)}, not string`);
    setMember(object, key, convert(mapGet(value, key)!, rest));
  }
  return object;
}

/** @throws Error for values that JSON does not have, and for a result beyond MAX_RESULT_SIZE. */
export const jsonOf = (value: Value): unknown => convert(value, { size: MAX_RESULT_SIZE });
