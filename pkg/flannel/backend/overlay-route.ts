// Recognises routes that a flannel daemon installed, so that stale routes can be deleted.
import type { Route } from '../../system/netlink/netlink.js';
import { containsNet, parseNet, type Net } from '../../util/netaddr/net.js';

/** The pod network, from a NetworkConfig or from subnet.env. */
export interface PodNetwork {
  network?: Net;
  ipv6?: { network: Net };
}

function isInside({ network, ipv6 }: PodNetwork, to: string): boolean {
  if (to.includes(':')) {
    const net = ipv6 && parseNet(to, 6);
    return net !== undefined && containsNet(ipv6!.network, net);
  }
  const net = network && parseNet(to, 4);
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
