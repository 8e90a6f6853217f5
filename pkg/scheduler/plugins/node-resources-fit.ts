// NodeResourcesFit: a node must have the pod's requests free. Scores prefer the least allocated
// node.
import { shortages, type Shortage } from '../../component-helpers/node-fit.js';
import { MAX_NODE_SCORE, type Plugin } from '../framework/framework.js';

const reasonOf = ({ resource }: Shortage): string =>
  resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`;

/** The free share of a resource; undefined on a node that does not have the resource. */
const freeShare = (capacity: number, used: number): number | undefined => {
  if (capacity <= 0) return undefined;
  return used > capacity ? 0 : Math.floor(((capacity - used) * MAX_NODE_SCORE) / capacity);
};

export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  prepareFilter: (pod) => (node) => {
    const short = shortages(pod.requests, node, node.pods.size);
    return short.length ? { reasons: short.map(reasonOf) } : undefined;
  },
  prepareScore: (pod) => ({
    score({ allocatable, nonZero }) {
      const cpu = freeShare(allocatable.milliCpu, nonZero.milliCpu + pod.nonZero.milliCpu);
      const memory = freeShare(allocatable.memory, nonZero.memory + pod.nonZero.memory);
      return cpu === undefined || memory === undefined
        ? (cpu ?? memory ?? 0)
        : Math.floor((cpu + memory) / 2);
    },
  }),
  weight: 1,
  events: ['AssignedPodDelete', 'NodeAdd', 'NodeAllocatableGrew'],
};
