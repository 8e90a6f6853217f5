// The ipip backend: one kernel ipip device without a remote address; the gateway of each peer's
// route is the remote. IPv4 only.
import {
  applyAll,
  type Change,
  type Link,
  type LinkSpec,
  type Route,
} from '../../system/netlink/netlink.js';
import { ensureSysctl } from '../../system/sysctl/sysctl.js';
import { checkConfig } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.generated.js';
import { refuseIpv6, type NetworkConfig } from '../config.js';
import type { Desired } from '../network/desired.js';
import { directness } from '../network/direct.js';
import { addressIn, formatNet, type Net } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import type { Backend, BackendContext, BackendType } from './backend.js';
import { ownsOverlayRoute } from './overlay-route.js';
import { makeOrRefuse } from './unsupported.js';

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
    routes: peers.map(routeTo),
    neighbours: [],
    fdb: [],
    ownsRoute: (route) => ownsOverlayRoute(route, config, [DEVICE], external),
  };
}

async function ensureIpip(
  { netlink }: BackendContext,
  spec: LinkSpec,
  mtu: number,
  own: Net,
  links: readonly Link[],
): Promise<boolean> {
  const existing = links.find((link) => link.name === DEVICE && link.kind === 'ipip');
  const address = `${addressIn(own)}/32`;
  const addresses = existing
    ? (await netlink.addresses(DEVICE)).filter((a) => !a.address.includes(':'))
    : [];
  const changes: Change[] = existing ? [] : [{ type: 'link-add', link: spec }];
  changes.push(
    ...addresses
      .filter((a) => a.address !== address)
      .map((a): Change => ({ type: 'address-delete', device: DEVICE, address: a.address })),
  );
  if (!addresses.some((a) => a.address === address))
    changes.push({ type: 'address-replace', device: DEVICE, address });
  if (!existing?.up || existing.mtu !== mtu)
    changes.push({ type: 'link-set', name: DEVICE, mtu, up: true });
  await applyAll(netlink, changes);
  await ensureSysctl(`net/ipv4/conf/${DEVICE}/rp_filter`, 2);
  return !existing;
}

export const ipip: BackendType = {
  type: 'ipip',
  async open(context): Promise<Backend> {
    const { config, external, netlink } = context;
    refuseIpv6(config);
    const { DirectRouting } = checkConfig<{ DirectRouting: boolean }>(
      'Backend',
      BACKEND_SCHEMAS.ipip,
      config.backend.options,
    );
    const spec: LinkSpec = { kind: 'ipip', name: DEVICE, local: external.ip };
    await makeOrRefuse(netlink, spec, 'CONFIG_NET_IPIP');
    const mtu = external.mtu - IPIP_OVERHEAD;
    return {
      devices: [DEVICE],
      needsRoutes: DirectRouting,
      mtu,
      attrs: { backendType: 'ipip' },
      ensureDevice: (own, links) => ensureIpip(context, spec, mtu, own.subnet, links),
      accepts: (lease) => lease.attrs.backendType === 'ipip',
      desired: (_own, peers, host) =>
        desiredIpip(DirectRouting, config, external.name, peers, host.routes),
    };
  },
};
