// The Endpoints object of a service, from its pods. Pure (upstream: pkg/controller/endpoint and
// pkg/api/endpoints/util.go for the canonical form: addresses with equal ports share a subset).
import type {
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSubset,
  Pod,
  Service,
} from '../../apis/core/v1/types.js';
import {
  addressesOfPod,
  addressTypesOf,
  HEADLESS_LABEL,
  hostnameUnder,
  isHeadless,
  portsOn,
} from '../endpointslice/service-pods.js';
import { MAX_ENDPOINTS_ADDRESSES } from '../runtime/limits.js';
import { isPodReady } from '../../component-helpers/pods.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

export const OVER_CAPACITY_ANNOTATION = 'endpoints.kubernetes.io/over-capacity';

/** `pods` come from `podsOfService`. The result has the service's name and no resourceVersion. */
export function planEndpoints(
  service: Service,
  pods: readonly Pod[],
  old: Endpoints | undefined,
): Endpoints {
  const [type] = addressTypesOf(service);
  const found = pods.flatMap((pod): Found[] => {
    const [ip] = addressesOfPod(pod, type!);
    const ports = portsOn(pod, service);
    const portless = isHeadless(service) && !service.spec.ports?.length;
    if (!ip || (!ports.length && !portless)) return [];
    const ready = service.spec.publishNotReadyAddresses === true || isPodReady(pod);
    return [{ address: addressOf(service, pod, ip), ready, ports }];
  });
  const kept = truncate(found);
  const annotations = { ...old?.metadata.annotations };
  delete annotations[OVER_CAPACITY_ANNOTATION];
  if (kept.length < found.length) annotations[OVER_CAPACITY_ANNOTATION] = 'truncated';
  const subsets = packSubsets(kept);
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: service.metadata.name,
      ...(service.metadata.namespace && { namespace: service.metadata.namespace }),
      labels: { ...service.metadata.labels, ...(isHeadless(service) && { [HEADLESS_LABEL]: '' }) },
      ...(Object.keys(annotations).length && { annotations }),
    },
    ...(subsets.length && { subsets }),
  };
}

interface Found {
  address: EndpointAddress;
  ready: boolean;
  ports: EndpointPort[];
}

function addressOf(service: Service, pod: Pod, ip: string): EndpointAddress {
  const hostname = hostnameUnder(service, pod);
  const { name, namespace, uid } = pod.metadata;
  return {
    ip,
    ...(hostname && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', name, ...(namespace && { namespace }), ...(uid && { uid }) },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byAddress = (a: EndpointAddress, b: EndpointAddress): number =>
  compare(a.ip, b.ip) || compare(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');
const byPort = (a: EndpointPort, b: EndpointPort): number =>
  compare(a.name ?? '', b.name ?? '') ||
  a.port - b.port ||
  compare(a.protocol ?? '', b.protocol ?? '');

/** Beyond the capacity, addresses that are not ready are dropped first. */
function truncate(found: Found[]): Found[] {
  if (found.length <= MAX_ENDPOINTS_ADDRESSES) return found;
  const sorted = found.toSorted(
    (a, b) => Number(b.ready) - Number(a.ready) || byAddress(a.address, b.address),
  );
  return sorted.slice(0, MAX_ENDPOINTS_ADDRESSES);
}

function packSubsets(found: readonly Found[]): EndpointSubset[] {
  const groups = new Map<
    string,
    { ports: EndpointPort[]; ready: EndpointAddress[]; notReady: EndpointAddress[] }
  >();
  for (const { address, ports, ready } of found) {
    const sorted = ports.toSorted(byPort);
    const fresh = () => ({ ports: sorted, ready: [], notReady: [] });
    const group = getOrInsert(groups, JSON.stringify(sorted), fresh);
    (ready ? group.ready : group.notReady).push(address);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { ports, ready, notReady }]) => ({
      ...(ready.length && { addresses: ready.sort(byAddress) }),
      ...(notReady.length && { notReadyAddresses: notReady.sort(byAddress) }),
      ...(ports.length && { ports }),
    }));
}
