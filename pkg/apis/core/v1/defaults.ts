// Defaults of the core kinds that are not pods, services or volumes (upstream
// pkg/apis/core/v1/defaults.go).
import { defaultPodTemplateSpec } from './pod-defaults.js';
import type {
  Endpoints,
  Event,
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  TypedLocalObjectReference,
} from './types.js';
import { defaultSharedSources } from './volume-defaults.js';

export function defaultReplicationController(controller: ReplicationController): void {
  const spec = (controller.spec ??= {});
  controller.status ??= { replicas: 0 };
  if (spec.template) {
    defaultPodTemplateSpec(spec.template);
    const labels = spec.template.metadata?.labels;
    if (labels && Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    if (labels && Object.keys(controller.metadata.labels ?? {}).length === 0)
      controller.metadata.labels = { ...labels };
  }
  spec.replicas ??= 1;
}

export function defaultNamespace(namespace: Namespace): void {
  namespace.spec ??= {};
  namespace.status ??= {};
  namespace.status.phase ||= 'Active';
  if (!namespace.metadata.name) return;
  namespace.metadata.labels ??= {};
  namespace.metadata.labels['kubernetes.io/metadata.name'] = namespace.metadata.name;
}

export function defaultNode(node: Node): void {
  const { podCIDR, podCIDRs } = node.spec ?? {};
  // podCIDR wins over podCIDRs: upstream converts it to the first of the list
  // (core/v1/conversion.go).
  if (podCIDR && podCIDRs?.[0] !== podCIDR) node.spec.podCIDRs = [podCIDR];
  else if (!podCIDR && podCIDRs?.[0]) node.spec.podCIDR = podCIDRs[0];
  node.spec ??= {};
  const status = (node.status ??= {});
  if (status.capacity && !status.allocatable) status.allocatable = { ...status.capacity };
  status.daemonEndpoints ??= { kubeletEndpoint: { Port: 0 } };
  status.nodeInfo ??= {
    machineID: '',
    systemUUID: '',
    bootID: '',
    kernelVersion: '',
    osImage: '',
    containerRuntimeVersion: '',
    kubeletVersion: '',
    kubeProxyVersion: '',
    operatingSystem: '',
    architecture: '',
  };
}

/** base64 of the UTF-8 bytes. */
function encodeText(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Moves stringData, which is write-only and never stored, into data. */
export function defaultSecret(secret: Secret): void {
  secret.type ||= 'Opaque';
  if (!secret.stringData) return;
  secret.data ??= {};
  for (const [key, text] of Object.entries(secret.stringData)) secret.data[key] = encodeText(text);
  delete secret.stringData;
}

export function defaultEndpoints(endpoints: Endpoints): void {
  for (const subset of endpoints.subsets ?? []) {
    for (const port of subset.ports ?? []) port.protocol ||= 'TCP';
  }
}

export function defaultEvent(event: Event): void {
  event.involvedObject ??= {};
  event.source ??= {};
  event.reportingComponent ??= '';
  event.reportingInstance ??= '';
}

export function defaultPodTemplate(object: PodTemplate): void {
  object.template ??= {};
  defaultPodTemplateSpec(object.template);
}

export function defaultLimitRange(range: LimitRange): void {
  for (const item of range.spec?.limits ?? []) {
    if (item.type !== 'Container') continue;
    const limits = { ...item.max, ...item.default };
    const requests = { ...item.min, ...limits, ...item.defaultRequest };
    if (Object.keys(limits).length) item.default = limits;
    if (Object.keys(requests).length) item.defaultRequest = requests;
  }
}

export function defaultResourceQuota(quota: ResourceQuota): void {
  quota.spec ??= {};
  quota.status ??= {};
}

export function defaultPersistentVolume(volume: PersistentVolume): void {
  volume.spec ??= {};
  volume.status ??= {};
  volume.status.phase ||= 'Pending';
  volume.spec.persistentVolumeReclaimPolicy ||= 'Retain';
  volume.spec.volumeMode ??= 'Filesystem';
  defaultSharedSources(volume.spec);
}

export function defaultPersistentVolumeClaim(claim: PersistentVolumeClaim): void {
  claim.spec ??= {};
  claim.spec.resources ??= {};
  claim.status ??= {};
  claim.status.phase ||= 'Pending';
  claim.spec.volumeMode ??= 'Filesystem';
}

const SNAPSHOTS = 'snapshot.storage.k8s.io';

/** Other kinds fill a claim only by dataSourceRef; upstream drops them from dataSource. */
const isOldSource = ({ apiGroup, kind }: TypedLocalObjectReference): boolean =>
  kind === 'PersistentVolumeClaim'
    ? !apiGroup
    : kind === 'VolumeSnapshot' && apiGroup === SNAPSHOTS;

/**
 * Makes dataSource and dataSourceRef agree. Drops a dataSource that old servers ignored, and fields
 * of disabled gates, unless `old` has them (upstream pkg/api/persistentvolumeclaim/util.go).
 */
export function alignDataSources(
  spec: PersistentVolumeClaimSpec,
  old?: PersistentVolumeClaimSpec,
): void {
  if (old?.volumeAttributesClassName === undefined) delete spec.volumeAttributesClassName;
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef?.namespace) delete spec.dataSourceRef;
  const inUse = old?.dataSource ?? old?.dataSourceRef ?? spec.dataSourceRef;
  if (!inUse && spec.dataSource && !isOldSource(spec.dataSource)) delete spec.dataSource;
  if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource };
  else if (spec.dataSourceRef && !spec.dataSource && !spec.dataSourceRef.namespace) {
    const { apiGroup, kind, name } = spec.dataSourceRef;
    spec.dataSource = { ...(apiGroup !== undefined && { apiGroup }), kind, name };
  }
}
