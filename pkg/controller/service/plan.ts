// The addresses of nodes that services of type LoadBalancer get, where no cloud has load balancers
// (after ServiceLB of k3s). Pure. A port of an address belongs to one service at a time: to the
// service that has it, else to the oldest that asks for it; a port that nodes, node ports or host
// ports use belongs to none. The status lists the ports of each address, and kube-proxy serves no
// others, so a port that is added to a service takes effect only after it was given here.
import type { LoadBalancerIngress, Node, Pod, Service } from '../../apis/core/v1/types.js';
import type { Endpoint, EndpointPort } from '../../apis/discovery/v1/types.js';
import { nonSpecialIp } from '../../apis/core/v1/validation/fields.js';
import { hostPortsOf } from '../../component-helpers/node-fit.js';
import { isNodeReady } from '../../component-helpers/nodes.js';
import { isPodTerminal, protocolOf } from '../../component-helpers/pods.js';
import { canonicalIp, familyOf } from '../../util/netaddr/ip.js';
import { MAX_BALANCER_PORTS } from '../runtime/limits.js';
import { RESERVED_PORTS } from './ports.generated.js';

/** The class of these load balancers, beside no class at all. */
const CLASS = 'wheelhouse.io/node-address';
export const CLEANUP_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';
const EXCLUDED_LABEL = 'node.kubernetes.io/exclude-from-external-load-balancers';
const LEAVING_TAINT = 'ToBeDeletedByClusterAutoscaler';

export interface Observed {
  services: readonly Service[];
  nodes: readonly Node[];
  /** The pods of a node that have host ports. */
  podsOn: (node: string) => readonly Pod[];
  endpointsOf: (service: Service) => readonly Endpoint[];
  /** The ports of API servers. */
  apiPorts: readonly EndpointPort[];
}

export interface Balancing {
  service: Service;
  ingress: LoadBalancerIngress[];
  /** The message of an event about a service that lacks addresses. */
  problem?: string;
  /** The service needs no load balancer any more. */
  isOver: boolean;
}

export const NO_NODES = 'There are no available nodes for LoadBalancer';

/** An address for load balancers, and its ports that are not free, such as 'TCP 80'. */
interface Place {
  node: string;
  ip: string;
  family: string;
  taken: Set<string>;
}

const portKey = (one: { port?: number; protocol?: string }): string =>
  `${protocolOf(one)} ${one.port}`;

export const ingressOf = ({ status }: Service): readonly LoadBalancerIngress[] =>
  status?.loadBalancer?.ingress ?? [];

/** Whether the service has or wants a load balancer from here. */
export const isBalanced = ({ metadata, spec }: Service): boolean =>
  (spec.loadBalancerClass ?? CLASS) === CLASS &&
  (spec.type === 'LoadBalancer' || (metadata.finalizers ?? []).includes(CLEANUP_FINALIZER));

const age = ({ metadata }: Node | Service): string =>
  `${metadata.creationTimestamp ?? ''} ${metadata.uid ?? ''}`;
const byAge = (a: Node | Service, b: Node | Service): number => (age(a) < age(b) ? -1 : 1);

/** The facts of a node that count: its addresses, those that take load, and the kubelet's port. */
export function nodeFacts(node: Node) {
  const { metadata, spec, status } = node;
  const ipsOf = (wanted: string) =>
    (status?.addresses ?? [])
      .filter(({ address, type }) => type === wanted && !nonSpecialIp(address, '').length)
      .map(({ address }) => canonicalIp(address));
  const [external, internal] = [ipsOf('ExternalIP'), ipsOf('InternalIP')];
  const inner = internal.filter((ip) => !external.some((ip2) => familyOf(ip2) === familyOf(ip)));
  const takesLoad =
    isNodeReady(node) &&
    !metadata.deletionTimestamp &&
    metadata.labels?.[EXCLUDED_LABEL] === undefined &&
    !spec?.taints?.some(({ key }) => key === LEAVING_TAINT);
  return {
    all: [...external, ...internal],
    taking: takesLoad ? [...external, ...inner] : [],
    kubelet: status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0,
  };
}

/** The host ports of a pod, while it has a node and has not ended. */
export const heldPorts = (pod: Pod): string[] =>
  pod.spec.nodeName && !isPodTerminal(pod) ? hostPortsOf(pod).map(portKey) : [];

/** The ports that the service has on every node. */
export const nodePortsOf = ({ spec }: Service): string[] =>
  [...(spec.ports ?? []), { nodePort: spec.healthCheckNodePort }].flatMap((one) =>
    one.nodePort ? portKey({ ...one, port: one.nodePort }) : [],
  );

/**
 * An address belongs to the oldest node that reports it, and cluster IPs belong to no node, so that
 * a node draws no traffic of others by the addresses that it reports.
 */
function placesOf({ nodes, podsOn, services }: Observed): Place[] {
  const owned = new Set(
    services.flatMap(({ spec }) => (spec.clusterIPs ?? []).map((ip) => canonicalIp(ip))),
  );
  return [...nodes].sort(byAge).flatMap((node) => {
    const { all, kubelet, taking } = nodeFacts(node);
    const own = [...new Set(taking)].filter((ip) => !owned.has(ip));
    for (const ip of all) owned.add(ip);
    const { name } = node.metadata;
    const held = [...podsOn(name).flatMap(heldPorts), portKey({ port: kubelet })];
    const familyName = (ip: string) => `IPv${familyOf(ip)}`;
    return own.map((ip) => ({ node: name, ip, family: familyName(ip), taken: new Set(held) }));
  });
}

/** The places where the service may be, by its families. */
function openTo(service: Service, places: readonly Place[], { endpointsOf }: Observed): Place[] {
  const { externalTrafficPolicy, ipFamilies = ['IPv4'], loadBalancerIP } = service.spec;
  const ready = endpointsOf(service).filter(({ conditions }) => conditions?.ready !== false);
  const nodes = new Set(ready.map(({ nodeName }) => nodeName));
  const only = loadBalancerIP && canonicalIp(loadBalancerIP);
  const isOpen = ({ ip, node }: Place) =>
    (externalTrafficPolicy !== 'Local' || nodes.has(node)) && (!only || ip === only);
  return ipFamilies.flatMap((family) =>
    places.filter((place) => place.family === family && isOpen(place)),
  );
}

/** The next state of each service that has or wants a load balancer. */
export function planLoadBalancers(observed: Observed): Balancing[] {
  const { apiPorts, services } = observed;
  const used = [...services.flatMap(nodePortsOf), ...apiPorts.map((port) => portKey(port))];
  const reserved = new Set<string>([...RESERVED_PORTS, ...used]);
  const places = placesOf(observed);
  const wishes = services
    .filter(isBalanced)
    .sort(byAge)
    .map((service) => {
      const { metadata, spec } = service;
      const isOver = spec.type !== 'LoadBalancer' || metadata.deletionTimestamp !== undefined;
      const ports = (spec.ports ?? []).map((p) => ({ port: p.port, protocol: protocolOf(p) }));
      const open = isOver ? [] : openTo(service, places, observed);
      return { service, isOver, ports, open, given: new Set<Place>(), why: 'too many ports' };
    });
  for (const isHolder of [true, false])
    for (const wish of wishes) {
      const keys = wish.ports.map(portKey);
      const held = new Map(
        ingressOf(wish.service).map(({ ip, ports }) => [ip, new Set(ports?.map(portKey))]),
      );
      for (const place of wish.open) {
        if ((wish.given.size + 1) * keys.length > MAX_BALANCER_PORTS) break;
        if (keys.every((key) => held.get(place.ip)?.has(key)) !== isHolder) continue;
        const busy = keys.find((key) => reserved.has(key) || place.taken.has(key));
        if (busy === undefined) wish.given.add(place);
        else wish.why = `port ${busy} is not free on any available node`;
        for (const key of busy === undefined ? keys : []) place.taken.add(key);
      }
    }
  return wishes.map(({ given, isOver, open, ports, service, why }) => {
    const ingress = open
      .filter((place) => given.has(place))
      .map(({ ip }) => ({ ip, ipMode: 'Proxy', ports }));
    if (isOver || ingress.length) return { service, ingress, isOver };
    const ip = service.spec.loadBalancerIP;
    const reason = open.length ? why : `loadBalancerIP ${ip} is no address of an available node`;
    const failed = `Error syncing load balancer: failed to ensure load balancer: ${reason}`;
    return { service, ingress, isOver, problem: open.length || ip ? failed : NO_NODES };
  });
}
