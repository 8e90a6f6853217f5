// NodeResourcesFit: a node must have the pod's requests free. Scores prefer the least allocated
// node.
import { shortages } from '../../component-helpers/node-fit.js';
import { MAX_NODE_SCORE, type Plugin } from '../framework/framework.js';
import type { NodeInfo } from '../framework/node-info.js';
import type { PodInfo } from '../framework/pod-info.js';

/** The names of the resources that do not fit, as upstream orders them. */
function insufficient(pod: PodInfo, node: NodeInfo): string[] {
  return shortages(pod.requests, node, node.pods.size).map(({ resource }) =>
    resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`,
  );
}

function freeShare(capacity: number, used: number): number {
  return capacity <= 0 || used > capacity
    ? 0
    : Math.floor(((capacity - used) * MAX_NODE_SCORE) / capacity);
}

export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  prepareFilter: (pod) => (node) => {
    const reasons = insufficient(pod, node);
    return reasons.length ? { reasons } : undefined;
  },
  prepareScore: (pod) => ({
    score(node) {
      const cpu = freeShare(
        node.allocatable.milliCpu,
        node.nonZero.milliCpu + pod.nonZero.milliCpu,
      );
      const memory = freeShare(node.allocatable.memory, node.nonZero.memory + pod.nonZero.memory);
      return Math.floor((cpu + memory) / 2);
    },
  }),
  weight: 1,
  events: ['AssignedPodDelete', 'NodeAdd', 'NodeAllocatableGrew'],
};
