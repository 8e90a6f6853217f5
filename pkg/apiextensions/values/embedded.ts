// The metadata of resources, at the root and embedded in other fields.
// Source: apiextensions-apiserver schema/objectmeta.
import { decodePart } from '../../apimachinery/codec/strict.js';
import { fieldErrors, goValue, type FieldError } from '../../apimachinery/errors/status-error.js';
import { cloneJson, isJsonObject } from '../../apimachinery/meta/clone.js';
import type { ObjectMeta } from '../../apimachinery/meta/types.js';
import { isDns1035Label } from '../../apimachinery/validation/names.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { pathSegmentName, validateForeignObjectMeta } from '../../apis/meta/v1/object-meta.js';
import { childPath, keyPath, memberNode, type JsonObject, type Node } from './node.js';
import { each } from '../../apis/core/v1/validation/fields.js';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** A field of metadata that cannot be read. */
export class MalformedMetadata extends Error {
  override name = 'MalformedMetadata';

  constructor(
    message: string,
    /** Of embedded resources. */
    readonly error?: FieldError,
  ) {
    super(message);
  }
}

interface Options {
  /** Malformed fields go away instead of being an error: what is stored already can be read. */
  readonly drops: boolean;
  /** Receives the paths of unknown fields. */
  readonly unknown?: string[] | undefined;
}

/**
 * Gives `metadata` its canonical form and drops its unknown fields.
 *
 * @throws MalformedMetadata with the decoder's text, unless malformed fields are dropped.
 */
export function coerceMetadata(object: JsonObject, path: string, options: Options): void {
  const sent = object['metadata'];
  if (sent === undefined) return;
  object['metadata'] = coerced(sent ?? {}, childPath(path, 'metadata'), options);
}

function coerced(sent: unknown, path: string, { drops, unknown }: Options): unknown {
  const decoded = decodePart(drops ? cloneJson(sent) : sent, OBJECT_META, MESSAGES);
  if (typeof decoded !== 'string') {
    for (const problem of decoded.problems) {
      const field = /^unknown field "(.*)"$/.exec(problem)?.[1];
      if (field !== undefined) unknown?.push(`${path}.${field}`);
    }
    if (decoded.object['creationTimestamp'] === null) delete decoded.object['creationTimestamp'];
    return decoded.object;
  }
  if (!drops) throw new MalformedMetadata(decoded);
  if (!isJsonObject(sent)) return {};
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(sent)) {
    const part = decodePart({ [key]: value }, OBJECT_META, MESSAGES);
    if (typeof part !== 'string' && Object.hasOwn(part.object, key)) kept[key] = part.object[key];
  }
  if (kept['creationTimestamp'] === null) delete kept['creationTimestamp'];
  return kept;
}

/**
 * Coerces the embedded resources of a value, in place.
 *
 * @throws MalformedMetadata with the path of the field, unless malformed fields are dropped.
 */
export function coerceEmbedded(
  value: unknown,
  node: Node | null | undefined,
  path: string,
  options: Options,
): void {
  if (!node?.hasEmbedded || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++)
      coerceEmbedded(value[i], node.items, `${path}[${i}]`, options);
    return;
  }
  const object = value as JsonObject;
  if (node.isEmbedded) coerceResource(object, path, options);
  for (const key in object) {
    const member = memberNode(node, key);
    const inner = node.properties.has(key) ? childPath(path, key) : keyPath(path, key);
    if (member) coerceEmbedded(object[key], member, inner, options);
  }
}

function coerceResource(object: JsonObject, path: string, options: Options): void {
  for (const key of ['apiVersion', 'kind'])
    if (Object.hasOwn(object, key) && typeof object[key] !== 'string') {
      if (options.drops) delete object[key];
      else throw malformed(childPath(path, key), object[key], 'must be a string');
    }
  try {
    coerceMetadata(object, path, options);
  } catch (error) {
    if (!(error instanceof MalformedMetadata)) throw error;
    throw malformed(childPath(path, 'metadata'), object['metadata'], error.message);
  }
}

function malformed(field: string, value: unknown, why: string): MalformedMetadata {
  const error = fieldErrors.invalid(field, goValue(value), why);
  return new MalformedMetadata(`${field}: ${error.message}`, error);
}

/** The problems of embedded resources. */
export function validateEmbedded(
  value: unknown,
  node: Node | null | undefined,
  path: string,
): FieldError[] {
  if (!node?.hasEmbedded || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return each(value, path, (item, at) => validateEmbedded(item, node.items, at));
  const object = value as JsonObject;
  const errors = node.isEmbedded ? validateResource(object, path) : [];
  for (const key of Object.keys(object)) {
    const inner = node.properties.has(key) ? childPath(path, key) : keyPath(path, key);
    errors.push(...validateEmbedded(object[key], memberNode(node, key), inner));
  }
  return errors;
}

const NOT_EMPTY = 'must not be empty';

function validateResource(object: JsonObject, path: string): FieldError[] {
  const at = (key: string): string => childPath(path, key);
  const errors: FieldError[] = [];
  const invalid = (key: string, value: unknown, why: string): void =>
    void errors.push(fieldErrors.invalid(at(key), value, why));
  const { apiVersion, kind, metadata } = object;
  const isGiven = (key: string, value: unknown): value is string => {
    if (value === undefined) errors.push(fieldErrors.required(at(key), NOT_EMPTY));
    else if (value === '') invalid(key, value, NOT_EMPTY);
    else if (typeof value !== 'string') invalid(key, value, 'must be a string');
    else return true;
    return false;
  };
  if (isGiven('apiVersion', apiVersion) && apiVersion.split('/').length > 2)
    invalid('apiVersion', apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  if (isGiven('kind', kind)) {
    const texts = isDns1035Label(kind.toLowerCase());
    const why = `may have mixed case, but should otherwise match: ${texts.join(',')}`;
    if (texts.length) invalid('kind', kind, why);
  }
  if (metadata === undefined) return errors;
  const decoded = decodePart<ObjectMeta>(cloneJson(metadata ?? {}), OBJECT_META, MESSAGES);
  if (typeof decoded === 'string')
    return [...errors, fieldErrors.invalid(at('metadata'), metadata, decoded)];
  // An embedded resource needs no name.
  const meta = { ...decoded.object, name: decoded.object.name || 'fakename' };
  const isNamespaced = Boolean(meta.namespace);
  return [
    ...errors,
    ...validateForeignObjectMeta(meta, isNamespaced, pathSegmentName, at('metadata')),
  ];
}
