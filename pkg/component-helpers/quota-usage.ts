// Usage of resource quotas by objects (upstream pkg/quota/v1/evaluator/core, v1.32). Admission
// enforces this count, and the resourcequota controller writes it to the quota's status. Pure.
import {
  parseQuantity,
  type Quantity,
  quantityOf,
  ZERO_QUANTITY,
} from '../apimachinery/quantity/quantity.js';
import { parseTime } from '../apimachinery/codec/time.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import { isExtendedResource, isHugePages } from '../apis/core/v1/validation/resources.js';
import type {
  PersistentVolumeClaim,
  Pod,
  PodAffinityTerm,
  ResourceQuota,
  Service,
} from '../apis/core/v1/types.js';
import * as types from '../apis/resource-types.js';
import { isPodTerminal, templateContainers } from './pods.js';
import { podQos } from './qos.js';
import { podLimits, podRequests, type Quantities } from './resources.js';

/** Amounts by the resource names of a quota's `spec.hard`. */
export type QuotaUsage = Quantities;

const ONE = quantityOf(1);

/**
 * The resources that quotas count, by name with group. `legacy` is an older name for the same
 * count.
 */
export const QUOTA_RESOURCES: Readonly<
  Record<string, { type: ResourceType<ApiObject>; legacy?: string }>
> = {
  pods: { type: types.PODS },
  services: { type: types.SERVICES },
  persistentvolumeclaims: { type: types.PERSISTENT_VOLUME_CLAIMS },
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

/**
 * The time after which a deleted pod does not count, in milliseconds since 1970; undefined for
 * other pods.
 */
export function podQuotaExpiry({ metadata }: Pod): number | undefined {
  const deleted = metadata.deletionTimestamp && parseTime(metadata.deletionTimestamp);
  if (!deleted || metadata.deletionGracePeriodSeconds === undefined) return undefined;
  return (deleted.seconds + metadata.deletionGracePeriodSeconds) * 1000;
}

/** A finished pod, or a deleted one whose grace period is over, uses no resources (QuotaV1Pod). */
function countsAsPod(pod: Pod, now: number): boolean {
  return !isPodTerminal(pod) && now <= (podQuotaExpiry(pod) ?? Infinity);
}

const PLAIN = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Requests and limits under the names that quotas use (upstream's podComputeUsageHelper). */
function computeUsage(requests: Quantities, limits: Quantities): QuotaUsage {
  const usage: QuotaUsage = {};
  for (const [name, amount] of Object.entries(requests)) {
    const isPlain = PLAIN.has(name) || isHugePages(name);
    if (isPlain) usage[name] = amount;
    if (isPlain || isExtendedResource(name)) usage[`requests.${name}`] = amount;
  }
  for (const [name, amount] of Object.entries(limits))
    if (PLAIN.has(name)) usage[`limits.${name}`] = amount;
  return usage;
}

function podUsage(pod: Pod, now: number): QuotaUsage {
  if (!countsAsPod(pod, now)) return {};
  const options = { useStatus: true };
  return { pods: ONE, ...computeUsage(podRequests(pod, options), podLimits(pod, options)) };
}

function serviceUsage(service: Service): QuotaUsage {
  const usage: QuotaUsage = { services: ONE };
  const { type, ports = [], allocateLoadBalancerNodePorts } = service.spec ?? {};
  if (type !== 'NodePort' && type !== 'LoadBalancer') return usage;
  if (type === 'LoadBalancer') usage['services.loadbalancers'] = ONE;
  const withNodePort =
    type === 'LoadBalancer' && allocateLoadBalancerNodePorts === false
      ? ports.filter(({ nodePort }) => nodePort)
      : ports;
  usage['services.nodeports'] = quantityOf(withNodePort.length);
  return usage;
}

/** The request in whole bytes, or the larger size that an expansion has already allocated. */
function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const text = spec?.resources?.requests?.['storage'];
  if (text === undefined) return undefined;
  const requested = parseQuantity(text).roundUp(0);
  const allocated = status?.allocatedResources?.['storage'];
  const held = allocated === undefined ? ZERO_QUANTITY : parseQuantity(allocated);
  return held.compare(requested) > 0 ? held : requested;
}

function claimUsage(claim: PersistentVolumeClaim): QuotaUsage {
  const usage: QuotaUsage = { persistentvolumeclaims: ONE };
  const storage = storageOf(claim);
  if (storage) usage['requests.storage'] = storage;
  const storageClass =
    claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ??
    claim.spec?.storageClassName;
  if (!storageClass) return usage;
  const prefix = `${storageClass}.storageclass.storage.k8s.io/`;
  usage[`${prefix}persistentvolumeclaims`] = ONE;
  if (storage) usage[`${prefix}requests.storage`] = storage;
  return usage;
}

const EVALUATORS: Readonly<Record<string, (object: ApiObject, now: number) => QuotaUsage>> = {
  pods: (object, now) => podUsage(object as Pod, now),
  services: (object) => serviceUsage(object as Service),
  persistentvolumeclaims: (object) => claimUsage(object as PersistentVolumeClaim),
};

/**
 * The usage of one object. `name` is the resource with its group, `now` is in milliseconds since
 * 1970.
 */
export function quotaUsage(name: string, object: ApiObject, now: number): QuotaUsage {
  const legacy = QUOTA_RESOURCES[name]?.legacy;
  return {
    ...EVALUATORS[name]?.(object, now),
    ...(legacy ? { [legacy]: ONE } : {}),
    [`count/${name}`]: ONE,
  };
}

const crossesNamespaces = ({ namespaces, namespaceSelector }: PodAffinityTerm): boolean =>
  Boolean(namespaces?.length) || namespaceSelector !== undefined;

function usesCrossNamespacePodAffinity({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  return [podAffinity, podAntiAffinity].some(
    (affinity) =>
      affinity?.requiredDuringSchedulingIgnoredDuringExecution?.some(crossesNamespaces) ||
      affinity?.preferredDuringSchedulingIgnoredDuringExecution?.some(({ podAffinityTerm }) =>
        crossesNamespaces(podAffinityTerm),
      ),
  );
}

const isTerminating = ({ spec }: Pod): boolean => (spec.activeDeadlineSeconds ?? -1) >= 0;

function matchesPriorityClass(pod: Pod, operator: string, values: readonly string[]): boolean {
  const name = pod.spec.priorityClassName ?? '';
  if (operator === 'Exists') return name !== '';
  if (operator === 'DoesNotExist') return name === '';
  // Upstream matches a label selector against a label that a pod without a class does not have.
  return operator === 'In' ? name !== '' && values.includes(name) : !values.includes(name);
}

const SCOPES: Readonly<
  Record<string, (pod: Pod, operator: string, values: readonly string[]) => boolean>
> = {
  Terminating: isTerminating,
  NotTerminating: (pod) => !isTerminating(pod),
  BestEffort: (pod) => podQos(pod) === 'BestEffort',
  NotBestEffort: (pod) => podQos(pod) !== 'BestEffort',
  PriorityClass: matchesPriorityClass,
  CrossNamespacePodAffinity: usesCrossNamespacePodAffinity,
};

/** True when every scope of the quota covers the object; only pods have scopes. */
export function matchesQuotaScope(quota: ResourceQuota, name: string, object: ApiObject): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {};
  const selectors = scopeSelector?.matchExpressions ?? [];
  if (!scopes.length && !selectors.length) return true;
  if (name !== 'pods') return false;
  const covers = (scope: string, operator: string, values: readonly string[] = []): boolean =>
    SCOPES[scope]?.(object as Pod, operator, values) ?? false;
  return (
    scopes.every((scope) => covers(scope, 'Exists')) &&
    selectors.every(({ scopeName, operator, values }) => covers(scopeName, operator, values))
  );
}

/** Adds `usage` to `total` in place. */
export function addUsage(total: QuotaUsage, usage: QuotaUsage): void {
  for (const [name, quantity] of Object.entries(usage))
    total[name] = (total[name] ?? ZERO_QUANTITY).add(quantity);
}

const COMPUTE_NAME = /^(?:(requests|limits)\.)?(cpu|memory)$/;

/**
 * Containers without a request or limit that the quota counts, as 'cpu for: a,b'. As upstream, only
 * cpu and memory must be set by every container.
 */
export function missingCompute(quota: ResourceQuota, pod: Pod): string[] {
  const containers = templateContainers(pod.spec);
  return Object.keys(quota.spec?.hard ?? {})
    .toSorted()
    .flatMap((hard) => {
      const match = COMPUTE_NAME.exec(hard);
      if (!match) return [];
      const [side, resource] = [match[1] === 'limits' ? 'limits' : 'requests', match[2]!] as const;
      const lacking = containers.filter(({ resources }) => !resources?.[side]?.[resource]);
      const names = [...new Set(lacking.map((container) => container.name))].toSorted();
      return names.length ? [`${hard} for: ${names.join(',')}`] : [];
    });
}
