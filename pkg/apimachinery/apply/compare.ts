// The differences of two versions of an object, as sets of paths, and the set of the paths of a
// configuration. Source: structured-merge-diff typed/{compare,tofieldset}.go.
import { equalJson } from '../meta/clone.js';
import {
  childrenOf,
  EMPTY_SET,
  isEmptySet,
  memberNode,
  nodeOf,
  type FieldSet,
} from './field-set.js';
import {
  fieldElement,
  itemElement,
  itemOf,
  itemsByElement,
  memberOf,
  structureOf,
  type JsonObject,
  type Typed,
} from './structure.js';

type Children = Record<string, FieldSet>;

export interface Comparison {
  added: FieldSet;
  removed: FieldSet;
  modified: FieldSet;
}

/**
 * Whether a new object has this member because Go writes its zero value always: it is there in an
 * empty object too, so creation does not add it.
 */
const isImplied = (member: unknown, go: string | undefined): boolean =>
  go?.endsWith('!') === true && (member === '' || member === 0 || member === false);

/** The set of all paths in `value`, which is a member itself. */
function addedNode(value: unknown, typed: Typed): FieldSet {
  if (value === null || value === undefined) return EMPTY_SET;
  const structure = structureOf(typed, value);
  let node: Children | undefined;
  if (structure.kind === 'map') {
    const object = value as JsonObject;
    for (const key in object) {
      const member = object[key];
      if (member === undefined) continue;
      const memberType = memberOf(typed, key);
      node ??= memberNode();
      node[fieldElement(memberType, key)] = addedNode(member, memberType);
    }
  } else if (structure.kind === 'list') {
    const item = itemOf(typed);
    for (const member of value as unknown[]) {
      node ??= memberNode();
      const element = itemElement(member, structure.keys, item);
      // Items with one key are owned together, without their fields.
      node[element] = node[element] === undefined ? addedNode(member, item) : EMPTY_SET;
    }
  }
  return node ?? EMPTY_SET;
}

/** The paths below `value`. */
const addedIn = (value: unknown, typed: Typed): Children => childrenOf(addedNode(value, typed));

/** The paths that a new object adds to the empty object of its kind. */
export const addedByCreate = (object: JsonObject, typed: Typed, hasGoType: boolean): FieldSet =>
  hasGoType ? createdIn(object, typed) : addedIn(object, typed);

function createdIn(object: JsonObject, typed: Typed): Children {
  const children: Children = {};
  for (const key in object) {
    const member = object[key];
    if (member === undefined || member === null) continue;
    const memberType = memberOf(typed, key);
    const go = memberType.facts?.go;
    if (isImplied(member, go)) continue;
    // Go structs that are values are there in an empty object too.
    if (go?.startsWith('s') && structureOf(memberType, member).kind === 'map') {
      const node = nodeOf(false, createdIn(member as JsonObject, memberType));
      if (node) children[fieldElement(memberType, key)] = node;
    } else {
      const implied =
        Array.isArray(member) &&
        memberType.facts?.required === true &&
        structureOf(memberType, member).kind === 'list';
      const node = addedNode(member, memberType);
      if (!implied) children[fieldElement(memberType, key)] = node;
      else if (!isEmptySet(node)) children[fieldElement(memberType, key)] = childrenOf(node);
    }
  }
  return children;
}

/** `before` and `after` have the same type. */
export function compareObjects(before: JsonObject, after: JsonObject, typed: Typed): Comparison {
  const added: Children = {};
  const removed: Children = {};
  const modified: Children = {};
  compareMaps(before, after, typed, { added, removed, modified });
  return { added, removed, modified };
}

interface Collected {
  added: Children;
  removed: Children;
  modified: Children;
}

const none = (): Collected => ({ added: {}, removed: {}, modified: {} });

function attach(into: Children, element: string, member: boolean, children: Children): void {
  const node = nodeOf(member, children);
  if (node) into[element] = node;
}

function compareMembers(
  element: string,
  before: unknown,
  after: unknown,
  typed: Typed,
  into: Collected,
): void {
  if (before === after) return;
  if (before === undefined) {
    // An empty list of Go's is null too.
    const isNil = after === null && (typed.type?.kind === 'list' || typed.type?.kind === 'map');
    if (!isNil) attach(into.added, element, true, addedIn(after, typed));
    return;
  }
  if (after === undefined) {
    if (before !== null) attach(into.removed, element, true, addedIn(before, typed));
    return;
  }
  // A null is a value: the empty list or map where the other side has one.
  if (before === null || after === null) {
    const other = structureOf(typed, before ?? after);
    if (other.kind === 'leaf') into.modified[element] = EMPTY_SET;
    else if (before === null) attach(into.added, element, false, addedIn(after, typed));
    else attach(into.removed, element, false, addedIn(before, typed));
    return;
  }
  const was = structureOf(typed, before);
  const is = structureOf(typed, after);
  if (was.kind !== is.kind || is.kind === 'leaf') {
    if (!equalJson(before, after)) {
      into.modified[element] = EMPTY_SET;
      if (was.kind !== 'leaf') attach(into.removed, element, false, addedIn(before, typed));
      if (is.kind !== 'leaf') attach(into.added, element, false, addedIn(after, typed));
    }
    return;
  }
  const below = none();
  if (is.kind === 'map') compareMaps(before as JsonObject, after as JsonObject, typed, below);
  else compareLists(before as unknown[], after as unknown[], is.keys, typed, below);
  attach(into.added, element, false, below.added);
  attach(into.removed, element, false, below.removed);
  attach(into.modified, element, false, below.modified);
}

function compareMaps(before: JsonObject, after: JsonObject, typed: Typed, into: Collected): void {
  for (const key in before)
    compareMembers(
      `f:${key}`,
      before[key],
      Object.hasOwn(after, key) ? after[key] : undefined,
      memberOf(typed, key),
      into,
    );
  for (const key in after)
    if (!Object.hasOwn(before, key))
      compareMembers(`f:${key}`, undefined, after[key], memberOf(typed, key), into);
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  keys: readonly string[] | undefined,
  typed: Typed,
  into: Collected,
): void {
  const item = itemOf(typed);
  const old = itemsByElement(before, keys, item);
  const next = itemsByElement(after, keys, item);
  const compareItem = (element: string): void => {
    const were = old.doubled.get(element);
    const are = next.doubled.get(element);
    if (were && are) {
      if (!equalJson(were, are)) into.modified[element] = EMPTY_SET;
      return;
    }
    compareMembers(element, old.byElement.get(element), next.byElement.get(element), item, into);
    if (were) into.removed[element] = EMPTY_SET;
    if (are) into.added[element] = EMPTY_SET;
  };
  for (const element of old.byElement.keys()) compareItem(element);
  for (const element of next.byElement.keys())
    if (!old.byElement.has(element)) compareItem(element);
}

/**
 * The paths that a configuration mentions, as an applier owns them (no '.' for objects that have
 * fields).
 */
export function fieldSetOf(value: unknown, typed: Typed): FieldSet {
  const children: Children = {};
  if (value === null || value === undefined) return children;
  const structure = structureOf(typed, value);
  if (structure.kind === 'map') {
    const object = value as JsonObject;
    const fixed = typed.type?.kind === 'struct' ? typed.type.struct.fields : undefined;
    for (const key in object) {
      const member = object[key];
      if (member === undefined) continue;
      const memberType = memberOf(typed, key);
      const leaf = member === null || structureOf(memberType, member).kind === 'leaf';
      const empty = !leaf && !Array.isArray(member) && Object.keys(member as object).length === 0;
      attach(
        children,
        `f:${key}`,
        leaf || empty || !fixed?.has(key),
        fieldSetOf(member, memberType) as Children,
      );
    }
  } else if (structure.kind === 'list') {
    const item = itemOf(typed);
    for (const member of value as unknown[]) {
      const element = itemElement(member, structure.keys, item);
      const isDoubled = children[element] !== undefined;
      attach(children, element, true, isDoubled ? {} : (fieldSetOf(member, item) as Children));
    }
  }
  return children;
}
