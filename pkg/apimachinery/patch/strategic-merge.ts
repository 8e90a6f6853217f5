// Strategic merge patch: a merge patch in which the schema names the lists that merge, and their
// keys. The schemas of custom resources have no such metadata (the server responds with 415).
//
// Invariants: neither the original nor the patch is changed and the result shares nothing with
// them; no directive ($patch, $setElementOrder/..., $retainKeys, $deleteFromPrimitiveList/...)
// survives into the result.
// Source of behaviour: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go.
import { jsonText } from '../../util/json/json-text.js';
import { badRequest } from '../errors/status-error.js';
import { cloneJson, isJsonObject, jsonKey, setMember } from '../meta/clone.js';
import type { SchemaTable } from '../schema/facts.js';
import { mustStructOf, type FieldNode, type StructNode, type TypeNode } from '../schema/schema.js';
import { unprocessablePatch } from './patch-errors.js';

type JsonObject = Record<string, unknown>;

const PATCH = '$patch';
const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const SET_ORDER = '$setElementOrder/';

/** The merge metadata of a key; `struct` is set for objects with fixed fields. */
interface Shape {
  struct: StructNode | undefined;
  /** The type of the values of a map. */
  type: TypeNode | undefined;
  merges: boolean;
  replaces: boolean;
  mergeKey: string;
}

/** @throws StatusError 400 for a malformed patch, 422 when it does not fit the object's lists. */
export function applyStrategicMergePatch(
  original: unknown,
  patch: unknown,
  schemaName: string,
  table: SchemaTable,
): JsonObject {
  if (!isJsonObject(patch)) throw badRequest('invalid JSON document');
  const target = isJsonObject(original) ? cloneJson(original) : {};
  return mergeMap(target, cloneJson(patch), {
    kind: 'struct',
    struct: mustStructOf(table, schemaName),
  });
}

function shapeOf(type: TypeNode | undefined, key: string): Shape {
  const field: FieldNode | undefined =
    type?.kind === 'struct' ? type.struct.fields.get(key) : undefined;
  const own = field ? field.type : type?.kind === 'map' ? type.value : undefined;
  const element = own?.kind === 'list' ? own.item : own;
  const strategies = field?.facts['patch-strategy']?.split(',') ?? [];
  return {
    struct: element?.kind === 'struct' ? element.struct : undefined,
    type: element,
    merges: strategies.includes('merge'),
    replaces: strategies.includes('replace'),
    mergeKey: field?.facts['patch-merge-key'] ?? '',
  };
}

/** Merges into `original`, which it changes, and returns the result. */
function mergeMap(original: JsonObject, patch: JsonObject, type: TypeNode | undefined): JsonObject {
  const directive = patch[PATCH];
  if (directive !== undefined) {
    delete patch[PATCH];
    if (directive === 'replace') return withoutDirectives(patch) as JsonObject;
    if (directive === 'delete') return {};
    if (directive !== 'merge')
      throw unprocessablePatch(
        `unknown patch type: ${jsonText(directive)} in map: ${jsonText(patch)}`,
      );
  }
  retainKeys(original, patch);
  mergeOrderedLists(original, patch, type);
  for (const key of Object.keys(patch)) mergeMember(original, key, patch[key], type);
  return original;
}

function mergeMember(
  original: JsonObject,
  key: string,
  value: unknown,
  type: TypeNode | undefined,
): void {
  if (key.startsWith(DELETE_FROM_LIST)) {
    const field = key.slice(DELETE_FROM_LIST.length);
    if (!Array.isArray(value)) throw badRequest('invalid patch format of primitive list');
    const present = original[field];
    if (Array.isArray(present)) {
      const gone = new Set(value.map(jsonKey));
      original[field] = present.filter((item) => !gone.has(jsonKey(item)));
    }
    return;
  }
  if (value === null) {
    delete original[key];
    return;
  }
  const present = Object.hasOwn(original, key) ? original[key] : undefined;
  if (isJsonObject(value) && isJsonObject(present)) {
    const shape = shapeOf(type, key);
    setMember(
      original,
      key,
      shape.replaces ? withoutDirectives(value) : mergeMap(present, value, shape.type),
    );
  } else if (Array.isArray(value) && Array.isArray(present)) {
    setMember(original, key, mergeList(present, value, shapeOf(type, key)));
  } else {
    const taken = withoutDirectives(value);
    if (taken !== undefined) setMember(original, key, taken);
  }
}

/** '$retainKeys': [...] clears every other key of the original. */
function retainKeys(original: JsonObject, patch: JsonObject): void {
  const directive = patch[RETAIN_KEYS];
  if (directive === undefined) return;
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(directive)) throw badRequest('invalid patch format of retainKeys');
  const retained = new Set<unknown>(directive);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM_LIST) || key.startsWith(SET_ORDER)) continue;
    if (!retained.has(key)) throw badRequest('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(original)) if (!retained.has(key)) delete original[key];
}

/** Merges every list with a $setElementOrder, and removes list and directive from the patch. */
function mergeOrderedLists(
  original: JsonObject,
  patch: JsonObject,
  type: TypeNode | undefined,
): void {
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(SET_ORDER)) continue;
    const order = patch[directive];
    delete patch[directive];
    const key = directive.slice(SET_ORDER.length);
    if (!Array.isArray(order)) throw badRequest('invalid patch format of setElementOrder list');
    const deletions = patch[DELETE_FROM_LIST + key];
    if (deletions !== undefined) {
      delete patch[DELETE_FROM_LIST + key];
      mergeMember(original, DELETE_FROM_LIST + key, deletions, type);
    }
    const change = patch[key];
    const present = original[key];
    if (change === null || (change === undefined && !Array.isArray(present))) continue;
    const shape = shapeOf(type, key);
    const before = Array.isArray(present) ? present : [];
    if (change !== undefined && !Array.isArray(change))
      throw badRequest('invalid patch format of setElementOrder list');
    if (Array.isArray(change)) checkOrderCovers(change, order, shape.mergeKey);
    const merged = !Array.isArray(change)
      ? before
      : Array.isArray(present)
        ? mergeList(before, change, shape)
        : (withoutDirectives(change) as unknown[]);
    setMember(original, key, inOrder(merged, order, before, shape.mergeKey));
    delete patch[key];
  }
}

/** Every element of the patch must be named in the order list, or the patch contradicts itself. */
function checkOrderCovers(
  change: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string,
): void {
  const position = positions(order, mergeKey);
  for (const item of change) {
    if (isJsonObject(item) && item[PATCH] !== undefined) continue;
    if (position(item) < 0)
      throw unprocessablePatch(
        `The order in patch list:\n${jsonText(change)}\n doesn't match ${SET_ORDER}list:\n${jsonText(order)}\n`,
      );
  }
}

/** May change `original`, which determines the order afterwards. */
function mergeList(original: unknown[], patch: unknown[], shape: Shape): unknown[] {
  if (!shape.merges) return withoutDirectives(patch) as unknown[];
  const sample = patch.length > 0 ? patch[0] : original[0];
  if (!isJsonObject(sample)) return mergeScalars(original, patch);
  if (shape.mergeKey === '')
    throw unprocessablePatch(
      `cannot merge lists without merge key for ${shape.struct?.name ?? 'list'}`,
    );
  return mergeObjects(original, patch, shape);
}

function mergeScalars(original: unknown[], patch: unknown[]): unknown[] {
  const merged = new Map<string, unknown>();
  for (const item of [...original, ...patch]) {
    const key = jsonKey(item);
    if (!merged.has(key)) merged.set(key, item);
  }
  return inOrder([...merged.values()], patch, original, '');
}

function mergeObjects(original: unknown[], patch: unknown[], shape: Shape): unknown[] {
  const { mergeKey } = shape;
  const gone = new Set<string>();
  let replace = false;
  const plain: JsonObject[] = [];
  for (const item of patch) {
    if (!isJsonObject(item))
      throw unprocessablePatch('the list to be merged has elements of different types');
    const directive = item[PATCH];
    if (directive === undefined) {
      requireMergeKey(item, mergeKey);
      plain.push(item);
    } else if (directive === 'delete') {
      requireMergeKey(item, mergeKey);
      gone.add(jsonKey(item[mergeKey]));
    } else if (directive === 'replace') replace = true;
    else if (directive === 'merge')
      throw unprocessablePatch('merging lists cannot yet be specified in the patch');
    else
      throw unprocessablePatch(
        `unknown patch type: ${jsonText(directive)} in map: ${jsonText(item)}`,
      );
  }
  if (replace) return withoutDirectives(plain) as unknown[];
  const count = original.length;
  const base = gone.size
    ? original.filter((known) => !(isJsonObject(known) && gone.has(jsonKey(known[mergeKey]))))
    : original;
  const merged = [...base];
  const places = placesOf(merged, mergeKey);
  for (const item of plain) {
    const key = jsonKey(item[mergeKey]);
    const at = places.get(key);
    if (at === undefined) places.set(key, merged.push(withoutDirectives(item)) - 1);
    else merged[at] = mergeMap(merged[at] as JsonObject, cloneJson(item), shape.type);
  }
  const ordered = inOrder(merged, plain, base, mergeKey);
  // Upstream deletes and appends within the original list; a $setElementOrder goes by what that
  // leaves in it.
  original.splice(0, count, ...merged.slice(0, count));
  return ordered;
}

function requireMergeKey(item: JsonObject, mergeKey: string): void {
  if (item[mergeKey] === undefined)
    throw unprocessablePatch(
      `map: ${jsonText(item)} does not contain declared merge key: ${mergeKey}`,
    );
}

/** The first index of each merge key, or of each element without one. */
function placesOf(list: readonly unknown[], mergeKey: string): Map<string, number> {
  const places = new Map<string, number>();
  list.forEach((item, at) => {
    if (mergeKey !== '' && !isJsonObject(item)) return;
    const key = jsonKey(mergeKey === '' ? item : (item as JsonObject)[mergeKey]);
    if (!places.has(key)) places.set(key, at);
  });
  return places;
}

/** The place of an element in `list`, -1 when it has none. */
function positions(list: readonly unknown[], mergeKey: string): (item: unknown) => number {
  const places = placesOf(list, mergeKey);
  return (item) => {
    if (mergeKey === '') return places.get(jsonKey(item)) ?? -1;
    return isJsonObject(item) ? (places.get(jsonKey(item[mergeKey])) ?? -1) : -1;
  };
}

interface Ranked {
  item: unknown;
  rank: number;
  /** In the list before the patch; -1 for new elements. */
  place: number;
}

/**
 * Elements named in `order` come in that order; the others keep their places relative to the
 * elements that both they and `before` know.
 */
function inOrder(
  merged: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  mergeKey: string,
): unknown[] {
  const inList = positions(order, mergeKey);
  const inBefore = positions(before, mergeKey);
  const right: Ranked[] = [];
  const left: Ranked[] = [];
  for (const item of merged) {
    const rank = inList(item);
    const place = inBefore(item);
    if (rank >= 0) right.push({ item, rank, place });
    else left.push({ item, rank: place, place });
  }
  const byRank = (a: Ranked, b: Ranked): number => a.rank - b.rank;
  right.sort(byRank);
  left.sort(byRank);
  const all: Ranked[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const [l, r] = [left[i]!.place, right[j]!.place];
    if (l >= 0 && r >= 0 && l < r) all.push(left[i++]!);
    else all.push(right[j++]!);
  }
  return [...all, ...left.slice(i), ...right.slice(j)].map(({ item }) => item);
}

/**
 * A value that is copied as a whole: nulls and directives have no meaning in it. As upstream, an
 * object with a $patch directive becomes undefined.
 */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  if (value[PATCH] !== undefined) return undefined;
  const out: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    if (
      member === null ||
      key === RETAIN_KEYS ||
      key.startsWith(SET_ORDER) ||
      key.startsWith(DELETE_FROM_LIST)
    )
      continue;
    const kept = withoutDirectives(member);
    if (kept !== undefined) setMember(out, key, kept);
  }
  return out;
}
