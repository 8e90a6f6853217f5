// Runs compiled admission expressions within a budget of cost that they share (upstream
// apiserver/pkg/admission/plugin/cel/activation.go Evaluate).
import type { Activation } from '../../../cel/program/state.js';
import { isError, type Value } from '../../../cel/values/value.js';
import type { Compiled } from '../../../cel/kubernetes/admission.js';

export interface Budget {
  remaining: number;
}

/** The expressions together cost more than the budget. */
export class BudgetError extends Error {
  override name = 'BudgetError';
  constructor() {
    super(
      'validation failed due to running out of cost budget, no further validation rules will be run',
    );
  }
}

export type Evaluated = { readonly value: Value } | { readonly error: string };

/** @throws BudgetError */
export function evaluate(
  expression: string,
  compiled: Compiled,
  activation: Activation,
  budget: Budget,
): Evaluated {
  if ('error' in compiled) return { error: `compilation error: ${compiled.error}` };
  const { value, cost } = compiled.program.evaluate(activation);
  if (cost > budget.remaining) throw new BudgetError();
  budget.remaining -= cost;
  return isError(value)
    ? { error: `expression '${expression}' resulted in error: ${value.message}` }
    : { value };
}
