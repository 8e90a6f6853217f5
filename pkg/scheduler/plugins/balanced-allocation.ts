// NodeResourcesBalancedAllocation: prefers nodes on which equal shares of cpu and memory are
// requested.
import { MAX_NODE_SCORE, type Plugin } from '../framework/framework.js';

const share = (used: number, capacity: number): number => Math.min(1, used / capacity);

export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  prepareScore(pod) {
    return {
      score(node) {
        const { requested, allocatable } = node;
        // A resource that the node does not have does not count, and one resource has no deviation.
        if (allocatable.milliCpu <= 0 || allocatable.memory <= 0) return MAX_NODE_SCORE;
        const cpu = share(requested.milliCpu + pod.requests.milliCpu, allocatable.milliCpu);
        const memory = share(requested.memory + pod.requests.memory, allocatable.memory);
        // The standard deviation of two values is half their difference.
        return Math.floor((1 - Math.abs((cpu - memory) / 2)) * MAX_NODE_SCORE);
      },
    };
  },
  weight: 1,
  events: [],
};
