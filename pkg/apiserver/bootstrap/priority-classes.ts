// The two system priority classes (upstream registry/scheduling/rest).
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { PRIORITY_CLASSES } from '../../apis/resource-types.js';
import type { PriorityClass } from '../../apis/scheduling/v1/types.js';
import type { PostStartHook } from '../extension/hooks.js';

const systemClass = (name: string, value: number, description: string): PriorityClass => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  description,
  preemptionPolicy: 'PreemptLowerPriority',
});

export const SYSTEM_PRIORITY_CLASSES: readonly PriorityClass[] = [
  systemClass(
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ),
  systemClass(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ),
];

export const priorityClassesHook: PostStartHook = {
  name: 'scheduling/bootstrap-system-priority-classes',
  async run({ reader, local }) {
    for (const wanted of SYSTEM_PRIORITY_CLASSES) {
      if (reader.get(PRIORITY_CLASSES, '', wanted.metadata.name)) continue;
      await local.create(PRIORITY_CLASSES, wanted).catch(ignoring('AlreadyExists'));
    }
  },
};
