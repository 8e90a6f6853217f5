// Sets of field paths in the stored form of managedFields (fieldsV1): nested objects whose keys are
// path elements ('f:spec', 'k:{"name":"web"}', 'v:"a"'). A node is a member of the set
// when it is empty or has the key '.'. The root is never a member; the empty set is {}.
// All functions are pure and may share nodes between their arguments and results.
// Source: sigs.k8s.io/structured-merge-diff/v4/fieldpath.
import { jsonText } from '../../util/json/json-text.js';
import { MAX_FIELD_SET_DEPTH } from '../limits.js';

export interface FieldSet {
  readonly [element: string]: FieldSet;
}

export const EMPTY_SET: FieldSet = Object.freeze({});
const MEMBER = EMPTY_SET;
const SELF = '.';

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Defined for nodes below the root. */
export const isMember = (node: FieldSet | undefined): boolean =>
  node !== undefined && (SELF in node || isEmptySet(node));

/**
 * A node from its parts; undefined when it is neither a member nor has children. `children` is
 * taken over.
 */
export function nodeOf(member: boolean, children: Record<string, FieldSet>): FieldSet | undefined {
  if (isEmptySet(children)) return member ? MEMBER : undefined;
  return member ? { [SELF]: MEMBER, ...children } : children;
}

/** A member to which children are added in place. */
export const memberNode = (): Record<string, FieldSet> => ({ [SELF]: MEMBER });

/** The children of a node, without its membership. */
export function childrenOf(node: FieldSet): Record<string, FieldSet> {
  const { [SELF]: _, ...children } = node;
  return children;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b;
  if (isEmptySet(b)) return a;
  return unionChildren(a, b);
}

/** By halves: joining many sets one after another would copy the first again and again. */
export function unionAll(sets: readonly FieldSet[]): FieldSet {
  if (sets.length < 2) return sets[0] ?? EMPTY_SET;
  const half = sets.length >> 1;
  return union(unionAll(sets.slice(0, half)), unionAll(sets.slice(half)));
}

function unionChildren(a: FieldSet, b: FieldSet): Record<string, FieldSet> {
  const out: Record<string, FieldSet> = {};
  for (const key in a) {
    if (key === SELF) continue;
    const other = b[key];
    out[key] = other === undefined || other === a[key] ? a[key]! : unionNodes(a[key]!, other);
  }
  for (const key in b) if (key !== SELF && a[key] === undefined) out[key] = b[key]!;
  return out;
}

const unionNodes = (a: FieldSet, b: FieldSet): FieldSet =>
  nodeOf(isMember(a) || isMember(b), unionChildren(a, b))!;

/** The members of `a` that are not in `b`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmptySet(b) ? a : differenceChildren(a, b);

function differenceChildren(a: FieldSet, b: FieldSet): Record<string, FieldSet> {
  const out: Record<string, FieldSet> = {};
  for (const key in a) {
    if (key === SELF) continue;
    const node = a[key]!;
    const other = b[key];
    const rest =
      other === undefined
        ? node
        : nodeOf(isMember(node) && !isMember(other), differenceChildren(node, other));
    if (rest !== undefined) out[key] = rest;
  }
  return out;
}

/** The members of `a` that are not at or below a member of `b`. */
export function withoutSubtrees(a: FieldSet, b: FieldSet): FieldSet {
  const out: Record<string, FieldSet> = {};
  for (const key in a) {
    if (key === SELF) {
      out[key] = MEMBER;
      continue;
    }
    const other = b[key];
    if (other === undefined) out[key] = a[key]!;
    else if (!isMember(other)) {
      const below = withoutSubtrees(a[key]!, other);
      if (!isEmptySet(below) || isEmptySet(a[key]!)) out[key] = below;
    }
  }
  return out;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const out: Record<string, FieldSet> = {};
  for (const key in a) {
    const other = b[key];
    if (key === SELF || other === undefined) continue;
    const node = a[key]!;
    const both = nodeOf(
      isMember(node) && isMember(other),
      intersection(node, other) as Record<string, FieldSet>,
    );
    if (both !== undefined) out[key] = both;
  }
  return out;
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  return covers(a, b) && covers(b, a);
}

/** True when every node of `b` is a node of `a` with the same membership. */
function covers(a: FieldSet, b: FieldSet): boolean {
  for (const key in b) {
    if (key === SELF) continue;
    const node = a[key];
    if (node === undefined || isMember(node) !== isMember(b[key]) || !covers(node, b[key]!))
      return false;
  }
  return true;
}

/** The set with keys in upstream's order, for storage; itself when it is in order. */
export function sorted(set: FieldSet): FieldSet {
  if (set === MEMBER) return set;
  const keys = Object.keys(set);
  let isSame = true;
  for (let i = 1; i < keys.length && isSame; i++) isSame = keys[i - 1]! < keys[i]!;
  if (!isSame) keys.sort();
  const out: Record<string, FieldSet> = {};
  for (const key of keys) {
    const node = set[key]!;
    out[key] = sorted(node);
    if (out[key] !== node) isSame = false;
  }
  return isSame ? set : out;
}

/** Paths of all members, each as a list of elements, in order. */
export function members(set: FieldSet, prefix: readonly string[] = []): string[][] {
  const out: string[][] = [];
  for (const key of Object.keys(set).sort()) {
    if (key === SELF) continue;
    const path = [...prefix, key];
    if (isMember(set[key])) out.push(path);
    out.push(...members(set[key]!, path));
  }
  return out;
}

/** '.spec.containers[name="web"].image' */
export const pathText = (path: readonly string[]): string => path.map(elementText).join('');

function elementText(element: string): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'k': {
      const keys = JSON.parse(rest) as Record<string, unknown>;
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${jsonText(value)}`)
        .join(',')}]`;
    }
    case 'v':
      return `[=${rest}]`;
    case 'i':
      return `[${rest}]`;
    default:
      return `.${rest}`;
  }
}

/** The set of one path of plain fields, e.g. ['metadata', 'labels']. */
export const setOfFields = (...paths: readonly (readonly string[])[]): FieldSet =>
  paths.reduce<FieldSet>(
    (set, path) =>
      union(
        set,
        path.reduceRight<FieldSet>((node, field) => ({ [`f:${field}`]: node }), MEMBER),
      ),
    EMPTY_SET,
  );

/** True for JSON that is a set in this form; clients may send any JSON as managedFields. */
export function isFieldSet(value: unknown, depth = 0): value is FieldSet {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    depth > MAX_FIELD_SET_DEPTH
  )
    return false;
  return Object.entries(value).every(
    ([key, node]) =>
      (depth > 0 && key === SELF ? true : isElement(key)) && isFieldSet(node, depth + 1),
  );
}

const ELEMENTS: Readonly<Record<string, (rest: string) => boolean>> = {
  f: (rest) => rest !== '',
  i: (rest) => /^-?[0-9]+$/.test(rest),
  k: (rest) => rest.startsWith('{') && isJson(rest),
  v: (rest) => isJson(rest),
};

const isElement = (element: string): boolean =>
  element[1] === ':' && ELEMENTS[element[0]!]?.(element.slice(2)) === true;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
