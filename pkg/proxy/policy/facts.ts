// Pods and namespaces as policies see them, and the cut-down objects that the informers keep. Pure.
//
// A pod counts in a family while it has an address of its own there: pods on the host's network are part of the
// node and no policy's subject or peer, and the address of a pod that ended may be another's already.
import type { ContainerPort, Namespace, Pod } from '../../apis/core/v1/types.js';
import type { ObjectMeta } from '../../apimachinery/meta/types.js';
import { isPodTerminal, servingContainers } from '../../component-helpers/pods.js';
import { addressesOf, type Family } from '../family.js';

export type Labels = Readonly<Record<string, string>>;

/** As nft and `meta l4proto` name them. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

export interface NamedPort {
  name: string;
  protocol: Protocol;
  port: number;
}

export interface PodFacts {
  /** 'namespace/name'. */
  key: string;
  namespace: string;
  labels: Labels;
  ip: string;
  /** Runs on this node. */
  local: boolean;
  /** Is being deleted: another pod that claims the address has it. */
  leaving: boolean;
  /** Ports of its containers that have names. */
  ports: readonly NamedPort[];
}

/** What the informer asks for; podFacts checks again, for servers that do not know these fields. */
export const POD_FIELD_SELECTOR =
  'spec.hostNetwork=false,status.phase!=Succeeded,status.phase!=Failed';

const PROTOCOLS: Readonly<Record<string, Protocol>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

/** API spelling to nft's; undefined for others. */
export function protocolOf(text: string | undefined): Protocol | undefined {
  return PROTOCOLS[text || 'TCP'];
}

/** Undefined while no policy can say anything about the pod in this family. */
export function podFacts(pod: Pod, nodeName: string, family: Family): PodFacts | undefined {
  const { metadata, spec, status } = pod;
  if (spec.hostNetwork || isPodTerminal(pod)) return undefined;
  const [ip] = addressesOf(
    [status?.podIP, ...(status?.podIPs ?? []).map((entry) => entry.ip)],
    family,
  );
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

/** Whether policies see no difference. */
export function sameFacts(a: PodFacts, b: PodFacts): boolean {
  return (
    a.ip === b.ip &&
    a.local === b.local &&
    a.leaving === b.leaving &&
    sameLabels(a.labels, b.labels) &&
    a.ports.length === b.ports.length &&
    a.ports.every(
      (port, at) =>
        port.name === b.ports[at]!.name &&
        port.protocol === b.ports[at]!.protocol &&
        port.port === b.ports[at]!.port,
    )
  );
}

export function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** What is kept of every pod of the cluster. */
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
      ...(spec.nodeName ? { nodeName: spec.nodeName } : {}),
      ...(spec.hostNetwork ? { hostNetwork: true } : {}),
    },
    ...(status
      ? {
          status: {
            ...(status.phase ? { phase: status.phase } : {}),
            ...(status.podIP ? { podIP: status.podIP } : {}),
            ...(status.podIPs ? { podIPs: status.podIPs } : {}),
          },
        }
      : {}),
  };
}

/** What is kept of every namespace. */
export function slimNamespace({ metadata }: Namespace): Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: slimMeta(metadata) } as Namespace;
}

function slimMeta({
  name,
  namespace,
  uid,
  resourceVersion,
  labels,
  deletionTimestamp,
}: ObjectMeta): ObjectMeta {
  return {
    name,
    ...(namespace ? { namespace } : {}),
    ...(uid ? { uid } : {}),
    ...(resourceVersion ? { resourceVersion } : {}),
    ...(labels ? { labels } : {}),
    ...(deletionTimestamp ? { deletionTimestamp } : {}),
  } as ObjectMeta;
}
