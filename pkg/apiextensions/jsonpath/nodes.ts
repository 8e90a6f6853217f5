// The steps of a JSONPath: each makes values from values (upstream client-go/util/jsonpath,
// jsonpath.go, with missing keys allowed).
import { MAX_JSON_PATH_VALUES } from '../limits.js';

/** A path that does not fit its object. */
export class JsonPathError extends Error {}

/** Counts the values of one evaluation, since `..` may multiply them. */
export class Budget {
  private left = MAX_JSON_PATH_VALUES;

  /** @throws JsonPathError beyond the bound. */
  spend(count: number): void {
    if ((this.left -= count) < 0) throw new JsonPathError('too many values');
  }
}

export type Step = (values: readonly unknown[], budget: Budget) => unknown[];

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNil = (value: unknown): boolean => value === null || value === undefined;

/** The members of a value, in their order. */
function membersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

export const sequence =
  (steps: readonly Step[]): Step =>
  (values, budget) => {
    let at = [...values];
    for (const step of steps) {
      at = step(at, budget);
      budget.spend(at.length + 1);
    }
    return at;
  };

export const literal =
  (value: unknown): Step =>
  (values) =>
    values.map(() => value);

/** A text stands alone, whatever values there are. */
export const text =
  (value: string): Step =>
  () => [value];

export const field =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));

export const wildcard: Step = (values) => values.flatMap(membersOf);

/** All values with members, outer ones first. */
export const recursive: Step = (values, budget) => {
  const found: unknown[] = [];
  const left = [...values].reverse();
  while (left.length > 0) {
    const value = left.pop();
    const members = membersOf(value);
    budget.spend(1);
    if (members.length === 0 && (typeof value !== 'string' || value === '')) continue;
    found.push(value);
    for (let i = members.length - 1; i >= 0; i--) left.push(members[i]);
  }
  return found;
};

export const union =
  (parts: readonly Step[]): Step =>
  (values, budget) =>
    parts.flatMap((part) => part(values, budget));

export interface Slice {
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** One index, not a range. */
  readonly isIndex: boolean;
  readonly step: number | undefined;
}

export const slice =
  (wanted: Slice): Step =>
  (values) =>
    values.flatMap((value) => {
      if (isNil(value)) return [];
      if (!Array.isArray(value)) throw new JsonPathError('not an array');
      return sliceOf(value, wanted);
    });

function sliceOf(list: readonly unknown[], { from = 0, isIndex, step = 1, to }: Slice): unknown[] {
  const { length } = list;
  const start = from < 0 ? from + length : from;
  const given = isIndex ? from + 1 : (to ?? length);
  const end = given < 0 || (given === 0 && isIndex) ? given + length : given;
  if (start === end) return [];
  if (start < 0 || start >= length || end < 0 || end > length)
    throw new JsonPathError(`array index out of bounds: length ${length}`);
  if (start > end) throw new JsonPathError('the start is greater than the end');
  if (step <= 0) throw new JsonPathError('step must be > 0');
  return list.slice(start, end).filter((_, index) => index % step === 0);
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
};

/** Go compares values of one kind only; whole numbers and fractions are two kinds. */
function compare(operator: string, left: unknown, right: unknown): boolean {
  const kind = kindOf(left);
  const holds = COMPARISONS[operator];
  if (!holds) throw new JsonPathError(`unrecognized filter operator ${operator}`);
  const isOrdered = kind !== 'boolean' || operator === '==' || operator === '!=';
  if (kind === undefined || kind !== kindOf(right) || !isOrdered)
    throw new JsonPathError('incompatible types for comparison');
  const [a, b] = [left, right] as [number, number];
  return holds(a < b ? -1 : a > b ? 1 : 0);
}

function kindOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  if (typeof value === 'bigint') return 'integer';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : undefined;
}

/** The items of lists for which the comparison holds, or which have a value at `left`. */
export const filter =
  (left: Step, operator?: string, right?: Step): Step =>
  (values, budget) =>
    values.flatMap((list) => {
      if (!Array.isArray(list)) throw new JsonPathError('not an array');
      return list.filter((item: unknown) => {
        budget.spend(1);
        if (operator === undefined || right === undefined) return exists(left, item, budget);
        return compare(operator, only(left, item, budget), only(right, item, budget));
      });
    });

function only(step: Step, item: unknown, budget: Budget): unknown {
  const found = step([item], budget);
  if (found.length !== 1) throw new JsonPathError('can only compare one element at a time');
  return found[0];
}

function exists(step: Step, item: unknown, budget: Budget): boolean {
  try {
    return step([item], budget).length > 0;
  } catch (error) {
    budget.spend(1);
    if (error instanceof JsonPathError) return false;
    throw error;
  }
}
