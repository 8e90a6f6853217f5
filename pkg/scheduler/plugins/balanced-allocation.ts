// NodeResourcesBalancedAllocation: prefers nodes on which equal shares of cpu and memory are
// requested.
import { MAX_NODE_SCORE, type Plugin } from '../framework/framework.js';

const share = (used: number, capacity: number): number =>
  capacity <= 0 ? 1 : Math.min(1, used / capacity);

export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  prepareScore(pod) {
    if (pod.requests.milliCpu === 0 && pod.requests.memory === 0) return undefined;
    return {
      score(node) {
        const cpu = share(
          node.requested.milliCpu + pod.requests.milliCpu,
          node.allocatable.milliCpu,
        );
        const memory = share(node.requested.memory + pod.requests.memory, node.allocatable.memory);
        // The standard deviation of two values is half their difference.
        return Math.floor((1 - Math.abs(cpu - memory) / 2) * MAX_NODE_SCORE);
      },
    };
  },
  weight: 1,
  events: [],
};
