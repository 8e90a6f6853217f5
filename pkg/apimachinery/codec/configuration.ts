// Strict reading of configuration files (kinds of apiserver.config.k8s.io, audit.k8s.io and the
// like): every member is known and of its type, or the program does not start.
import { stringifyJson } from './json.js';
import { isJsonObject } from '../meta/clone.js';

interface Members {
  readonly [name: string]: Shape;
}

/** The type of a member; a list is written with the type of its items. */
export type Shape = 'text' | 'integer' | 'boolean' | 'any' | Members | readonly [Shape];

/** A value of a shape; every member may be absent. */
export type Shaped<S> = S extends 'text'
  ? string
  : S extends 'integer'
    ? number
    : S extends 'boolean'
      ? boolean
      : S extends readonly [infer Item]
        ? Shaped<Item>[]
        : S extends Members
          ? { -readonly [K in keyof S]?: Shaped<S[K]> }
          : unknown;

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  any: () => true,
};

/** Throws unless the value has the shape. Members that are null are deleted. */
export function shaped<const S extends Shape>(value: unknown, shape: S, at = ''): Shaped<S> {
  check(value, shape, at);
  return value as Shaped<S>;
}

function check(value: unknown, shape: Shape, at: string): void {
  const wrong = () => new Error(`${at || 'the document'}: wrong type`);
  if (typeof shape === 'string') {
    if (!SCALARS[shape]!(value)) throw wrong();
  } else if (isList(shape)) {
    if (!Array.isArray(value)) throw wrong();
    value.forEach((item, index) => check(item, shape[0], `${at}[${index}]`));
  } else {
    if (!isJsonObject(value)) throw wrong();
    for (const [name, member] of Object.entries(value)) {
      const path = at ? `${at}.${name}` : name;
      if (!Object.hasOwn(shape, name))
        throw new Error(`strict decoding error: unknown field "${path}"`);
      if (member === null || member === undefined) delete value[name];
      else check(member, shape[name]!, path);
    }
  }
}

const isList = (shape: Exclude<Shape, string>): shape is readonly [Shape] => Array.isArray(shape);

/**
 * The members of an object of `kind` in one of the versions, without kind and apiVersion. Throws
 * Error that names what is wrong.
 */
export function configured<const S extends Members>(
  document: unknown,
  kind: string,
  apiVersions: readonly string[],
  shape: S,
): Shaped<S> {
  if (!isJsonObject(document)) throw new Error('the document is no object');
  const { kind: given = '', apiVersion = '', ...members } = document;
  if (given !== kind || !apiVersions.includes(apiVersion as string))
    throw new Error(
      `no kind ${stringifyJson(given)} is registered for version ${stringifyJson(apiVersion)}; expected ${kind} of ${apiVersions.join(' or ')}`,
    );
  return shaped(members, shape);
}
