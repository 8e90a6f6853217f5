// The JSONPath dialect of printer columns (upstream client-go/util/jsonpath, parser.go). A path
// stands without the braces that kubectl writes around it.
import { escapeHtml } from '../../apimachinery/codec/json.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { canonicalText } from '../../apimachinery/meta/go-text.js';
import { MAX_JSON_PATH_VALUES } from '../limits.js';

// The steps of a JSONPath: each makes values from values (upstream client-go/util/jsonpath,
// jsonpath.go, with missing keys allowed).

/** A path that does not fit its object. */
class JsonPathError extends Error {}

/** Counts the values of one evaluation, since `..` may multiply them. */
class Budget {
  private left = MAX_JSON_PATH_VALUES;

  /** @throws JsonPathError beyond the bound. */
  spend(count: number): void {
    if ((this.left -= count) < 0) throw new JsonPathError('too many values');
  }
}

type Step = (values: readonly unknown[], budget: Budget) => unknown[];

/** The members of a value, in their order. */
function membersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

const sequence =
  (steps: readonly Step[]): Step =>
  (values, budget) => {
    let at = [...values];
    for (const step of steps) {
      at = step(at, budget);
      budget.spend(at.length + 1);
    }
    return at;
  };

const literal =
  (value: unknown): Step =>
  (values) =>
    values.map(() => value);

const field =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) =>
      isJsonObject(value) && Object.hasOwn(value, name) ? [value[name]] : [],
    );

/** All values with members, outer ones first. */
const recursive: Step = (values, budget) => {
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

interface Slice {
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** One index, not a range. */
  readonly isIndex: boolean;
  readonly step: number | undefined;
}

const slice =
  (wanted: Slice): Step =>
  (values) =>
    values.flatMap((value) => {
      if (value === null || value === undefined) return [];
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
const filter =
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

function attempt<T, U>(work: () => T, otherwise: U): T | U {
  try {
    return work();
  } catch (error) {
    if (error instanceof JsonPathError) return otherwise;
    throw error;
  }
}

function exists(step: Step, item: unknown, budget: Budget): boolean {
  const found = attempt(() => step([item], budget), undefined);
  if (!found) budget.spend(1);
  return Boolean(found?.length);
}

export interface JsonPath {
  /** The values at the path; none when the path does not fit the object. */
  find(object: unknown): unknown[];
}

/** Undefined for a text that is no path. */
export function parseJsonPath(path: string): JsonPath | undefined {
  const step = attempt(() => parsePath(path), undefined);
  return step && { find: (object) => attempt(() => step([object], new Budget()), []) };
}

const TOKENS = {
  /** Spaces, and the signs of the current object and of the root. */
  nothing: /[ @$]+/y,
  filter: /\[\?\(/y,
  array: /\[([^\]\n]*)\]/y,
  recursive: /\.\./y,
  /** A name; a backslash keeps the sign behind it. */
  field: /\.((?:\\[^]|[^\\ \t\r\n.,[\]$@{}])*)/y,
  /** A name right behind `..`. */
  name: /(?=[\p{L}\p{Nd}_])((?:\\[^]|[^\\ \t\r\n.,[\]$@{}])*)/uy,
  quoted: /"((?:[^"\\\n]|\\[^\n])*)"|'((?:[^'\\\n]|\\[^\n])*)'/y,
  number: /[+-]?[\d.]+/y,
  word: /[\p{L}_][^ \t\r\n.,[\]$@{}]*/uy,
} as const;

const nameStep = (name: string): Step =>
  name === '*' ? (values) => values.flatMap(membersOf) : field(name.replaceAll('\\', ''));

/** @throws JsonPathError */
function parsePath(path: string): Step {
  const steps: Step[] = [];
  let at = 0;
  let isAfterRecursive = false;
  const take = (token: keyof typeof TOKENS): RegExpExecArray | null => {
    const pattern = TOKENS[token];
    pattern.lastIndex = at;
    const match = pattern.exec(path);
    if (match) at = pattern.lastIndex;
    return match;
  };
  const next = (): Step | undefined => {
    if (take('nothing')) return undefined;
    if (take('filter')) {
      const { end, step } = parseFilter(path, at);
      at = end;
      return step;
    }
    if (take('recursive')) {
      if (isAfterRecursive) throw new JsonPathError('invalid multiple recursive descent');
      const name = take('name');
      isAfterRecursive = !name;
      return name ? sequence([recursive, nameStep(name[1]!)]) : recursive;
    }
    isAfterRecursive = false;
    const array = take('array');
    if (array) return parseArray(array[1]!);
    const name = take('field');
    if (name) return nameStep(name[1]!);
    const quoted = take('quoted');
    // A text stands alone, whatever values there are.
    if (quoted) return () => [(quoted[1] ?? quoted[2]!).replace(/\\(.)/gu, '$1')];
    const number = take('number');
    if (number) return literal(numberOf(number[0]));
    const word = take('word')?.[0];
    if (word === 'true' || word === 'false') return literal(word === 'true');
    throw new JsonPathError('unrecognized character in action');
  };
  while (at < path.length) {
    const step = next();
    if (step) steps.push(step);
  }
  return sequence(steps);
}

function numberOf(digits: string): number {
  const number = Number(digits);
  if (Number.isNaN(number)) throw new JsonPathError(`cannot parse number ${digits}`);
  return number;
}

/** `*`, `0`, `-1`, `0:2`, `0:4:2`, `'name'`, or several of them behind commas. */
function parseArray(inside: string): Step {
  const parts = inside.split(',');
  if (parts.length > 1) {
    const steps = parts.map((part) => parseArray(part.replace(/^ +| +$/g, '')));
    return (values, budget) => steps.flatMap((step) => step(values, budget));
  }
  const key = /^'([^']*)'$/.exec(inside);
  if (key) return parsePath(`.${key[1]!}`);
  const found = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(inside === '*' ? ':' : inside);
  if (!found) throw new JsonPathError(`invalid array index ${inside}`);
  const [, first = '', ...others] = found;
  const [from, to, step] = [first, ...others.map((part) => part?.slice(1) ?? '')].map((digits) =>
    digits === '' ? undefined : numberOf(digits),
  );
  return slice({ from, to, step, isIndex: found[2] === undefined });
}

/** A filter from behind `[?(`; its quotes may hide the end. */
function parseFilter(path: string, start: number): { step: Step; end: number } {
  const end = endOfFilter(path, start);
  if (path.slice(end, end + 2) !== ')]') throw new JsonPathError('unclosed array expect ]');
  const inside = path.slice(start, end);
  const comparison = /^([^!<>=]+)([!<>=]+)(.+)$/.exec(inside);
  const step = comparison
    ? filter(parsePath(comparison[1]!), comparison[2]!, parsePath(comparison[3]!))
    : filter(parsePath(inside));
  return { step, end: end + 2 };
}

function endOfFilter(path: string, start: number): number {
  let quote: string | undefined;
  let isClosed = false;
  for (let at = start; at < path.length; at++) {
    const character = path[at]!;
    if (character === '\n') break;
    if (character === '"' || character === "'") {
      if (quote === undefined) quote = character;
      else if (character === quote && path[at - 1] !== '\\') isClosed = true;
    } else if (character === ')' && isClosed === (quote !== undefined)) return at;
  }
  throw new JsonPathError('unterminated filter');
}

/** A value as upstream prints it in a column: texts as they are, lists and maps as JSON. */
export function printValue(value: unknown): string {
  if (value === null || value === undefined) return '<no value>';
  if (typeof value === 'number') return goNumber(value);
  return typeof value === 'object'
    ? escapeHtml(canonicalText(value))
    : String(value as string | boolean | bigint);
}

/** Go's %v has an exponent with two digits, and sooner than JavaScript. */
function goNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e21)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
