// A Service and its EndpointSlices as the proxy needs them: the packets that each address takes,
// and their endpoints. Pure. The rules of readiness, locality and topology are only here.
import type { LoadBalancerIngress, Node, Service, ServicePort } from '../apis/core/v1/types.js';
import type { Endpoint, EndpointSlice } from '../apis/discovery/v1/types.js';
import { externallyAccessible } from '../apis/core/v1/service-defaults.js';
import { cidrContains, parseCidr, parseIp } from '../util/netaddr/ip.js';
import { FAMILY_NAMES } from './family.js';
import { addressesOf, addressOf, familyOf, protocolOf } from '../component-helpers/addresses.js';
import type { Family, Protocol } from '../component-helpers/addresses.js';
import { getOrInsert } from '../util/map/get-or-insert.js';

export interface Target {
  ip: string;
  port: number;
  local: boolean;
}

export interface PortModel {
  name: string;
  protocol: Protocol;
  port: number;
  nodePort?: number;
  /** Endpoints under the Cluster policy. */
  cluster: readonly Target[];
  /** Endpoints under the Local policy: those of this node. */
  local: readonly Target[];
  /** Whether any endpoint in the cluster is usable: decides between reject and drop. */
  any: boolean;
  /**
   * Addresses of the endpoints that may still answer, of UDP ports only. A flow to one of them goes
   * on, whatever policies, topology and termination of the endpoint say about new flows.
   */
  serving?: readonly string[];
  /** The load balancer's addresses that serve the port; absent: all that the service has. */
  loadBalancerIPs?: readonly string[];
}

export interface ServiceModel {
  /** 'namespace/name'. */
  key: string;
  clusterIP: string;
  externalIPs: readonly string[];
  loadBalancerIPs: readonly string[];
  sourceRanges: readonly string[];
  internalLocal: boolean;
  externalLocal: boolean;
  /** Session affinity in seconds; absent: none. */
  affinitySeconds?: number;
  healthCheckNodePort?: number;
  ports: readonly PortModel[];
}

export interface ProxyNode {
  name: string;
  zone?: string;
  /** Addresses of the node: those that its own packets carry. */
  addresses?: readonly string[];
}

/** The internal and external addresses of the node, of both families. */
export function nodeAddressesOf(node: Node | undefined): string[] {
  return (node?.status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
    .map(({ address }) => address);
}

const DEFAULT_AFFINITY_SECONDS = 10_800;

/**
 * Selects the services of this proxy: headless services and those of another proxy are excluded.
 */
export const LABEL_SELECTOR =
  '!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless';
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
/** Annotation of EndpointSlices: the time of the change that caused the update. */
export const CHANGE_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/**
 * The cluster IP of the service in the family; undefined for headless and ExternalName services and
 * for those without the family.
 */
export function clusterIPOf({ spec }: Service, family: Family): string | undefined {
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None') return undefined;
  if (spec.clusterIP && familyOf(spec.clusterIP) === family)
    return addressOf(spec.clusterIP, family);
  return addressOf(
    spec.clusterIPs?.find((ip) => ip !== '' && ip !== 'None' && familyOf(ip) === family),
    family,
  );
}

/** Models the service in one family; undefined when it has no cluster IP there. */
export function buildService(
  service: Service,
  slices: readonly EndpointSlice[],
  node: ProxyNode,
  family: Family,
): ServiceModel | undefined {
  const { spec, metadata } = service;
  const clusterIP = clusterIPOf(service, family);
  if (!clusterIP) return undefined;
  const own = addressesOf(node.addresses ?? [], family);
  const view: View = { node, family, own, ports: indexPorts(slices, family) };
  const exposed = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const balanced = spec.type === 'LoadBalancer';
  const ingress = balanced ? (service.status?.loadBalancer?.ingress ?? []) : [];
  const balancedAt = (port?: ServicePort) => {
    const served = ingress.filter((each) => serves(each, view, port));
    return addressesOf(
      served.map(({ ip }) => ip),
      family,
    );
  };
  const loadBalancerIPs = balancedAt();
  const seconds =
    spec.sessionAffinity === 'ClientIP'
      ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS)
      : undefined;
  return {
    key: `${metadata.namespace ?? ''}/${metadata.name}`,
    clusterIP,
    externalIPs: addressesOf(spec.externalIPs ?? [], family),
    loadBalancerIPs,
    sourceRanges: balanced ? sourcesOf(service, loadBalancerIPs, view) : [],
    internalLocal: spec.internalTrafficPolicy === 'Local',
    externalLocal: externallyAccessible(service) && spec.externalTrafficPolicy === 'Local',
    ...(seconds !== undefined && { affinitySeconds: seconds }),
    ...(balanced &&
      spec.externalTrafficPolicy === 'Local' &&
      spec.healthCheckNodePort && { healthCheckNodePort: spec.healthCheckNodePort }),
    ports: (spec.ports ?? []).map((port) =>
      buildPort(port, exposed, view, ingress.length ? balancedAt(port) : undefined),
    ),
  };
}

/** The node and the family for which a service is modelled, and its ports. */
interface View {
  node: ProxyNode;
  family: Family;
  /** Addresses of the node in the family. */
  own: readonly string[];
  ports: SlicePorts;
}

/**
 * Addresses of mode Proxy get their packets through the network, so only the node that has the
 * address serves it: a node that reports a foreign address draws nothing from the others. A status
 * that lists ports serves no others, so that a port that is added to the service takes no port of
 * the address by itself.
 */
const serves = (
  { ip, ipMode, ports }: LoadBalancerIngress,
  { family, own }: View,
  port?: ServicePort,
): boolean =>
  (ipMode !== 'Proxy' || own.includes(addressOf(ip, family) ?? '')) &&
  (!port ||
    !ports?.length ||
    ports.some(
      (one) =>
        one.port === port.port &&
        !one.error &&
        protocolOf(one.protocol) === protocolOf(port.protocol),
    ));

/**
 * The sources that the service's load balancer accepts; empty: all. Load balancers often give their
 * address to the nodes; packets of such a node to that address carry it as their source, so it is a
 * source wherever the node itself is one (upstream: pkg/proxy/nftables/proxier.go, allowFromNode).
 */
function sourcesOf(
  { spec }: Service,
  loadBalancerIPs: readonly string[],
  { family, own }: View,
): string[] {
  const ranges = (spec.loadBalancerSourceRanges ?? [])
    .map((range) => range.trim())
    .filter((range) => familyOf(range) === family);
  const addresses = own.flatMap((ip) => parseIp(ip) ?? []);
  const allowsNode = ranges.some((range) => {
    const cidr = parseCidr(range);
    return cidr !== undefined && addresses.some((ip) => cidrContains(cidr, ip));
  });
  return allowsNode ? [...ranges, ...loadBalancerIPs] : ranges;
}

interface Candidate extends Target {
  ready: boolean;
  serving: boolean;
  terminating: boolean;
  zones: readonly string[] | undefined;
}

function buildPort(
  port: ServicePort,
  exposed: boolean,
  view: View,
  loadBalancerIPs: PortModel['loadBalancerIPs'],
): PortModel {
  const protocol = protocolOf(port.protocol) ?? 'tcp';
  const candidates = candidatesOf(port.name, protocol, view);
  const usable = withFallback(candidates);
  return {
    name: port.name ?? '',
    protocol,
    port: port.port,
    ...(exposed && port.nodePort && { nodePort: port.nodePort }),
    cluster: inZone(usable, view.node).map(target),
    local: withFallback(candidates.filter((candidate) => candidate.local)).map(target),
    any: usable.length > 0,
    ...(loadBalancerIPs && { loadBalancerIPs }),
    ...(protocol === 'udp' && { serving: servingOf(candidates) }),
  };
}

const servingOf = (candidates: readonly Candidate[]): string[] =>
  candidates.filter(({ ready, serving }) => ready || serving).map(({ ip }) => ip);

const target = ({ ip, port, local }: Candidate): Target => ({ ip, port, local });

/** Ports of slices, indexed by name and protocol because a service may have thousands. */
type SlicePorts = ReadonlyMap<string, readonly { number: number; slice: EndpointSlice }[]>;

const portKey = (name: string | undefined, protocol: Protocol): string =>
  `${protocol} ${name ?? ''}`;

function indexPorts(slices: readonly EndpointSlice[], family: Family): SlicePorts {
  const out = new Map<string, { number: number; slice: EndpointSlice }[]>();
  for (const slice of slices) {
    if (slice.addressType !== FAMILY_NAMES[family].label) continue;
    for (const { name, port, protocol } of slice.ports ?? []) {
      if (!port) continue;
      const key = portKey(name, protocolOf(protocol) ?? 'tcp');
      getOrInsert(out, key, () => []).push({ number: port, slice });
    }
  }
  return out;
}

function candidatesOf(name: string | undefined, protocol: Protocol, view: View): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { number, slice } of view.ports.get(portKey(name, protocol)) ?? []) {
    for (const endpoint of slice.endpoints ?? []) {
      const candidate = candidateOf(endpoint, number, view);
      if (!candidate) continue;
      const id = `${candidate.ip} ${candidate.port}`;
      const known = found.get(id);
      // An address may be in two slices while one replaces the other: the better candidate wins.
      if (!known || (candidate.ready && !known.ready)) found.set(id, candidate);
    }
  }
  return [...found.values()].sort((a, b) =>
    a.ip === b.ip ? a.port - b.port : a.ip < b.ip ? -1 : 1,
  );
}

function candidateOf(
  endpoint: Endpoint,
  port: number,
  { node, family }: View,
): Candidate | undefined {
  const ip = addressOf(endpoint.addresses[0], family);
  if (!ip) return undefined;
  const { ready, serving, terminating } = endpoint.conditions ?? {};
  return {
    ip,
    port,
    local: endpoint.nodeName === node.name,
    ready: ready ?? true,
    serving: serving ?? ready ?? true,
    terminating: terminating ?? false,
    zones: endpoint.hints?.forZones?.map((zone) => zone.name),
  };
}

/** The ready candidates; if there are none, the terminating ones that still serve. */
function withFallback(candidates: readonly Candidate[]): Candidate[] {
  const ready = candidates.filter((candidate) => candidate.ready);
  return ready.length
    ? ready
    : candidates.filter((candidate) => candidate.serving && candidate.terminating);
}

/**
 * The endpoints hinted for the zone of this node, if every endpoint has hints and some name the
 * zone; else all.
 */
function inZone(candidates: readonly Candidate[], node: ProxyNode): readonly Candidate[] {
  if (!node.zone || candidates.some((candidate) => !candidate.zones?.length)) return candidates;
  const here = candidates.filter((candidate) => candidate.zones!.includes(node.zone!));
  return here.length ? here : candidates;
}
