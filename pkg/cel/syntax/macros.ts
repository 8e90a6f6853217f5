// Macros: calls that the parser replaces by other expressions (cel-go parser/macro.go,
// cel/library.go for optionals, ext/comprehensions.go for the forms with two variables).
import type { Value } from '../values/value.js';
import { ACCUMULATOR, type Expr, type IdentExpr, type MapEntry, type StructField } from './ast.js';

/** Makes nodes at one position. */
export interface NodeFactory {
  nextId(): number;
  constant(value: Value): Expr;
  ident(name: string): Expr;
  select(operand: Expr, field: string, testOnly?: boolean): Expr;
  call(fn: string, args: readonly Expr[], target?: Expr): Expr;
  list(elements: readonly Expr[], optional?: ReadonlySet<number>): Expr;
  map(entries: readonly MapEntry[]): Expr;
  struct(typeName: string, fields: readonly StructField[]): Expr;
  fold(loop: Loop): Expr;
}

interface Loop {
  iterVar: string;
  iterVar2?: string | undefined;
  range: Expr;
  accuVar?: string;
  accuInit: Expr;
  condition: Expr;
  step: Expr;
  result: Expr;
}

export interface Builder {
  /** A factory of nodes whose position is `offset`. */
  at(offset: number): NodeFactory;
}

/** `positions` gets the offset of every node that is made. */
export function createBuilder(positions: number[]): Builder {
  positions[0] = 0;
  return {
    at(offset) {
      const nextId = (): number => positions.push(offset) - 1;
      return {
        nextId,
        constant: (value) => ({ id: nextId(), kind: 'const', value }),
        ident: (name) => ({ id: nextId(), kind: 'ident', name }),
        select: (operand, field, testOnly = false) => ({
          id: nextId(),
          kind: 'select',
          operand,
          field,
          testOnly,
        }),
        call: (fn, args, target) => ({ id: nextId(), kind: 'call', fn, target, args }),
        list: (elements, optional = new Set()) => ({
          id: nextId(),
          kind: 'list',
          elements,
          optional,
        }),
        map: (entries) => ({ id: nextId(), kind: 'map', entries }),
        struct: (typeName, fields) => ({ id: nextId(), kind: 'struct', typeName, fields }),
        fold: ({ iterVar2, accuVar = ACCUMULATOR, ...rest }) => ({
          id: nextId(),
          kind: 'comprehension',
          iterVar2,
          accuVar,
          ...rest,
        }),
      };
    },
  };
}

/** The arguments of a macro are wrong; `at` is the node to point at. */
export class MacroError extends Error {
  override name = 'MacroError';
  constructor(
    readonly at: Expr,
    message: string,
  ) {
    super(message);
  }
}

export interface Macro {
  readonly name: string;
  /** Called on a receiver. */
  readonly isMember: boolean;
  /** The expansion holds the target twice. */
  readonly copiesTarget?: boolean;
  /** Numbers of arguments that it takes. */
  readonly arity: readonly number[];
  /**
   * The replacement, or undefined to leave the call as it is.
   *
   * @throws MacroError
   */
  expand(make: NodeFactory, target: Expr | undefined, args: readonly Expr[]): Expr | undefined;
}

const HIDDEN_NAMES: ReadonlySet<string> = new Set([ACCUMULATOR, '__result__']);

function variable(e: Expr, message: string): IdentExpr {
  if (e.kind !== 'ident' || e.name.startsWith('.')) throw new MacroError(e, message);
  if (HIDDEN_NAMES.has(e.name))
    throw new MacroError(e, 'iteration variable overwrites accumulator variable');
  return e;
}

type Fold = Pick<Loop, 'accuInit' | 'condition' | 'step' | 'result'>;
type FoldOf = (make: NodeFactory, args: readonly Expr[], iterVar: Expr) => Fold;

const accumulator = (make: NodeFactory): Expr => make.ident(ACCUMULATOR);
const append = (make: NodeFactory, element: Expr): Expr =>
  make.call('_+_', [accumulator(make), make.list([element])]);

/** `step` where the filter holds, else the accumulator as it is. */
const filtered = (make: NodeFactory, filter: Expr | undefined, step: Expr): Expr =>
  filter ? make.call('_?_:_', [filter, step, accumulator(make)]) : step;

const all: FoldOf = (make, [predicate]) => ({
  accuInit: make.constant(true),
  condition: make.call('@not_strictly_false', [accumulator(make)]),
  step: make.call('_&&_', [accumulator(make), predicate!]),
  result: accumulator(make),
});
const exists: FoldOf = (make, [predicate]) => ({
  accuInit: make.constant(false),
  condition: make.call('@not_strictly_false', [make.call('!_', [accumulator(make)])]),
  step: make.call('_||_', [accumulator(make), predicate!]),
  result: accumulator(make),
});
const existsOne: FoldOf = (make, [predicate]) => ({
  accuInit: make.constant(0),
  condition: make.constant(true),
  step: filtered(make, predicate, make.call('_+_', [accumulator(make), make.constant(1)])),
  result: make.call('_==_', [accumulator(make), make.constant(1)]),
});
/** A list or a map that grows by each item that passes the filter. */
const growing = (make: NodeFactory, empty: Expr, filter: Expr | undefined, step: Expr): Fold => ({
  accuInit: empty,
  condition: make.constant(true),
  step: filtered(make, filter, step),
  result: accumulator(make),
});
const insert = (make: NodeFactory, ...entry: Expr[]): Expr =>
  make.call('cel.@mapInsert', [accumulator(make), ...entry]);
/** The arguments are those behind the variables: a filter, which may be absent, and the element. */
const transform: FoldOf = (make, args) =>
  growing(make, make.list([]), args.at(-2), append(make, args.at(-1)!));
const filter: FoldOf = (make, [predicate], iterVar) =>
  growing(make, make.list([]), predicate, append(make, iterVar));
const transformMap: FoldOf = (make, args, iterVar) =>
  growing(make, make.map([]), args.at(-2), insert(make, iterVar, args.at(-1)!));
const transformMapEntry: FoldOf = (make, args) =>
  growing(make, make.map([]), args.at(-2), insert(make, args.at(-1)!));

/** A fold over a receiver with one variable; with two, an index or key and a value. */
const over = (
  variables: 1 | 2,
  name: string,
  arity: readonly number[],
  foldOf: FoldOf,
  message = 'argument must be a simple name',
): Macro => ({
  name,
  isMember: true,
  arity,
  expand(make, target, args) {
    const iterVar = variable(args[0]!, message);
    const second = variables === 2 ? variable(args[1]!, message) : undefined;
    if (second?.name === iterVar.name)
      throw new MacroError(second, `duplicate variable name: ${iterVar.name}`);
    return make.fold({
      iterVar: iterVar.name,
      iterVar2: second?.name,
      range: target!,
      ...foldOf(make, args.slice(variables), iterVar),
    });
  },
});

const has: Macro = {
  name: 'has',
  isMember: false,
  arity: [1],
  expand(make, _target, [argument]) {
    if (argument!.kind === 'select' && !argument!.testOnly)
      return make.select(argument!.operand, argument!.field, true);
    throw new MacroError(argument!, 'invalid argument to has() macro');
  },
};

export const STANDARD_MACROS: readonly Macro[] = [
  has,
  over(1, 'all', [2], all),
  over(1, 'exists', [2], exists),
  over(1, 'exists_one', [2], existsOne),
  over(1, 'map', [2, 3], transform, 'argument is not an identifier'),
  over(1, 'filter', [2], filter, 'argument is not an identifier'),
];

/** The second name of exists_one, which Kubernetes 1.32 does not have. */
export const EXISTS_ONE_ALIAS: Macro = over(1, 'existsOne', [2], existsOne);

export const TWO_VARIABLE_MACROS: readonly Macro[] = [
  over(2, 'all', [3], all),
  over(2, 'exists', [3], exists),
  over(2, 'existsOne', [3], existsOne),
  over(2, 'exists_one', [3], existsOne),
  over(2, 'transformList', [3, 4], transform),
  over(2, 'transformMap', [3, 4], transformMap),
  over(2, 'transformMapEntry', [3, 4], transformMapEntry),
];

/** optMap and optFlatMap: `expr` with the value in `name`, when there is one. */
const optionalMacro = (name: string, wrap: (make: NodeFactory, mapped: Expr) => Expr): Macro => ({
  name,
  isMember: true,
  copiesTarget: true,
  arity: [2],
  expand(make, target, [first, mapped]) {
    const iterVar = variable(first!, `${name}() variable name must be a simple identifier`);
    const inner = make.fold({
      iterVar: '#unused',
      range: make.list([]),
      accuVar: iterVar.name,
      accuInit: make.call('value', [], target),
      condition: make.constant(false),
      step: make.ident(iterVar.name),
      result: mapped!,
    });
    return make.call('_?_:_', [
      make.call('hasValue', [], target),
      wrap(make, inner),
      make.call('optional.none', []),
    ]);
  },
});

export const OPTIONAL_MACROS: readonly Macro[] = [
  optionalMacro('optMap', (make, mapped) => make.call('optional.of', [mapped])),
  optionalMacro('optFlatMap', (_make, mapped) => mapped),
];
