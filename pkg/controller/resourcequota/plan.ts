// Decides the status of a resource quota by counting again all it covers (upstream:
// pkg/controller/resourcequota). Admission refuses by its own count; this is what users see. Pure.
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { ZERO_QUANTITY } from '../../apimachinery/quantity/quantity.js';
import {
  addUsage,
  matchesQuotaScope,
  QUOTA_RESOURCES,
  quotaUsage,
  type QuotaUsage,
} from '../../apis/core/v1/quota-usage.js';
import type {
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  ResourceQuotaStatus,
  Service,
} from '../../apis/core/v1/types.js';
import { equalJson } from '../runtime/equal.js';

/** The counted resource, by its name with the group, that a name of `spec.hard` speaks of. */
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

/** `objects` gives those of a counted resource in the quota's namespace. */
export function planQuota(
  quota: ResourceQuota,
  objects: (resource: string) => readonly ApiObject[],
): { status: ResourceQuotaStatus; changed: boolean } {
  const hard = quota.spec?.hard ?? {};
  const names = Object.keys(hard).filter((name) => countedResource(name));
  const total: QuotaUsage = {};
  for (const resource of new Set(names.map((name) => countedResource(name)!))) {
    for (const object of objects(resource))
      if (matchesQuotaScope(quota, resource, object)) addUsage(total, quotaUsage(resource, object));
  }
  const used = Object.fromEntries(
    names.map((name) => [name, (total[name] ?? ZERO_QUANTITY).toString()]),
  );
  const status = { hard, used };
  return { status, changed: !equalJson(status, quota.status ?? {}) };
}

/** True when an update cannot be without effect on a quota's count. */
export function changesUsage(resource: string, object: ApiObject, old: ApiObject): boolean {
  if (resource === 'pods') {
    const [now, before] = [object as Pod, old as Pod];
    return (
      now.status?.phase !== before.status?.phase ||
      !equalJson(
        now.spec.containers.map((c) => c.resources),
        before.spec.containers.map((c) => c.resources),
      )
    );
  }
  if (resource === 'services') return !equalJson((object as Service).spec, (old as Service).spec);
  if (resource === 'persistentvolumeclaims')
    return !equalJson((object as PersistentVolumeClaim).spec, (old as PersistentVolumeClaim).spec);
  return false;
}
