// Fields and elements of values: a.b, a[b], and their optional forms.
import { numberOf } from '../values/compare.js';
import {
  EvalError,
  isError,
  kindOf,
  listGet,
  listSize,
  mapGet,
  NONE,
  Optional,
  TAG,
  type Value,
} from '../values/value.js';

export const NO_OVERLOAD = new EvalError('no such overload');

/** A key or index in an error message. */
function keyText(key: Value): string {
  switch (kindOf(key)) {
    case 'string':
      return key as string;
    case 'int':
    case 'bool':
      return String(key as number | boolean);
    case 'uint':
    case 'double':
      return String(numberOf(key));
    default:
      return '';
  }
}

const noSuchKey = (key: Value): EvalError => new EvalError(`no such key: ${keyText(key)}`);

/** The element, undefined when it is not there, or an error when `v` has no such elements. */
function find(v: Value, key: Value): Value | undefined {
  switch (kindOf(v)) {
    case 'map':
      return mapGet(v, key);
    case 'list': {
      const index = numberOf(key);
      if (index === undefined || Math.trunc(Number(index)) != index) return NO_OVERLOAD;
      const at = Number(index);
      return at >= 0 && at < listSize(v) ? listGet(v, at) : undefined;
    }
    default:
      return undefined;
  }
}

const missing = (v: Value, key: Value): EvalError =>
  kindOf(v) === 'list' ? new EvalError(`index out of bounds: ${keyText(key)}`) : noSuchKey(key);

/** a[?b] and a.?b: none when it is not there. */
export function optionalElement(v: Value, key: Value): Value {
  if (v instanceof Optional) return v.value === undefined ? NONE : optionalElement(v.value, key);
  const found = find(v, key);
  if (found === undefined) return NONE;
  return isError(found) ? found : new Optional(found);
}

/** a[b] */
export function element(v: Value, key: Value): Value {
  if (v instanceof Optional) return optionalElement(v, key);
  const found = find(v, key);
  return found === undefined ? missing(v, key) : found;
}

/** a.b */
export function field(v: Value, name: string): Value {
  if (typeof v === 'object' && v !== null) {
    const tag = (v as { [TAG]?: string })[TAG];
    if (tag === undefined && !Array.isArray(v) && !(v instanceof Uint8Array)) {
      const found = Object.hasOwn(v, name)
        ? (v as { readonly [name: string]: Value })[name]
        : undefined;
      return found === undefined ? noSuchKey(name) : found;
    }
    if (tag === 'map') {
      const found = mapGet(v, name);
      return found === undefined ? noSuchKey(name) : found;
    }
    if (tag === 'optional') return optionalElement(v, name);
  }
  return Array.isArray(v) || kindOf(v) === 'list' ? NO_OVERLOAD : noSuchKey(name);
}

/** has(a.b); false for a value that has no fields (cel-go refQualify). */
export function hasField(v: Value, name: string): Value {
  if (v instanceof Optional) return v.value !== undefined && hasField(v.value, name);
  const kind = kindOf(v);
  return kind === 'list' ? NO_OVERLOAD : kind === 'map' && mapGet(v, name) !== undefined;
}
