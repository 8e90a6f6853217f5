// Pods and namespaces as policies see them, and the slim objects that the informers keep. Pure.
//
// A pod has a part in policies of a family while it has an address of its own in it. Pods on the
// host network are part of the node and neither subject nor peer. The address of a pod that ended
// may already belong to another pod.
import type { ContainerPort, Namespace, Pod, PodSpec } from '../../apis/core/v1/types.js';
import type { ObjectMeta } from '../../apimachinery/meta/types.js';
import { isPodTerminal, servingContainers } from '../../component-helpers/pods.js';
import { addressesOf, protocolOf, type Family, type Protocol } from '../family.js';

export type Labels = Readonly<Record<string, string>>;

export interface NamedPort {
  name: string;
  protocol: Protocol;
  port: number;
}

export interface PolicyPod {
  /** 'namespace/name'. */
  key: string;
  namespace: string;
  labels: Labels;
  ip: string;
  /** Whether the pod runs on this node. */
  local: boolean;
  /** Whether the pod is being deleted: another pod with the same address takes precedence. */
  leaving: boolean;
  /** The named ports of its containers. */
  ports: readonly NamedPort[];
}

/**
 * The field selector of the pod informer. policyPod checks the fields again, for servers that do
 * not know the selector.
 */
export const POD_FIELD_SELECTOR =
  'spec.hostNetwork=false,status.phase!=Succeeded,status.phase!=Failed';

/** The pod as policies see it; undefined while no policy of this family can apply to it. */
export function policyPod(pod: Pod, nodeName: string, family: Family): PolicyPod | undefined {
  const { metadata, spec, status } = pod;
  if (spec.hostNetwork || isPodTerminal(pod)) return undefined;
  const ips = [status?.podIP, ...(status?.podIPs ?? []).map((entry) => entry.ip)];
  const [ip] = addressesOf(ips, family);
  if (!ip) return undefined;
  const namespace = metadata.namespace ?? '';
  return {
    key: `${namespace}/${metadata.name}`,
    namespace,
    labels: metadata.labels ?? {},
    ip,
    local: spec.nodeName === nodeName,
    leaving: metadata.deletionTimestamp !== undefined,
    ports: servingContainers(pod.spec).flatMap((container) =>
      (container.ports ?? []).flatMap(namedPort),
    ),
  };
}

function namedPort({ name, protocol, containerPort }: ContainerPort): NamedPort[] {
  const known = protocolOf(protocol);
  return name && known ? [{ name, protocol: known, port: containerPort }] : [];
}

/** The fields of the object that it has. */
const pick = <T extends object>(object: T, ...fields: (keyof T)[]): T =>
  Object.fromEntries(
    fields.flatMap((field) => (object[field] ? [[field, object[field]]] : [])),
  ) as T;

/** The fields that the informer keeps of a pod. */
export function slimPod(pod: Pod): Pod {
  const { metadata, spec, status } = pod;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: slimMeta(metadata),
    spec: {
      containers: servingContainers(pod.spec).map(({ name, ports }) => ({
        name,
        ports: (ports ?? []).filter((port) => port.name),
      })),
      ...pick<Partial<PodSpec>>(spec, 'nodeName', 'hostNetwork'),
    },
    ...(status && { status: pick(status, 'phase', 'podIP', 'podIPs') }),
  };
}

/** The fields that the informer keeps of a namespace. */
export const slimNamespace = ({ metadata }: Namespace): Namespace =>
  ({ apiVersion: 'v1', kind: 'Namespace', metadata: slimMeta(metadata) }) as Namespace;

const slimMeta = (metadata: ObjectMeta): ObjectMeta =>
  pick(metadata, 'name', 'namespace', 'uid', 'resourceVersion', 'labels', 'deletionTimestamp');
