// The validation of a value by its schema: the schema itself, embedded resources, list types, then
// rules. Source: apiextensions-apiserver registry/customresource/strategy.go.
import {
  fieldErrors,
  type FieldError,
  type FieldErrorType,
} from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { MAX_VALUE_ERRORS } from '../limits.js';
import { someSchema } from '../schema/walk.js';
import { celEngine } from '../rules/engine.js';
import type { RuleCheck } from '../rules/evaluate.js';
import { NO_PATH, type Check, type Problem, type Walk } from './check.js';
import { Correlated, isUnchanged } from './correlation.js';
import { validateEmbedded } from './embedded.js';
import { validateListTypes } from './list-types.js';
import type { Node } from './node.js';
import { schemaCheck } from './schema-check.js';

/** `old` is undefined for a new value; `warn` gets the failed rules of unchanged parts. */
export type Validator = (
  value: unknown,
  old: unknown,
  warn?: (text: string) => void,
) => FieldError[];

/** Rules do not run on values that have such a problem. */
const BLOCKING: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const NOT_CHECKED = fieldErrors.invalid(
  NO_PATH,
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

/** Whether a schema or one inside has rules. */
export const hasRules = (schema: JSONSchemaProps): boolean =>
  someSchema(schema, (inner) => Boolean(inner['x-kubernetes-validations']?.length));

/**
 * The validator of a schema. `isResource` is set for the root of a resource.
 *
 * @throws AssertionFailure when the schema needs the engine and it is not loaded.
 */
export function createValidator(node: Node, isResource: boolean): Validator {
  const check = schemaCheck(node.schema);
  const isRuled = hasRules(node.schema);
  let made: RuleCheck | undefined;
  const rules = (): RuleCheck | undefined =>
    isRuled ? (made ??= celEngine().createRuleCheck(node.schema, isResource)) : undefined;
  return (value, old, warn) => {
    const was = old === undefined ? undefined : new Correlated(value, old, node);
    const errors = schemaErrors(check, value, was);
    errors.push(...validateEmbedded(value, node, ''));
    const hadDuplicates = old !== undefined && validateListTypes(old, node, '').length > 0;
    if (!hadDuplicates) errors.push(...validateListTypes(value, node, ''));
    const ofRules = rules();
    if (!ofRules) return errors.slice(0, MAX_VALUE_ERRORS);
    if (errors.some(({ type }) => BLOCKING.has(type)))
      return [...errors.slice(0, MAX_VALUE_ERRORS), NOT_CHECKED];
    const options = was ? { isUnchanged: isUnchanged.bind(undefined, was), warn } : {};
    return [...errors, ...ofRules(value, old, { path: '', ...options })];
  };
}

/** Correlating costs more than checking, so that it waits for a problem. */
export function schemaErrors(check: Check, value: unknown, was?: Correlated): FieldError[] {
  let problems = run(check, value, undefined);
  if (problems.length > 0 && was) problems = run(check, value, was);
  if (problems.length === 0) return [];
  return [...new Map(problems.map(({ text, error }) => [text, error])).values()];
}

function run(check: Check, value: unknown, was: Correlated | undefined): readonly Problem[] {
  const walk: Walk = { problems: [], matches: 0 };
  check(value, '', walk, was);
  return walk.problems;
}
