// A checked expression as a program that runs.
import type { Checked } from '../checker/checker.js';
import type { Type } from '../checker/types.js';
import { PER_CALL_LIMIT } from '../limits.js';
import type { Value } from '../values/value.js';
import { compileExpression } from './compile.js';
import { CANCELLED, COST_LIMIT_EXCEEDED, State, type Activation } from './state.js';

export interface Outcome {
  /** An EvalError when the expression failed; COST_LIMIT_EXCEEDED beyond the limit. */
  readonly value: Value;
  /** Cost units that were used. */
  readonly cost: number;
}

export interface Program {
  readonly checked: Checked;
  readonly type: Type;
  /** `limit` is the cost at most, PER_CALL_LIMIT when absent. */
  evaluate(input: Activation, limit?: number): Outcome;
}

/** @throws ProgramError when a constant part of the expression fails. */
export function createProgram(checked: Checked): Program {
  const run = compileExpression(checked);
  return {
    checked,
    type: checked.type,
    evaluate(input, limit = PER_CALL_LIMIT) {
      const state = new State(input, limit);
      try {
        const value = run(state);
        return { value, cost: state.cost };
      } catch (error) {
        if (error === CANCELLED) return { value: COST_LIMIT_EXCEEDED, cost: state.cost };
        throw error;
      }
    },
  };
}
