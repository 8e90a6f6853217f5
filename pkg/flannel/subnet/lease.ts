// A lease as flannel writes it to etcd: the key is the subnet, the value is LeaseAttrs in Go's JSON
// encoding. Byte-compatible with flannel: field order, omitted fields and the form of the key
// matter.
import {
  base,
  formatIpv4,
  formatNet,
  overlaps,
  parseIpv4,
  type Ipv4Net,
} from '../../util/netaddr/ipv4.js';
import {
  base6,
  formatIpv6,
  formatNet6,
  overlaps6,
  parseIpv6,
  type Ipv6Net,
} from '../../util/netaddr/ipv6.js';
import { field } from '../config.js';

export interface LeaseAttrs {
  publicIP: string;
  publicIPv6?: string;
  /** '' for udp and alloc, for which flannel writes no type. */
  backendType: string;
  backendData?: unknown;
  backendV6Data?: unknown;
}

/** The subnets of one node. */
export interface Subnets {
  subnet: Ipv4Net;
  /** Absent: IPv4 only. */
  subnet6?: Ipv6Net;
}

export interface Lease extends Subnets {
  key: string;
  attrs: LeaseAttrs;
  modRevision: number;
  /** Revision of the creation of the key: of two overlapping leases the older is valid. */
  createRevision?: number;
  /** Absent for a reservation, which never expires. */
  leaseId?: string;
}

const KEY = /^(\d+\.\d+\.\d+\.\d+)-(\d+)(?:&([a-f\d:]+)-(\d+))?$/;

/** The last part of a lease's key: '10.5.34.0-24', or with IPv6 '10.5.34.0-24&fd00:0:0:22::-64'. */
export function subnetKey({ subnet, subnet6 }: Subnets): string {
  const v6 = subnet6 ? `&${formatIpv6(base6(subnet6))}-${subnet6.length}` : '';
  return `${formatIpv4(base(subnet))}-${subnet.length}${v6}`;
}

/** Undefined when the name is not a subnet; flannel ignores such keys. */
export function parseSubnetKey(name: string): Subnets | undefined {
  const match = KEY.exec(name);
  const ip = match ? parseIpv4(match[1]!) : undefined;
  const length = Number(match?.[2]);
  if (ip === undefined || length > 32) return undefined;
  const subnet = { ip, length };
  if (match![3] === undefined) return { subnet };
  const ip6 = parseIpv6(match![3]);
  const length6 = Number(match![4]);
  return ip6 === undefined || length6 > 128
    ? undefined
    : { subnet, subnet6: { ip: ip6, length: length6 } };
}

/** Text for logs: '10.5.34.0/24' or '10.5.34.0/24, fd00:0:0:22::/64'. */
export function describeSubnets({ subnet, subnet6 }: Subnets): string {
  return subnet6 ? `${formatNet(subnet)}, ${formatNet6(subnet6)}` : formatNet(subnet);
}

/** Whether the subnets overlap in either family. */
export function subnetsOverlap(a: Subnets, b: Subnets): boolean {
  return (
    overlaps(a.subnet, b.subnet) ||
    (a.subnet6 !== undefined && b.subnet6 !== undefined && overlaps6(a.subnet6, b.subnet6))
  );
}

/** Undefined when the value is not LeaseAttrs. */
export function parseLeaseAttrs(text: string): LeaseAttrs | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const object = json as Record<string, unknown>;
  const publicIP = field(object, 'PublicIP');
  if (typeof publicIP !== 'string' || parseIpv4(publicIP) === undefined) return undefined;
  const publicIPv6 = field(object, 'PublicIPv6');
  const backendType = field(object, 'BackendType');
  return {
    publicIP,
    ...(typeof publicIPv6 === 'string' ? { publicIPv6 } : {}),
    backendType: typeof backendType === 'string' ? backendType : '',
    ...(field(object, 'BackendData') !== undefined
      ? { backendData: field(object, 'BackendData') }
      : {}),
    ...(field(object, 'BackendV6Data') !== undefined
      ? { backendV6Data: field(object, 'BackendV6Data') }
      : {}),
  };
}

/**
 * Go's encoding: PublicIPv6 is always present, the other optional fields are omitted when empty.
 */
export function encodeLeaseAttrs(attrs: LeaseAttrs): string {
  return JSON.stringify({
    PublicIP: attrs.publicIP,
    PublicIPv6: attrs.publicIPv6 ?? null,
    ...(attrs.backendType ? { BackendType: attrs.backendType } : {}),
    ...(attrs.backendData !== undefined ? { BackendData: attrs.backendData } : {}),
    ...(attrs.backendV6Data !== undefined ? { BackendV6Data: attrs.backendV6Data } : {}),
  });
}

/** Whether two leases are equal for peers: same subnets and attributes. */
export function sameLease(a: Lease | undefined, b: Lease | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    describeSubnets(a) === describeSubnets(b) &&
    encodeLeaseAttrs(a.attrs) === encodeLeaseAttrs(b.attrs)
  );
}
