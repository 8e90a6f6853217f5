// Recognises routes that a flannel daemon installed, so that stale routes can be deleted.
import type { Route } from '../../system/netlink/netlink.js';
import { containsNet, parseCidr, type Ipv4Net } from '../ip/ipv4.js';
import { containsNet6, parseCidr6, type Ipv6Net } from '../ip/ipv6.js';

/** The pod network, from a NetworkConfig or from subnet.env. */
export interface PodNetwork {
  network?: Ipv4Net;
  ipv6?: { network: Ipv6Net };
}

function isInside({ network, ipv6 }: PodNetwork, to: string): boolean {
  if (to.includes(':')) {
    const net = ipv6 && parseCidr6(to);
    return net !== undefined && containsNet6(ipv6!.network, net);
  }
  const net = network && parseCidr(to);
  return net !== undefined && containsNet(network!, net);
}

/**
 * True for every route on the overlay devices, and for routes into the pod network through a
 * gateway on `external`.
 */
export function ownsOverlayRoute(
  route: Route,
  pods: PodNetwork,
  devices: readonly string[],
  external: string,
): boolean {
  if (route.protocol !== 'boot' || route.device === undefined) return false;
  if (devices.includes(route.device)) return true;
  return route.device === external && route.via !== undefined && isInside(pods, route.to);
}
