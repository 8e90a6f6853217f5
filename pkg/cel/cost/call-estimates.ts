// Estimates for the functions of the extended libraries (upstream's library/cost.go, and cel-go's
// ext/sets.go).
import { isInt } from '../values/value.js';
import {
  add,
  exactly,
  multiply,
  scale,
  UNKNOWN,
  type Estimate,
  type Node,
  type Range,
} from './range.js';
import {
  AUTHORIZATION_COST,
  LIST_COST,
  REGEX_FACTOR,
  STRING_FACTOR,
  STRUCT_COST,
} from './run-time.js';

interface Call {
  readonly id: string;
  readonly target: Node | undefined;
  readonly args: readonly Node[];
  readonly sizeOfPath: (path: readonly string[]) => Range | undefined;
}

type Estimator = (call: Call) => Estimate | undefined;

const ONE = exactly(1);
const unit: Estimator = () => ({ cost: ONE });
const sizeOf = (node: Node | undefined): Range => node?.size ?? UNKNOWN;
const traversal = (size: Range, factor = 1): Range => scale(size, STRING_FACTOR * factor);

/** The longest pattern of a named format. */
const FORMAT_PATTERN_SIZE = 128;

/** A traversal of the first argument of a global function. */
const ofArgument =
  (factor = 1): Estimator =>
  ({ args }) =>
    args.length >= 1 ? { cost: traversal(sizeOf(args[0]), factor) } : undefined;

/** A traversal of the receiver, with a result of its size. */
const ofText: Estimator = ({ target }) =>
  target && { cost: traversal(sizeOf(target)), size: sizeOf(target) };

const sizeOfItems = ({ path }: Node, sizeOfPath: Call['sizeOfPath']): Range =>
  sizeOfPath(path.length > 0 ? [...path, '@items'] : []) ?? UNKNOWN;

const ofList: Estimator = ({ target, sizeOfPath }) => {
  if (!target) return undefined;
  const element = target.type.params[0];
  if (!element) return { cost: traversal(sizeOf(target)) };
  const isText = element.kind === 'string' || element.kind === 'bytes';
  const each = isText ? add(ONE, traversal(sizeOfItems(target, sizeOfPath))) : ONE;
  return { cost: multiply(sizeOf(target), each) };
};

/** How long a text can become when parts of it are replaced. */
function replacedSize(text: Range, part: Range, by: Range): Range {
  const longest =
    part.min === 0
      ? (text.max + 1) * by.max + text.max
      : by.max <= part.min
        ? text.max
        : Math.ceil(text.max / part.min) * by.max;
  const shortest =
    part.max === 0
      ? (text.min + 1) * by.min + text.min
      : part.max <= by.min
        ? text.min
        : Math.ceil(text.min / part.max) * by.min;
  return add({ min: shortest, max: longest });
}

const replace: Estimator = ({ target, args }) =>
  target && args.length >= 2
    ? {
        cost: traversal(sizeOf(target), 2),
        size: replacedSize(sizeOf(target), sizeOf(args[0]), sizeOf(args[1])),
      }
    : undefined;

const split: Estimator = ({ target, args }) => {
  if (!target) return undefined;
  const limit = args[1]?.expr.kind === 'const' ? args[1].expr.value : undefined;
  const max =
    limit !== undefined && isInt(limit) && limit >= 0 ? Number(limit) : sizeOf(target).max;
  return { cost: traversal(sizeOf(target), 2), size: { min: 0, max } };
};

const join: Estimator = ({ target, args, sizeOfPath }) => {
  if (!target) return undefined;
  const count = sizeOf(target);
  const hasItems = target.type.params[0] !== undefined;
  let size = hasItems ? multiply(count, sizeOfItems(target, sizeOfPath)) : exactly(0);
  const gaps = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) };
  if (args[0]) size = add(size, multiply(sizeOf(args[0]), gaps));
  return { cost: traversal(size), size };
};

const find: Estimator = ({ target, args }) => {
  if (!target || !args[0]) return undefined;
  const text = traversal(add(sizeOf(target), ONE));
  return {
    cost: multiply(text, scale(sizeOf(args[0]), REGEX_FACTOR)),
    size: { min: 0, max: sizeOf(target).max },
  };
};

const ADDRESS: Range = { min: 4, max: 16 };
const contains: Estimator = ({ id, target, args }) => {
  if (!target || !args[0]) return undefined;
  let cost = traversal(add(ADDRESS, ADDRESS));
  if (id.startsWith('cidr_contains_cidr')) cost = add(cost, traversal(ADDRESS), ONE);
  if (id.endsWith('_string')) cost = add(cost, traversal(sizeOf(args[0])));
  return { cost };
};

const selector: Estimator = ({ args }) => {
  if (args.length !== 1) return undefined;
  const size = sizeOf(args[0]);
  const requirements = scale(scale(size, 0.5), LIST_COST + STRUCT_COST);
  return { cost: add(exactly(LIST_COST), traversal(size), requirements) };
};

const sets =
  (factor: number): Estimator =>
  ({ args }) => ({ cost: add(scale(multiply(sizeOf(args[0]), sizeOf(args[1])), factor), ONE) });

/** Types that compare in one step. */
const SIMPLE = /^(?:net\.(?:IP|CIDR)|kubernetes\.(?:Quantity|authorization\.\w+))$/;
const equality: Estimator = ({ args: [a, b] }) => {
  if (!a || !b || a.type.name !== b.type.name) return undefined;
  if (SIMPLE.test(a.type.name)) return { cost: ONE };
  if (a.type.name === 'kubernetes.NamedFormat') return { cost: traversal({ min: 1, max: 64 }) };
  if (a.type.name === 'kubernetes.URL')
    return { cost: traversal({ min: 1, max: b.size?.max ?? 1 }) };
  return undefined;
};

const named = (names: string, estimator: Estimator): [string, Estimator][] =>
  names.split(' ').map((name) => [name, estimator]);

const BY_FUNCTION: ReadonlyMap<string, Estimator> = new Map([
  ...named('check', () => ({ cost: exactly(AUTHORIZATION_COST) })),
  ...named(
    'serviceAccount path group resource subresource namespace name allowed reason error errored',
    unit,
  ),
  ...named('fieldSelector labelSelector', selector),
  ...named('isSorted sum max min indexOf lastIndexOf', ofList),
  ...named('url', ({ args }) =>
    args.length === 1 ? { cost: traversal(sizeOf(args[0])), size: sizeOf(args[0]) } : undefined,
  ),
  ...named('lowerAscii upperAscii substring trim', ofText),
  ...named('replace', replace),
  ...named('split', split),
  ...named('join', join),
  ...named('find findAll', find),
  ...named('cidr isIP isCIDR quantity isQuantity', ofArgument()),
  ...named('ip', (call) => (call.args.length > 0 ? ofArgument()(call) : { cost: ONE })),
  ...named('ip.isCanonical', ofArgument(2)),
  ...named('containsIP containsCIDR', contains),
  ...named(
    'validate',
    ({ target, args }) =>
      target && { cost: scale(traversal(sizeOf(args[0])), FORMAT_PATTERN_SIZE * REGEX_FACTOR) },
  ),
  ...named('_==_', equality),
  ...named('sets.contains sets.intersects', sets(1)),
  ...named('sets.equivalent', sets(2)),
]);

/** Undefined for calls whose cost cel-go's own table gives. */
export const callEstimate = (
  fn: string,
  id: string,
  target: Node | undefined,
  args: readonly Node[],
  sizeOfPath: Call['sizeOfPath'],
): Estimate | undefined => BY_FUNCTION.get(fn)?.({ id, target, args, sizeOfPath });
