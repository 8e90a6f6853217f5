// The host-gw backend: no encapsulation; each peer is the gateway of its subnet's route. All nodes
// must share one segment.
import type { RouteSpec } from '../../system/netlink/netlink.js';
import { ConfigError } from '../config.js';
import { NOTHING_DESIRED } from '../network/desired.js';
import { formatNet } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import type { Backend, BackendType } from './backend.js';
import { ownsOverlayRoute } from './overlay-route.js';

function routesTo({ subnet, subnet6, attrs }: Lease, device: string, isDual: boolean): RouteSpec[] {
  const routes: RouteSpec[] = [{ to: formatNet(subnet), via: attrs.publicIP, device }];
  if (isDual && subnet6 && attrs.publicIPv6)
    routes.push({ to: formatNet(subnet6), via: attrs.publicIPv6, device });
  return routes;
}

export const hostGw: BackendType = {
  type: 'host-gw',
  open({ config, external }): Promise<Backend> {
    const { name, ip, publicIP, ip6, publicIPv6 } = external;
    if (publicIP !== ip)
      throw new ConfigError(
        `host-gw needs the public IP to be the interface's address: ${publicIP} is not ${ip}`,
      );
    if (publicIPv6 !== ip6)
      throw new ConfigError(
        `host-gw needs the public IPv6 to be the interface's address: ${publicIPv6} is not ${ip6}`,
      );
    return Promise.resolve({
      devices: [],
      mtu: external.mtu,
      attrs: { backendType: 'host-gw' },
      ensureDevice: () => Promise.resolve(false),
      accepts: (lease) => lease.attrs.backendType === 'host-gw',
      desired: (_own, peers) => ({
        ...NOTHING_DESIRED,
        routes: peers.flatMap((peer) => routesTo(peer, name, config.ipv6 !== undefined)),
        ownsRoute: (route) => ownsOverlayRoute(route, config, [], name),
      }),
    });
  },
};
