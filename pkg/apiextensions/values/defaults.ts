// Defaults of a structural schema (apiextensions-apiserver schema/defaulting).
import { cloneJson, setMember } from '../../apimachinery/meta/clone.js';
import { memberNode, type JsonObject, type Node } from './node.js';

const isForbiddenNull = (value: unknown, node: Node): boolean => value === null && !node.isNullable;

/** A default, or null where a null may not be and there is none. */
const defaultOf = (node: Node): unknown => cloneJson(node.default) ?? null;

/** Fills in defaults, in place. They are copies: what the caller changes later stays its own. */
export function applyDefaults(value: unknown, node: Node): void {
  if (!node.hasDefaults || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    const { items } = node;
    if (!items) return;
    for (let i = 0; i < value.length; i++) {
      if (isForbiddenNull(value[i], items)) value[i] = defaultOf(items);
      applyDefaults(value[i], items);
    }
    return;
  }
  const object = value as JsonObject;
  for (const [name, property] of node.properties)
    if (
      property.default !== undefined &&
      (!Object.hasOwn(object, name) || isForbiddenNull(object[name], property))
    )
      setMember(object, name, defaultOf(property));
  for (const key in object) {
    const member = memberNode(node, key);
    if (!member) continue;
    if (isForbiddenNull(object[key], member)) object[key] = defaultOf(member);
    applyDefaults(object[key], member);
  }
}
