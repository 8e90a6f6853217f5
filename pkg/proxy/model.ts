// A Service and its EndpointSlices as the proxy needs them: which address takes which packets to
// which endpoints. Pure; the rules about readiness, locality and topology are here and nowhere else.
import type { Service, ServicePort } from '../apis/core/v1/types.js';
import type { Endpoint, EndpointSlice } from '../apis/discovery/v1/types.js';
import { addressesOf, addressOf, FAMILY_NAMES, familyOf, type Family } from './family.js';

export type Protocol = 'tcp' | 'udp' | 'sctp';

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
  /** For traffic under the Cluster policy. */
  cluster: readonly Target[];
  /** For traffic under the Local policy: the local ones only. */
  local: readonly Target[];
  /** Whether any endpoint, here or elsewhere, is usable: decides between reject and drop. */
  any: boolean;
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
  /** Seconds a client stays with its endpoint; absent: no affinity. */
  affinitySeconds?: number;
  healthCheckNodePort?: number;
  ports: readonly PortModel[];
}

export interface NodeFacts {
  name: string;
  zone?: string;
}

const DEFAULT_AFFINITY_SECONDS = 10_800;
const PROTOCOLS: Record<string, Protocol> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

/** Services of another proxy and headless ones are not ours; their informer leaves them out by this selector. */
export const LABEL_SELECTOR =
  '!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless';
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
/** Annotation of EndpointSlices: when what they tell of happened. */
export const CHANGE_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/** The service's cluster IP of the family; undefined for headless, ExternalName, and services of the other family. */
export function clusterIPOf({ spec }: Service, family: Family): string | undefined {
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None') return undefined;
  if (spec.clusterIP && familyOf(spec.clusterIP) === family)
    return addressOf(spec.clusterIP, family);
  return addressOf(
    spec.clusterIPs?.find((ip) => ip !== '' && ip !== 'None' && familyOf(ip) === family),
    family,
  );
}

/** What the service is in one family; undefined when it is nothing there. */
export function buildService(
  service: Service,
  slices: readonly EndpointSlice[],
  node: NodeFacts,
  family: Family,
): ServiceModel | undefined {
  const { spec, metadata } = service;
  const clusterIP = clusterIPOf(service, family);
  if (!clusterIP) return undefined;
  const slicePorts = indexPorts(slices, family);
  const exposed = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const balanced = spec.type === 'LoadBalancer';
  const seconds =
    spec.sessionAffinity === 'ClientIP'
      ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS)
      : undefined;
  return {
    key: `${metadata.namespace ?? ''}/${metadata.name}`,
    clusterIP,
    externalIPs: addressesOf(spec.externalIPs ?? [], family),
    loadBalancerIPs: balanced
      ? addressesOf(
          (service.status?.loadBalancer?.ingress ?? []).flatMap((ingress) =>
            ingress.ipMode === 'Proxy' ? [] : ingress.ip,
          ),
          family,
        )
      : [],
    sourceRanges: balanced
      ? (spec.loadBalancerSourceRanges ?? [])
          .map((range) => range.trim())
          .filter((range) => familyOf(range) === family)
      : [],
    internalLocal: spec.internalTrafficPolicy === 'Local',
    externalLocal: exposed && spec.externalTrafficPolicy === 'Local',
    ...(seconds !== undefined ? { affinitySeconds: seconds } : {}),
    ...(balanced && spec.externalTrafficPolicy === 'Local' && spec.healthCheckNodePort
      ? { healthCheckNodePort: spec.healthCheckNodePort }
      : {}),
    ports: (spec.ports ?? []).map((port) => buildPort(port, exposed, slicePorts, node, family)),
  };
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
  slicePorts: SlicePorts,
  node: NodeFacts,
  family: Family,
): PortModel {
  const protocol = PROTOCOLS[port.protocol ?? 'TCP'] ?? 'tcp';
  const candidates = candidatesOf(port.name, protocol, slicePorts, node, family);
  const usable = withFallback(candidates);
  const byZone = inZone(usable, node);
  return {
    name: port.name ?? '',
    protocol,
    port: port.port,
    ...(exposed && port.nodePort ? { nodePort: port.nodePort } : {}),
    cluster: byZone.map(target),
    local: withFallback(candidates.filter((candidate) => candidate.local)).map(target),
    any: usable.length > 0,
  };
}

const target = ({ ip, port, local }: Candidate): Target => ({ ip, port, local });

/** Ports of slices by name and protocol: a service may have thousands. */
type SlicePorts = ReadonlyMap<string, readonly { number: number; slice: EndpointSlice }[]>;

const portKey = (name: string | undefined, protocol: Protocol): string =>
  `${protocol} ${name ?? ''}`;

function indexPorts(slices: readonly EndpointSlice[], family: Family): SlicePorts {
  const out = new Map<string, { number: number; slice: EndpointSlice }[]>();
  for (const slice of slices) {
    if (slice.addressType !== FAMILY_NAMES[family].label) continue;
    for (const { name, port, protocol } of slice.ports ?? []) {
      if (!port) continue;
      const key = portKey(name, PROTOCOLS[protocol ?? 'TCP'] ?? 'tcp');
      const known = out.get(key);
      if (known) known.push({ number: port, slice });
      else out.set(key, [{ number: port, slice }]);
    }
  }
  return out;
}

function candidatesOf(
  name: string | undefined,
  protocol: Protocol,
  ports: SlicePorts,
  node: NodeFacts,
  family: Family,
): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { number, slice } of ports.get(portKey(name, protocol)) ?? []) {
    for (const endpoint of slice.endpoints ?? []) {
      const candidate = candidateOf(endpoint, number, node, family);
      if (!candidate) continue;
      const id = `${candidate.ip} ${candidate.port}`;
      const known = found.get(id);
      // The same address in two slices while one replaces the other: the better one counts.
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
  node: NodeFacts,
  family: Family,
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

/** The ready ones; when there are none, those that still serve while they end. */
function withFallback(candidates: readonly Candidate[]): Candidate[] {
  const ready = candidates.filter((candidate) => candidate.ready);
  return ready.length
    ? ready
    : candidates.filter((candidate) => candidate.serving && candidate.terminating);
}

/** Endpoints hinted for this node's zone, when every endpoint has hints and some are for it. */
function inZone(candidates: readonly Candidate[], node: NodeFacts): readonly Candidate[] {
  if (!node.zone || candidates.some((candidate) => !candidate.zones?.length)) return candidates;
  const here = candidates.filter((candidate) => candidate.zones!.includes(node.zone!));
  return here.length ? here : candidates;
}
