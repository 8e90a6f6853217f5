// Pods and services: the services that a change of a pod affects, and the pods of a service with
// their addresses and ports. Pure. The endpoints and endpointslice controllers share it (upstream:
// k8s.io/endpointslice/util).
import { selectorFromMap } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Pod, Service } from '../../apis/core/v1/types.js';
import type { Informer } from '../../client/informer.js';
import { isPodReady, isPodTerminal, targetPortOn } from '../../component-helpers/pods.js';

export type AddressType = 'IPv4' | 'IPv6';

/** Label on the endpoints of headless services (v1.IsHeadlessService). */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';

export const isHeadless = (service: Service): boolean => service.spec.clusterIP === 'None';

/** True for services whose endpoints the controllers write: those with a selector. */
export const isSelecting = (service: Service): boolean =>
  service.spec.type !== 'ExternalName' && Object.keys(service.spec.selector ?? {}).length > 0;

/** Keys of the services whose endpoints a change of the pod may alter. */
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

/** Pods that the service selects, that have an address, and whose containers run or may restart. */
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

/** The host name of the pod in the service's DNS records. */
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

/** The ports of the service, resolved for this pod. */
export function portsOn(pod: Pod, service: Service): ResolvedPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPortOn(pod, servicePort);
    if (port === undefined) return [];
    const { appProtocol, name, protocol = 'TCP' } = servicePort;
    return [{ ...(name && { name }), port, protocol, ...(appProtocol && { appProtocol }) }];
  });
}
