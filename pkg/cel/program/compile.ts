// Syntax tree to closures. Costs are charged as cel-go's planner and cost tracker charge them:
// chains of fields and indices are "attributes", which cost one unit for the whole and one for each
// step, and nothing for the whole where another attribute or a conditional resolves them.
import type { Checked, Reference } from '../checker/checker.js';
import type { Overload } from '../checker/declarations.js';
import { LIST_COST, MAP_COST, SELECT_COST, STRUCT_COST, equalityCost } from '../cost/run-time.js';
import { ACCUMULATOR, type CallExpr, type ComprehensionExpr, type Expr } from '../syntax/ast.js';
import type { ListExpr, MapExpr, SelectExpr, StructExpr } from '../syntax/ast.js';
import { equalValues } from '../values/compare.js';
import { createMap, isMapKey, type MutableMap } from '../values/map.js';
import {
  EvalError,
  kindOf,
  listItems,
  listSize,
  listGet,
  mapGet,
  mapKeys,
  Optional,
  type Value,
} from '../values/value.js';
import { patternOf } from '../values/pattern.js';
import { element, field, hasField, NO_OVERLOAD, optionalElement } from './access.js';
import { callOf } from './calls.js';
import { charge, State, type Eval } from './state.js';

/** The expression can never be evaluated, because a constant part of it fails. */
export class ProgramError extends Error {
  override name = 'ProgramError';
}

interface Plan {
  /** The value, with all costs. */
  readonly run: Eval;
  /** The value as a part of another attribute: without the cost of the whole. */
  readonly resolve: Eval;
  readonly isAttribute: boolean;
  /** Set for constants, folded ones included. */
  readonly constant?: { readonly value: Value };
}

/** Conversions that are folded when their argument is constant. */
const FOLDED: ReadonlySet<string> = new Set(
  'bool bytes double duration dyn int string timestamp type uint'.split(' '),
);

interface Locals {
  readonly name: string;
  readonly slot: number;
  readonly outer: Locals | undefined;
}

type Planner = (e: CallExpr, locals: Locals | undefined) => Plan;

const whole = (run: Eval): Plan => ({ run, resolve: run, isAttribute: false });
const constantPlan = (value: Value): Plan => ({
  run: () => value,
  resolve: () => value,
  isAttribute: false,
  constant: { value },
});
const attribute = (resolve: Eval): Plan => ({
  resolve,
  run: (s) => {
    const value = resolve(s);
    charge(s, SELECT_COST);
    return value;
  },
  isAttribute: true,
});

/** @throws ProgramError when a constant part fails. */
export const compileExpression = (checked: Checked): Eval =>
  createCompiler(checked).plan(checked.expr, undefined).run;

function createCompiler({ environment, references }: Checked) {
  let slots = 0;

  const referenceOf = (e: Expr): Reference | undefined => references.get(e.id);

  /** The overloads of a call; all that could fit when the expression was not checked. */
  const overloadsOf = (e: CallExpr): { fn: string; overloads: readonly Overload[] } => {
    const reference = referenceOf(e);
    if (reference?.kind === 'function') return reference;
    for (const name of environment.candidates(e.fn)) {
      const declared = environment.functions.get(name);
      if (!declared) continue;
      const isMember = e.target !== undefined;
      const overloads = declared.overloads.filter(
        (o) => o.isMember === isMember && o.args.length === e.args.length + (isMember ? 1 : 0),
      );
      return { fn: name, overloads };
    }
    return { fn: e.fn, overloads: [] };
  };

  const identPlan = (e: Expr, name: string, locals: Locals | undefined): Plan => {
    for (let at = locals; at; at = at.outer) {
      const { slot } = at;
      if (at.name === name) return attribute((s) => s.locals[slot]!);
    }
    const reference = referenceOf(e);
    const ident =
      reference?.kind === 'ident'
        ? reference.ident
        : environment
            .candidates(name)
            .map((candidate) => environment.identifiers.get(candidate))
            .find((found) => found !== undefined);
    if (ident?.value !== undefined) return constantPlan(ident.value);
    const key = ident?.name ?? name;
    const unknown = new EvalError(`no such attribute(s): ${key}`);
    return attribute((s) => {
      const value = s.input[key];
      return value === undefined ? unknown : value;
    });
  };

  const selectPlan = (e: SelectExpr, locals: Locals | undefined): Plan => {
    if (referenceOf(e)?.kind === 'ident') return identPlan(e, '', undefined);
    const operand = plan(e.operand, locals);
    const { field: name } = e;
    const step = e.testOnly ? hasField : field;
    const resolve: Eval = (s) => {
      const value = operand.resolve(s);
      if (value instanceof EvalError) return value;
      charge(s, SELECT_COST);
      return step(value, name);
    };
    return e.testOnly ? whole(resolve) : attribute(resolve);
  };

  const indexPlan =
    (step: (v: Value, key: Value) => Value): Planner =>
    (e, locals) => {
      const [operand, key] = e.args.map((arg) => plan(arg, locals)) as [Plan, Plan];
      return attribute((s) => {
        const value = operand.resolve(s);
        if (value instanceof EvalError) return value;
        const at = key.resolve(s);
        if (at instanceof EvalError) return at;
        charge(s, SELECT_COST);
        return step(value, at);
      });
    };

  const logicPlan: Planner = (e, locals) => {
    const [left, right] = e.args.map((arg) => plan(arg, locals).run) as [Eval, Eval];
    const decisive = e.fn === '_||_';
    return whole((s) => {
      const a = left(s);
      if (a === decisive) return decisive;
      const b = right(s);
      if (b === decisive) return decisive;
      if (typeof a === 'boolean' && typeof b === 'boolean') return !decisive;
      if (a instanceof EvalError) return a;
      if (b instanceof EvalError) return b;
      return NO_OVERLOAD;
    });
  };

  const conditionalPlan: Planner = (e, locals) => {
    const [condition, yes, no] = e.args.map((arg) => plan(arg, locals)) as [Plan, Plan, Plan];
    const resolve: Eval = (s) => {
      const holds = condition.run(s);
      if (holds === true) return yes.resolve(s);
      if (holds === false) return no.resolve(s);
      return holds instanceof EvalError ? holds : NO_OVERLOAD;
    };
    return { run: resolve, resolve, isAttribute: true };
  };

  const equalityPlan: Planner = (e, locals) => {
    const [left, right] = e.args.map((arg) => plan(arg, locals).run) as [Eval, Eval];
    const isWanted = e.fn === '_==_';
    return whole((s) => {
      const a = left(s);
      const b = right(s);
      if (a instanceof EvalError) return a;
      if (b instanceof EvalError) return b;
      charge(s, equalityCost(a, b));
      return equalValues(a, b) === isWanted;
    });
  };

  const inPlan: Planner = (e, locals) => {
    const [item, container] = e.args.map((arg) => plan(arg, locals)) as [Plan, Plan];
    const isFree = container.constant !== undefined && kindOf(container.constant.value) === 'list';
    const { overloads } = overloadsOf(e);
    const isList = overloads.length === 1 && overloads[0]!.id === 'in_list';
    return whole((s) => {
      const a = item.run(s);
      const b = container.run(s);
      if (a instanceof EvalError) return a;
      if (b instanceof EvalError) return b;
      const kind = kindOf(b);
      if (!isFree) charge(s, isList && kind === 'list' ? listSize(b) : 1);
      if (kind === 'list') return listItems(b).some((other) => equalValues(a, other));
      return kind === 'map' ? mapGet(b, a) !== undefined : NO_OVERLOAD;
    });
  };

  /** or and orValue look at their argument only when they need it. */
  const orPlan: Planner = (e, locals) => {
    const target = plan(e.target!, locals).run;
    const other = plan(e.args[0]!, locals).run;
    const isValue = e.fn === 'orValue';
    return whole((s) => {
      const value = target(s);
      if (value instanceof EvalError) return value;
      charge(s, 1);
      if (!(value instanceof Optional)) return NO_OVERLOAD;
      if (value.value !== undefined) return isValue ? value.value : value;
      return other(s);
    });
  };

  const notFalsePlan: Planner = (e, locals) => {
    const arg = plan(e.args[0]!, locals).run;
    return whole((s) => {
      const value = arg(s);
      charge(s, 1);
      return value !== false;
    });
  };

  const functionPlan: Planner = (e, locals) => {
    const { fn, overloads } = overloadsOf(e);
    const isMember = overloads.some((o) => o.isMember);
    const args = [...(e.target && isMember ? [e.target] : []), ...e.args].map((arg) =>
      plan(arg, locals),
    );
    const runs = args.map(({ run }) => run);
    const call = callOf(fn, overloads, runs);
    checkPattern(fn, args.at(-1));
    if (!FOLDED.has(fn) || args.length !== 1 || !args[0]!.constant) return whole(call);
    const folded = call(new State({}, Infinity));
    if (folded instanceof EvalError) throw new ProgramError(folded.message);
    return constantPlan(folded);
  };

  const checkPattern = (fn: string, pattern: Plan | undefined): void => {
    const text = fn === 'matches' ? pattern?.constant?.value : undefined;
    const compiled = typeof text === 'string' ? patternOf(text) : undefined;
    if (compiled instanceof EvalError) throw new ProgramError(compiled.message);
  };

  const special: Readonly<Record<string, Planner>> = {
    '_&&_': logicPlan,
    '_||_': logicPlan,
    '_?_:_': conditionalPlan,
    '_==_': equalityPlan,
    '_!=_': equalityPlan,
    '@in': inPlan,
    '@not_strictly_false': notFalsePlan,
    '_[_]': indexPlan(element),
    '_[?_]': indexPlan(optionalElement),
    '_?._': indexPlan(optionalElement),
  };

  const callPlan: Planner = (e, locals) => {
    const own = Object.hasOwn(special, e.fn) ? special[e.fn] : undefined;
    if (own) return own(e, locals);
    const isOr = (e.fn === 'or' || e.fn === 'orValue') && e.target && e.args.length === 1;
    return isOr && environment.optionalSyntax ? orPlan(e, locals) : functionPlan(e, locals);
  };

  /** The elements of a literal; those with a mark are left out when they are none. */
  const keptOf = (value: Value, isOptional: boolean): Value | undefined => {
    if (!isOptional || value instanceof EvalError) return value;
    return value instanceof Optional ? value.value : NO_OVERLOAD;
  };

  const listPlan = (e: ListExpr, locals: Locals | undefined): Plan => {
    const items = e.elements.map((item) => plan(item, locals));
    const { optional } = e;
    if (optional.size === 0 && items.every(({ constant }) => constant))
      return constantPlan(items.map(({ constant }) => constant!.value));
    return whole((s) => {
      const values: Value[] = [];
      for (let i = 0; i < items.length; i++) {
        const kept = keptOf(items[i]!.run(s), optional.has(i));
        if (kept instanceof EvalError) return kept;
        if (kept !== undefined) values.push(kept);
      }
      charge(s, LIST_COST);
      return values;
    });
  };

  const mapPlan = (e: MapExpr, locals: Locals | undefined): Plan => {
    const entries = e.entries.map((entry) => ({
      key: plan(entry.key, locals),
      value: plan(entry.value, locals),
      optional: entry.optional,
    }));
    const run: Eval = (s) => {
      const map = createMap();
      for (const entry of entries) {
        const key = entry.key.run(s);
        if (key instanceof EvalError) return key;
        if (!isMapKey(key)) return new EvalError('unsupported key type');
        const kept = keptOf(entry.value.run(s), entry.optional);
        if (kept instanceof EvalError) return kept;
        if (kept === undefined) continue;
        if (!map.insert(key, kept)) return new EvalError('Failed with repeated key');
      }
      charge(s, MAP_COST);
      return map;
    };
    const isConstant = entries.every((x) => x.key.constant && x.value.constant && !x.optional);
    if (!isConstant) return whole(run);
    const folded = run(new State({}, Infinity));
    return folded instanceof EvalError ? whole(run) : constantPlan(folded);
  };

  const structPlan = (e: StructExpr, locals: Locals | undefined): Plan => {
    const reference = referenceOf(e);
    const typeName = reference?.kind === 'ident' ? reference.ident.name : e.typeName;
    const fields = e.fields.map((f) => ({ ...f, run: plan(f.value, locals).run }));
    return whole((s) => {
      const values = new Map<string, Value>();
      for (const { name, run, optional } of fields) {
        const kept = keptOf(run(s), optional);
        if (kept instanceof EvalError) return kept;
        if (kept !== undefined) values.set(name, kept);
      }
      charge(s, STRUCT_COST);
      return environment.types.construct?.(typeName, values) ?? NO_OVERLOAD;
    });
  };

  const comprehensionPlan = (e: ComprehensionExpr, locals: Locals | undefined): Plan => {
    const range = plan(e.range, locals).run;
    const init = plan(e.accuInit, locals).run;
    const accu: Locals = { name: e.accuVar, slot: slots++, outer: locals };
    let inner: Locals = { name: e.iterVar, slot: slots++, outer: accu };
    const first = inner.slot;
    let second = -1;
    if (e.iterVar2 !== undefined) {
      inner = { name: e.iterVar2, slot: slots++, outer: inner };
      second = inner.slot;
    }
    const condition = plan(e.condition, inner).run;
    const grows = isGrowing(e);
    const step = grows ? growingStep(e.step, inner, accu.slot) : plan(e.step, inner).run;
    const result = plan(e.result, accu).run;
    const { slot } = accu;
    return whole((s) => {
      const over = range(s);
      if (over instanceof EvalError) return over;
      const start = init(s);
      s.locals[slot] = grows ? growable(start) : start;
      const error = forEach(over, second >= 0, (a, b) => {
        s.locals[first] = a;
        if (second >= 0) s.locals[second] = b;
        if (condition(s) === false) return false;
        s.locals[slot] = step(s);
        return !(grows && s.locals[slot] instanceof EvalError);
      });
      return error ?? result(s);
    });
  };

  /** A macro that appends to its accumulator: the list or map may grow in place. */
  const isGrowing = (e: ComprehensionExpr): boolean =>
    e.accuVar === ACCUMULATOR && (e.accuInit.kind === 'list' || e.accuInit.kind === 'map');

  const growingStep = (e: Expr, locals: Locals, slot: number): Eval => {
    if (e.kind !== 'call') return plan(e, locals).run;
    const [first, second, third] = e.args;
    if (e.fn === '_?_:_') {
      const condition = plan(first!, locals).run;
      const grow = growingStep(second!, locals, slot);
      return (s) => {
        const holds = condition(s);
        if (holds === true) return grow(s);
        if (holds === false) return s.locals[slot]!;
        return holds instanceof EvalError ? holds : NO_OVERLOAD;
      };
    }
    if (e.fn === '_+_') {
      const added = plan(second!, locals).run;
      return (s) => {
        charge(s, 2 * SELECT_COST);
        const items = added(s);
        if (items instanceof EvalError) return items;
        (s.locals[slot] as Value[]).push(...(items as Value[]));
        return s.locals[slot]!;
      };
    }
    const [a, b] = [plan(second!, locals).run, third && plan(third, locals).run];
    return (s) => {
      charge(s, 2 * SELECT_COST);
      const map = s.locals[slot] as unknown as MutableMap;
      return insertInto(map, a(s), b?.(s));
    };
  };

  const plan = (e: Expr, locals: Locals | undefined): Plan => {
    switch (e.kind) {
      case 'const':
        return constantPlan(e.value);
      case 'ident':
        return identPlan(e, e.name, locals);
      case 'select':
        return selectPlan(e, locals);
      case 'call':
        return callPlan(e, locals);
      case 'list':
        return listPlan(e, locals);
      case 'map':
        return mapPlan(e, locals);
      case 'struct':
        return structPlan(e, locals);
      case 'comprehension':
        return comprehensionPlan(e, locals);
    }
  };

  return { plan };
}

const growable = (start: Value): Value => (Array.isArray(start) ? [] : createMap());

/** cel.@mapInsert: a key and a value, or the entries of a map. */
function insertInto(map: MutableMap, first: Value, second: Value | undefined): Value {
  if (first instanceof EvalError) return first;
  if (second instanceof EvalError) return second;
  const entries =
    second === undefined
      ? kindOf(first) === 'map'
        ? Array.from(mapKeys(first), (key) => [key, mapGet(first, key)!] as const)
        : undefined
      : [[first, second] as const];
  if (!entries) return NO_OVERLOAD;
  for (const [key, value] of entries) {
    if (!isMapKey(key)) return new EvalError('unsupported key type');
    if (!map.insert(key, value))
      return new EvalError(`insert failed: key ${keyName(key)} already exists`);
  }
  return map;
}

const keyName = (key: Value): string => (typeof key === 'object' ? '' : String(key));

/** Calls `body` until it returns false; returns an error when the value is no range. */
function forEach(
  range: Value,
  isPair: boolean,
  body: (a: Value, b: Value) => boolean,
): EvalError | undefined {
  const kind = kindOf(range);
  if (kind === 'list') {
    const size = listSize(range);
    for (let i = 0; i < size; i++) {
      const item = listGet(range, i);
      if (!(isPair ? body(i, item) : body(item, null))) return undefined;
    }
    return undefined;
  }
  if (kind !== 'map') return NO_OVERLOAD;
  for (const key of mapKeys(range))
    if (!body(key, isPair ? mapGet(range, key)! : null)) return undefined;
  return undefined;
}
