// Pods. The subresources (binding, status, log, exec, eviction) are served by pkg/apiserver.
import { copyFields } from '../../apimachinery/meta/copy-fields.js';
import { defaultPod } from '../../apis/core/v1/pod-defaults.js';
import type { Pod, PodCondition } from '../../apis/core/v1/types.js';
import { validateKnownAnnotationsUpdate } from '../../apis/core/v1/validation/pod-annotations.js';
import {
  validateEphemeralContainersUpdate,
  validatePod,
  validatePodCreate,
  validatePodStatusUpdate,
  validatePodUpdate,
} from '../../apis/core/v1/validation/pod.js';
import { podWarnings } from '../../apis/core/v1/pod-warnings.js';
import { PODS } from '../../apis/resource-types.js';
import { isPodTerminal } from '../../component-helpers/pods.js';
import { computePodQos } from '../../component-helpers/qos.js';
import { timestamp } from '../../util/env/env.js';
import { defineResource } from '../define.js';
import { dropGatedFields } from '../pod-gates.js';
import { keepSpec, keepStatus } from '../strategy.js';
import { mergeLabelKeys, syncAppArmor } from './pod-creation.js';
import { podRow } from './pods-row.js';

/** Seconds; 0 for pods that no kubelet runs. A negative request becomes 1, the smallest grace. */
export function podGracePeriod(pod: Pod, requested: number | undefined): number {
  if (!pod.spec.nodeName || isPodTerminal(pod)) return 0;
  const period = requested ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return period < 0 ? 1 : period;
}

/** The condition of a pod with scheduling gates; upstream's API server sets it at creation. */
const gatedCondition = (now: number): PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
  lastTransitionTime: timestamp(now),
});

export const pods = defineResource({
  type: PODS,
  defaults: defaultPod,
  row: podRow,
  selectableFields: {
    'spec.nodeName': (pod) => pod.spec.nodeName ?? '',
    'spec.restartPolicy': (pod) => pod.spec.restartPolicy ?? '',
    'spec.schedulerName': (pod) => pod.spec.schedulerName ?? '',
    'spec.serviceAccountName': (pod) => pod.spec.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String(pod.spec.hostNetwork ?? false),
    'status.phase': (pod) => pod.status?.phase ?? '',
    'status.podIP': (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '',
    'status.podIPs': (pod) => (pod.status?.podIPs ?? []).map(({ ip }) => ip).join(','),
    'status.nominatedNodeName': (pod) => pod.status?.nominatedNodeName ?? '',
  },
  prepareCreate(pod, { now, warn }) {
    pod.status = { phase: 'Pending', qosClass: computePodQos(pod) };
    dropGatedFields(pod.spec, undefined);
    if (pod.spec.schedulingGates?.length) pod.status.conditions = [gatedCondition(now)];
    mergeLabelKeys(pod);
    if ((pod.spec.terminationGracePeriodSeconds ?? 0) < 0)
      pod.spec.terminationGracePeriodSeconds = 1;
    syncAppArmor(pod, warn);
  },
  prepareUpdate(next, old) {
    keepStatus(next, old);
    dropGatedFields(next.spec, old.spec);
  },
  validate: validatePod,
  warnings: podWarnings,
  validateCreate: validatePodCreate,
  validateUpdate: validatePodUpdate,
  status: {
    resets: [['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']],
    prepareUpdate(next, old) {
      keepSpec(next, old);
      // Owner references change through the main endpoint only, never by a kubelet.
      copyFields(next.metadata, old.metadata, 'deletionTimestamp', 'ownerReferences');
      if (!next.status?.qosClass)
        (next.status ??= {}).qosClass = old.status?.qosClass ?? computePodQos(next);
    },
    validateUpdate: validatePodStatusUpdate,
  },
  subresources: {
    binding: { validateUpdate: validateKnownAnnotationsUpdate },
    ephemeralcontainers: {
      validateUpdate: (next, old) => [
        ...validatePod(next),
        ...validateEphemeralContainersUpdate(next, old),
      ],
    },
  },
  gracePeriod: podGracePeriod,
});
