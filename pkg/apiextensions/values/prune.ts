// Pruning: fields that the schema does not specify go away, and so do nulls that it does not allow.
// Source: apiextensions-apiserver schema/pruning, schema/defaulting/prunenulls.go.
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { childPath, memberNode, type JsonObject, type Node } from './node.js';

const META = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Removes unspecified fields, in place. `unknown` receives their paths, sorted; without it nothing
 * is recorded. The metadata of embedded resources stays.
 */
export function prune(value: unknown, node: Node, isRoot: boolean, unknown?: string[]): void {
  const found: string[] | undefined = unknown && [];
  const { keepsUnknown } = node;
  if (isRoot && isJsonObject(value)) pruneObject(value, node, keepsUnknown, true, '', found);
  else pruneValue(value, node, keepsUnknown, '', found);
  if (found?.length) unknown!.push(...found.sort());
}

/**
 * `node` is undefined where the schema says nothing: no field of an object is specified there.
 * `keeps` is set where unknown fields stay.
 */
function pruneValue(
  value: unknown,
  node: Node | undefined,
  keeps: boolean,
  path: string,
  unknown: string[] | undefined,
): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value))
    return pruneObject(value as JsonObject, node, keeps, node?.isEmbedded === true, path, unknown);
  const item = node?.items;
  if (keeps && !item) return;
  const keepsInItem = keeps || item?.keepsUnknown === true;
  for (let i = 0; i < value.length; i++)
    pruneValue(value[i], item, keepsInItem, unknown ? `${path}[${i}]` : '', unknown);
}

function pruneObject(
  object: JsonObject,
  node: Node | undefined,
  keeps: boolean,
  isResource: boolean,
  path: string,
  unknown: string[] | undefined,
): void {
  for (const key in object) {
    if (isResource && META.has(key)) continue;
    const member = node && memberNode(node, key);
    if (member !== undefined) {
      const inner = unknown ? childPath(path, key) : '';
      pruneValue(object[key], member ?? undefined, member?.keepsUnknown === true, inner, unknown);
    } else if (!keeps) {
      unknown?.push(childPath(path, key));
      delete object[key];
    }
  }
}

/** Removes null members of objects whose schema has neither null nor a default. */
export function dropNulls(value: unknown, node: Node | null | undefined): void {
  if (!node || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    if (node.items) for (const item of value) dropNulls(item, node.items);
    return;
  }
  const object = value as JsonObject;
  for (const key in object) {
    const member = memberNode(node, key);
    if (!member) continue;
    const inner = object[key];
    if (inner !== null) dropNulls(inner, member);
    else if (!member.isNullable && member.default === undefined) delete object[key];
  }
}
