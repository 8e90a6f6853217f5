// What objects count for in resource quotas (upstream pkg/quota/v1/evaluator/core). Shared by admission,
// which refuses, and by the controller, which counts again. Pure.
import {
  parseQuantity,
  type Quantity,
  quantityOf,
  ZERO_QUANTITY,
} from '../../../apimachinery/quantity/quantity.js';
import type { ApiObject, ResourceType } from '../../../apimachinery/meta/object.js';
import * as types from '../../resource-types.js';
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from './types.js';

/** Amounts by the names that `spec.hard` of a quota uses. */
export type QuotaUsage = Record<string, Quantity>;

type Amounts = Record<string, string>;

export interface PodUsage {
  requests: Amounts;
  limits: Amounts;
}

const ONE = quantityOf(1);

/** Containers together; an init container counts when it alone asks for more (upstream podRequests). */
export function podUsage(pod: Pod): PodUsage {
  const sum = (part: 'requests' | 'limits'): Amounts => {
    const totals: Record<string, Quantity> = {};
    for (const { resources } of pod.spec.containers) {
      for (const [name, amount] of Object.entries(resources?.[part] ?? {}))
        totals[name] = (totals[name] ?? ZERO_QUANTITY).add(parseQuantity(amount));
    }
    for (const { resources, restartPolicy } of pod.spec.initContainers ?? []) {
      for (const [name, amount] of Object.entries(resources?.[part] ?? {})) {
        const quantity = parseQuantity(amount);
        const total = totals[name] ?? ZERO_QUANTITY;
        if (restartPolicy === 'Always') totals[name] = total.add(quantity);
        else if (quantity.compare(total) > 0) totals[name] = quantity;
      }
    }
    return Object.fromEntries(
      Object.entries(totals).map(([name, quantity]) => [name, quantity.toString()]),
    );
  };
  return { requests: sum('requests'), limits: sum('limits') };
}

/** What quotas count, by the resource with its group. `legacy` is a name that counts them too. */
export const QUOTA_RESOURCES: Readonly<
  Record<string, { type: ResourceType<ApiObject>; legacy?: string }>
> = {
  pods: { type: types.PODS, legacy: 'pods' },
  services: { type: types.SERVICES, legacy: 'services' },
  persistentvolumeclaims: {
    type: types.PERSISTENT_VOLUME_CLAIMS,
    legacy: 'persistentvolumeclaims',
  },
  configmaps: { type: types.CONFIG_MAPS, legacy: 'configmaps' },
  secrets: { type: types.SECRETS, legacy: 'secrets' },
  replicationcontrollers: { type: types.REPLICATION_CONTROLLERS, legacy: 'replicationcontrollers' },
  resourcequotas: { type: types.RESOURCE_QUOTAS, legacy: 'resourcequotas' },
  'deployments.apps': { type: types.DEPLOYMENTS },
  'replicasets.apps': { type: types.REPLICA_SETS },
  'statefulsets.apps': { type: types.STATEFUL_SETS },
  'jobs.batch': { type: types.JOBS },
  'cronjobs.batch': { type: types.CRON_JOBS },
  'ingresses.networking.k8s.io': { type: types.INGRESSES },
};

const isTerminal = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

function podQuota(pod: Pod): QuotaUsage {
  if (isTerminal(pod)) return {};
  const { requests, limits } = podUsage(pod);
  const usage: QuotaUsage = { pods: ONE };
  for (const [name, amount] of Object.entries(requests)) {
    const quantity = parseQuantity(amount);
    usage[`requests.${name}`] = quantity;
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage') usage[name] = quantity;
  }
  for (const [name, amount] of Object.entries(limits))
    usage[`limits.${name}`] = parseQuantity(amount);
  return usage;
}

function serviceQuota(service: Service): QuotaUsage {
  const usage: QuotaUsage = { services: ONE };
  const { type, ports = [], allocateLoadBalancerNodePorts } = service.spec ?? {};
  if (type === 'LoadBalancer') usage['services.loadbalancers'] = ONE;
  if (type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false))
    usage['services.nodeports'] = quantityOf(ports.length);
  return usage;
}

function claimQuota(claim: PersistentVolumeClaim): QuotaUsage {
  const usage: QuotaUsage = { persistentvolumeclaims: ONE };
  const storage = claim.spec?.resources?.requests?.['storage'];
  if (storage) usage['requests.storage'] = parseQuantity(storage);
  const name = claim.spec?.storageClassName;
  if (!name) return usage;
  usage[`${name}.storageclass.storage.k8s.io/persistentvolumeclaims`] = ONE;
  if (storage)
    usage[`${name}.storageclass.storage.k8s.io/requests.storage`] = parseQuantity(storage);
  return usage;
}

/** What one object counts for. `name` is the resource with its group. */
export function quotaUsage(name: string, object: ApiObject): QuotaUsage {
  const legacy = QUOTA_RESOURCES[name]?.legacy;
  const usage: QuotaUsage =
    name === 'pods'
      ? podQuota(object as Pod)
      : name === 'services'
        ? serviceQuota(object as Service)
        : name === 'persistentvolumeclaims'
          ? claimQuota(object as PersistentVolumeClaim)
          : legacy
            ? { [legacy]: ONE }
            : {};
  return { ...usage, [`count/${name}`]: ONE };
}

/** True when the quota's scopes cover the object; only pods have scopes. */
export function matchesQuotaScope(quota: ResourceQuota, name: string, object: ApiObject): boolean {
  const scopes = [
    ...(quota.spec?.scopes ?? []).map((scopeName) => ({
      scopeName,
      operator: 'Exists',
      values: [] as string[],
    })),
    ...(quota.spec?.scopeSelector?.matchExpressions ?? []),
  ];
  if (!scopes.length) return true;
  if (name !== 'pods') return false;
  const { spec } = object as Pod;
  const isBestEffort = [...spec.containers, ...(spec.initContainers ?? [])].every(
    ({ resources }) =>
      !Object.keys(resources?.requests ?? {}).length &&
      !Object.keys(resources?.limits ?? {}).length,
  );
  return scopes.every(({ scopeName, operator, values = [] }) => {
    if (scopeName === 'Terminating') return spec.activeDeadlineSeconds !== undefined;
    if (scopeName === 'NotTerminating') return spec.activeDeadlineSeconds === undefined;
    if (scopeName === 'BestEffort') return isBestEffort;
    if (scopeName === 'NotBestEffort') return !isBestEffort;
    if (scopeName !== 'PriorityClass') return false;
    const priorityClass = spec.priorityClassName ?? '';
    if (operator === 'Exists') return priorityClass !== '';
    if (operator === 'DoesNotExist') return priorityClass === '';
    return operator === 'In' ? values.includes(priorityClass) : !values.includes(priorityClass);
  });
}

export function addUsage(total: QuotaUsage, usage: QuotaUsage): void {
  for (const [name, quantity] of Object.entries(usage))
    total[name] = (total[name] ?? ZERO_QUANTITY).add(quantity);
}
