// Validation of x-kubernetes-validations: texts, reasons and paths of a rule, then its expressions
// and their cost (upstream validation.go and cel_validation.go).
import { fieldErrors, type FieldError, GoText } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps, ValidationRule } from '../../apis/apiextensions/v1/types.js';
import {
  costError,
  costOfRule,
  innerCardinality,
  type Cardinality,
  type TotalCost,
} from '../rules/cost.js';
import type { CompiledRule, IsStored } from '../rules/compile.js';
import { celEngine } from '../rules/engine.js';
import { parseFieldPath } from '../rules/field-path.js';
import type { Scope } from '../rules/scope.js';
import { isBeyondStructure } from './structural.js';
import { each } from '../../apis/core/v1/validation/fields.js';

interface RuleOptions {
  readonly isStored: IsStored;
  readonly isUnchanged: boolean;
}

/** A schema that may have rules. */
export interface RuleContext {
  readonly cardinality: Cardinality;
  readonly total: TotalCost;
  readonly options: RuleOptions;
  /** Present in and below a schema with rules. The scope is declared when a rule needs it. */
  readonly scope?: () => Scope | undefined;
}

const hasRules = (schema: JSONSchemaProps): boolean =>
  Boolean(schema['x-kubernetes-validations']?.length);

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Declares a scope of its own for the first schema with rules on the way down. */
const ownScope = (schema: JSONSchemaProps, isRoot: boolean): Pick<RuleContext, 'scope'> =>
  hasRules(schema)
    ? {
        scope: once(() =>
          celEngine().scopeOf(schema, isRoot || schema['x-kubernetes-embedded-resource'] === true),
        ),
      }
    : {};

export const rootContext = (
  schema: JSONSchemaProps,
  total: TotalCost,
  options: RuleOptions,
): RuleContext => ({ cardinality: 1, total, options, ...ownScope(schema, true) });

function innerContext(
  outer: RuleContext,
  schema: JSONSchemaProps,
  inner: JSONSchemaProps,
  scopeIn: (scope: Scope) => Scope | undefined,
): RuleContext {
  const { total, options, scope: outerScope } = outer;
  const fromOuter = outerScope && {
    scope: once(() => {
      const scope = outerScope();
      return scope ? scopeIn(scope) : celEngine().scopeOf(inner, false);
    }),
  };
  return {
    cardinality: innerCardinality(outer.cardinality, schema),
    total,
    options,
    ...(fromOuter ?? ownScope(inner, false)),
  };
}

export const propertyContext = (
  outer: RuleContext,
  schema: JSONSchemaProps,
  name: string,
  property: JSONSchemaProps,
): RuleContext =>
  innerContext(outer, schema, property, (scope) =>
    celEngine().scopeOfProperty(scope, name, property),
  );

/** The context of the items of a list, or of the values of a map. */
export const elementContext = (
  outer: RuleContext,
  schema: JSONSchemaProps,
  element: JSONSchemaProps,
): RuleContext =>
  innerContext(outer, schema, element, (scope) => celEngine().scopeOfElement(scope, element));

const REASONS = [
  'FieldValueDuplicate',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueRequired',
];

const hasLineBreaks = (text: string): boolean => /[\n\r]/.test(text);

export function validateRuleTexts(schema: JSONSchemaProps, path: string): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  // Paths into a schema that is no structural one are not looked at.
  const hasPaths = once(() => !isBeyondStructure(schema));
  return each(rules, `${path}.x-kubernetes-validations`, (rule, at) =>
    validateRuleText(rule, at, schema, hasPaths),
  );
}

function validateRuleText(
  given: Partial<ValidationRule>,
  path: string,
  schema: JSONSchemaProps,
  hasPaths: () => boolean,
): FieldError[] {
  const { fieldPath = '', message = '', messageExpression = '', reason, rule = '' } = given;
  const { complain, errors } = fieldErrors.below(path);
  const shown = message.trim();
  if (rule.trim() === '') complain.required('rule', 'rule is not specified');
  else if (message && !shown)
    complain.invalid('message', message, 'message must be non-empty if specified');
  else if (hasLineBreaks(shown))
    complain.invalid('message', message, 'message must not contain line breaks');
  else if (hasLineBreaks(rule.trim()) && !shown)
    complain.required('message', 'message must be specified if rule contains line breaks');
  if (messageExpression && !messageExpression.trim())
    complain.required('messageExpression', 'messageExpression must be non-empty if specified');
  if (reason !== undefined && !REASONS.includes(reason))
    complain.notSupported('reason', reason, REASONS);
  if (!fieldPath) return errors;
  if (!fieldPath.trim())
    complain.invalid('fieldPath', fieldPath, 'fieldPath must be non-empty if specified');
  if (hasLineBreaks(fieldPath))
    complain.invalid('fieldPath', fieldPath, 'fieldPath must not contain line breaks');
  const isPath = typeof parseFieldPath(fieldPath, schema, { brackets: true }) !== 'string';
  if (!isPath && hasPaths())
    complain.invalid('fieldPath', fieldPath, 'fieldPath must be a valid path');
  return errors;
}

/** `uncorrelatable` is set below a schema whose parts cannot be found again in the old object. */
export function validateRules(
  schema: JSONSchemaProps,
  path: string,
  uncorrelatable: string | undefined,
  context: RuleContext,
): FieldError[] {
  const rules = schema['x-kubernetes-validations'];
  if (!rules?.length) return [];
  const at = `${path}.x-kubernetes-validations`;
  const scope = context.scope?.();
  if (!scope)
    return [
      {
        type: 'InternalError',
        field: at,
        message:
          'Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations',
      },
    ];
  return each(
    celEngine().compileRules(rules, scope, context.options.isStored),
    at,
    (compiled, field) => validateRule(compiled, field, scope, context, uncorrelatable),
  );
}

function validateRule(
  { rule, message, problem, maxCost, usesOldSelf }: CompiledRule,
  path: string,
  { declaration }: Scope,
  { cardinality, options, total }: RuleContext,
  uncorrelatable: string | undefined,
): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  const charge = (part: 'rule' | 'messageExpression', cost: number): void => {
    const at = `${path}.${part}`;
    const error = options.isUnchanged ? undefined : costError(at, `estimated ${part} cost`, cost);
    if (error) errors.push(error);
    total.add(at, cost);
  };
  charge('rule', costOfRule(maxCost, cardinality, declaration.minBytes));
  if (problem !== undefined) complain.invalid('rule', goRule(rule), problem);
  if (message?.problem !== undefined)
    complain.invalid('messageExpression', goRule(rule), message.problem);
  else if (message) charge('messageExpression', message.maxCost);
  if (usesOldSelf && uncorrelatable !== undefined)
    complain.invalid(
      'rule',
      rule.rule,
      `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`,
    );
  else if (!usesOldSelf && rule.optionalOldSelf !== undefined)
    complain.invalid(
      'optionalOldSelf',
      rule.optionalOldSelf,
      'may not be set if oldSelf is not used in rule',
    );
  return errors;
}

/** A rule as Go prints it. Pointers are addresses there. */
function goRule(rule: ValidationRule): GoText {
  const { message = '', messageExpression = '', fieldPath = '', reason, optionalOldSelf } = rule;
  const texts = Object.entries({
    Rule: rule.rule,
    Message: message,
    MessageExpression: messageExpression,
  }).map(([name, text]) => `${name}:${JSON.stringify(text)}`);
  const pointer = (type: string, value: unknown): string =>
    `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`;
  const parts = [
    ...texts,
    `Reason:${pointer('apiextensions.FieldValueErrorReason', reason)}`,
    `FieldPath:${JSON.stringify(fieldPath)}`,
    `OptionalOldSelf:${pointer('bool', optionalOldSelf)}`,
  ];
  return new GoText(`apiextensions.ValidationRule{${parts.join(', ')}}`);
}
