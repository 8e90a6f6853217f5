// Quality-of-service class of a pod (upstream pkg/apis/core/helper/qos/qos.go).
import type { Pod } from './types.js';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COUNTED = ['cpu', 'memory'] as const;

const isZero = (quantity: string | number | undefined): boolean =>
  quantity === undefined || Number.parseFloat(String(quantity)) === 0;

/** Guaranteed: every container limits cpu and memory and requests just that. BestEffort: none asks for anything. */
export function qosClassOf(pod: Pod): QosClass {
  let asks = false;
  let guaranteed = true;
  for (const { resources } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    for (const name of COUNTED) {
      const request = resources?.requests?.[name];
      const limit = resources?.limits?.[name];
      if (!isZero(request) || !isZero(limit)) asks = true;
      if (isZero(limit) || (!isZero(request) && request !== limit)) guaranteed = false;
    }
  }
  if (!asks) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
