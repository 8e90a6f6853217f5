// From pods to services and back: which services a pod's change concerns, which pods stand behind a
// service, under which address and port. Pure. Shared by the endpoints and endpointslice controllers
// (upstream: k8s.io/endpointslice/util).
import { selectorFromMap } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Pod, Service } from '../../apis/core/v1/types.js';
import type { Informer } from '../../client/informer.js';
import { isPodReady, isPodTerminal, targetPortOn } from '../../component-helpers/pods.js';

export type AddressType = 'IPv4' | 'IPv6';

/** Marks the endpoints of headless services (v1.IsHeadlessService). */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';

export function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === 'None';
}

/** Endpoints of other services are somebody else's business. */
export function isSelecting(service: Service): boolean {
  return (
    service.spec.type !== 'ExternalName' && Object.keys(service.spec.selector ?? {}).length > 0
  );
}

/** Services whose endpoints the pod's change may alter. */
export function serviceKeysOfPod(
  services: Informer<Service>,
  pod: Pod,
  old: Pod | undefined,
): string[] {
  if (old && !changesEndpoints(pod, old)) return [];
  const keys: string[] = [];
  for (const service of services.store.byIndex('namespace', pod.metadata.namespace ?? '')) {
    if (!isSelecting(service)) continue;
    const selector = selectorFromMap(service.spec.selector);
    if (selector.matches(pod.metadata.labels) || (old && selector.matches(old.metadata.labels)))
      keys.push(keyOf(service));
  }
  return keys;
}

function changesEndpoints(pod: Pod, old: Pod): boolean {
  const view = (p: Pod): string =>
    JSON.stringify([
      p.metadata.uid,
      p.metadata.labels,
      p.spec.nodeName,
      p.status?.podIP,
      p.status?.podIPs,
      isPodReady(p),
      isPodTerminal(p),
      p.metadata.deletionTimestamp === undefined,
    ]);
  return view(pod) !== view(old);
}

/** Pods selected by the service that have an address and can have or regain containers. */
export function podsOfService(
  service: Service,
  pods: Informer<Pod>,
  options: { terminating: boolean },
): Pod[] {
  const selector = selectorFromMap(service.spec.selector);
  return pods.store
    .byIndex('namespace', service.metadata.namespace ?? '')
    .filter(
      (pod) => selector.matches(pod.metadata.labels) && canBeEndpoint(pod, options.terminating),
    );
}

function canBeEndpoint(pod: Pod, terminating: boolean): boolean {
  if (isPodTerminal(pod) || (!pod.status?.podIP && !pod.status?.podIPs?.length)) return false;
  return terminating || pod.metadata.deletionTimestamp === undefined;
}

export function addressTypesOf(service: Service): AddressType[] {
  const { clusterIP = '', ipFamilies } = service.spec;
  if (ipFamilies?.length) return ipFamilies as AddressType[];
  return [clusterIP.includes(':') ? 'IPv6' : 'IPv4'];
}

export function addressesOfPod(pod: Pod, type: AddressType): string[] {
  const ips =
    pod.status?.podIPs?.map(({ ip }) => ip) ?? (pod.status?.podIP ? [pod.status.podIP] : []);
  return ips.filter((ip) => ip.includes(':') === (type === 'IPv6'));
}

/** The pod's own name under the service, for DNS. */
export function hostnameUnder(service: Service, pod: Pod): string | undefined {
  const { hostname, subdomain } = pod.spec;
  return hostname && subdomain === service.metadata.name ? hostname : undefined;
}

export interface ResolvedPort {
  name?: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

/** The service's ports as this pod serves them. */
export function portsOn(pod: Pod, service: Service): ResolvedPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPortOn(pod, servicePort);
    if (port === undefined) return [];
    const { appProtocol, name, protocol = 'TCP' } = servicePort;
    return [{ ...(name ? { name } : {}), port, protocol, ...(appProtocol ? { appProtocol } : {}) }];
  });
}
