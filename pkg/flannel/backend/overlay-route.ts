// Recognises routes that a flannel daemon installed, so that stale routes can be deleted.
import type { Route } from '../../system/netlink/netlink.js';
import { containsNet, parseIpv4Cidr, type Ipv4Net } from '../../util/netaddr/ipv4.js';
import { containsNet6, parseIpv6Cidr, type Ipv6Net } from '../../util/netaddr/ipv6.js';

/** The pod network, from a NetworkConfig or from subnet.env. */
export interface PodNetwork {
  network?: Ipv4Net;
  ipv6?: { network: Ipv6Net };
}

function isInside({ network, ipv6 }: PodNetwork, to: string): boolean {
  if (to.includes(':')) {
    const net = ipv6 && parseIpv6Cidr(to);
    return net !== undefined && containsNet6(ipv6!.network, net);
  }
  const net = network && parseIpv4Cidr(to);
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
