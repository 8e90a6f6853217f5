// Computes the status of a resource quota from all objects that it covers (upstream:
// pkg/controller/resourcequota). Admission enforces quotas with its own count. Pure.
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { ZERO_QUANTITY } from '../../apimachinery/quantity/quantity.js';
import {
  addUsage,
  matchesQuotaScope,
  podQuotaExpiry,
  QUOTA_RESOURCES,
  quotaUsage,
  type QuotaUsage,
} from '../../component-helpers/quota-usage.js';
import type {
  Container,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  ResourceQuotaStatus,
  Service,
} from '../../apis/core/v1/types.js';
import { equalJson } from '../runtime/equal.js';

/** The resource, as RESOURCE.GROUP, that a name in `spec.hard` counts. */
export function countedResource(hard: string): string | undefined {
  if (hard.startsWith('count/')) {
    const name = hard.slice('count/'.length);
    return name in QUOTA_RESOURCES ? name : undefined;
  }
  if (/^services(\.|$)/.test(hard)) return 'services';
  if (hard === 'requests.storage' || hard.includes('.storageclass.storage.k8s.io/'))
    return 'persistentvolumeclaims';
  if (/^(requests|limits)\./.test(hard) || ['cpu', 'memory', 'ephemeral-storage'].includes(hard))
    return 'pods';
  return hard in QUOTA_RESOURCES ? hard : undefined;
}

export interface QuotaPlan {
  status: ResourceQuotaStatus;
  changed: boolean;
  /** When a deleted pod stops counting without an event, in milliseconds since 1970. */
  recountAt?: number;
}

/**
 * `objects` gives those of a counted resource in the quota's namespace; `now` is in milliseconds
 * since 1970.
 */
export function planQuota(
  quota: ResourceQuota,
  objects: (resource: string) => readonly ApiObject[],
  now: number,
): QuotaPlan {
  const hard = quota.spec?.hard ?? {};
  const names = Object.keys(hard).filter((name) => countedResource(name));
  const total: QuotaUsage = {};
  let recountAt = Infinity;
  for (const resource of new Set(names.map((name) => countedResource(name)!))) {
    for (const object of objects(resource)) {
      if (!matchesQuotaScope(quota, resource, object)) continue;
      addUsage(total, quotaUsage(resource, object, now));
      const expiry = resource === 'pods' ? podQuotaExpiry(object as Pod) : undefined;
      if (expiry !== undefined && expiry >= now) recountAt = Math.min(recountAt, expiry + 1);
    }
  }
  const used = Object.fromEntries(
    names.map((name) => [name, (total[name] ?? ZERO_QUANTITY).toString()]),
  );
  const status = { hard, used };
  return {
    status,
    changed: !equalJson(status, quota.status ?? {}),
    ...(recountAt < Infinity ? { recountAt } : {}),
  };
}

const resources = (container: Container) => container.resources;

/** The resources that the status shows for each container during a resize. */
const statusResources = ({ status }: Pod) =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].flatMap(
    ({ name, resources: held, allocatedResources }) =>
      held || allocatedResources ? [[name, held, allocatedResources]] : [],
  );

/** True when an update may change the usage of a quota. */
export function changesUsage(resource: string, object: ApiObject, old: ApiObject): boolean {
  if (resource === 'pods') {
    const [now, before] = [object as Pod, old as Pod];
    return (
      now.status?.phase !== before.status?.phase ||
      now.status?.resize !== before.status?.resize ||
      now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
      now.spec.activeDeadlineSeconds !== before.spec.activeDeadlineSeconds ||
      !equalJson(now.spec.containers.map(resources), before.spec.containers.map(resources)) ||
      !equalJson(
        now.spec.initContainers?.map(resources),
        before.spec.initContainers?.map(resources),
      ) ||
      !equalJson(statusResources(now), statusResources(before))
    );
  }
  if (resource === 'services') return !equalJson((object as Service).spec, (old as Service).spec);
  if (resource === 'persistentvolumeclaims')
    return (
      !equalJson((object as PersistentVolumeClaim).spec, (old as PersistentVolumeClaim).spec) ||
      !equalJson(
        (object as PersistentVolumeClaim).status?.allocatedResources,
        (old as PersistentVolumeClaim).status?.allocatedResources,
      )
    );
  return false;
}
