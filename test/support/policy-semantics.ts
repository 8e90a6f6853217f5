// A second implementation of NetworkPolicy: the API documentation as directly as possible, on the
// API objects. Tests compare the enforced rules with it; it shares no code with them.
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../pkg/apis/networking/v1/types.js';
import type { LabelSelector } from '../../pkg/apimachinery/meta/types.js';
import { parseIp } from '../../pkg/util/netaddr/ip.js';

export interface Objects {
  /** Labels of namespaces. */
  namespaces: ReadonlyMap<string, Record<string, string>>;
  policies: ReadonlyMap<string, NetworkPolicy>;
}

/** An end of a connection; an end without a pod is a node or outside of the cluster. */
export interface End {
  ip: string;
  pod?: Pod;
}

type Labels = Record<string, string>;

function has(selector: LabelSelector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return (
    equal &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      return (operator === 'Exists') === (value !== undefined);
    })
  );
}

const bits = (ip: string): bigint => parseIp(ip)!.value;

function inside(ip: string, cidr: string): boolean {
  const [network, length] = cidr.split('/') as [string, string];
  if (network.includes(':') !== ip.includes(':')) return false;
  const shift = (ip.includes(':') ? 128n : 32n) - BigInt(length);
  return bits(ip) >> shift === bits(network) >> shift;
}

/** Whether `from` may open a connection to `to`. Protocols in lower case. */
export function allowed(
  objects: Objects,
  from: End,
  to: End,
  protocol: string,
  port: number,
): boolean {
  if (from.ip === to.ip) return true;
  return (
    permits(objects, 'Egress', from, to, to, protocol, port) &&
    permits(objects, 'Ingress', to, from, to, protocol, port)
  );
}

function permits(
  objects: Objects,
  type: 'Egress' | 'Ingress',
  subject: End,
  other: End,
  target: End,
  protocol: string,
  port: number,
): boolean {
  if (!subject.pod) return true;
  const { namespace = '', labels = {} } = subject.pod.metadata;
  const applying = [...objects.policies.values()].filter(({ metadata, spec }) => {
    const types = spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress']);
    return (
      metadata.namespace === namespace && types.includes(type) && has(spec.podSelector, labels)
    );
  });
  if (!applying.length) return true;
  return applying.some(({ spec }) => {
    const rules: {
      peers: NetworkPolicyPeer[] | undefined;
      ports: NetworkPolicyPort[] | undefined;
    }[] =
      type === 'Egress'
        ? (spec.egress ?? []).map((rule) => ({ peers: rule.to, ports: rule.ports }))
        : (spec.ingress ?? []).map((rule) => ({ peers: rule.from, ports: rule.ports }));
    return rules.some(
      ({ peers, ports }) =>
        (!peers?.length || peers.some((peer) => isPeer(objects, peer, namespace, other))) &&
        (!ports?.length || ports.some((wanted) => isPort(wanted, target, protocol, port))),
    );
  });
}

function isPeer(objects: Objects, peer: NetworkPolicyPeer, namespace: string, end: End): boolean {
  if (peer.ipBlock)
    return (
      inside(end.ip, peer.ipBlock.cidr) &&
      !(peer.ipBlock.except ?? []).some((cidr) => inside(end.ip, cidr))
    );
  if (!end.pod) return false;
  const { namespace: own = '', labels = {} } = end.pod.metadata;
  if (!peer.namespaceSelector && own !== namespace) return false;
  const known = objects.namespaces.get(own);
  const { matchLabels = {}, matchExpressions = [] } = peer.namespaceSelector ?? {};
  const all = !Object.keys(matchLabels).length && !matchExpressions.length;
  if (peer.namespaceSelector && !all && (!known || !has(peer.namespaceSelector, known)))
    return false;
  return !peer.podSelector || has(peer.podSelector, labels);
}

function isPort(wanted: NetworkPolicyPort, target: End, protocol: string, port: number): boolean {
  if ((wanted.protocol ?? 'TCP').toLowerCase() !== protocol) return false;
  if (wanted.port === undefined) return true;
  if (typeof wanted.port === 'number')
    return port >= wanted.port && port <= (wanted.endPort ?? wanted.port);
  return (target.pod?.spec.containers ?? []).some(({ ports = [] }) =>
    ports.some(
      (named) =>
        named.name === wanted.port &&
        (named.protocol ?? 'TCP').toLowerCase() === protocol &&
        named.containerPort === port,
    ),
  );
}
