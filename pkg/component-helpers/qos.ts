// Quality-of-service class of a pod (upstream pkg/apis/core/v1/helper/qos/qos.go, v1.32). Pure.
import { ZERO_QUANTITY } from '../apimachinery/quantity/quantity.js';
import type { Pod } from '../apis/core/v1/types.js';
import { templateContainers } from './pods.js';
import { containerResource } from './resources.js';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COMPUTE = ['cpu', 'memory'] as const;

/**
 * The class of the spec. BestEffort: no container sets cpu or memory. Guaranteed: every container
 * and init container limits both, and the pod's total requests equal its total limits. Amounts are
 * compared, not texts: '1073741824' equals '1Gi'.
 */
export function computePodQos(pod: Pod): QosClass {
  const containers = templateContainers(pod.spec);
  let isBestEffort = true;
  let isGuaranteed = true;
  for (const name of COMPUTE) {
    let [requests, limits] = [ZERO_QUANTITY, ZERO_QUANTITY];
    for (const container of containers) {
      const limit = containerResource(container, 'limits', name);
      if (limit.sign <= 0) isGuaranteed = false;
      else limits = limits.add(limit);
      const request = containerResource(container, 'requests', name);
      if (request.sign > 0) requests = requests.add(request);
    }
    if (!requests.isZero || !limits.isZero) isBestEffort = false;
    if (!requests.equals(limits)) isGuaranteed = false;
  }
  if (isBestEffort) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

/** The class in the status, which the API server sets at creation and a resize does not change. */
export function podQos(pod: Pod): QosClass {
  return (pod.status?.qosClass as QosClass | undefined) || computePodQos(pod);
}
