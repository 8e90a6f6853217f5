// The syntax tree. Every node has an identifier: a small number that the side tables of positions,
// types and overloads are indexed by.
import type { Value } from '../values/value.js';

interface Node {
  readonly id: number;
}

export interface ConstExpr extends Node {
  readonly kind: 'const';
  readonly value: Value;
}

export interface IdentExpr extends Node {
  readonly kind: 'ident';
  readonly name: string;
}

export interface SelectExpr extends Node {
  readonly kind: 'select';
  readonly operand: Expr;
  readonly field: string;
  /** has(operand.field) */
  readonly testOnly: boolean;
}

export interface CallExpr extends Node {
  readonly kind: 'call';
  readonly fn: string;
  /** The receiver of a call in member style. */
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
}

export interface ListExpr extends Node {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
  /** Indices of elements that are written with a question mark. */
  readonly optional: ReadonlySet<number>;
}

export interface MapEntry extends Node {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface MapExpr extends Node {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface StructField extends Node {
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface StructExpr extends Node {
  readonly kind: 'struct';
  readonly typeName: string;
  readonly fields: readonly StructField[];
}

/** A loop that folds a range into an accumulator; macros expand to it. */
export interface ComprehensionExpr extends Node {
  readonly kind: 'comprehension';
  readonly iterVar: string;
  /** Set in the forms with two variables: the first one is the index or key then. */
  readonly iterVar2: string | undefined;
  readonly range: Expr;
  readonly accuVar: string;
  readonly accuInit: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

export type Expr =
  | ConstExpr
  | IdentExpr
  | SelectExpr
  | CallExpr
  | ListExpr
  | MapExpr
  | StructExpr
  | ComprehensionExpr;

/** The accumulator of macros. No source text can name it. */
export const ACCUMULATOR = '@result';

/** `a.b.c` as a text, when the expression is such a chain. */
export function qualifiedName(e: Expr): string | undefined {
  if (e.kind === 'ident') return e.name;
  if (e.kind !== 'select' || e.testOnly) return undefined;
  const prefix = qualifiedName(e.operand);
  return prefix === undefined ? undefined : `${prefix}.${e.field}`;
}
