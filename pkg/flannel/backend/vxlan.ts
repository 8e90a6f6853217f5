// The vxlan backend: a kernel vxlan device for each address family, and for each peer a permanent
// neighbour, a forwarding entry and an onlink route. The device attributes and entries equal
// flannel's: IPv4 travels over IPv4 (flannel.<VNI>), IPv6 over IPv6 (flannel-v6.<VNI>).
import type { Route, RouteSpec } from '../../system/netlink/netlink.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { checkConfig } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.generated.js';
import { ConfigError, field, type NetworkConfig } from '../config.js';
import type { Desired } from '../network/desired.js';
import { directness } from '../network/direct.js';
import { addressIn, formatNet, type Net } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import type { Backend, BackendContext, BackendType, HostState } from './backend.js';
import { ownsOverlayRoute } from './overlay-route.js';
import { ensureVtep, keepMac, type Vtep } from './vxlan-device.js';

/** Outer IPv4, UDP, VXLAN and inner Ethernet headers; an outer IPv6 header is 20 bytes longer. */
const VXLAN_OVERHEAD = 50;
const VXLAN_OVERHEAD_V6 = 70;
const KERNEL_PORT = 8472;

export interface VxlanOptions {
  VNI: number;
  Port: number;
  GBP: boolean;
  Learning: boolean;
  DirectRouting: boolean;
  TxChecksumOffload: boolean;
  /** Of the IPv4 and of the IPv6 device. */
  MTU: number;
  MTU6: number;
}

export function parseVxlanOptions(
  options: Record<string, unknown>,
  externalMtu: number,
): VxlanOptions {
  type File = Omit<VxlanOptions, 'MTU6'>;
  const file = checkConfig<File>('Backend', BACKEND_SCHEMAS.vxlan, options);
  const outer = file.MTU || externalMtu;
  const mtus = { MTU: outer - VXLAN_OVERHEAD, MTU6: outer - VXLAN_OVERHEAD_V6 };
  return { ...file, Port: file.Port || KERNEL_PORT, ...mtus };
}

/**
 * The VTEP's MAC from a lease's BackendData or BackendV6Data. Undefined when the data is not that
 * of vxlan or has another VNI.
 */
export function vtepOf(data: unknown, vni: number): string | undefined {
  const [mac, theirs] = [field(data, 'VtepMAC'), field(data, 'VNI')];
  if (typeof mac !== 'string' || !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac)) return undefined;
  return theirs === undefined || theirs === vni ? mac.toLowerCase() : undefined;
}

export interface VxlanDevices {
  device: string;
  /** With IPv6. */
  device6?: string;
  /** The interface that reaches the other nodes. */
  external: string;
}

/** The kernel entries for one address family of one peer. */
interface PeerEntries {
  publicIP: string;
  /** Absent when the peer publishes no MAC for this family. */
  tunnel?: {
    route: RouteSpec;
    neighbour: Desired['neighbours'][number];
    fdb: Desired['fdb'][number];
  };
  /** Used instead of `tunnel` when DirectRouting is on and the peer shares a segment. */
  direct: RouteSpec;
}

/**
 * Computes the entries of a peer once per lease, so that a change of one lease among thousands
 * costs only that lease.
 */
export type EntriesOfPeer = (peer: Lease) => readonly PeerEntries[];

export function peerEntriesOver(
  { device, device6, external }: VxlanDevices,
  vni: number,
): EntriesOfPeer {
  const known = new WeakMap<Lease, readonly PeerEntries[]>();
  const entriesOf = (device: string, subnet: Net, publicIP: string, data: unknown): PeerEntries => {
    const [to, address] = [formatNet(subnet), addressIn(subnet)];
    const mac = vtepOf(data, vni);
    const tunnel = mac && {
      route: { to, via: address, device, onlink: true },
      neighbour: { device, address, mac },
      fdb: { device, mac, to: publicIP },
    };
    return { publicIP, ...(tunnel && { tunnel }), direct: { to, via: publicIP, device: external } };
  };
  const make = ({ subnet, subnet6, attrs }: Lease): PeerEntries[] => {
    const entries = [entriesOf(device, subnet, attrs.publicIP, attrs.backendData)];
    if (device6 && subnet6 && attrs.publicIPv6)
      entries.push(entriesOf(device6, subnet6, attrs.publicIPv6, attrs.backendV6Data));
    return entries;
  };
  return (peer) => getOrInsert(known, peer, () => make(peer));
}

/** Kernel state for the peers. With DirectRouting, peers on a shared segment get a plain route. */
export function desiredVxlan(
  devices: VxlanDevices,
  options: VxlanOptions,
  config: NetworkConfig,
  entriesOfPeer: EntriesOfPeer,
  peers: readonly Lease[],
  routes: readonly Route[],
): Desired {
  const desired = {
    routes: [] as Desired['routes'][number][],
    neighbours: [] as Desired['neighbours'][number][],
    fdb: [] as Desired['fdb'][number][],
  };
  const { device, device6, external } = devices;
  const overlays = device6 ? [device, device6] : [device];
  const isDirect = options.DirectRouting ? directness(routes, overlays) : () => false;
  for (const { publicIP, tunnel, direct } of peers.flatMap(entriesOfPeer)) {
    if (isDirect(publicIP)) {
      desired.routes.push(direct);
    } else if (tunnel) {
      desired.neighbours.push(tunnel.neighbour);
      desired.fdb.push(tunnel.fdb);
      desired.routes.push(tunnel.route);
    }
  }
  return { ...desired, ownsRoute: (route) => ownsOverlayRoute(route, config, overlays, external) };
}

/** The device of one family; `infix` tells that of IPv6 from the other. */
async function vtep(
  context: BackendContext,
  options: VxlanOptions,
  infix: '' | '-v6',
  local: string,
): Promise<Vtep> {
  const { VNI: vni, Port: port, Learning: learning, GBP: gbp } = options;
  const name = `flannel${infix}.${vni}`;
  return {
    name,
    mac: await keepMac(context, name, `vtep${infix}-${vni}`),
    txChecksumOffload: options.TxChecksumOffload,
    mtu: infix ? options.MTU6 : options.MTU,
    vxlan: { vni, local, device: context.external.name, port, learning, gbp },
  };
}

export const vxlan: BackendType = {
  type: 'vxlan',
  async open(context): Promise<Backend> {
    const { config, external } = context;
    const options = parseVxlanOptions(config.backend.options, external.mtu);
    const { VNI } = options;
    const { name, ip, ip6 } = external;
    const v4 = await vtep(context, options, '', ip);
    if (config.ipv6 && !ip6) throw new ConfigError(`EnableIPv6: ${name} has no IPv6 address`);
    const v6 = config.ipv6 && (await vtep(context, options, '-v6', ip6!));
    const devices = { device: v4.name, ...(v6 && { device6: v6.name }), external: name };
    const entriesOfPeer = peerEntriesOver(devices, VNI);
    return {
      needsRoutes: options.DirectRouting,
      devices: v6 ? [v4.name, v6.name] : [v4.name],
      mtu: v6 ? Math.min(v4.mtu, v6.mtu) : v4.mtu,
      port: options.Port,
      attrs: {
        backendType: 'vxlan',
        backendData: { VNI, VtepMAC: v4.mac },
        ...(v6 && { backendV6Data: { VNI, VtepMAC: v6.mac } }),
      },
      async ensureDevice(own, links) {
        const made = await ensureVtep(context, v4, `${addressIn(own.subnet)}/32`, links);
        if (!v6 || !own.subnet6) return made;
        return (await ensureVtep(context, v6, `${addressIn(own.subnet6)}/128`, links)) || made;
      },
      accepts: (lease) =>
        lease.attrs.backendType === 'vxlan' && vtepOf(lease.attrs.backendData, VNI) !== undefined,
      desired: (_own, peers, host: HostState) =>
        desiredVxlan(devices, options, config, entriesOfPeer, peers, host.routes),
    };
  },
};
