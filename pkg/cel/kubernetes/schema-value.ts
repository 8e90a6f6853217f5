// JSON as values of a declared schema (k8s.io/apiserver/pkg/cel/common/values.go). Parts are
// adapted when they are read. JSON that needs no adaptation is passed on as it is.
import { decodeBase64 } from '../../apimachinery/codec/base64.js';
import { equalValues } from '../values/compare.js';
import { durationOf, parseTimestamp } from '../values/time.js';
import {
  Double,
  EvalError,
  listItems,
  TAG,
  type ListValue,
  type MapValue,
  type Value,
} from '../values/value.js';
import type { Declaration } from './schema.js';

type Json = Readonly<Record<string, Value>>;

const isObject = (json: Value): json is Json =>
  typeof json === 'object' &&
  json !== null &&
  !Array.isArray(json) &&
  (json as { [TAG]?: unknown })[TAG] === undefined;

/**
 * The value of `json`, which a schema declares. Data that does not fit is an error when it is used.
 */
export function schemaValue(json: Value, declaration: Declaration): Value {
  if (declaration.isPlain || json === null) return json;
  const { kind } = declaration.type;
  switch (kind) {
    case 'double':
      return typeof json === 'number' ? new Double(json) : invalid('number', json);
    case 'bytes':
      return typeof json === 'string' ? bytesValue(json) : invalid('string', json);
    case 'timestamp':
      return typeof json === 'string' ? timeValue(json, declaration) : invalid('string', json);
    case 'duration':
      return typeof json === 'string' ? durationValue(json) : invalid('string', json);
    case 'list':
      return Array.isArray(json) ? listValue(json, declaration) : invalid('array', json);
    case 'map':
      return isObject(json) ? mapValue(json, declaration) : invalid('object', json);
    default:
      return isObject(json) ? structValue(json, declaration) : invalid('object', json);
  }
}

const GO_NAMES: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'bool',
  number: 'int64',
  object: 'map[string]interface {}',
};

const invalid = (expected: string, json: Value): EvalError =>
  new EvalError(`invalid data, expected ${expected}, got ${GO_NAMES[typeof json] ?? 'value'}`);

const MISPLACED = /[^A-Za-z0-9\-_]/;

/** Upstream reads the URL-safe alphabet. */
function bytesValue(text: string): Value {
  const body = text.replace(/={1,2}$/, '');
  const wrong = MISPLACED.exec(body)?.index ?? (text.length % 4 === 0 ? -1 : text.length);
  if (wrong >= 0)
    return new EvalError(
      `Invalid byte formatted string ${text}: illegal base64 data at input byte ${wrong}`,
    );
  return decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}

function timeValue(text: string, { schema }: Declaration): Value {
  const { format } = schema;
  const time = parseTimestamp(format === 'date' ? `${text}T00:00:00Z` : text.replace(' ', 'T'));
  return time ?? new EvalError(`Invalid ${format} formatted string ${text}`);
}

const durationValue = (text: string): Value =>
  durationOf(text) ?? new EvalError(`Invalid duration ${text}`);

function structValue(json: Json, { fields, type }: Declaration): MapValue {
  const present = (): string[] => {
    const names: string[] = [];
    for (const [escaped, { name }] of fields!) if (Object.hasOwn(json, name)) names.push(escaped);
    return names;
  };
  return {
    [TAG]: 'map',
    typeName: type.name,
    get size() {
      return present().length;
    },
    get(key) {
      const field = typeof key === 'string' ? fields!.get(key) : undefined;
      if (!field || !Object.hasOwn(json, field.name)) return undefined;
      return schemaValue(json[field.name]!, field.declaration);
    },
    keys: present,
  };
}

const mapValue = (json: Json, { element }: Declaration): MapValue => ({
  [TAG]: 'map',
  typeName: 'map',
  get size() {
    return Object.keys(json).length;
  },
  get(key) {
    if (typeof key !== 'string' || !Object.hasOwn(json, key)) return undefined;
    return schemaValue(json[key]!, element!);
  },
  keys: () => Object.keys(json),
});

function listValue(json: readonly Value[], { element, schema }: Declaration): ListValue {
  const items: Value[] = [];
  const get = (index: number): Value => (items[index] ??= schemaValue(json[index]!, element!));
  const plain: ListValue = { [TAG]: 'list', size: json.length, get };
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return setValue(plain);
    case 'map':
      return mapListValue(plain, keyOf(schema['x-kubernetes-list-map-keys'] ?? []));
    default:
      return plain;
  }
}

/** The items that were added; texts, numbers and booleans are found in one step. */
function createMembers() {
  const scalars = new Set<Value>();
  const others: Value[] = [];
  const isScalar = (item: Value): boolean => typeof item !== 'object';
  return {
    has: (item: Value): boolean =>
      isScalar(item) ? scalars.has(item) : others.some((other) => equalValues(other, item)),
    add: (item: Value): void => {
      if (isScalar(item)) scalars.add(item);
      else others.push(item);
    },
  };
}

/** A list whose order does not count; + is the union. */
const setValue = (list: ListValue): ListValue => ({
  ...list,
  equals(other) {
    const items = listItems(list);
    const others = listItems(other);
    if (items.length !== others.length) return false;
    const members = createMembers();
    others.forEach(members.add);
    return items.every(members.has);
  },
  concat(other) {
    const items = [...listItems(list)];
    const members = createMembers();
    items.forEach(members.add);
    for (const item of listItems(other)) {
      if (members.has(item)) continue;
      members.add(item);
      items.push(item);
    }
    return setValue(ofItems(items));
  },
});

const ofItems = (items: readonly Value[]): ListValue => ({
  [TAG]: 'list',
  size: items.length,
  get: (index) => items[index]!,
});

type KeyOf = (item: Value) => string;

/** The keys of a list's items as a text. */
function keyOf(names: readonly string[]): KeyOf {
  return (item) => {
    const get = (name: string): Value | undefined =>
      isObject(item) ? item[name] : (item as MapValue).get(name);
    return JSON.stringify(names.map((name) => get(name) ?? null));
  };
}

/** A list of objects with keys; an item of the right side of + replaces one with its keys. */
const mapListValue = (list: ListValue, key: KeyOf): ListValue => ({
  ...list,
  equals(other) {
    const others = new Map(listItems(other).map((item) => [key(item), item]));
    const items = listItems(list);
    return (
      items.length === others.size &&
      items.every((item) => {
        const match = others.get(key(item));
        return match !== undefined && equalValues(item, match);
      })
    );
  },
  concat(other) {
    const byKey = new Map(listItems(list).map((item) => [key(item), item]));
    for (const item of listItems(other)) byKey.set(key(item), item);
    return mapListValue(ofItems([...byKey.values()]), key);
  },
});
