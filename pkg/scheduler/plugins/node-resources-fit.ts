// NodeResourcesFit: a node must have the pod's requests free. Scores prefer the least allocated
// node.
import { MAX_NODE_SCORE, type Plugin } from '../framework/framework.js';
import type { NodeInfo } from '../framework/node-info.js';
import type { PodInfo } from '../framework/pod-info.js';

const NAMED = [
  ['cpu', 'milliCpu'],
  ['memory', 'memory'],
  ['ephemeral-storage', 'ephemeralStorage'],
] as const;

/** The names of the resources that do not fit, as upstream orders them. */
function insufficient(pod: PodInfo, node: NodeInfo): string[] {
  const reasons: string[] = [];
  if (node.pods.size + 1 > node.allowedPods) reasons.push('Too many pods');
  for (const [name, field] of NAMED) {
    const wanted = pod.requests[field];
    if (wanted > 0 && wanted > node.allocatable[field] - node.requested[field])
      reasons.push(`Insufficient ${name}`);
  }
  for (const [name, wanted] of Object.entries(pod.requests.scalar)) {
    const left = (node.allocatable.scalar[name] ?? 0) - (node.requested.scalar[name] ?? 0);
    if (wanted > 0 && wanted > left) reasons.push(`Insufficient ${name}`);
  }
  return reasons;
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
