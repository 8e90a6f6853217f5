// ResourceQuota: refuses what would take a namespace beyond its quota (upstream
// plugin/pkg/admission/resourcequota). Use is counted from the cache plus what this server has let
// pass and not yet seen there, so that concurrent creates cannot overtake one another. Several
// servers do not see each other's passed objects until they are stored.
import { parseQuantity, type Quantity, quantityOf, ZERO_QUANTITY } from '../apimachinery/quantity/quantity.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../apis/core/v1/types.js';
import * as types from '../apis/resource-types.js';
import type { AdmissionPluginFactory, AdmissionReader, AdmissionRequest } from '../apiserver/admission.js';
import { podUsage } from './limit-ranger.js';
import { refusal } from './refuse.js';

type Usage = Record<string, Quantity>;

const ONE = quantityOf(1);
/** A passed object that does not appear within this time was refused or lost later on. */
const PENDING_MS = 5_000;

const COUNTED: Record<string, { type: ResourceType<ApiObject>; legacy?: string }> = {
  pods: { type: types.PODS, legacy: 'pods' },
  services: { type: types.SERVICES, legacy: 'services' },
  persistentvolumeclaims: { type: types.PERSISTENT_VOLUME_CLAIMS, legacy: 'persistentvolumeclaims' },
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

const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

function podQuota(pod: Pod): Usage {
  if (isTerminal(pod)) return {};
  const { requests, limits } = podUsage(pod);
  const usage: Usage = { pods: ONE };
  for (const [name, amount] of Object.entries(requests)) {
    const quantity = parseQuantity(amount);
    usage[`requests.${name}`] = quantity;
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage') usage[name] = quantity;
  }
  for (const [name, amount] of Object.entries(limits)) usage[`limits.${name}`] = parseQuantity(amount);
  return usage;
}

function serviceQuota(service: Service): Usage {
  const usage: Usage = { services: ONE };
  const { type, ports = [], allocateLoadBalancerNodePorts } = service.spec ?? {};
  if (type === 'LoadBalancer') usage['services.loadbalancers'] = ONE;
  if (type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)) usage['services.nodeports'] = quantityOf(ports.length);
  return usage;
}

function claimQuota(claim: PersistentVolumeClaim): Usage {
  const usage: Usage = { persistentvolumeclaims: ONE };
  const storage = claim.spec?.resources?.requests?.['storage'];
  if (storage) usage['requests.storage'] = parseQuantity(storage);
  const name = claim.spec?.storageClassName;
  if (!name) return usage;
  usage[`${name}.storageclass.storage.k8s.io/persistentvolumeclaims`] = ONE;
  if (storage) usage[`${name}.storageclass.storage.k8s.io/requests.storage`] = parseQuantity(storage);
  return usage;
}

/** What one object counts for. `name` is the resource with its group. */
export function quotaUsage(name: string, object: ApiObject): Usage {
  const legacy = COUNTED[name]?.legacy;
  const usage: Usage =
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

function matchesScope(quota: ResourceQuota, name: string, object: ApiObject): boolean {
  const scopes = [
    ...(quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists', values: [] as string[] })),
    ...(quota.spec?.scopeSelector?.matchExpressions ?? []),
  ];
  if (!scopes.length) return true;
  if (name !== 'pods') return false;
  const { spec } = object as Pod;
  const isBestEffort = [...spec.containers, ...(spec.initContainers ?? [])].every(({ resources }) => !Object.keys(resources?.requests ?? {}).length && !Object.keys(resources?.limits ?? {}).length);
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

const show = (usage: Usage): string =>
  Object.entries(usage)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, quantity]) => `${name}=${quantity.toString()}`)
    .join(',');

/** Compute resources that a quota names must be given by every container it covers. */
function missingCompute(quota: ResourceQuota, pod: Pod): string[] {
  const hard = Object.keys(quota.spec?.hard ?? {});
  return hard.filter((name) => {
    const [, part, resource] = /^(requests|limits)\.(cpu|memory)$/.exec(name) ?? (/^(cpu|memory)$/.test(name) ? ['', 'requests', name] : []);
    if (!part || !resource) return false;
    return pod.spec.containers.some((container) => container.resources?.[part as 'requests' | 'limits']?.[resource] === undefined);
  });
}

interface Pending {
  object: ApiObject;
  until: number;
}

export const resourceQuota: AdmissionPluginFactory = ({ env, reader }) => {
  const pending = new Map<string, Map<string, Pending>>(); // by 'resource/namespace', then object name

  const notYetSeen = (name: string, namespace: string, present: readonly ApiObject[]): ApiObject[] => {
    const waiting = pending.get(`${name}/${namespace}`);
    if (!waiting) return [];
    const seen = new Set(present.map((object) => object.metadata.name));
    for (const [key, entry] of waiting) if (seen.has(key) || entry.until < env.clock.now()) waiting.delete(key);
    if (!waiting.size) pending.delete(`${name}/${namespace}`);
    return [...waiting.values()].map((entry) => entry.object);
  };

  const remember = (name: string, request: AdmissionRequest): void => {
    const key = `${name}/${request.namespace}`;
    const waiting = pending.get(key) ?? new Map<string, Pending>();
    const id = request.object!.metadata.name || `${request.object!.metadata.generateName ?? ''}\n${env.random.next()}`;
    pending.set(key, waiting.set(id, { object: request.object!, until: env.clock.now() + PENDING_MS }));
  };

  return {
    name: 'ResourceQuota',
    operations: ['CREATE', 'UPDATE'],
    resources: Object.keys(COUNTED),
    validate(request) {
      if (request.subresource) return;
      const { group, resource } = request.resource.facts;
      const name = group ? `${resource}.${group}` : resource;
      const quotas = reader.list(types.RESOURCE_QUOTAS, request.namespace).filter((quota) => matchesScope(quota, name, request.object!));
      if (!quotas.length) return;
      let mustRemember = false;
      for (const quota of quotas) mustRemember = checkQuota(request, reader, name, quota, notYetSeen) || mustRemember;
      if (mustRemember && request.operation === 'CREATE' && !request.context.dryRun) remember(name, request);
    },
  };
};

function add(total: Usage, usage: Usage): void {
  for (const [name, quantity] of Object.entries(usage)) total[name] = (total[name] ?? ZERO_QUANTITY).add(quantity);
}

/** Throws Forbidden when it does not fit; true when the quota counts this object. */
function checkQuota(
  request: AdmissionRequest,
  reader: AdmissionReader,
  name: string,
  quota: ResourceQuota,
  notYetSeen: (name: string, namespace: string, present: readonly ApiObject[]) => ApiObject[],
): boolean {
  const hard = Object.entries(quota.spec?.hard ?? {});
  if (name === 'pods' && request.operation === 'CREATE') {
    const missing = missingCompute(quota, request.object as Pod);
    if (missing.length) throw refusal(request, `failed quota: ${quota.metadata.name}: must specify ${missing.toSorted().join(',')}`);
  }
  const wanted = quotaUsage(name, request.object!);
  const before = request.oldObject ? quotaUsage(name, request.oldObject) : {};
  const delta: Usage = {};
  for (const [resource] of hard) {
    const grows = wanted[resource]?.sub(before[resource] ?? ZERO_QUANTITY);
    if (grows && grows.sign > 0) delta[resource] = grows;
  }
  if (!Object.keys(delta).length) return false;
  const present = reader.list(COUNTED[name]!.type, request.namespace);
  const used: Usage = {};
  for (const object of [...present, ...notYetSeen(name, request.namespace, present)]) {
    if (matchesScope(quota, name, object)) add(used, quotaUsage(name, object));
  }
  const exceeded = hard.filter(([resource, bound]) => delta[resource] && (used[resource] ?? ZERO_QUANTITY).add(delta[resource]).compare(parseQuantity(bound)) > 0);
  if (!exceeded.length) return true;
  const of = (pick: (resource: string, bound: string) => Quantity) => show(Object.fromEntries(exceeded.map(([resource, bound]) => [resource, pick(resource, bound)])));
  throw refusal(
    request,
    `exceeded quota: ${quota.metadata.name}, requested: ${of((r) => delta[r]!)}, used: ${of((r) => used[r] ?? ZERO_QUANTITY)}, limited: ${of((_r, bound) => parseQuantity(bound))}`,
  );
}
