// The kernel's network configuration as data: links, addresses, routes, neighbours, bridge
// forwarding entries. socket/ speaks AF_NETLINK through the N-API addon of pkg/system/native;
// test/contract/netlink.test.ts compares it with what the tools of iproute2 read and write.
// Decisions are left to the caller, which reads state, plans changes and passes them as one list.
//
// Invariants: `apply` tries every change in order and never stops at a failed one; addresses are
// text ('10.0.0.1'), prefixes always carry their length ('10.0.0.1/32'), MACs are lower case.

export interface VxlanInfo {
  vni: number;
  /** Local outer address. */
  local?: string;
  /** Name of the lower device. */
  device?: string;
  /** UDP port. */
  port: number;
  learning: boolean;
  gbp: boolean;
}

export interface Link {
  index: number;
  name: string;
  mtu: number;
  up: boolean;
  /** Carrier and administratively up. */
  running: boolean;
  mac: string;
  /** 'vxlan', 'veth', 'bridge', 'tun', ...; absent for plain devices. */
  kind?: string;
  /** Name of the bridge that the link belongs to. */
  master?: string;
  vxlan?: VxlanInfo;
}

export interface Address {
  device: string;
  /** The address with its prefix length. */
  address: string;
  scope: 'global' | 'link' | 'host' | 'site';
  /** Reasons not to choose the address: tentative, deprecated, temporary, not permanent. */
  flags: readonly ('tentative' | 'deprecated' | 'temporary' | 'dynamic')[];
}

export interface Route {
  /** Destination with prefix length; '0.0.0.0/0' or '::/0' for the default route. */
  to: string;
  via?: string;
  device?: string;
  type: 'unicast' | 'blackhole' | 'unreachable' | 'local' | 'broadcast' | 'other';
  onlink: boolean;
  /** 'boot', 'kernel', 'static', a number as text, ... */
  protocol: string;
  scope: 'global' | 'link' | 'host' | 'site' | 'nowhere';
  source?: string;
  metric: number;
}

export interface Neighbour {
  device: string;
  address: string;
  mac?: string;
  permanent: boolean;
}

export interface FdbEntry {
  device: string;
  mac: string;
  /** Outer destination, for vxlan devices. */
  to?: string;
  permanent: boolean;
}

/** Identifies a route to add, replace or delete. Table main; metric 0 unless given. */
export interface RouteSpec {
  to: string;
  via?: string;
  device?: string;
  onlink?: boolean;
  type?: 'unicast' | 'blackhole' | 'unreachable';
  source?: string;
  metric?: number;
}

export type LinkSpec =
  | { kind: 'vxlan'; name: string; mtu?: number; mac?: string; vxlan: VxlanInfo }
  | { kind: 'veth'; name: string; mtu?: number; peer: string }
  | { kind: 'bridge'; name: string; mtu?: number }
  /** Without a remote address: routes carry the remote as gateway. */
  | { kind: 'ipip'; name: string; mtu?: number; local: string }
  | { kind: 'wireguard'; name: string; mtu?: number };

export type Change =
  | { type: 'link-add'; link: LinkSpec }
  | { type: 'link-delete'; name: string }
  | {
      type: 'link-set';
      name: string;
      up?: boolean;
      mtu?: number;
      mac?: string;
      master?: string | null;
      gsoMaxSize?: number;
    }
  | { type: 'address-replace'; device: string; address: string }
  | { type: 'address-delete'; device: string; address: string }
  | { type: 'route-replace'; route: RouteSpec }
  | { type: 'route-delete'; route: RouteSpec }
  | { type: 'neigh-replace'; device: string; address: string; mac: string }
  | { type: 'neigh-delete'; device: string; address: string }
  | { type: 'fdb-replace'; device: string; mac: string; to: string }
  | { type: 'fdb-delete'; device: string; mac: string; to?: string };

/** Errno names that callers distinguish; all others are 'EOTHER'. */
export type NetlinkCode =
  | 'EEXIST'
  | 'ENOENT'
  | 'ESRCH'
  | 'ENODEV'
  | 'EADDRNOTAVAIL'
  | 'EINVAL'
  | 'EPERM'
  | 'EOPNOTSUPP'
  | 'ENETUNREACH'
  | 'EOTHER';

export class NetlinkError extends Error {
  override name = 'NetlinkError';
  constructor(
    readonly code: NetlinkCode,
    message: string,
    /** The change that failed. */
    readonly change?: Change,
  ) {
    super(message);
  }
}

export type NetlinkGroup = 'link' | 'address' | 'route' | 'neigh';

export interface Netlink {
  links(): Promise<Link[]>;
  /** Addresses of both families. */
  addresses(device?: string): Promise<Address[]>;
  /** Routes of table main, of both families unless `family` is given. */
  routes(family?: 4 | 6): Promise<Route[]>;
  neighbours(device: string): Promise<Neighbour[]>;
  fdb(device: string): Promise<FdbEntry[]>;
  /** The route the kernel takes to an address; undefined when it is unreachable. */
  routeTo(address: string): Promise<Route | undefined>;
  /** Applies all changes in order; returns the failures, in order. */
  apply(changes: readonly Change[]): Promise<NetlinkError[]>;
  /**
   * Calls back until abort after a change in one of the groups; our own changes may be reported
   * too, and calls may be late or repeated. `device` is set when known. Resolves once it listens.
   */
  watch(
    groups: readonly NetlinkGroup[],
    onChange: (group: NetlinkGroup, device: string | undefined) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): void;
}

/** Whether an error means that the object to delete does not exist. */
export const isGone = (error: NetlinkError): boolean =>
  ['ENOENT', 'ESRCH', 'ENODEV', 'EADDRNOTAVAIL'].includes(error.code);

/** A short text for logs, such as 'route-replace 10.1.0.0/24'. */
export function describeChange(change: Change): string {
  const { type } = change;
  if ('link' in change) return `${type} ${change.link.name}`;
  if ('name' in change) return `${type} ${change.name}`;
  if ('route' in change) {
    const { to, via, device } = change.route;
    return `${type} ${to}${via ? ` via ${via}` : ''}${device ? ` dev ${device}` : ''}`;
  }
  if ('address' in change) return `${type} ${change.address} dev ${change.device}`;
  return `${type} ${change.mac}${change.to ? ` dst ${change.to}` : ''} dev ${change.device}`;
}

/** Applies changes; throws the first failure. */
export async function applyAll(netlink: Netlink, changes: readonly Change[]): Promise<void> {
  const [failed] = await netlink.apply(changes);
  if (failed) throw failed;
}
