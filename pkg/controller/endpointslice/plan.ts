// The EndpointSlices of a service, from its pods. Pure (upstream:
// k8s.io/endpointslice/reconciler.go). Endpoints stay in their slice, so that a change of one pod
// rewrites one slice. The fullest slice that has room takes new endpoints.
import type { Notice } from '../../client/event-recorder.js';
import type { Endpoint, EndpointPort, EndpointSlice } from '../../apis/discovery/v1/types.js';
import type { Pod, Service } from '../../apis/core/v1/types.js';
import { SERVICES } from '../../apis/resource-types.js';
import { controllerReference, refersTo } from '../../component-helpers/owner-references.js';
import type { NewObject } from '../../client/client.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { MAX_ENDPOINTS_PER_SLICE } from '../runtime/limits.js';
import { isPodReady } from '../../component-helpers/pods.js';
import { planHints, type Topology } from './hints.js';
import {
  addressesOfPod,
  addressTypesOf,
  HEADLESS_LABEL,
  hostnameUnder,
  isHeadless,
  portsOn,
  type AddressType,
} from './service-pods.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
export const CONTROLLER_NAME = 'endpointslice-controller.k8s.io';

/** The service of a slice: 'namespace/name'. */
export const serviceKeyOf = ({ metadata }: EndpointSlice): string =>
  `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME_LABEL] ?? ''}`;

export interface SlicePlan {
  create: NewObject<EndpointSlice>[];
  update: EndpointSlice[];
  remove: EndpointSlice[];
}

/** The slices of a service, with the events that tell of its hints. */
export interface ServicePlan extends SlicePlan {
  events: Notice[];
  /** Whether an address type has hints in proportion to the CPU of the zones. */
  isProportional: boolean;
}

/**
 * `pods` come from `podsOfService`, with terminating pods; `existing` are the slices of the service
 * that this controller manages.
 */
export function planSlices(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  zoneOf: (node: string) => string | undefined,
  topology: Topology = { shares: undefined, wasProportional: false },
): ServicePlan {
  const plan: ServicePlan = {
    create: [],
    update: [],
    remove: [],
    events: [],
    isProportional: false,
  };
  const types = addressTypesOf(service);
  // Slices of an older service of this name are about to be collected.
  const isKept = (slice: EndpointSlice): boolean =>
    types.includes(slice.addressType as AddressType) &&
    (slice.metadata.ownerReferences ?? []).some(
      (owner) => owner.uid === service.metadata.uid && refersTo(owner, SERVICES),
    );
  plan.remove.push(...existing.filter((slice) => !isKept(slice)));
  for (const type of types) {
    const groups = groupByPorts(service, type, pods, zoneOf);
    const kept = existing.filter((slice) => slice.addressType === type && isKept(slice));
    planAddressType(plan, { service, type, groups, existing: kept }, topology);
  }
  return plan;
}

interface Group {
  ports: EndpointPort[];
  /** Wanted endpoints by pod uid. */
  endpoints: Map<string, Endpoint>;
}

/** The endpoints of a service that have addresses of one type. */
interface OfType {
  readonly service: Service;
  readonly type: AddressType;
  readonly groups: ReadonlyMap<string, Group>;
  readonly existing: readonly EndpointSlice[];
}

function planAddressType(plan: ServicePlan, ofType: OfType, topology: Topology): void {
  const { service, type, groups, existing } = ofType;
  addHints(plan, ofType, topology);
  const slicesOf = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = portsKey(slice.ports ?? []);
    if (groups.has(key)) slicesOf.set(key, [...(slicesOf.get(key) ?? []), slice]);
    else plan.remove.push(slice);
  }
  for (const [key, group] of groups) planGroup(plan, service, type, group, slicesOf.get(key) ?? []);
}

/** Gives the wanted endpoints their hints, in place. */
function addHints(
  plan: ServicePlan,
  { service, type, groups, existing }: OfType,
  topology: Topology,
): void {
  const key = (ports: string, uid: string | undefined): string => `${ports} ${uid ?? ''}`;
  const endpoints = new Map(
    [...groups].flatMap(([ports, group]) =>
      [...group.endpoints].map(([uid, endpoint]) => [key(ports, uid), endpoint] as const),
    ),
  );
  const old = new Map(
    existing.flatMap((slice) =>
      (slice.endpoints ?? []).flatMap(({ targetRef, hints }) => {
        const [zone, ...more] = hints?.forZones ?? [];
        if (!zone || more.length) return [];
        return [[key(portsKey(slice.ports ?? []), targetRef?.uid), zone.name] as const];
      }),
    ),
  );
  const { zones, events, isProportional } = planHints(service, type, endpoints, old, topology);
  for (const [id, name] of zones) endpoints.get(id)!.hints = { forZones: [{ name }] };
  plan.events.push(...events);
  plan.isProportional ||= isProportional;
}

function groupByPorts(
  service: Service,
  type: AddressType,
  pods: readonly Pod[],
  zoneOf: (node: string) => string | undefined,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    const addresses = addressesOfPod(pod, type);
    const ports = portsOn(pod, service);
    if (!addresses.length) continue;
    const fresh = () => ({ ports, endpoints: new Map() });
    getOrInsert(groups, portsKey(ports), fresh).endpoints.set(
      pod.metadata.uid ?? pod.metadata.name,
      endpointOf(service, pod, addresses, zoneOf),
    );
  }
  // A service without endpoints keeps one empty slice, so that consumers can tell "none" from
  // "unknown".
  if (!groups.size) groups.set(portsKey([]), { ports: [], endpoints: new Map() });
  return groups;
}

function portsKey(ports: readonly EndpointPort[]): string {
  const parts = ports.map(
    ({ appProtocol = '', name = '', port = 0, protocol = 'TCP' }) =>
      `${name}|${protocol}|${port}|${appProtocol}`,
  );
  return parts.sort().join(',');
}

function endpointOf(
  service: Service,
  pod: Pod,
  addresses: string[],
  zoneOf: (node: string) => string | undefined,
): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const node = pod.spec.nodeName;
  const zone = node && zoneOf(node);
  const hostname = hostnameUnder(service, pod);
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: addresses.slice(0, 1),
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    ...(node && { nodeName: node }),
    targetRef: { kind: 'Pod', name, ...(namespace && { namespace }), ...(uid && { uid }) },
    ...(zone && { zone }),
  };
}

function planGroup(
  plan: SlicePlan,
  service: Service,
  type: AddressType,
  group: Group,
  slices: readonly EndpointSlice[],
): void {
  const unplaced = new Map(group.endpoints);
  const contents = slices.map((slice) => {
    const kept = (slice.endpoints ?? []).flatMap((endpoint) => {
      const uid = endpoint.targetRef?.uid ?? '';
      const wanted = unplaced.get(uid);
      unplaced.delete(uid);
      return wanted ? [equalJson(wanted, endpoint) ? endpoint : wanted] : [];
    });
    return { slice, endpoints: kept };
  });
  const rest = [...unplaced.values()];
  // The fullest slice that still has room takes the new endpoints, so that few slices change.
  for (const content of contents.toSorted((a, b) => b.endpoints.length - a.endpoints.length)) {
    content.endpoints.push(
      ...rest.splice(0, Math.max(0, MAX_ENDPOINTS_PER_SLICE - content.endpoints.length)),
    );
  }
  const labels = labelsOf(service);
  const keepsEmpty = group.endpoints.size === 0;
  let kept = 0;
  for (const { slice, endpoints } of contents) {
    if (!endpoints.length && !(keepsEmpty && kept === 0)) {
      plan.remove.push(slice);
      continue;
    }
    kept++;
    const before = slice.endpoints ?? [];
    const changed =
      endpoints.length !== before.length || endpoints.some((endpoint, i) => endpoint !== before[i]);
    if (!changed && equalJson(labels, slice.metadata.labels ?? {})) continue;
    const metadata = { ...slice.metadata, labels };
    plan.update.push({ ...slice, metadata, endpoints, ports: group.ports });
  }
  while (rest.length || (keepsEmpty && kept === 0)) {
    plan.create.push(
      newSlice(service, type, group.ports, labels, rest.splice(0, MAX_ENDPOINTS_PER_SLICE)),
    );
    kept++;
  }
}

function labelsOf(service: Service): Record<string, string> {
  const own = { ...service.metadata.labels };
  delete own[HEADLESS_LABEL];
  return {
    ...own,
    ...(isHeadless(service) && { [HEADLESS_LABEL]: '' }),
    [SERVICE_NAME_LABEL]: service.metadata.name,
    [MANAGED_BY_LABEL]: CONTROLLER_NAME,
  };
}

function newSlice(
  service: Service,
  addressType: AddressType,
  ports: EndpointPort[],
  labels: Record<string, string>,
  endpoints: Endpoint[],
): NewObject<EndpointSlice> {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service.metadata.name}-`,
      ...(service.metadata.namespace && { namespace: service.metadata.namespace }),
      labels,
      ownerReferences: [controllerReference(SERVICES, service)],
    },
    addressType,
    endpoints,
    ports,
  };
}
