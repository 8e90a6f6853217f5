// The items of sets, and the keys of lists with keys, occur once.
// Source: apiextensions-apiserver schema/listtype.
import { canonicalText } from '../../apimachinery/meta/go-text.js';
import { fieldErrors, goValue, type FieldError } from '../../apimachinery/errors/status-error.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { MAX_VALUE_ERRORS } from '../limits.js';
import { childPath, keyPath, memberNode, type JsonObject, type Node } from './node.js';

/** The duplicates in all sets and lists with keys. */
export function validateListTypes(
  value: unknown,
  node: Node | null | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  visit(value, node, () => path, errors);
  return errors;
}

/** `path` is called for errors only. */
function visit(
  value: unknown,
  node: Node | null | undefined,
  path: () => string,
  errors: FieldError[],
): void {
  if (!node?.hasKeyedLists || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    checkList(value, node, path, errors);
    value.forEach((item, i) => visit(item, node.items, () => `${path()}[${i}]`, errors));
    return;
  }
  for (const key of Object.keys(value)) {
    const join = node.properties.has(key) ? childPath : keyPath;
    visit((value as JsonObject)[key], memberNode(node, key), () => join(path(), key), errors);
  }
}

function checkList(
  list: readonly unknown[],
  { schema }: Node,
  path: () => string,
  errors: FieldError[],
): void {
  const type = schema['x-kubernetes-list-type'];
  const report = (items: readonly unknown[]): void => {
    for (const i of repeated(items).slice(0, MAX_VALUE_ERRORS))
      errors.push(fieldErrors.duplicate(`${path()}[${i}]`, goValue(items[i])));
  };
  if (type === 'set') report(list);
  if (type !== 'map') return;
  const wrong = list.findIndex((item) => item !== null && !isJsonObject(item));
  if (wrong >= 0) {
    const why = 'must be an object for an array of list-type map';
    errors.push(fieldErrors.invalid(`${path()}[${wrong}]`, goValue(list[wrong]), why));
    return;
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  report((list as readonly (JsonObject | null)[]).map((item) => keyOf(item ?? {}, keys)));
}

const keyOf = (item: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]));

/** The index of the second occurrence of each value that occurs several times. */
function repeated(items: readonly unknown[]): number[] {
  if (items.length < 2) return [];
  const times = new Map<unknown, number>();
  const found: number[] = [];
  items.forEach((item, i) => {
    const isCompound = typeof item === 'object' && item !== null;
    const key = isCompound ? canonicalText(item) : typeof item === 'string' ? `"${item}` : item;
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    if (before === 1) found.push(i);
  });
  return found;
}
