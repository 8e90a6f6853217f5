// The cost of an expression before it runs, as a range (cel-go 0.22 checker/cost.go, and upstream's
// k8s.io/apiserver/pkg/cel/library/cost.go). Numbers saturate at the greatest uint64.
import type { Checked } from '../checker/checker.js';
import type { Type } from '../checker/types.js';
import { ACCUMULATOR, type CallExpr, type ComprehensionExpr, type Expr } from '../syntax/ast.js';
import { kindOf } from '../values/value.js';
import { callEstimate } from './call-estimates.js';
import {
  add,
  exactly,
  MAX_UINT64,
  multiply,
  scale,
  UNKNOWN,
  union,
  type Estimate,
  type Node,
  type Range,
} from './range.js';
import { LIST_COST, MAP_COST, sizeOf, STRUCT_COST } from './run-time.js';

/**
 * The size of a part of a variable: fields, `@items`, `@keys` and `@values` behind the variable's
 * name. Undefined when nothing is known of it.
 */
export type SizeEstimator = (path: readonly string[]) => Range | undefined;

const FREE = exactly(0);
const ONE = exactly(1);
const SCALARS: ReadonlySet<string> = new Set(
  'bool double duration int null timestamp uint'.split(' '),
);
const HAVE_FIELDS: ReadonlySet<string> = new Set(['map', 'struct', 'param']);

/** The least and the greatest cost of one evaluation. */
export const estimateCost = (checked: Checked, sizeOfPath: SizeEstimator): Range =>
  createEstimator(checked, sizeOfPath).visit(checked.expr);

function createEstimator({ types, references }: Checked, sizeOfPath: SizeEstimator) {
  const paths: (readonly string[])[] = [];
  const sizes: (Range | undefined)[] = [];
  /** The ranges that the variables of open loops run over. */
  const loops = new Map<string, Expr[]>();

  const pathOf = (e: Expr): readonly string[] => paths[e.id] ?? [];
  const typeIs = (e: Expr): Type => types[e.id]!;

  /** Sizes that follow from the expression itself. */
  const computedSize = (e: Expr): Range | undefined => {
    const known = sizes[e.id];
    if (known) return known;
    switch (e.kind) {
      case 'const':
        return exactly(kindOf(e.value) === 'null_type' ? 1 : sizeOf(e.value));
      case 'list':
        return exactly(e.elements.length);
      case 'map':
        return exactly(e.entries.length);
      default:
        return undefined;
    }
  };

  const nodeOf = (e: Expr): Node => {
    const path = pathOf(e);
    return { type: typeIs(e), path: path[0] === ACCUMULATOR ? [] : path, expr: e, size: sizeIs(e) };
  };
  const estimated = (path: readonly string[]): Range | undefined =>
    path.length === 0 || path[0] === ACCUMULATOR ? undefined : sizeOfPath(path);
  const sizeIs = (e: Expr): Range | undefined => computedSize(e) ?? estimated(pathOf(e));
  const sizeOrUnknown = (e: Expr): Range =>
    sizeIs(e) ?? (SCALARS.has(typeIs(e).kind) ? ONE : UNKNOWN);

  const visitIdent = (e: Expr, name: string): Range => {
    const range = loops.get(name)?.at(-1);
    if (!range) paths[e.id] = [name];
    else if (typeIs(range).kind === 'list') paths[e.id] = [...pathOf(range), '@items'];
    else if (typeIs(range).kind === 'map') paths[e.id] = [...pathOf(range), '@keys'];
    return ONE;
  };

  const visitComprehension = (e: ComprehensionExpr): Range => {
    const before = add(visit(e.range), visit(e.accuInit));
    const open = loops.get(e.iterVar) ?? [];
    loops.set(e.iterVar, [...open, e.range]);
    const each = add(visit(e.condition), visit(e.step));
    loops.set(e.iterVar, open);
    const after = visit(e.result);
    const count = sizeOrUnknown(e.range);
    sizes[e.id] = count;
    return add(before, after, multiply(count, each));
  };

  const visitCall = (e: CallExpr): Range => {
    const costs = e.args.map(visit);
    const reference = references.get(e.id);
    if (reference?.kind !== 'function') return FREE;
    const isMember = e.target !== undefined && reference.overloads.some((o) => o.isMember);
    const before = isMember ? visit(e.target!) : FREE;
    let cost: Range = { min: MAX_UINT64, max: 0 };
    let size: Range | undefined;
    for (const { id } of reference.overloads) {
      const estimate = overloadCost(e, reference.fn, id, isMember ? e.target : undefined, costs);
      cost = union(cost, estimate.cost);
      if (estimate.size) size = size ? union(size, estimate.size) : estimate.size;
      if (id === 'index_list') paths[e.id] = [...pathOf(e.args[0]!), '@items'];
      if (id === 'index_map') paths[e.id] = [...pathOf(e.args[0]!), '@values'];
    }
    sizes[e.id] = size;
    return add(before, cost);
  };

  const overloadCost = (
    e: CallExpr,
    fn: string,
    id: string,
    target: Expr | undefined,
    costs: readonly Range[],
  ): Estimate => {
    const sum = add(...costs);
    const own = callEstimate(fn, id, target && nodeOf(target), e.args.map(nodeOf), estimated);
    if (own) return { ...own, cost: add(own.cost, sum) };
    const [first, second, third] = e.args;
    switch (id) {
      case 'logical_and':
      case 'logical_or':
        return { cost: { min: costs[0]!.min, max: add(costs[0]!, costs[1]!).max } };
      case 'conditional':
        return {
          cost: add(costs[0]!, union(costs[1]!, costs[2]!)),
          size: union(sizeOrUnknown(second!), sizeOrUnknown(third!)),
        };
      case 'add_string':
      case 'add_bytes':
      case 'add_list': {
        const size = add(sizeOrUnknown(first!), sizeOrUnknown(second!));
        return { cost: add(id === 'add_list' ? ONE : scale(size, 0.1), sum), size };
      }
      default:
        return standardCost(id, target, e.args, sum);
    }
  };

  const standardCost = (
    id: string,
    target: Expr | undefined,
    args: readonly Expr[],
    sum: Range,
  ): Estimate => {
    const size = (e: Expr | undefined): Range => (e ? sizeOrUnknown(e) : UNKNOWN);
    const [first, second] = args;
    switch (id) {
      case 'string_format':
        return { cost: add(scale(size(target), 0.1), sum) };
      case 'string_to_bytes':
      case 'bytes_to_string':
      case 'strings_quote':
        return { cost: add(scale(size(first), 0.1), sum), size: CONVERTED[id](size(first)) };
      case 'starts_with_string':
      case 'ends_with_string':
        return { cost: add(scale(size(first), 0.1), sum) };
      case 'in_list':
        return { cost: add(size(second), sum) };
      case 'matches_string':
        return {
          cost: add(multiply(scale(add(size(target), ONE), 0.1), scale(size(first), 0.25)), sum),
        };
      case 'contains_string':
        return { cost: add(multiply(scale(size(target), 0.1), scale(size(first), 0.1)), sum) };
      default:
        return { cost: add(COMPARED.test(id) ? comparison(size(first), size(second)) : ONE, sum) };
    }
  };

  const visit = (e: Expr): Range => {
    switch (e.kind) {
      case 'const':
        return FREE;
      case 'ident':
        return visitIdent(e, e.name);
      case 'select': {
        const cost = visit(e.operand);
        if (e.testOnly) return cost;
        paths[e.id] = [...pathOf(e.operand), e.field];
        return HAVE_FIELDS.has(typeIs(e.operand)?.kind) ? add(cost, ONE) : cost;
      }
      case 'call':
        return visitCall(e);
      case 'list':
        return add(exactly(LIST_COST), ...e.elements.map(visit));
      case 'map':
        return add(
          exactly(MAP_COST),
          ...e.entries.flatMap(({ key, value }) => [visit(key), visit(value)]),
        );
      case 'struct':
        return add(exactly(STRUCT_COST), ...e.fields.map(({ value }) => visit(value)));
      case 'comprehension':
        return visitComprehension(e);
    }
  };

  return { visit };
}

/** The sizes of conversions, of that of their argument. */
const CONVERTED = {
  string_to_bytes: ({ min, max }: Range) => ({ min, max: Math.min(max * 4, MAX_UINT64) }),
  bytes_to_string: ({ min, max }: Range) => ({ min: Math.floor(min / 4), max }),
  strings_quote: ({ min, max }: Range) => ({
    min: min + 2,
    max: Math.min(max * 2 + 2, MAX_UINT64),
  }),
};

/** Comparisons of texts and bytes, and equality. */
const COMPARED = /^(?:equals|not_equals|(?:less|greater)(?:_equals)?_(?:string|bytes))$/;

function comparison(a: Range, b: Range): Range {
  const max = Math.min(a.max, b.max);
  return scale({ min: max > 0 ? 1 : 0, max }, 0.1);
}
