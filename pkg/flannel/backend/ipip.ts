// The ipip backend: one kernel ipip device without a remote address; the gateway of each peer's
// route is the remote. IPv4 only.
import type { LinkSpec, Route } from '../../system/netlink/netlink.js';
import { ensureSysctl } from '../../system/sysctl/sysctl.js';
import { checkConfig } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.generated.js';
import { refuseIpv6, type NetworkConfig } from '../config.js';
import { NOTHING_DESIRED, type Desired } from '../network/desired.js';
import { directness } from '../network/direct.js';
import { addressIn, formatNet } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import type { Backend, BackendType } from './backend.js';
import { ownsOverlayRoute } from './overlay-route.js';
import { ensureTunnel, makeOrRefuse } from './device.js';

const DEVICE = 'flannel.ipip';
/** The outer IPv4 header. */
const IPIP_OVERHEAD = 20;

/**
 * A route through each peer's public IP. No neighbour entries are needed, because the device is a
 * tunnel.
 */
export function desiredIpip(
  directRouting: boolean,
  config: NetworkConfig,
  external: string,
  peers: readonly Lease[],
  routes: readonly Route[],
): Desired {
  const isDirect = directRouting ? directness(routes, [DEVICE]) : () => false;
  const routeTo = ({ subnet, attrs }: Lease) =>
    isDirect(attrs.publicIP)
      ? { to: formatNet(subnet), via: attrs.publicIP, device: external }
      : { to: formatNet(subnet), via: attrs.publicIP, device: DEVICE, onlink: true };
  return {
    ...NOTHING_DESIRED,
    routes: peers.map(routeTo),
    ownsRoute: (route) => ownsOverlayRoute(route, config, [DEVICE], external),
  };
}

export const ipip: BackendType = {
  type: 'ipip',
  async open(context): Promise<Backend> {
    const { config, external, netlink } = context;
    refuseIpv6(config);
    const { options } = config.backend;
    type IpipFile = { DirectRouting: boolean };
    const { DirectRouting } = checkConfig<IpipFile>('Backend', BACKEND_SCHEMAS.ipip, options);
    const spec: LinkSpec = { kind: 'ipip', name: DEVICE, local: external.ip };
    await makeOrRefuse(netlink, spec, 'CONFIG_NET_IPIP');
    const mtu = external.mtu - IPIP_OVERHEAD;
    return {
      devices: [DEVICE],
      needsRoutes: DirectRouting,
      mtu,
      attrs: { backendType: 'ipip' },
      async ensureDevice({ subnet }, links) {
        const wanted = { address: `${addressIn(subnet)}/32`, mtu };
        const made = await ensureTunnel(netlink, spec, wanted, links);
        await ensureSysctl(`net/ipv4/conf/${DEVICE}/rp_filter`, 2);
        return made;
      },
      accepts: (lease) => lease.attrs.backendType === 'ipip',
      desired: (_own, peers, host) =>
        desiredIpip(DirectRouting, config, external.name, peers, host.routes),
    };
  },
};
