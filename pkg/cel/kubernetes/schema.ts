// OpenAPI schemas as types (k8s.io/apiserver/pkg/cel/common/schemas.go, pkg/cel/types.go): what a
// rule may read, how large it can be, and how JSON becomes a value.
import type { TypeProvider } from '../checker/environment.js';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  structOf,
  TIMESTAMP,
  type Type,
} from '../checker/types.js';
import type { SizeEstimator } from '../cost/estimate.js';
import { MAX_REQUEST_BYTES } from '../limits.js';
import { escapeName } from './escaping.js';

/** The parts of a structural schema that rules look at. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A schema that expressions can see. */
export interface Declaration {
  readonly type: Type;
  /** Characters, items or entries at most. */
  readonly maxElements: number;
  /** Bytes of JSON at least. */
  readonly minBytes: number;
  /** Of objects, by escaped name. */
  readonly fields?: ReadonlyMap<string, Field>;
  /** Of lists and maps. */
  readonly element?: Declaration;
  readonly schema: Schema;
  /** JSON of this schema is a value as it is. */
  readonly isPlain: boolean;
}

export interface Field {
  /** The name in JSON. */
  readonly name: string;
  readonly declaration: Declaration;
}

const MAX_TEXT = MAX_REQUEST_BYTES - 2;
/** Bytes of JSON: an RFC 3339 date and time, a date, a duration. */
const MAX_TIME_BYTES = 32;
const MIN_TIME_BYTES = 21;
const DATE_BYTES = 12;
const MIN_DURATION_BYTES = 3;

const META: Readonly<Record<string, Schema>> = {
  kind: { type: 'string' },
  apiVersion: { type: 'string' },
  metadata: {
    type: 'object',
    properties: { name: { type: 'string' }, generateName: { type: 'string' } },
  },
};

const scalar = (
  schema: Schema,
  type: Type,
  minBytes: number,
  maxElements = 0,
  isPlain = true,
): Declaration => ({ type, maxElements, minBytes, schema, isPlain });

/** A bound of the schema, at least 0. */
const most = (bound: number | undefined, otherwise: number): number =>
  bound === undefined ? otherwise : Math.max(0, bound);

/** The types of texts with a format, and the bytes that they have at least and at most. */
const FORMATS: Readonly<Record<string, readonly [type: Type, least: number, most: number]>> = {
  duration: [DURATION, MIN_DURATION_BYTES, MAX_TIME_BYTES],
  date: [TIMESTAMP, DATE_BYTES, DATE_BYTES],
  'date-time': [TIMESTAMP, MIN_TIME_BYTES, MAX_TIME_BYTES],
};

function stringDeclaration(schema: Schema): Declaration {
  const { format = '', maxLength } = schema;
  if (format === 'byte') return scalar(schema, BYTES, 2, most(maxLength, MAX_TEXT), false);
  const formatted = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (formatted) return scalar(schema, ...formatted, false);
  const longest = schema.enum?.length
    ? Math.max(
        0,
        ...schema.enum.map((v) => (typeof v === 'string' ? new TextEncoder().encode(v).length : 0)),
      )
    : MAX_TEXT;
  return scalar(schema, STRING, 2, most(maxLength && maxLength * 4, longest));
}

function listDeclaration(schema: Schema, path: string): Declaration | undefined {
  const element = schema.items && declare(schema.items, `${path}.@idx`);
  if (!element) return undefined;
  const listType = schema['x-kubernetes-list-type'];
  return {
    type: listOf(element.type),
    maxElements: most(schema.maxItems, Math.floor(MAX_TEXT / (element.minBytes + 1))),
    minBytes: 2,
    element,
    schema,
    isPlain: element.isPlain && listType !== 'set' && listType !== 'map',
  };
}

function mapDeclaration(schema: Schema, of: Schema, path: string): Declaration | undefined {
  const element = declare(of, `${path}.@elem`);
  if (!element) return undefined;
  return {
    type: mapOf(STRING, element.type),
    maxElements: most(schema.maxProperties, Math.floor(MAX_TEXT / (element.minBytes + 6))),
    minBytes: 2,
    element,
    schema,
    isPlain: element.isPlain,
  };
}

function objectDeclaration(schema: Schema, path: string): Declaration {
  const fields = new Map<string, Field>();
  const required = new Set(schema.required);
  let minBytes = 2;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const escaped = escapeName(name);
    const declaration = declare(property, `${path}.${escaped ?? name}`);
    if (!declaration) continue;
    if (escaped !== undefined) fields.set(escaped, { name, declaration });
    if (required.has(name) && property.default === undefined)
      minBytes += name.length + declaration.minBytes + 4;
  }
  return { type: structOf(path), maxElements: 0, minBytes, fields, schema, isPlain: false };
}

function declare(
  schema: Schema,
  path: string,
  isRoot = isEmbedded(schema),
): Declaration | undefined {
  const { maxLength } = schema;
  if (schema['x-kubernetes-int-or-string'])
    return scalar(schema, DYN, 1, most(maxLength && maxLength * 4, MAX_TEXT));
  switch (schema.type) {
    case 'array':
      return listDeclaration(schema, path);
    case 'object': {
      const whole = isRoot ? { ...schema, properties: { ...schema.properties, ...META } } : schema;
      const of = whole.additionalProperties;
      if (of && typeof of === 'object') return mapDeclaration(whole, of, path);
      return objectDeclaration(whole, path);
    }
    case 'string':
      return stringDeclaration(schema);
    case 'boolean':
      return scalar(schema, BOOL, 4);
    case 'number':
      return scalar(schema, DOUBLE, 1, 0, false);
    case 'integer':
      return scalar(schema, INT, 1);
    default:
      return undefined;
  }
}

const isEmbedded = (schema: Schema): boolean => schema['x-kubernetes-embedded-resource'] === true;

/**
 * The type of a schema; undefined when rules cannot see it. `name` names the struct types in it:
 * `name.field.@idx`. `isRoot` is set for the root of a resource, which always has a kind, an API
 * version and a name.
 */
export const declareSchema = (
  schema: Schema,
  name: string,
  isRoot: boolean,
): Declaration | undefined => declare(schema, name, isRoot || isEmbedded(schema));

/** The struct types of some declarations. */
export function schemaTypes(declarations: readonly Declaration[]): TypeProvider {
  const structs = new Map<string, Declaration>();
  const visit = (declaration: Declaration): void => {
    if (declaration.fields) structs.set(declaration.type.name, declaration);
    for (const field of declaration.fields?.values() ?? []) visit(field.declaration);
    if (declaration.element) visit(declaration.element);
  };
  declarations.forEach(visit);
  return {
    hasStruct: (name) => structs.has(name),
    fieldType: (name, field) => structs.get(name)?.fields?.get(field)?.declaration.type,
  };
}

/**
 * The sizes of the parts of `self`, whose schema `root` is. Upstream takes every other variable,
 * and names such as `int`, for `self` too.
 */
export function schemaSizes(root: Declaration): SizeEstimator {
  return ([, ...parts]) => {
    let at: Declaration | undefined = root;
    for (const part of parts) {
      if (!at) return undefined;
      if (part === '@items' || part === '@values') at = at.element;
      // Upstream gives the keys of maps no length.
      else if (part === '@keys') return at.element ? { min: 0, max: 0 } : undefined;
      else at = at.fields?.get(part)?.declaration;
    }
    return at && { min: 0, max: at.maxElements };
  };
}
