// The rules of structural schemas: every value has a type, and logical junctors only restrict what
// is specified outside of them (upstream apiextensions-apiserver/pkg/apiserver/schema:
// validation.go, complete.go, convert.go).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { EvalError } from '../../cel/values/value.js';
import { celEngine } from '../rules/engine.js';
import { someSchema } from '../schema/walk.js';
import { FORBIDDEN_IN_BRANCHES } from './facts.generated.js';

type Level = 'root' | 'field' | 'item';

const { below, forbidden, invalid, required } = fieldErrors;

/** Whether a schema has parts that no structural schema has, at any depth. */
export const isBeyondStructure = (schema: JSONSchemaProps): boolean =>
  someSchema(
    schema,
    ({ $ref, $schema, additionalItems, definitions, dependencies, id, items, ...others }) =>
      Boolean(id || $schema || $ref || dependencies || definitions) ||
      additionalItems !== undefined ||
      others.patternProperties !== undefined ||
      (Array.isArray(items) && items.length > 0) ||
      others['x-kubernetes-preserve-unknown-fields'] === false,
  );

export function validateStructural(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = [];
  validateNode(schema, 'root', path, errors);
  validateCompleteness(schema, schema, path, path, errors);
  return errors;
}

const UNTYPED: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function validateNode(s: JSONSchemaProps, level: Level, path: string, errors: FieldError[]): void {
  const { additionalProperties, items, properties = {}, type = '' } = s;
  if (items && !Array.isArray(items)) validateNode(items, 'item', `${path}.items`, errors);
  else if (type === 'array') errors.push(required(`${path}.items`, 'must be specified'));
  for (const [name, property] of Object.entries(properties))
    validateNode(property, 'field', `${path}.properties[${name}]`, errors);
  if (additionalProperties !== undefined && level === 'root')
    errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
  if (typeof additionalProperties === 'object')
    validateNode(additionalProperties, 'field', `${path}.additionalProperties`, errors);
  validateExtensions(s, path, errors);
  validateValue(s, path, errors, isIntOrString(s), isIntOrString(s.allOf?.[0]));
  validateType(s, level, path, errors);
  validateMeta(s, level, path, errors);
}

function validateExtensions(s: JSONSchemaProps, path: string, errors: FieldError[]): void {
  if (!s['x-kubernetes-int-or-string']) return;
  const why = 'must be false if x-kubernetes-int-or-string is true';
  for (const part of ['preserve-unknown-fields', 'embedded-resource'] as const) {
    const name = `x-kubernetes-${part}` as const;
    if (s[name]) errors.push(invalid(`${path}.${name}`, true, why));
  }
}

function validateType(s: JSONSchemaProps, level: Level, path: string, errors: FieldError[]): void {
  const { type = '' } = s;
  const isEmbedded = s['x-kubernetes-embedded-resource'] === true;
  const isPreserving = s['x-kubernetes-preserve-unknown-fields'] === true;
  const { complain } = below(path, errors);
  if (isEmbedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    if (type) complain.invalid('type', type, detail);
    else complain.required('type', detail);
  } else if (!type && !s['x-kubernetes-int-or-string'] && !isPreserving)
    complain.required('type', UNTYPED[level]);
  if (isEmbedded && s.additionalProperties !== undefined)
    complain.forbidden(
      'additionalProperties',
      'must not be used if x-kubernetes-embedded-resource is set',
    );
  if (level === 'root' && type && type !== 'object')
    complain.invalid('type', type, 'must be object at the root');
  if (isEmbedded && !isPreserving && s.properties === undefined)
    complain.required(
      'properties',
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    );
}

/** Parts of a schema that structural schemas do not keep. */
const NOT_KEPT: ReadonlySet<string> = new Set(['example', 'externalDocs']);
/** Parts that the schema of an object's metadata may have. */
const OF_METADATA: ReadonlySet<string> = new Set(['type', 'default', 'properties', ...NOT_KEPT]);
const NAMES: ReadonlySet<string> = new Set(['name', 'generateName']);

/** A resource, embedded or not, has apiVersion, kind and metadata as every object. */
function validateMeta(s: JSONSchemaProps, level: Level, path: string, errors: FieldError[]): void {
  const { apiVersion, kind, metadata } = s.properties ?? {};
  const { complain } = below(path, errors);
  const isResource = level === 'root' || s['x-kubernetes-embedded-resource'] === true;
  if (isResource) {
    for (const [name, property] of Object.entries({ kind, apiVersion }))
      if (property && property.type !== 'string')
        complain.invalid(`properties[${name}].type`, property.type ?? '', 'must be string');
    if (metadata && metadata.type !== 'object')
      complain.invalid('properties[metadata].type', metadata.type ?? '', 'must be object');
  }
  if (level !== 'root' || !metadata) return;
  const restrictsMore =
    Object.keys(metadata).some((name) => !OF_METADATA.has(name)) ||
    Object.keys(metadata.properties ?? {}).some((name) => !NAMES.has(name));
  if (restrictsMore)
    complain.forbidden(
      'properties[metadata]',
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    );
}

/** anyOf: [{type: integer}, {type: string}], which names types in a junctor nevertheless. */
function isIntOrString(s: JSONSchemaProps | undefined): boolean {
  const types = s?.anyOf?.map((branch) => {
    const kept = Object.keys(branch).filter((name) => !NOT_KEPT.has(name));
    return kept.length === 1 ? branch.type : undefined;
  });
  return types?.length === 2 && types[0] === 'integer' && types[1] === 'string';
}

function validateValue(
  s: JSONSchemaProps,
  path: string,
  errors: FieldError[],
  skipsAnyOf: boolean,
  skipsAnyOfOfFirst: boolean,
): void {
  for (const junctor of ['anyOf', 'allOf', 'oneOf'] as const) {
    if (junctor === 'anyOf' && skipsAnyOf) continue;
    s[junctor]?.forEach((branch, index) =>
      validateBranch(
        branch,
        `${path}.${junctor}[${index}]`,
        errors,
        junctor === 'allOf' && index === 0 && skipsAnyOfOfFirst,
      ),
    );
  }
  if (s.not) validateBranch(s.not, `${path}.not`, errors);
  if (!s.pattern) return;
  const pattern = celEngine().patternOf(s.pattern);
  if (pattern instanceof EvalError)
    below(path, errors).complain.invalid(
      'pattern',
      s.pattern,
      `must be a valid regular expression, but isn't: ${pattern.message}`,
    );
}

const FORBIDDEN_NAMES = Object.keys(
  FORBIDDEN_IN_BRANCHES,
) as (keyof typeof FORBIDDEN_IN_BRANCHES)[];

function validateBranch(
  v: JSONSchemaProps,
  path: string,
  errors: FieldError[],
  skipsAnyOf = false,
): void {
  validateValue(v, path, errors, skipsAnyOf, false);
  if (v.items && !Array.isArray(v.items)) validateBranch(v.items, `${path}.items`, errors);
  for (const [name, property] of Object.entries(v.properties ?? {}))
    validateBranch(property, `${path}.properties[${name}]`, errors);
  const { complain } = below(path, errors);
  for (const name of FORBIDDEN_NAMES)
    if (v[name] !== undefined)
      complain.forbidden(name, `must be ${FORBIDDEN_IN_BRANCHES[name]} to be structural`);
  if (v.properties && Object.hasOwn(v.properties, 'metadata'))
    complain.forbidden('properties[metadata]', 'must not be specified in a nested context');
}

/**
 * Each property that a junctor of `v` names is specified in `s`. As upstream, this looks at the
 * junctors of the root only.
 */
function validateCompleteness(
  v: JSONSchemaProps,
  s: JSONSchemaProps,
  structurePath: string,
  path: string,
  errors: FieldError[],
): void {
  const enter = (branch: JSONSchemaProps, at: string): void =>
    validateBranchCompleteness(branch, s, structurePath, at, errors);
  if (v.not) enter(v.not, `${path}.not`);
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const)
    v[junctor]?.forEach((branch, index) => enter(branch, `${path}.${junctor}[${index}]`));
}

function validateBranchCompleteness(
  v: JSONSchemaProps,
  s: JSONSchemaProps,
  structurePath: string,
  path: string,
  errors: FieldError[],
): void {
  const enter = (
    part: string,
    branch: JSONSchemaProps,
    structure: JSONSchemaProps | undefined,
  ): void => {
    const [here, there] = [`${path}.${part}`, `${structurePath}.${part}`];
    if (structure) validateBranchCompleteness(branch, structure, there, here, errors);
    else errors.push(required(there, `because it is defined in ${here}`));
  };
  validateCompleteness(v, s, structurePath, path, errors);
  const itemsOf = ({ items }: JSONSchemaProps): JSONSchemaProps | undefined =>
    Array.isArray(items) ? undefined : items;
  const items = itemsOf(v);
  if (items) enter('items', items, itemsOf(s));
  const properties = s.properties ?? {};
  for (const [name, property] of Object.entries(v.properties ?? {}))
    enter(
      `properties[${name}]`,
      property,
      Object.hasOwn(properties, name) ? properties[name] : undefined,
    );
}
