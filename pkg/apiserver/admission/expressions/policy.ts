// The expressions of admission policies, which may use the policy's variables (upstream
// apiserver/pkg/admission/plugin/cel/composition.go). Load this file by load.ts.
import type { TypeProvider } from '../../../cel/checker/environment.js';
import { BOOL, DYN, NULL, STRING, structOf, type Type } from '../../../cel/checker/types.js';
import { RUNTIME_COST_BUDGET } from '../../../cel/limits.js';
import { EvalError, isError, type Value } from '../../../cel/values/value.js';
import type { Activation } from '../../../cel/program/state.js';
import { admissionEnvironment, compileAdmission, type Compiled } from './environment.js';
import type { Budget } from './evaluation.js';

const VARIABLES = 'kubernetes.variables';

/** The types that the result of an expression may have, by the expression's part in the policy. */
const RESULTS = {
  validation: [BOOL],
  message: [STRING],
  auditAnnotation: [STRING, NULL],
} as const satisfies Readonly<Record<string, readonly Type[]>>;

type PolicyPart = keyof typeof RESULTS;

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

export function policyCompiler(scope: {
  readonly hasParams: boolean;
  /** Without variables, the name `variables` is not declared. */
  readonly hasVariables: boolean;
  readonly isStored?: boolean;
}): PolicyCompiler {
  const { hasParams, hasVariables, isStored = false } = scope;
  const fields = new Map<string, Type>();
  const types: TypeProvider = {
    hasStruct: (name) => name === VARIABLES,
    fieldType: (name, field) => (name === VARIABLES ? fields.get(field) : undefined),
  };
  const composed = hasVariables ? { variables: { variables: structOf(VARIABLES) }, types } : {};
  const environmentOf = (hasAuthorizer: boolean) =>
    admissionEnvironment({ hasParams, hasAuthorizer, isStored, ...composed });
  const whole = environmentOf(true);
  const forMessages = environmentOf(false);
  return {
    variable(name, expression) {
      const compiled = compileAdmission(expression, whole, []);
      fields.set(name, 'error' in compiled ? DYN : fieldType(compiled.program.type));
      return compiled;
    },
    expression: (part, expression) =>
      compileAdmission(expression, part === 'message' ? forMessages : whole, RESULTS[part]),
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
