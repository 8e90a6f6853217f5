// NodeResourcesBalancedAllocation: prefers nodes on which equal shares of cpu and memory are
// requested.
import { MAX_NODE_SCORE, type Plugin } from '../framework/framework.js';

/** A resource that the node does not have does not count. */
const shares = (pairs: readonly (readonly [used: number, capacity: number])[]): number[] =>
  pairs
    .filter(([, capacity]) => capacity > 0)
    .map(([used, capacity]) => Math.min(1, used / capacity));

export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  prepareScore(pod) {
    return {
      score(node) {
        const { requested, allocatable } = node;
        const parts = shares([
          [requested.milliCpu + pod.requests.milliCpu, allocatable.milliCpu],
          [requested.memory + pod.requests.memory, allocatable.memory],
        ]);
        // The standard deviation of two values is half their difference.
        const deviation = parts.length < 2 ? 0 : Math.abs((parts[0]! - parts[1]!) / 2);
        return Math.floor((1 - deviation) * MAX_NODE_SCORE);
      },
    };
  },
  weight: 1,
  events: [],
};
