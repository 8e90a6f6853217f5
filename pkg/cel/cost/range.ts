// Ranges of sizes and costs. Upstream counts in uint64 and stops at its greatest value; so do
// these.
import type { Type } from '../checker/types.js';
import type { Expr } from '../syntax/ast.js';

export interface Range {
  readonly min: number;
  readonly max: number;
}

export const MAX_UINT64 = 2 ** 64;
export const UNKNOWN: Range = { min: 0, max: MAX_UINT64 };

const bounded = (n: number): number => Math.min(n, MAX_UINT64);

export const exactly = (n: number): Range => ({ min: n, max: n });

export const add = (...ranges: readonly Range[]): Range => ({
  min: bounded(ranges.reduce((sum, { min }) => sum + min, 0)),
  max: bounded(ranges.reduce((sum, { max }) => sum + max, 0)),
});

export const multiply = (a: Range, b: Range): Range => ({
  min: bounded(a.min * b.min),
  max: bounded(a.max * b.max),
});

/** Rounded up. */
export const scale = ({ min, max }: Range, by: number): Range => ({
  min: bounded(Math.ceil(min * by)),
  max: bounded(Math.ceil(max * by)),
});

export const union = (a: Range, b: Range): Range => ({
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
});

/** The cost of a call, and the size of its result where it is known. */
export interface Estimate {
  readonly cost: Range;
  readonly size?: Range;
}

/** A receiver or an argument. */
export interface Node {
  readonly type: Type;
  /** Empty when it is no part of a variable. */
  readonly path: readonly string[];
  readonly expr: Expr;
  readonly size: Range | undefined;
}
