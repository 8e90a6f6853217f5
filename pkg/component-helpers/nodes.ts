// Questions about nodes (k8s.io/component-helpers/node/util). Pure.
import type { Node, NodeCondition } from '../apis/core/v1/types.js';
import { findCondition, isConditionTrue } from './conditions.js';

export function nodeCondition(node: Node, type: string): NodeCondition | undefined {
  return findCondition(node.status?.conditions, type);
}

export function isNodeReady(node: Node): boolean {
  return isConditionTrue(node.status?.conditions, 'Ready');
}
