// Questions about nodes (k8s.io/component-helpers/node/util). Pure.
import type { Node, NodeCondition } from '../apis/core/v1/types.js';
import { findCondition, isConditionTrue } from './conditions.js';

/** Nodes with this kernel are simulated inside another process. */
export const SIMULATED_KERNEL = 'hollow';

export function nodeCondition(node: Node, type: string): NodeCondition | undefined {
  return findCondition(node.status?.conditions, type);
}

/** The address of the first type that the node has. */
export const preferredAddress = ({ status }: Node, types: readonly string[]): string | undefined =>
  types
    .map((wanted) => status?.addresses?.find(({ type }) => type === wanted)?.address)
    .find(Boolean);

export function isNodeReady(node: Node): boolean {
  return isConditionTrue(node.status?.conditions, 'Ready');
}
