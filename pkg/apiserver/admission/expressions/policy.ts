// Runs the expressions of admission policies (upstream
// apiserver/pkg/admission/plugin/cel/composition.go). Load this file by load.ts.
import type { Compiled } from '../../../cel/kubernetes/admission.js';
import { jsonOf, misnamedTypes } from '../../../cel/kubernetes/mutation.js';
import { RUNTIME_COST_BUDGET } from '../../../cel/limits.js';
import { EvalError, isError, listItems, mapGet, type Value } from '../../../cel/values/value.js';
import type { Activation } from '../../../cel/program/state.js';
import type { Budget } from './evaluation.js';

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
