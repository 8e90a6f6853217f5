// Validation of the schema of a custom resource definition (upstream
// apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go).
import { fieldErrors, type FieldError, GoText } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { MAX_SCHEMA_DEPTH } from '../limits.js';
import { createTotalCost } from '../rules/cost.js';
import { jsonText } from '../../util/json/json-text.js';
import type { IsStored } from '../rules/compile.js';
import { isDeeperThan } from '../schema/walk.js';
import { validateDefaults } from './defaults.js';
import { validateListType } from './list-type.js';
import {
  elementContext,
  propertyContext,
  rootContext,
  validateRules,
  validateRuleTexts,
  type RuleContext,
} from './rules.js';
import { isBeyondStructure, validateStructural } from './structural.js';
import { UNSUPPORTED, TYPES } from './facts.generated.js';

/** Checks that an update may leave out, because the stored object does not pass them. */
export interface SchemaOptions {
  readonly requiresValidTypes: boolean;
  readonly requiresPrunedDefaults: boolean;
  readonly requiresAtomicSets: boolean;
  readonly requiresListMapKeys: boolean;
  readonly isStored: IsStored;
  /** The schema is as it was: its rules may cost what they cost. */
  readonly isUnchanged: boolean;
}

const { forbidden, invalid } = fieldErrors;

/** Properties that belong to every object. */
const META: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

/** `path` is that of the schema itself: `spec.validation.openAPIV3Schema`. */
export function validateSchema(
  schema: JSONSchemaProps,
  path: string,
  hasStatus: boolean,
  options: SchemaOptions,
): FieldError[] {
  if (isDeeperThan(schema, MAX_SCHEMA_DEPTH))
    return [forbidden(path, `must not have more than ${MAX_SCHEMA_DEPTH} levels of schemas`)];
  const errors: FieldError[] = hasStatus ? validateRootWithStatus(schema, path) : [];
  if (schema.nullable)
    errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  const isBeyond = isBeyondStructure(schema);
  const structural = isBeyond ? [] : validateStructural(schema, path);
  if (!isBeyond && structural.length === 0)
    structural.push(...validateDefaults(schema, path, options.requiresPrunedDefaults));
  errors.push(...structural);
  const total = createTotalCost();
  const rules = isBeyond || structural.length > 0 ? undefined : rootContext(schema, total, options);
  const walk: Walk = { options, errors: [], ruleErrors: [] };
  validateNode(schema, path, ROOT, rules, walk);
  errors.push(...walk.errors, ...walk.ruleErrors);
  // Other errors name the part that no structural schema has.
  if (isBeyond && errors.length === 0)
    errors.push(invalid(path, '', "OpenAPIV3Schema 'schema' is not supported"));
  return [...errors, ...total.errors(path)];
}

/** As upstream names the parts of a schema that may stand beside a status subresource. */
const BESIDE_STATUS =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const ALLOWED_BESIDE_STATUS: ReadonlySet<string> = new Set(
  BESIDE_STATUS.split(' ').map((name) =>
    name
      .replace(/^X(?=[A-Z])/, 'x-kubernetes')
      .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
      .replace(/(?<=^x-.*)[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ),
);
/** Parts that upstream looks at before the type. */
const BEFORE_TYPE = ['id', '$schema', '$ref'] as const;

/** The status has a schema of its own, so that the root may not restrict it. */
function validateRootWithStatus(schema: JSONSchemaProps, path: string): FieldError[] {
  const detail = `only [${BESIDE_STATUS}] fields are allowed at the root of the schema if the status subresource is enabled`;
  const { type } = schema;
  if (!BEFORE_TYPE.some((name) => schema[name] !== undefined) && type && type !== 'object')
    return [
      invalid(
        `${path}.type`,
        type,
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    ];
  return Object.keys(schema).every((name) => ALLOWED_BESIDE_STATUS.has(name))
    ? []
    : [invalid(path, new GoText(`apiextensions.JSONSchemaProps${jsonText(schema)}`), detail)];
}

/** The place of a schema, which forbids some parts. */
interface Place {
  readonly isRoot: boolean;
  /** Set where a schema may have no default. */
  readonly noDefaults?: string;
  /** Inside of the metadata of a resource. */
  readonly isInMeta: boolean;
  /** The first schema whose parts cannot be found again in the old object. */
  readonly uncorrelatable?: string;
}

interface Walk {
  readonly options: SchemaOptions;
  readonly errors: FieldError[];
  readonly ruleErrors: FieldError[];
}

const ROOT: Place = { isRoot: true, isInMeta: false };

const withoutOldSelf = (place: Place, path: string): Place => ({
  ...place,
  uncorrelatable: place.uncorrelatable ?? path,
});

function validateNode(
  schema: JSONSchemaProps,
  path: string,
  place: Place,
  rules: RuleContext | undefined,
  walk: Walk,
): void {
  const before = walk.errors.length;
  const report = (...errors: readonly FieldError[]): void => void walk.errors.push(...errors);
  report(...validateKeywords(schema, path, place, walk.options));
  validateInner(schema, path, { ...place, isRoot: false }, place.isRoot, rules, walk);
  report(
    ...validateMapType(schema, path),
    ...validateListType(schema, path, walk.options),
    ...validateRuleTexts(schema, path),
  );
  // Rules of a wrong schema have errors that nobody can act on.
  if (rules && walk.errors.length === before)
    walk.ruleErrors.push(...validateRules(schema, path, place.uncorrelatable, rules));
}

function validateInner(
  schema: JSONSchemaProps,
  path: string,
  place: Place,
  isRoot: boolean,
  rules: RuleContext | undefined,
  walk: Walk,
): void {
  const { additionalProperties, items, properties = {} } = schema;
  if (typeof additionalProperties === 'object') {
    const noDefaults = 'inside additionalProperties applying to object metadata';
    validateNode(
      additionalProperties,
      `${path}.additionalProperties`,
      place.isInMeta ? { ...place, noDefaults } : place,
      rules && elementContext(rules, schema, additionalProperties),
      walk,
    );
  }
  const ofProperties =
    schema['x-kubernetes-map-type'] === 'atomic' ? withoutOldSelf(place, path) : place;
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  for (const [name, property] of Object.entries(properties)) {
    const isMeta = isResource && META.has(name);
    const meta: Place = isMeta ? { ...ofProperties, isInMeta: true } : ofProperties;
    validateNode(
      property,
      `${path}.properties[${name}]`,
      isMeta && isRoot ? { ...meta, noDefaults: `in top-level ${name}` } : meta,
      rules && propertyContext(rules, schema, name, property),
      walk,
    );
  }
  const enter = (inner: JSONSchemaProps, part: string): void =>
    validateNode(inner, `${path}.${part}`, place, undefined, walk);
  if (schema.not) enter(schema.not, 'not');
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const)
    schema[junctor]?.forEach((branch, index) => enter(branch, `${junctor}[${index}]`));
  for (const [name, one] of Object.entries(schema.definitions ?? {}))
    enter(one, `definitions[${name}]`);
  for (const [name, one] of Object.entries(schema.dependencies ?? {}))
    if (!Array.isArray(one)) enter(one, `dependencies[${name}]`);
  if (!items) return;
  const ofItems = schema['x-kubernetes-list-type'] === 'map' ? place : withoutOldSelf(place, path);
  if (Array.isArray(items))
    items.forEach((item, index) =>
      validateNode(item, `${path}.items[${index}]`, ofItems, undefined, walk),
    );
  else
    validateNode(
      items,
      `${path}.items`,
      ofItems,
      rules && elementContext(rules, schema, items),
      walk,
    );
}

function validateKeywords(
  schema: JSONSchemaProps,
  path: string,
  { noDefaults, isInMeta }: Place,
  { requiresValidTypes }: SchemaOptions,
): FieldError[] {
  const { additionalProperties, items, properties, type } = schema;
  const { complain, errors } = fieldErrors.below(path);
  if (requiresValidTypes && type && !TYPES.includes(type))
    complain.notSupported('type', type, TYPES);
  if (schema.default !== undefined && noDefaults !== undefined)
    complain.forbidden('default', `must not be set ${noDefaults}`);
  for (const name of UNSUPPORTED)
    if (schema[name] !== undefined) complain.forbidden(name, `${name} is not supported`);
  if (type === 'null')
    complain.forbidden('type', 'type cannot be set to null, use nullable as an alternative');
  if (Array.isArray(items) && items.length > 0)
    complain.forbidden('items', 'items must be a schema object and not an array');
  if (isInMeta && schema['x-kubernetes-embedded-resource'])
    complain.forbidden(
      'x-kubernetes-embedded-resource',
      'must not be used inside of resource meta',
    );
  if (schema.uniqueItems)
    complain.forbidden(
      'uniqueItems',
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    );
  if (properties && additionalProperties !== undefined && additionalProperties !== true)
    complain.forbidden(
      'additionalProperties',
      'additionalProperties and properties are mutual exclusive',
    );
  return errors;
}

const MAP_TYPES = ['atomic', 'granular'];

function validateMapType(schema: JSONSchemaProps, path: string): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  const { type } = schema;
  const mapType = schema['x-kubernetes-map-type'];
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    complain.invalid('x-kubernetes-preserve-unknown-fields', false, 'must be true or undefined');
  if (mapType === undefined) return errors;
  const detail = 'must be object if x-kubernetes-map-type is specified';
  if (!type) complain.required('type', detail);
  else if (type !== 'object') complain.invalid('type', type, detail);
  if (!MAP_TYPES.includes(mapType))
    complain.notSupported('x-kubernetes-map-type', mapType, MAP_TYPES);
  return errors;
}
