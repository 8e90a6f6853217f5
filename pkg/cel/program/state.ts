// The state of one evaluation: the variables, the locals of loops, and the cost so far.
import { EvalError, type Value } from '../values/value.js';

/** Variables by name; a missing one is an error when it is read. */
export type Activation = Readonly<Record<string, Value | undefined>>;

export class State {
  cost = 0;
  readonly locals: Value[] = [];
  constructor(
    readonly input: Activation,
    readonly limit: number,
  ) {}
}

/** The result of an evaluation that went beyond its limit. */
export const COST_LIMIT_EXCEEDED = new EvalError('operation cancelled: actual cost limit exceeded');

/** Thrown through the evaluation; && and || do not absorb it. */
export const CANCELLED: unique symbol = Symbol('cancelled');

/** @throws CANCELLED beyond the limit. */
export function charge(state: State, cost: number): void {
  if ((state.cost += cost) > state.limit) throw CANCELLED;
}

/** A compiled expression. */
export type Eval = (state: State) => Value;
