// Pods as policies see them. Pure.
//
// A pod has a part in policies of a family while it has an address of its own in it. Pods on the
// host network are part of the node and neither subject nor peer. The address of a pod that ended
// may already belong to another pod.
import type { ContainerPort, Pod } from '../../apis/core/v1/types.js';
import { addressesOf, protocolOf, type Family, type Protocol } from '../addresses.js';
import { isPodTerminal, servingContainers } from '../pods.js';

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

export const portsNamed = (pod: PolicyPod, protocol: Protocol, name: string): NamedPort[] =>
  pod.ports.filter((port) => port.protocol === protocol && port.name === name);
