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

const freeShare = (capacity: number, used: number): number =>
  used > capacity ? 0 : Math.floor(((capacity - used) * MAX_NODE_SCORE) / capacity);

export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  prepareFilter: (pod) => (node) => {
    const reasons = insufficient(pod, node);
    return reasons.length ? { reasons } : undefined;
  },
  prepareScore: (pod) => ({
    score({ allocatable, nonZero }) {
      const free = [
        [allocatable.milliCpu, nonZero.milliCpu + pod.nonZero.milliCpu] as const,
        [allocatable.memory, nonZero.memory + pod.nonZero.memory] as const,
      ]
        .filter(([capacity]) => capacity > 0)
        .map(([capacity, used]) => freeShare(capacity, used));
      return free.length ? Math.floor(free.reduce((a, b) => a + b) / free.length) : 0;
    },
  }),
  weight: 1,
  events: ['AssignedPodDelete', 'NodeAdd', 'NodeAllocatableGrew'],
};
