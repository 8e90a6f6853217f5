// The ownership of values: as a whole (scalars, atomic lists and maps) or by element. The JSON type
// decides for values without a schema (custom resources that preserve unknown fields): objects are
// owned by field, lists as a whole.
import { jsonText } from '../../util/json/json-text.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { isJsonObject } from '../meta/clone.js';
import type { FieldFacts } from '../schema/facts.js';
import type { ListNode, MapNode, StructNode, TypeNode } from '../schema/schema.js';

export type JsonObject = Record<string, unknown>;

/** A type with the attributes of its field, which has the list type and keys. */
export interface Typed {
  readonly type: TypeNode | undefined;
  readonly facts: FieldFacts | undefined;
  /** The path element of a struct's field. */
  readonly element?: string;
}

export type Structure =
  | { kind: 'leaf' }
  | { kind: 'map' }
  | { kind: 'list'; keys: readonly string[] | undefined };

const LEAF: Structure = { kind: 'leaf' };
const MAP: Structure = { kind: 'map' };
const SET: Structure = { kind: 'list', keys: undefined };

const mapLists = new WeakMap<FieldFacts, Structure>();

const mapListOf = (facts: FieldFacts): Structure =>
  getOrInsert(mapLists, facts, () => ({ kind: 'list', keys: facts['list-map-keys'] ?? [] }));

/** The structure of a non-null value of that type. */
export function structureOf({ type, facts }: Typed, value: unknown): Structure {
  if (Array.isArray(value)) {
    if (type?.kind !== 'list') return LEAF;
    if (facts?.['list-type'] === 'map') return mapListOf(facts);
    return facts?.['list-type'] === 'set' ? SET : LEAF;
  }
  if (!isJsonObject(value)) return LEAF;
  if (facts?.['map-type'] === 'atomic') return LEAF;
  if (type?.kind === 'struct') return type.struct.facts['map-type'] === 'atomic' ? LEAF : MAP;
  return type === undefined || type.kind === 'map' ? MAP : LEAF;
}

const UNTYPED: Typed = { type: undefined, facts: undefined };

export function memberOf({ type }: Typed, key: string): Typed {
  if (type?.kind === 'struct') return type.struct.fields.get(key) ?? UNTYPED;
  return type?.kind === 'map' ? elementOf(type, type.value) : UNTYPED;
}

export const itemOf = ({ type }: Typed): Typed =>
  type?.kind === 'list' ? elementOf(type, type.item) : UNTYPED;

/** The path element of the member `key`, which has the type `member`. */
export const fieldElement = ({ element }: Typed, key: string): string => element ?? `f:${key}`;

const elements = new WeakMap<ListNode | MapNode, Typed>();

/** The type of the members of a map or list. */
const elementOf = (container: ListNode | MapNode, type: TypeNode): Typed =>
  getOrInsert(elements, container, () => ({ type, facts: container.elementFacts }));

/**
 * The path element of a list's item: 'k:{"name":"web"}' or 'v:"a"'. Absent keys count with their
 * default.
 */
export function itemElement(
  item: unknown,
  keys: readonly string[] | undefined,
  typed: Typed,
): string {
  if (keys === undefined || !isJsonObject(item)) return `v:${jsonText(item)}`;
  const struct: StructNode | undefined =
    typed.type?.kind === 'struct' ? typed.type.struct : undefined;
  let text = '';
  for (const key of keys.length > 1 ? [...keys].sort() : keys) {
    const value = item[key] ?? struct?.fields.get(key)?.facts.default;
    if (value !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${jsonText(value)}`;
  }
  return `k:{${text}}`;
}

/** The items of a list by path element, in order. */
export interface Items {
  /** An element that occurs once, with its item; an element with several items has undefined. */
  readonly byElement: ReadonlyMap<string, unknown>;
  /** The items of elements that occur several times, which updates may write. */
  readonly doubled: ReadonlyMap<string, readonly unknown[]>;
}

const NONE_DOUBLED: Items['doubled'] = new Map();

export function itemsByElement(
  list: readonly unknown[],
  keys: readonly string[] | undefined,
  typed: Typed,
): Items {
  const byElement = new Map<string, unknown>();
  let doubled: Map<string, unknown[]> | undefined;
  for (const item of list) {
    const element = itemElement(item, keys, typed);
    if (!byElement.has(element)) {
      byElement.set(element, item);
      continue;
    }
    doubled ??= new Map();
    const items = doubled.get(element);
    if (items) items.push(item);
    else doubled.set(element, [byElement.get(element), item]);
    byElement.set(element, undefined);
  }
  return { byElement, doubled: doubled ?? NONE_DOUBLED };
}
