// The expressions of admission policies, which may use the policy's variables (upstream
// apiserver/pkg/admission/plugin/cel/composition.go). Load this file by load.ts.
import type { ParamKind, Variable } from '../../../apis/admissionregistration/v1/types.js';
import type { Environment, TypeProvider } from '../../../cel/checker/environment.js';
import { BOOL, DYN, NULL, STRING, structOf, type Type } from '../../../cel/checker/types.js';
import {
  CONFIGURATION_TYPE,
  jsonOf,
  misnamedTypes,
  PATCH_FUNCTIONS,
  PATCH_LIST_TYPE,
  PATCH_TYPES,
} from '../../../cel/kubernetes/mutation.js';
import { RUNTIME_COST_BUDGET } from '../../../cel/limits.js';
import { EvalError, isError, listItems, mapGet, type Value } from '../../../cel/values/value.js';
import type { Activation } from '../../../cel/program/state.js';
import { admissionEnvironment, compileAdmission, type Compiled } from './environment.js';
import type { Budget } from './evaluation.js';

const VARIABLES = 'kubernetes.variables';

/** The types that the result of an expression may have, by the expression's part in the policy. */
const RESULTS = {
  validation: [BOOL],
  message: [STRING],
  auditAnnotation: [STRING, NULL],
  applyConfiguration: [CONFIGURATION_TYPE],
  jsonPatch: [PATCH_LIST_TYPE],
} as const satisfies Readonly<Record<string, readonly Type[]>>;

export type PolicyPart = keyof typeof RESULTS;

const PATCHES = { types: [PATCH_TYPES], libraries: [PATCH_FUNCTIONS] };

export interface PolicyCompiler {
  /** The variables that follow and the other expressions may use the variable. */
  readonly variable: (name: string, expression: string) => Compiled;
  readonly expression: (part: PolicyPart, expression: string) => Compiled;
}

/** Structs have no fields that a later expression knows, as upstream's. */
function fieldType(type: Type): Type {
  if (type.kind === 'list' || type.kind === 'map')
    return { ...type, params: type.params.map(fieldType) };
  return ['struct', 'opaque', 'type', 'param', 'error'].includes(type.kind) ? DYN : type;
}

/** The parts of a policy that decide which variables its expressions have. */
export interface PolicySpec {
  readonly paramKind?: ParamKind;
  /** Without variables, the name `variables` is not declared. */
  readonly variables?: readonly Variable[];
}

export function policyCompiler(
  spec: PolicySpec,
  { isStored = false }: { readonly isStored?: boolean } = {},
): PolicyCompiler {
  const hasParams = spec.paramKind !== undefined;
  const hasVariables = Boolean(spec.variables?.length);
  const fields = new Map<string, Type>();
  const types: TypeProvider = {
    hasStruct: (name) => name === VARIABLES,
    fieldType: (name, field) => (name === VARIABLES ? fields.get(field) : undefined),
  };
  const composed = hasVariables ? { variables: { variables: structOf(VARIABLES) } } : {};
  const environmentOf = (hasAuthorizer: boolean, patches?: typeof PATCHES) =>
    admissionEnvironment({
      hasParams,
      hasAuthorizer,
      isStored,
      ...composed,
      ...patches,
      types: [types, ...(patches?.types ?? [])],
    });
  const whole = environmentOf(true);
  const forMessages = environmentOf(false);
  let forPatches: Environment | undefined;
  const environmentFor = (part: PolicyPart): Environment => {
    if (part === 'message') return forMessages;
    const isPatch = part === 'applyConfiguration' || part === 'jsonPatch';
    return isPatch ? (forPatches ??= environmentOf(true, PATCHES)) : whole;
  };
  return {
    variable(name, expression) {
      const compiled = compileAdmission(expression, whole, []);
      fields.set(name, 'error' in compiled ? DYN : fieldType(compiled.program.type));
      return compiled;
    },
    expression: (part, expression) =>
      compileAdmission(expression, environmentFor(part), RESULTS[part]),
  };
}

/** The cost that the validations and messages of one binding may have; audit annotations again. */
export const policyBudget = (): Budget => ({ remaining: RUNTIME_COST_BUDGET });

/**
 * The activation with `variables`. Each is evaluated when an expression first reads it; the cost
 * goes to the budget of that expression.
 */
export function withVariables(
  activation: Activation,
  variables: readonly { readonly name: string; readonly compiled: Compiled }[],
  budget: Budget,
): Activation {
  const values = Object.create(null) as Record<string, Value>;
  const composed: Activation = { ...activation, variables: values };
  const evaluate = (name: string, compiled: Compiled): Value => {
    const fails = (how: string, why: string): EvalError =>
      new EvalError(`composited variable ${JSON.stringify(name)} fails to ${how}: ${why}`);
    if ('error' in compiled) return fails('compile', compiled.error);
    const { value, cost } = compiled.program.evaluate(composed);
    budget.remaining -= cost;
    return isError(value) ? fails('evaluate', value.message) : value;
  };
  for (const { name, compiled } of variables) {
    let value: Value | undefined;
    const get = (): Value => (value ??= evaluate(name, compiled));
    Object.defineProperty(values, name, { get, enumerable: true, configurable: true });
  }
  return composed;
}

/**
 * The JSON of what an expression built: an apply configuration or a list of patch operations.
 * @throws Error in upstream's words.
 */
export function patchJson(part: 'applyConfiguration' | 'jsonPatch', value: Value): unknown {
  const isPatch = part === 'jsonPatch';
  // This conversion bounds the size, and thereby the check of the types.
  const json = jsonOf(value);
  const built = isPatch ? listItems(value).map((one) => mapGet(one, 'value') ?? null) : [value];
  const complaints = built.flatMap(misnamedTypes);
  if (complaints.length) throw new Error(`type mismatch: ${complaints.join('\n')}`);
  return isPatch
    ? (json as object[]).map((operation) => ({ op: '', path: '', ...operation }))
    : json;
}
