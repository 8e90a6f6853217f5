// The resources of the group core, but for pods and services.
import { ageSince } from '../../apimachinery/duration/human-duration.js';
import {
  alignDataSources,
  defaultEndpoints,
  defaultEvent,
  defaultLimitRange,
  defaultNamespace,
  defaultNode,
  defaultPersistentVolume,
  defaultPersistentVolumeClaim,
  defaultPodTemplate,
  defaultReplicationController,
  defaultResourceQuota,
  defaultSecret,
} from '../../apis/core/v1/defaults.js';
import type {
  Endpoints,
  Event,
  Node,
  ObjectReference,
  ResourceQuota,
} from '../../apis/core/v1/types.js';
import {
  validateEndpoints,
  validateNamespace,
  validateNamespaceStatus,
  validateNode,
  validateNodeUpdate,
} from '../../apis/core/v1/validation/cluster.js';
import {
  secretWarnings,
  validateConfigMap,
  validateFrozen,
  validateSecret,
  validateSecretUpdate,
} from '../../apis/core/v1/validation/data.js';
import {
  validateClaimSpec,
  validatePersistentVolumeClaimUpdate,
} from '../../apis/core/v1/validation/persistent-volume-claim.js';
import {
  validatePersistentVolume,
  validatePersistentVolumeUpdate,
} from '../../apis/core/v1/validation/persistent-volume.js';
import { validatePodTemplateSpec } from '../../apis/core/v1/validation/pod-spec.js';
import {
  validateLimitRange,
  validateResourceQuota,
  validateResourceQuotaUpdate,
} from '../../apis/core/v1/validation/quotas.js';
import {
  validateReplicaCounts,
  validateReplicationController,
} from '../../apis/core/v1/validation/replication.js';
import { claimSpecWarnings } from '../../apis/core/v1/pod-warnings.js';
import {
  nodeWarnings,
  persistentVolumeWarnings,
  serviceAccountWarnings,
} from '../../apis/core/v1/warnings.js';
import { validateEvent } from '../../apis/events/v1/event.js';
import { labelName, pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import {
  CONFIG_MAPS,
  ENDPOINTS,
  EVENTS,
  LIMIT_RANGES,
  NAMESPACES,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  POD_TEMPLATES,
  REPLICATION_CONTROLLERS,
  RESOURCE_QUOTAS,
  SECRETS,
  SERVICE_ACCOUNTS,
} from '../../apis/resource-types.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { nodeCondition, preferredAddress } from '../../component-helpers/nodes.js';
import { storageClassOf } from '../../component-helpers/volumes.js';
import { workloadScale } from '../../component-helpers/scale.js';
import {
  accessModesText,
  containerCells,
  firstFew,
  formatLabels,
  NONE,
  UNKNOWN,
  UNSET,
} from '../cells.js';
import { defineResource } from '../define.js';
import { keepSpec, keepStatus } from '../strategy.js';
import { timestamp } from '../../util/env/env.js';
import { copyFields } from '../../apimachinery/meta/copy-fields.js';

export const configMaps = defineResource({
  type: CONFIG_MAPS,
  validate: validateConfigMap,
  validateUpdate: validateFrozen,
  cells: (map) => [Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length],
});

const withPort = (ip: string, port: number): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;

function endpointsText({ subsets }: Endpoints): string {
  if (!subsets?.length) return NONE;
  const all = subsets.flatMap(({ addresses, ports }) =>
    ports?.length
      ? ports.flatMap(({ port }) => (addresses ?? []).map(({ ip }) => withPort(ip, port)))
      : (addresses ?? []).map(({ ip }) => ip),
  );
  return firstFew(all);
}

export const endpoints = defineResource({
  type: ENDPOINTS,
  storage: 'services/endpoints',
  validate: validateEndpoints,
  defaults: defaultEndpoints,
  cells: (object) => [endpointsText(object)],
  allowCreateOnUpdate: true,
});

/** Upstream's --event-ttl. events.k8s.io serves the same stored events in its own shape. */
export const EVENT_TTL_SECONDS = 3600;

function source(event: Event): string {
  const component = event.source?.component || event.reportingComponent || '';
  const host = event.source?.host || event.reportingInstance || '';
  return host ? `${component}, ${host}` : component;
}

export function eventRow(event: Event, now: number): Cell[] {
  const first = ageSince(event.firstTimestamp || event.eventTime, now);
  const last = event.series?.lastObservedTime || event.lastTimestamp;
  const kind = (event.involvedObject.kind ?? '').toLowerCase();
  return [
    last ? ageSince(last, now) : first,
    event.type ?? '',
    event.reason ?? '',
    event.involvedObject.name ? `${kind}/${event.involvedObject.name}` : kind,
    event.involvedObject.fieldPath ?? '',
    source(event),
    (event.message ?? '').trim(),
    first,
    String(event.series?.count ?? (event.count || 1)),
    event.metadata.name,
  ];
}

/** The selectable fields of the object that an event is about; `name` is the event's field. */
export function aboutFields<T>(
  name: string,
  about: (event: T) => ObjectReference | undefined,
): Record<string, (event: T) => string> {
  const fields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
  return Object.fromEntries(
    fields.map((field) => [
      `${name}.${field}`,
      (event) => about(event)?.[field as keyof ObjectReference] ?? '',
    ]),
  );
}

export const events = defineResource({
  type: EVENTS,
  name: pathSegmentName,
  validate: validateEvent,
  defaults: defaultEvent,
  row: eventRow,
  selectableFields: {
    ...aboutFields<Event>('involvedObject', (event) => event.involvedObject),
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? '',
    source: (event) => event.source?.component || event.reportingComponent || '',
    type: (event) => event.type ?? '',
  },
  allowCreateOnUpdate: true,
  ttlSeconds: EVENT_TTL_SECONDS,
  defaultPropagation: 'Unsupported',
});

export const limitRanges = defineResource({
  type: LIMIT_RANGES,
  defaults: defaultLimitRange,
  prepareCreate(range, { random }) {
    range.metadata.name ||= random.uuid();
  },
  validate: validateLimitRange,
  allowCreateOnUpdate: true,
});

// Namespaces. Deletion takes two steps: the namespace becomes Terminating and keeps the finalizer
// `kubernetes` in its spec until the namespace controller has emptied the namespace and removes the
// finalizer by the finalize subresource.
export const NAMESPACE_FINALIZER = 'kubernetes';

export const namespaces = defineResource({
  type: NAMESPACES,
  name: labelName,
  defaults: defaultNamespace,
  cells: (namespace) => [namespace.status?.phase ?? ''],
  selectableFields: { 'status.phase': ({ status }) => status?.phase ?? '' },
  prepareCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const finalizers = (namespace.spec.finalizers ??= []);
    if (!finalizers.includes(NAMESPACE_FINALIZER)) finalizers.push(NAMESPACE_FINALIZER);
  },
  // The label `kubernetes.io/metadata.name` needs the name, which may be generated after the
  // defaults.
  allocate(namespace) {
    defaultNamespace(namespace);
    return [];
  },
  prepareUpdate(next, old) {
    copyFields(next.spec, old.spec, 'finalizers');
    keepStatus(next, old);
  },
  validate: validateNamespace,
  subresources: { finalize: { validateUpdate: validateNamespace } },
  status: { validateUpdate: validateNamespaceStatus },
});

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function roles(node: Node): string {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length)
      found.add(key.slice(ROLE_PREFIX.length));
    else if (key === 'kubernetes.io/role' && value) found.add(value);
  }
  return [...found].sort().join(',') || NONE;
}

function nodeStatus(node: Node): string {
  const ready = nodeCondition(node, 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (node.spec.unschedulable) words.push('SchedulingDisabled');
  return words.join(',');
}

function nodeCells(node: Node): Cell[] {
  const info = node.status?.nodeInfo;
  return [
    nodeStatus(node),
    roles(node),
    info?.kubeletVersion ?? '',
    preferredAddress(node, ['InternalIP']) ?? NONE,
    preferredAddress(node, ['ExternalIP']) ?? NONE,
    info?.osImage || UNKNOWN,
    info?.kernelVersion || UNKNOWN,
    info?.containerRuntimeVersion || UNKNOWN,
  ];
}

export const nodes = defineResource({
  type: NODES,
  storage: 'minions',
  defaults: defaultNode,
  cells: nodeCells,
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false) },
  validate: validateNode,
  warnings: nodeWarnings,
  validateUpdate: validateNodeUpdate,
  status: { validateUpdate: validateNodeUpdate },
});

export const persistentVolumeClaims = defineResource({
  type: PERSISTENT_VOLUME_CLAIMS,
  defaults: defaultPersistentVolumeClaim,
  cells: (claim) => {
    const { spec, status, metadata } = claim;
    const bound = Boolean(spec.volumeName);
    return [
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      spec.volumeName ?? '',
      bound ? (status?.capacity?.['storage'] ?? '0') : '',
      bound ? accessModesText(status?.accessModes) : '',
      storageClassOf(claim),
      spec.volumeAttributesClassName || UNSET,
      spec.volumeMode ?? UNSET,
    ];
  },
  prepareCreate(claim) {
    claim.status = { phase: 'Pending' };
    alignDataSources(claim.spec);
  },
  prepareUpdate(next, old) {
    keepStatus(next, old);
    alignDataSources(next.spec, old.spec);
  },
  validatesTwice: 'all',
  validate: ({ spec }) => validateClaimSpec(spec, 'spec'),
  warnings: ({ spec }) => claimSpecWarnings(spec, 'spec'),
  validateUpdate: validatePersistentVolumeClaimUpdate,
  status: {},
});

export const persistentVolumes = defineResource({
  type: PERSISTENT_VOLUMES,
  defaults: defaultPersistentVolume,
  cells: (volume) => {
    const { spec, status, metadata } = volume;
    const claim = spec.claimRef;
    return [
      spec.capacity?.['storage'] ?? '',
      accessModesText(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '',
      storageClassOf(volume),
      spec.volumeAttributesClassName || UNSET,
      status?.reason ?? '',
      spec.volumeMode ?? UNSET,
    ];
  },
  prepareCreate(volume, { now }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(now) };
  },
  validatesTwice: 'all',
  validate: validatePersistentVolume,
  warnings: persistentVolumeWarnings,
  validateUpdate: validatePersistentVolumeUpdate,
  status: {
    prepareUpdate(next, old, { now }) {
      keepSpec(next, old);
      const { status } = next;
      const at = old.status?.lastPhaseTransitionTime;
      // A writer may give the time of the transition itself.
      if (!status || (status.lastPhaseTransitionTime ?? at) !== at) return;
      if (status.phase !== old.status?.phase) status.lastPhaseTransitionTime = timestamp(now);
      else copyFields(status, old.status ?? {}, 'lastPhaseTransitionTime');
    },
  },
});

export const podTemplates = defineResource({
  type: POD_TEMPLATES,
  defaults: defaultPodTemplate,
  row: ({ metadata, template }) => [
    metadata.name,
    ...containerCells(template),
    formatLabels(template?.metadata?.labels),
  ],
  validate: ({ template }) => validatePodTemplateSpec(template ?? {}, 'template'),
  podTemplate: { of: ({ template }) => template, path: 'template' },
  generation: true,
});

export const replicationControllers = defineResource({
  type: REPLICATION_CONTROLLERS,
  storage: 'controllers',
  defaults: defaultReplicationController,
  cells: (controller) => [
    controller.spec.replicas ?? 0,
    controller.status?.replicas ?? 0,
    controller.status?.readyReplicas ?? 0,
    ...containerCells(controller.spec.template),
    formatLabels(controller.spec.selector),
  ],
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  freshStatus: () => ({ replicas: 0 }),
  generation: true,
  validatesTwice: 'spec',
  validate: validateReplicationController,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  status: { validateUpdate: (next) => validateReplicaCounts(next.status) },
  scale: workloadScale,
  // The default of v1: the pods of a deleted controller stay.
  defaultPropagation: 'Orphan',
});

/** 'cpu: 1/2, pods: 0/10' for the names that begin with 'limits.', or for the others. */
const usage = ({ status }: ResourceQuota, limits: boolean): string =>
  Object.keys(status?.hard ?? {})
    .sort()
    .filter((name) => name.startsWith('limits.') === limits)
    .map((name) => `${name}: ${status?.used?.[name] ?? '0'}/${status?.hard?.[name]}`)
    .join(', ');

export const resourceQuotas = defineResource({
  type: RESOURCE_QUOTAS,
  defaults: defaultResourceQuota,
  cells: (quota) => [usage(quota, false), usage(quota, true)],
  freshStatus: () => ({}),
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
  status: { validateUpdate: (next) => validateResourceQuota(next) },
});

const SECRET_DEFINITION = defineResource({
  type: SECRETS,
  defaults: defaultSecret,
  cells: (secret) => [secret.type ?? '', Object.keys(secret.data ?? {}).length],
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  selectableFields: { type: (secret) => secret.type ?? '' },
});

export interface KeyPairCheck {
  /** Go's complaint about a certificate and a key that no server could use, both in PEM. */
  checkKeyPair?: (certificate: string, key: string) => string | undefined;
}

export const secrets = ({ checkKeyPair }: KeyPairCheck): typeof SECRET_DEFINITION => ({
  ...SECRET_DEFINITION,
  warnings: (secret) => secretWarnings(secret, checkKeyPair),
});

export const serviceAccounts = defineResource({
  type: SERVICE_ACCOUNTS,
  warnings: serviceAccountWarnings,
  cells: (account) => [account.secrets?.length ?? 0],
});
