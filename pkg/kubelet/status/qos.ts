// Quality of service class from requests and limits (upstream: pkg/apis/core/v1/helper/qos). Pure.
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';
import type { Pod } from '../../apis/core/v1/types.js';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COMPUTE = ['cpu', 'memory'] as const;

export function qosClass(pod: Pod): QosClass {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const set = (list: Record<string, string> | undefined, name: string) =>
    list?.[name] !== undefined && !/^0[a-zA-Z]*$/.test(list[name]!);
  const any = containers.some((c) =>
    COMPUTE.some((r) => set(c.resources?.requests, r) || set(c.resources?.limits, r)),
  );
  if (!any) return 'BestEffort';
  const guaranteed = containers.every((c) =>
    COMPUTE.every((r) => {
      const limit = c.resources?.limits?.[r];
      const request = c.resources?.requests?.[r] ?? limit;
      return set(c.resources?.limits, r) && parseQuantity(request!).equals(parseQuantity(limit!));
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
