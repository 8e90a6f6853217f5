// Calls of functions: the overload is chosen by the values, from those that the checker left.
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { Overload } from '../checker/declarations.js';
import { callCost, JOIN_COST, type CallCost } from '../cost/run-time.js';
import { EvalError, isInt, kindOf, Opaque, Optional, Uint, type Value } from '../values/value.js';
import { charge, type Eval, type State } from './state.js';
import type { Type } from '../checker/types.js';

// Which values an overload takes at run time. Parameters of lists and maps are not looked at.
type Guard = (v: Value) => boolean;

const anything: Guard = () => true;
const ofKind =
  (kind: string): Guard =>
  (v) =>
    kindOf(v) === kind;

const GUARDS: Readonly<Record<string, Guard>> = {
  bool: (v) => typeof v === 'boolean',
  int: isInt,
  uint: (v) => v instanceof Uint,
  double: ofKind('double'),
  string: (v) => typeof v === 'string',
  bytes: (v) => v instanceof Uint8Array,
  duration: ofKind('duration'),
  timestamp: ofKind('timestamp'),
  list: ofKind('list'),
  map: ofKind('map'),
  type: ofKind('type'),
  null: (v) => v === null,
};

function guardOf(type: Type): Guard {
  const { kind, name } = type;
  if (kind !== 'opaque' && kind !== 'struct') return GUARDS[kind] ?? anything;
  if (name === 'optional_type') {
    const inner = guardOf(type.params[0]!);
    return (v) => v instanceof Optional && (v.value === undefined || inner(v.value));
  }
  return (v) => v instanceof Opaque && v.typeName === name;
}

type Guards = readonly Guard[];

const known = new WeakMap<Overload, Guards>();

const guardsOf = (overload: Overload): Guards =>
  getOrInsert(known, overload, () => overload.args.map(guardOf));

type Function1 = (a: Value) => Value;
type Function2 = (a: Value, b: Value) => Value;
type FunctionN = (...args: Value[]) => Value;

/**
 * Charges before the work, so that a call beyond the limit never starts. Only the cost of join
 * depends on the result, whose size its own bound limits.
 */
function pay(
  s: State,
  cost: CallCost | undefined,
  args: readonly Value[],
  run: () => Value,
): Value {
  if (cost === undefined) {
    charge(s, 1);
    return run();
  }
  if (cost !== JOIN_COST) {
    charge(s, cost(args, null));
    return run();
  }
  const result = run();
  charge(s, cost(args, result));
  return result;
}

interface Candidate {
  readonly guards: Guards;
  readonly run: FunctionN;
}

const candidatesOf = (overloads: readonly Overload[], arity: number): Candidate[] =>
  overloads
    .filter((o) => o.implementation !== undefined && o.args.length === arity)
    .map((o) => ({ guards: guardsOf(o), run: o.implementation as unknown as FunctionN }));

function unary(
  candidates: readonly Candidate[],
  arg: Eval,
  cost: CallCost | undefined,
  otherwise: EvalError,
): Eval {
  const choices = candidates.map(({ guards, run }) => ({
    fits: guards[0]!,
    run: run as Function1,
  }));
  return (s) => {
    const a = arg(s);
    if (a instanceof EvalError) return a;
    for (const { fits, run } of choices) if (fits(a)) return pay(s, cost, [a], () => run(a));
    charge(s, 1);
    return otherwise;
  };
}

/** Comparisons have a short way for small integers. */
const TESTS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '_<_': (a, b) => a < b,
  '_<=_': (a, b) => a <= b,
  '_>_': (a, b) => a > b,
  '_>=_': (a, b) => a >= b,
};

function binary(
  candidates: readonly Candidate[],
  left: Eval,
  right: Eval,
  cost: CallCost | undefined,
  otherwise: EvalError,
  test?: (a: number, b: number) => boolean,
): Eval {
  const choices = candidates.map(({ guards, run }) => ({
    fitsLeft: guards[0]!,
    fitsRight: guards[1]!,
    run: run as Function2,
  }));
  return (s) => {
    const a = left(s);
    const b = right(s);
    if (test && typeof a === 'number' && typeof b === 'number') {
      charge(s, 1);
      return test(a, b);
    }
    if (a instanceof EvalError) return a;
    if (b instanceof EvalError) return b;
    for (const { fitsLeft, fitsRight, run } of choices)
      if (fitsLeft(a) && fitsRight(b)) return pay(s, cost, [a, b], () => run(a, b));
    charge(s, 1);
    return otherwise;
  };
}

function variadic(
  candidates: readonly Candidate[],
  args: readonly Eval[],
  cost: CallCost | undefined,
  otherwise: EvalError,
): Eval {
  return (s) => {
    const values: Value[] = [];
    for (const arg of args) {
      const value = arg(s);
      if (value instanceof EvalError) return value;
      values.push(value);
    }
    const chosen = candidates.find(({ guards }) => guards.every((fits, i) => fits(values[i]!)));
    if (chosen) return pay(s, cost, values, () => chosen.run(...values));
    charge(s, 1);
    return otherwise;
  };
}

/** A strict call: the first argument that is an error is the result. */
export function callOf(fn: string, overloads: readonly Overload[], args: readonly Eval[]): Eval {
  const candidates = candidatesOf(overloads, args.length);
  const cost = callCost(fn, overloads.length === 1 ? overloads[0]!.id : '');
  const otherwise = new EvalError('no such overload');
  const [first, second] = args;
  if (args.length === 1) return unary(candidates, first!, cost, otherwise);
  if (args.length === 2) return binary(candidates, first!, second!, cost, otherwise, TESTS[fn]);
  return variadic(candidates, args, cost, otherwise);
}
