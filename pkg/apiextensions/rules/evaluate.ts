// Runs the x-kubernetes-validations of a schema against values (upstream
// apiextensions-apiserver schema/cel/validation.go). This module loads the engine; ./engine.ts
// imports it at first use.
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import { utf8Length } from '../../apis/meta/v1/object-meta.js';
import type { JSONSchemaProps, ValidationRule } from '../../apis/apiextensions/v1/types.js';
import { schemaValue } from '../../cel/kubernetes/schema-value.js';
import { MAX_MESSAGE_BYTES, PER_CALL_LIMIT, RUNTIME_COST_BUDGET } from '../../cel/limits.js';
import type { Outcome, Program } from '../../cel/program/program.js';
import { COST_LIMIT_EXCEEDED, type Activation } from '../../cel/program/state.js';
import { isError, NONE, Optional, type Value } from '../../cel/values/value.js';
import { MAX_VALUE_ERRORS } from '../limits.js';
import { compileRules, type CompiledRule } from './compile.js';
import { parseFieldPath } from './field-path.js';
import { mapListOf } from './map-list.js';
import { scopeOf, scopeOfElement, scopeOfProperty, type Scope } from './scope.js';

/** A field, an index, or null for a branch of allOf. */
export type Step = string | number | null;

export interface RuleOptions {
  /** Where the value stands, '' for the root of a resource. */
  readonly path: string;
  /** Whether the value at these steps is its former value, so that its failed rules only warn. */
  readonly isUnchanged?: (steps: readonly Step[]) => boolean;
  readonly warn?: ((text: string) => void) | undefined;
  /** Cost units for several values together; absent: RUNTIME_COST_BUDGET for this one. */
  readonly costs?: CostsLeft;
}

export interface CostsLeft {
  left: number;
}

/** `old` is undefined when there is no former value. */
export type RuleCheck = (value: unknown, old: unknown, options: RuleOptions) => FieldError[];

/** The rules of one schema and of those below that have any. */
interface RuleNode {
  readonly schema: JSONSchemaProps;
  readonly scope: Scope;
  /** Compiled at first use. */
  readonly rules: () => readonly CompiledRule[];
  readonly branches: readonly RuleNode[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly additional: RuleNode | undefined;
  readonly items: RuleNode | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The rules of a schema run on a value of it; undefined without rules. */
export function createRuleCheck(schema: JSONSchemaProps, isRoot: boolean): RuleCheck | undefined {
  const root = ruleNode(schema, schema, scopeOf(schema, isRoot));
  if (!root) return undefined;
  return (value, old, options) => {
    const { costs = { left: RUNTIME_COST_BUDGET } } = options;
    const run: Run = { ...options, errors: [], steps: [], budget: costs.left };
    try {
      visit(root, value, old, options.path, run);
    } catch (error) {
      if (error !== EXHAUSTED) throw error;
      run.budget = 0;
    }
    costs.left = run.budget;
    return run.errors;
  };
}

const single = (schema: JSONSchemaProps['items']): JSONSchemaProps | undefined =>
  schema && !Array.isArray(schema) ? schema : undefined;

const structural = (schema: JSONSchemaProps['additionalProperties']): JSONSchemaProps | undefined =>
  typeof schema === 'object' ? schema : undefined;

/**
 * `own` has the rules, which may be a branch of allOf; `node` has the structure. Values that rules
 * cannot see are left out with everything below.
 */
function ruleNode(
  own: JSONSchemaProps,
  node: JSONSchemaProps,
  scope: Scope | undefined,
): RuleNode | undefined {
  if (!scope) return undefined;
  const properties = new Map<string, RuleNode>();
  for (const [name, inner] of Object.entries(own.properties ?? {})) {
    const place = node.properties?.[name];
    const found = place && ruleNode(inner, place, scopeOfProperty(scope, name, place));
    if (found) properties.set(name, found);
  }
  const element = (inner?: JSONSchemaProps, place?: JSONSchemaProps): RuleNode | undefined =>
    inner && place && ruleNode(inner, place, scopeOfElement(scope, place));
  const items = element(single(own.items), single(node.items));
  const additional = element(
    structural(own.additionalProperties),
    structural(node.additionalProperties),
  );
  const branches = (own.allOf ?? []).flatMap((branch) => ruleNode(branch, node, scope) ?? []);
  const texts = own['x-kubernetes-validations'] ?? [];
  if (!texts.length && !properties.size && !items && !additional && !branches.length)
    return undefined;
  let compiled: readonly CompiledRule[] | undefined;
  return {
    schema: node,
    scope,
    rules: () => (compiled ??= texts.length ? compileRules(texts, scope, () => true) : []),
    branches,
    properties,
    additional,
    items,
  };
}

interface Run extends RuleOptions {
  readonly errors: FieldError[];
  readonly steps: Step[];
  /** Cost units that are left. */
  budget: number;
}

/** Thrown when no further rule may run. */
const EXHAUSTED: unique symbol = Symbol('exhausted');
const NO_PATH = '<nil>';
const OUT_OF_BUDGET =
  'validation failed due to running out of cost budget, no further validation rules will be run';

/** Rules see no nulls. Former values have a place where upstream correlates them. */
function visit(node: RuleNode, value: unknown, old: unknown, path: string, run: Run): void {
  if (value === null || value === undefined) return;
  const { branches, schema, items } = node;
  const rules = node.rules();
  if (rules.length) runRules(node, rules, value, old ?? undefined, path, run);
  for (const branch of branches) step(null, run, () => visit(branch, value, old, path, run));
  if (typeof value !== 'object') return;
  if (!Array.isArray(value)) return visitMembers(node, value as JsonObject, old, path, run);
  if (!items) return;
  const former = mapListOf(old, schema);
  value.forEach((item, i) =>
    step(i, run, () => visit(items, item, former.get(item), `${path}[${i}]`, run)),
  );
}

function visitMembers(
  { properties, additional, schema }: RuleNode,
  object: JsonObject,
  old: unknown,
  path: string,
  run: Run,
): void {
  if (!additional && properties.size === 0) return;
  const isCorrelated =
    schema['x-kubernetes-map-type'] !== 'atomic' && typeof old === 'object' && old !== null;
  for (const key of Object.keys(object)) {
    const property = properties.get(key);
    const inner = property ?? additional;
    if (!inner) continue;
    const at = property ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
    const former = isCorrelated && Object.hasOwn(old, key) ? (old as JsonObject)[key] : undefined;
    step(key, run, () => visit(inner, object[key], former, at, run));
  }
}

function step(name: Step, run: Run, go: () => void): void {
  run.steps.push(name);
  go();
  run.steps.pop();
}

type Refuse = (why: string) => void;

const typeName = ({ type = '' }: JSONSchemaProps): string => type;

function runRules(
  { scope, schema }: RuleNode,
  rules: readonly CompiledRule[],
  value: unknown,
  old: unknown,
  path: string,
  run: Run,
): void {
  const field = path || NO_PATH;
  const refuse: Refuse = (why) =>
    void run.errors.push(fieldErrors.invalid(field, typeName(schema), why));
  if (run.budget <= 0) {
    refuse(OUT_OF_BUDGET);
    throw EXHAUSTED;
  }
  const self = schemaValue(value as Value, scope.declaration);
  const hasOld = old !== undefined && rules.some(({ usesOldSelf }) => usesOldSelf);
  const oldSelf = hasOld ? schemaValue(old as Value, scope.declaration) : undefined;
  const input: Activation = hasOld ? { self, oldSelf } : { self };
  let optional: Activation | undefined;
  for (const compiled of rules) {
    if (run.errors.length >= MAX_VALUE_ERRORS) throw EXHAUSTED;
    const { rule, program, problem, usesOldSelf } = compiled;
    if (problem !== undefined) refuse(`rule compile error: ${problem}`);
    if (!program || problem !== undefined) continue;
    if (usesOldSelf && old === undefined && !rule.optionalOldSelf) continue;
    const given = rule.optionalOldSelf
      ? (optional ??= { self, oldSelf: oldSelf === undefined ? NONE : new Optional(oldSelf) })
      : input;
    const outcome = pay(program, given, run, OUT_OF_BUDGET, refuse);
    if (isError(outcome.value)) refuseError(outcome, rule, refuse);
    else if (outcome.value !== true) refuseValue(compiled, input, schema, path, run);
  }
}

/** Evaluates within what is left of the budget. */
function pay(program: Program, input: Activation, run: Run, text: string, refuse: Refuse): Outcome {
  const outcome = program.evaluate(input, PER_CALL_LIMIT);
  if (outcome.cost > run.budget) {
    refuse(text);
    throw EXHAUSTED;
  }
  run.budget -= outcome.cost;
  return outcome;
}

/** How messages name a rule: by its message, else by its text. */
const ruleText = ({ message, rule }: ValidationRule): string => (message || rule).trim();

function refuseError({ value }: Outcome, rule: ValidationRule, refuse: Refuse): void {
  const { message } = value as { message: string };
  if (value === COST_LIMIT_EXCEEDED) {
    refuse(
      `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleText(rule)}`,
    );
    throw EXHAUSTED;
  }
  refuse(
    message.startsWith('no such overload')
      ? `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(rule)}`
      : `${message} evaluating rule: ${ruleText(rule)}`,
  );
}

const childField = (path: string, rest: string): string =>
  rest === '' ? path || NO_PATH : path === '' ? rest : `${path}.${rest}`;

/** A rule that is false; one without oldSelf only warns where nothing changed. */
function refuseValue(
  compiled: CompiledRule,
  input: Activation,
  schema: JSONSchemaProps,
  path: string,
  run: Run,
): void {
  const { rule, usesOldSelf } = compiled;
  const found = rule.fieldPath ? parseFieldPath(rule.fieldPath, schema, { brackets: true }) : '';
  const field = childField(path, typeof found === 'string' ? '' : found.text);
  const add = (error: FieldError): void => {
    if (!usesOldSelf && run.isUnchanged?.(run.steps)) run.warn?.(`${field}: ${error.message}`);
    else run.errors.push(error);
  };
  const stop = (why: string): void => add(fieldErrors.invalid(field, typeName(schema), why));
  const message = evaluatedMessage(compiled, input, run, stop);
  const detail = message ?? (rule.message ? ruleText(rule) : `failed rule: ${ruleText(rule)}`);
  const type = typeName(schema);
  if (rule.reason === 'FieldValueForbidden') add(fieldErrors.forbidden(field, detail));
  else if (rule.reason === 'FieldValueRequired') add(fieldErrors.required(field, detail));
  else if (rule.reason === 'FieldValueDuplicate') add(fieldErrors.duplicate(field, type));
  else add(fieldErrors.invalid(field, type, detail));
}

/** The text of a messageExpression; undefined when there is none or when it fails. */
function evaluatedMessage(
  { rule, message }: CompiledRule,
  input: Activation,
  run: Run,
  stop: Refuse,
): string | undefined {
  if (!message?.program) return undefined;
  const { value } = pay(
    message.program,
    input,
    run,
    'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
    stop,
  );
  if (value === COST_LIMIT_EXCEEDED) {
    stop(
      `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(rule.messageExpression)}`,
    );
    throw EXHAUSTED;
  }
  const text = typeof value === 'string' ? value.trim() : '';
  const isUsable = text !== '' && !text.includes('\n') && utf8Length(text) <= MAX_MESSAGE_BYTES;
  return isUsable ? text : undefined;
}
