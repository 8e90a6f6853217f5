// Usage of resource quotas by objects (upstream pkg/quota/v1/evaluator/core, v1.32). Admission
// enforces this count, and the resourcequota controller writes it to the quota's status. Pure.
import {
  parseQuantity,
  type Quantity,
  quantityOf,
  ZERO_QUANTITY,
} from '../apimachinery/quantity/quantity.js';
import { durationSeconds, parseTime } from '../apimachinery/codec/time.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import {
  isExtendedResource,
  isHugePages,
  isNativeResource,
} from '../apis/core/v1/validation/resources.js';
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
import { storageClassOf } from './volumes.js';

export type QuotaUsage = Quantities;

const ONE = quantityOf(1);

/** The resources whose usage is more than a number of objects, by name with group. */
export const MEASURED_RESOURCES = {
  pods: types.PODS,
  services: types.SERVICES,
  persistentvolumeclaims: types.PERSISTENT_VOLUME_CLAIMS,
} as const satisfies Readonly<Record<string, ResourceType<ApiObject>>>;

/** Resources whose objects are also counted under the bare name. */
const LEGACY_COUNTS = new Set([
  'configmaps',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
]);

/** True for resources that a quota can count: stored in a namespace, and no events. */
export const isCountable = (
  { group, namespaced, resource }: ResourceType<unknown>,
  verbs: readonly string[],
): boolean =>
  namespaced &&
  verbs.includes('list') &&
  !(resource === 'events' && (group === '' || group === types.EVENTS_EVENTS.group));

const CLAIM_NAME =
  /^(?:.+\.storageclass\.storage\.k8s\.io\/)?(?:persistentvolumeclaims|requests\.storage)$/;
const SERVICE_NAME = /^services(?:\.loadbalancers|\.nodeports)?$/;
const POD_NAME = /^(?:pods|(?:(?:requests|limits)\.)?(?:cpu|memory|ephemeral-storage))$/;

/** The resource, as RESOURCE.GROUP, that a name in `spec.hard` counts. */
export function countedResource(hard: string): string | undefined {
  if (hard.startsWith('count/')) return hard.slice('count/'.length);
  if (LEGACY_COUNTS.has(hard)) return hard;
  if (SERVICE_NAME.test(hard)) return 'services';
  if (CLAIM_NAME.test(hard)) return 'persistentvolumeclaims';
  const requested = hard.startsWith('requests.') ? hard.slice('requests.'.length) : undefined;
  const isOfPods =
    POD_NAME.test(hard) ||
    isHugePages(requested ?? hard) ||
    (requested !== undefined && !isNativeResource(hard));
  return isOfPods ? 'pods' : undefined;
}

/**
 * The time after which a deleted pod does not count, in milliseconds since 1970; undefined for
 * other pods.
 */
export function podQuotaExpiry({ metadata }: Pod): number | undefined {
  const deleted = metadata.deletionTimestamp && parseTime(metadata.deletionTimestamp);
  if (!deleted || metadata.deletionGracePeriodSeconds === undefined) return undefined;
  return (deleted.seconds + durationSeconds(metadata.deletionGracePeriodSeconds)) * 1000;
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
  const storageClass = storageClassOf(claim);
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
  return {
    ...EVALUATORS[name]?.(object, now),
    ...(LEGACY_COUNTS.has(name) && { [name]: ONE }),
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
