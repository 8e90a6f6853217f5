// The validation of the default of a schema (apiextensions-apiserver schema/defaulting).
import { fieldErrors, goValue, type FieldError } from '../../apimachinery/errors/status-error.js';
import { cloneJson, equalJson } from '../../apimachinery/meta/clone.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { celEngine } from '../rules/engine.js';
import type { CostsLeft } from '../rules/evaluate.js';
import { NO_PATH } from './check.js';
import { coerceEmbedded, MalformedMetadata, validateEmbedded } from './embedded.js';
import { nodeOf, type Node } from './node.js';
import { prune } from './prune.js';
import { schemaCheck } from './schema-check.js';
import { hasRules, schemaErrors } from './validate.js';

export const UNKNOWN_FIELDS = 'must not have unknown fields';

interface Options {
  /** Fields that the schema does not specify are refused. */
  readonly isPruned: boolean;
  /** The schema is the one of a whole resource. */
  readonly isRoot: boolean;
  /** Cost units that rules may use, for several defaults together. */
  readonly costs: CostsLeft;
}

/**
 * The problems of a schema's own default, which are those of a value of the schema: only those of
 * the first step that finds any. `path` is where the default stands. The engine of the schema must
 * be loaded.
 */
export function validateDefault(
  schema: JSONSchemaProps,
  path: string,
  { costs, isPruned, isRoot }: Options,
): FieldError[] {
  const value = cloneJson(schema.default);
  if (value === undefined || value === null) return [];
  const plain = nodeOf(schema);
  const node: Node = isRoot ? { ...plain, isEmbedded: true, hasEmbedded: true } : plain;
  const errors: FieldError[] = [];
  if (isPruned) {
    const pruned = cloneJson(value);
    prune(pruned, node, node.isEmbedded);
    if (!equalJson(pruned, value))
      errors.push(fieldErrors.invalid('', goValue(value), UNKNOWN_FIELDS));
  }
  errors.push(...firstProblems(value, node, costs));
  return errors.map((error) => ({ ...error, field: below(path, error.field) }));
}

function below(path: string, field: string): string {
  if (field === NO_PATH || field === '') return path;
  return field.startsWith('[') ? `${path}${field}` : `${path}.${field}`;
}

function firstProblems(value: unknown, node: Node, costs: CostsLeft): FieldError[] {
  try {
    coerceEmbedded(value, node, '', { drops: false });
  } catch (error) {
    if (error instanceof MalformedMetadata && error.error) return [error.error];
    throw error;
  }
  const ofMetadata = validateEmbedded(value, node, '');
  if (ofMetadata.length > 0) return ofMetadata;
  const ofSchema = schemaErrors(schemaCheck(node.schema), value);
  if (ofSchema.length > 0 || !hasRules(node.schema)) return ofSchema;
  const rules = celEngine().createRuleCheck(node.schema, node.isEmbedded);
  return rules?.(value, value, { path: '', costs }) ?? [];
}
