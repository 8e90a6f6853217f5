// Merges an applied configuration into an object, and removes fields that have no owner left.
// Source: structured-merge-diff typed/{merge,remove}.go. Results share nodes with the arguments.
import { setMember } from '../meta/clone.js';
import { isEmptySet, isMember, type FieldSet } from './field-set.js';
import {
  itemElement,
  itemOf,
  itemsByElement,
  memberOf,
  structureOf,
  type JsonObject,
  type Typed,
} from './structure.js';

/** `applied` wins; lists that are owned by element keep the items that only `live` has. */
export function mergeApplied(live: unknown, applied: unknown, typed: Typed): unknown {
  if (applied === undefined) return live;
  if (live === undefined || live === null || applied === null) return applied;
  const was = structureOf(typed, live);
  const is = structureOf(typed, applied);
  if (was.kind !== is.kind || is.kind === 'leaf') return applied;
  if (is.kind === 'list')
    return mergeLists(live as unknown[], applied as unknown[], is.keys, itemOf(typed));
  const out: JsonObject = { ...(live as JsonObject) };
  for (const [key, value] of Object.entries(applied as JsonObject)) {
    setMember(
      out,
      key,
      mergeApplied(Object.hasOwn(out, key) ? out[key] : undefined, value, memberOf(typed, key)),
    );
  }
  return out;
}

/**
 * Applied items in their order; an item that only `live` has stays before the item that followed
 * it. An applied item replaces all items with its key.
 */
function mergeLists(
  live: readonly unknown[],
  applied: readonly unknown[],
  keys: readonly string[] | undefined,
  item: Typed,
): unknown[] {
  const old = itemsByElement(live, keys, item).byElement;
  const wanted = itemsByElement(applied, keys, item).byElement;
  const next = [...wanted];
  const out: unknown[] = [];
  let at = 0;
  const emitted = new Set<string>();
  const emit = (): void => {
    const [element, value] = next[at++]!;
    emitted.add(element);
    out.push(mergeApplied(old.get(element), value, item));
  };
  for (const value of live) {
    const element = itemElement(value, keys, item);
    if (!wanted.has(element)) out.push(value);
    else while (!emitted.has(element)) emit();
  }
  while (at < next.length) emit();
  return out;
}

/** `value` without the members of `gone`; undefined when nothing is left. */
export function removeFields(value: unknown, gone: FieldSet, typed: Typed): unknown {
  if (isEmptySet(gone) || value === null || value === undefined) return value;
  const structure = structureOf(typed, value);
  if (structure.kind === 'leaf') return value;
  if (structure.kind === 'list') {
    const item = itemOf(typed);
    const left: unknown[] = [];
    for (const member of value as unknown[]) {
      const node = gone[itemElement(member, structure.keys, item)];
      if (!isMember(node)) left.push(node ? removeFields(member, node, item) : member);
    }
    return left.length ? left : undefined;
  }
  const left: JsonObject = {};
  for (const [key, member] of Object.entries(value as JsonObject)) {
    const node = gone[`f:${key}`];
    if (isMember(node)) continue;
    const kept = node ? removeFields(member, node, memberOf(typed, key)) : member;
    if (kept !== undefined) setMember(left, key, kept);
  }
  return Object.keys(left).length ? left : undefined;
}

/** `set` with the structs above its members: the owner of a field owns the structs above it. */
export function withNamedFields(set: FieldSet, typed: Typed): FieldSet {
  const out: Record<string, FieldSet> = {};
  const fields = typed.type?.kind === 'struct' ? typed.type.struct.fields : undefined;
  for (const element in set) {
    const node = set[element]!;
    if (element === '.' || isEmptySet(node)) {
      out[element] = node;
      continue;
    }
    const isField = element.startsWith('f:');
    const inner = withNamedFields(
      node,
      isField ? memberOf(typed, element.slice(2)) : itemOf(typed),
    );
    out[element] = isField && fields?.has(element.slice(2)) ? { '.': {}, ...inner } : inner;
  }
  return out;
}
