// Computes the status of a resource quota from all objects that it covers (upstream:
// pkg/controller/resourcequota). Admission enforces quotas with its own count. Pure.
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { ZERO_QUANTITY } from '../../apimachinery/quantity/quantity.js';
import {
  addUsage,
  countedResource,
  matchesQuotaScope,
  podQuotaExpiry,
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
import { equalJson } from '../../apimachinery/meta/clone.js';

export interface QuotaPlan {
  status: ResourceQuotaStatus;
  changed: boolean;
  /** When a deleted pod stops counting without an event, in milliseconds since 1970. */
  recountAt?: number;
}

/** The resources that the quota counts, as RESOURCE.GROUP. */
export function countedResources({ spec }: ResourceQuota): Set<string> {
  const names = Object.keys(spec?.hard ?? {}).map(countedResource);
  return new Set(names.filter((name) => name !== undefined));
}

/**
 * `objects` gives those of a counted resource in the quota's namespace, or undefined for a resource
 * that nobody serves: its last count stays, as upstream's. `now` is in milliseconds since 1970.
 */
export function planQuota(
  quota: ResourceQuota,
  objects: (resource: string) => readonly ApiObject[] | undefined,
  now: number,
): QuotaPlan {
  const hard = quota.spec?.hard ?? {};
  const total: QuotaUsage = {};
  const unserved = new Set<string>();
  let recountAt = Infinity;
  for (const resource of countedResources(quota)) {
    const present = objects(resource);
    if (!present) unserved.add(resource);
    for (const object of present ?? []) {
      if (!matchesQuotaScope(quota, resource, object)) continue;
      addUsage(total, quotaUsage(resource, object, now));
      const expiry = resource === 'pods' ? podQuotaExpiry(object as Pod) : undefined;
      if (expiry !== undefined && expiry >= now) recountAt = Math.min(recountAt, expiry + 1);
    }
  }
  const used: Record<string, string> = {};
  for (const name of Object.keys(hard)) {
    const resource = countedResource(name);
    const amount =
      resource === undefined || unserved.has(resource)
        ? quota.status?.used?.[name]
        : (total[name] ?? ZERO_QUANTITY).toString();
    if (amount !== undefined) used[name] = amount;
  }
  const status = { hard, used };
  const changed = !equalJson(status, quota.status ?? {});
  return { status, changed, ...(recountAt < Infinity && { recountAt }) };
}

const resources = (container: Container) => container.resources;

/** The resources that the status shows for each container during a resize. */
const statusResources = ({ status }: Pod) =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].flatMap(
    ({ name, resources: held, allocatedResources }) =>
      held || allocatedResources ? [[name, held, allocatedResources]] : [],
  );

/** The parts on which the usage of an object depends, by resource; other updates change none. */
const USAGE_OF: Readonly<Record<string, (object: ApiObject) => unknown>> = {
  pods(object) {
    const { metadata, spec, status } = object as Pod;
    return [
      [status?.phase, status?.resize, metadata.deletionTimestamp, spec.activeDeadlineSeconds],
      [spec.containers.map(resources), spec.initContainers?.map(resources)],
      statusResources(object as Pod),
    ];
  },
  services: (object) => (object as Service).spec,
  persistentvolumeclaims(object) {
    const { spec, status } = object as PersistentVolumeClaim;
    return [spec, status?.allocatedResources];
  },
};

export function changesUsage(resource: string, object: ApiObject, old: ApiObject): boolean {
  const usageOf = USAGE_OF[resource];
  return usageOf !== undefined && !equalJson(usageOf(object), usageOf(old));
}
