// SchedulingGates: a pod with gates is not scheduled.
import type { Plugin } from '../framework/framework.js';

export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  preEnqueue(pod) {
    const gates = pod.pod.spec.schedulingGates ?? [];
    return gates.length
      ? `waiting for scheduling gates: ${gates.map((g) => g.name).join(', ')}`
      : undefined;
  },
  events: ['PodUpdate'],
};
