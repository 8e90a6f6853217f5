// Declarations of functions. A library is a table of signatures in a short form, `string.size()
// int`, with what each of them does.
import type { Value } from '../values/value.js';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  paramOf,
  STRING,
  structOf,
  TIMESTAMP,
  typeOf,
  UINT,
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
  bool: BOOL,
  int: INT,
  uint: UINT,
  double: DOUBLE,
  string: STRING,
  bytes: BYTES,
  null: NULL,
  dyn: DYN,
  duration: DURATION,
  timestamp: TIMESTAMP,
  type: typeOf(),
  'net.IP': opaque('net.IP'),
  'net.CIDR': opaque('net.CIDR'),
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

/** A type in the short form: `map(string, list(A))`; single capitals are type parameters. */
function readType(text: string): Type {
  const known = NAMED[text];
  if (known) return known;
  const open = text.indexOf('(');
  if (open < 0) return /^[A-Z]$/.test(text) ? paramOf(text) : structOf(text);
  const params = split(text.slice(open + 1, -1)).map(readType);
  switch (text.slice(0, open)) {
    case 'list':
      return listOf(params[0]!);
    case 'map':
      return mapOf(params[0]!, params[1]!);
    case 'optional':
      return optionalOf(params[0]!);
    case 'type':
      return typeOf(params[0]);
    default:
      return opaque(text.slice(0, open), ...params);
  }
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

/** Where the parenthesis that the last one closes opens. */
function openOf(text: string): number {
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === '(' && --depth === 0) return i;
  }
  return -1;
}

/**
 * One row of a library: the overload's identifier, its signature, and what it does.
 *
 * `RECEIVER.name(ARGS) RESULT` declares a member; the receiver is a type that ends before the last
 * dot. A global function begins with a blank-free name, which may have dots: `~sets.contains(...)`
 * with a tilde in front.
 */
export type Row = readonly [id: string, signature: string, implementation?: Implementation];

function readRow([id, signature, implementation]: Row): { name: string; overload: Overload } {
  const isGlobal = signature.startsWith('~');
  const text = isGlobal ? signature.slice(1) : signature;
  const end = closingOf(text);
  const head = text.slice(0, end + 1);
  const open = openOf(head);
  const result = readType(text.slice(end + 1).trim());
  const callee = head.slice(0, open);
  const dot = callee.lastIndexOf('.');
  const name = isGlobal ? callee : callee.slice(dot + 1);
  const receiver = isGlobal ? [] : [readType(callee.slice(0, dot))];
  const args = [...receiver, ...split(head.slice(open + 1, -1)).map(readType)];
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

/** The parenthesis before the result: the one that a blank and the result follow. */
function closingOf(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0 && text[i + 1] === ' ') return i;
  }
  return -1;
}

/** The declarations of a table, in the order of its rows. */
export function declare(rows: readonly Row[]): FunctionDeclaration[] {
  const functions = new Map<string, Overload[]>();
  for (const row of rows) {
    const { name, overload } = readRow(row);
    const overloads = functions.get(name);
    if (overloads) overloads.push(overload);
    else functions.set(name, [overload]);
  }
  return [...functions].map(([name, overloads]) => ({ name, overloads }));
}
