// Validation of the defaults in a schema, which are values of it (upstream
// apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { RUNTIME_COST_BUDGET } from '../../cel/limits.js';
import { MAX_DEFAULT_WORK } from '../limits.js';
import type { CostsLeft } from '../rules/evaluate.js';
import { eachInner, someSchema } from '../schema/walk.js';
import { UNKNOWN_FIELDS, validateDefault } from '../values/default-check.js';

interface Walk {
  readonly requiresPruned: boolean;
  readonly errors: FieldError[];
  /** Cost units that the rules may use for all defaults together. */
  readonly costs: CostsLeft;
}

/** Fields of a resource that are defined elsewhere. */
const META: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

/** `schema` is that of a resource; its engine is loaded. */
export function validateDefaults(
  schema: JSONSchemaProps,
  path: string,
  requiresPruned: boolean,
): FieldError[] {
  if (workOf(schema) > MAX_DEFAULT_WORK)
    return [
      fieldErrors.forbidden(
        path,
        `must not have more than ${MAX_DEFAULT_WORK} schemas with defaults around them, counted for each default`,
      ),
    ];
  const walk: Walk = { requiresPruned, errors: [], costs: { left: RUNTIME_COST_BUDGET } };
  validateNode(schema, path, { isRoot: true, isInMeta: false }, walk);
  return walk.errors;
}

/** Each default is validated by the whole schema below. */
function workOf(root: JSONSchemaProps): number {
  let work = 0;
  const sizeOf = (schema: JSONSchemaProps): number => {
    let size = 1;
    eachInner(schema, (inner) => (size += sizeOf(inner)));
    if (hasDefault(schema)) work += size;
    return size;
  };
  sizeOf(root);
  return work;
}

const hasDefault = (schema: JSONSchemaProps): boolean => schema.default !== undefined;

/** Whether some default has fields that its schema does not know. */
export const hasUnprunedDefaults = (schema: JSONSchemaProps): boolean =>
  someSchema(schema, hasDefault) &&
  validateDefaults(schema, '', true).some(({ message }) => message.endsWith(UNKNOWN_FIELDS));

/** Values of maps have no defaults. */
function validateNode(
  schema: JSONSchemaProps,
  path: string,
  { isInMeta: isBelowMeta, isRoot }: { isRoot: boolean; isInMeta: boolean },
  walk: Walk,
): void {
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  const isInMeta = isBelowMeta && !isResource;
  const { costs, errors, requiresPruned } = walk;
  if (schema.default !== undefined && costs.left > 0)
    errors.push(
      ...validateDefault(schema, `${path}.default`, {
        isPruned: requiresPruned && !isInMeta,
        isRoot,
        costs,
      }),
    );
  const { items, properties = {} } = schema;
  if (items && !Array.isArray(items))
    validateNode(items, `${path}.items`, { isRoot: false, isInMeta }, walk);
  for (const [name, property] of Object.entries(properties))
    validateNode(
      property,
      `${path}.properties[${name}]`,
      { isRoot: false, isInMeta: isInMeta || (isResource && META.has(name)) },
      walk,
    );
}
