// Declarations of functions. A library is a table of signatures in a short form, `string.size()
// int`, with what each of them does.
import type { Value } from '../values/value.js';
import {
  DURATION,
  DYN,
  listOf,
  mapOf,
  opaque,
  optionalOf,
  paramOf,
  PRIMITIVES,
  structOf,
  TIMESTAMP,
  typeOf,
  type Type,
} from './types.js';

/** The code of an overload. An argument is never an error, and fits the declared type. */
export type Implementation = (...args: never[]) => Value;

export interface Overload {
  readonly id: string;
  readonly isMember: boolean;
  /** With the receiver first. */
  readonly args: readonly Type[];
  readonly result: Type;
  /** Names of type parameters. */
  readonly params: readonly string[];
  readonly implementation: Implementation | undefined;
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly overloads: readonly Overload[];
}

const NAMED: Readonly<Record<string, Type>> = {
  ...PRIMITIVES,
  dyn: DYN,
  duration: DURATION,
  timestamp: TIMESTAMP,
  type: typeOf(),
  'net.IP': opaque('net.IP'),
  'net.CIDR': opaque('net.CIDR'),
};

const GENERIC: Readonly<Record<string, (a: Type, b: Type) => Type>> = {
  list: listOf,
  map: mapOf,
  optional: optionalOf,
  type: typeOf,
};

/** Splits `a, map(b, c)` at the commas of the outer level. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter(Boolean);
}

/**
 * A type in the short form: `map(string, list(A))`; single capitals are type parameters, and names
 * without a meaning of their own are structs of the namespace.
 */
function readType(text: string, namespace: string): Type {
  const known = NAMED[text];
  if (known) return known;
  const open = text.indexOf('(');
  if (open < 0) return /^[A-Z]$/.test(text) ? paramOf(text) : structOf(`${namespace}${text}`);
  const params = split(text.slice(open + 1, -1)).map((param) => readType(param, namespace));
  const name = text.slice(0, open);
  const generic = Object.hasOwn(GENERIC, name) ? GENERIC[name] : undefined;
  return generic ? generic(...(params as [Type, Type])) : opaque(name, ...params);
}

function paramsOf(types: readonly Type[]): string[] {
  const names = new Set<string>();
  const visit = (t: Type): void => {
    if (t.kind === 'param') names.add(t.name);
    t.params.forEach(visit);
  };
  types.forEach(visit);
  return [...names];
}

/**
 * One row of a library: the overload's identifier, its signature, and what it does.
 *
 * `RECEIVER.name(ARGS) RESULT` declares a member; the receiver is a type that ends before the last
 * dot. A global function begins with a blank-free name, which may have dots: `~sets.contains(...)`
 * with a tilde in front.
 */
export type Row = readonly [id: string, signature: string, implementation?: Implementation];

function readRow(
  [id, signature, implementation]: Row,
  namespace: string,
): { name: string; overload: Overload } {
  const read = (type: string): Type => readType(type, namespace);
  const isGlobal = signature.startsWith('~');
  const text = isGlobal ? signature.slice(1) : signature;
  const [open, end] = argumentsIn(text);
  const result = read(text.slice(end + 1).trim());
  const callee = text.slice(0, open);
  const dot = callee.lastIndexOf('.');
  const name = isGlobal ? callee : callee.slice(dot + 1);
  const receiver = isGlobal ? [] : [read(callee.slice(0, dot))];
  const args = [...receiver, ...split(text.slice(open + 1, end)).map(read)];
  return {
    name,
    overload: {
      id,
      isMember: !isGlobal,
      args,
      result,
      params: paramsOf([...args, result]),
      implementation,
    },
  };
}

/** The parentheses around the arguments: those that a blank and the result follow. */
function argumentsIn(text: string): [open: number, end: number] {
  let depth = 0;
  let open = -1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(' && depth++ === 0) open = i;
    else if (text[i] === ')' && --depth === 0 && text[i + 1] === ' ') return [open, i];
  }
  return [-1, -1];
}

/** The declarations of a table, in the order of its rows. */
export const declare = (rows: readonly Row[]): FunctionDeclaration[] => declareIn('', rows);

/** The same; the namespace ends with a dot. */
export function declareIn(namespace: string, rows: readonly Row[]): FunctionDeclaration[] {
  const functions = new Map<string, Overload[]>();
  for (const row of rows) {
    const { name, overload } = readRow(row, namespace);
    const overloads = functions.get(name);
    if (overloads) overloads.push(overload);
    else functions.set(name, [overload]);
  }
  return [...functions].map(([name, overloads]) => ({ name, overloads }));
}
