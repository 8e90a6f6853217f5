// A lease as flannel writes it to etcd: the key is the subnet, the value is LeaseAttrs in Go's JSON
// encoding. Byte-compatible with flannel: field order, omitted fields and the form of the key
// matter.
import { addressIn, formatNet, overlaps, parseNet, type Net } from '../../util/netaddr/net.js';
import { familyOf } from '../../util/netaddr/ip.js';
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
  subnet: Net;
  /** Absent: IPv4 only. */
  subnet6?: Net;
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
  const v6 = subnet6 ? `&${addressIn(subnet6)}-${subnet6.length}` : '';
  return `${addressIn(subnet)}-${subnet.length}${v6}`;
}

/** Undefined when the name is not a subnet; flannel ignores such keys. */
export function parseSubnetKey(name: string): Subnets | undefined {
  const [, v4 = '', length = '', v6, length6 = ''] = KEY.exec(name) ?? [];
  const subnet = parseNet(`${v4}/${Number(length)}`, 4);
  if (!subnet || v6 === undefined) return subnet && { subnet };
  const subnet6 = parseNet(`${v6}/${Number(length6)}`, 6);
  return subnet6 && { subnet, subnet6 };
}

/** Text for logs: '10.5.34.0/24' or '10.5.34.0/24, fd00:0:0:22::/64'. */
export const describeSubnets = ({ subnet, subnet6 }: Subnets): string =>
  subnet6 ? `${formatNet(subnet)}, ${formatNet(subnet6)}` : formatNet(subnet);

/** Whether the subnets overlap in either family. */
export const subnetsOverlap = (a: Subnets, b: Subnets): boolean =>
  overlaps(a.subnet, b.subnet) ||
  (a.subnet6 !== undefined && b.subnet6 !== undefined && overlaps(a.subnet6, b.subnet6));

/** Undefined when the value is not LeaseAttrs. */
export function parseLeaseAttrs(text: string): LeaseAttrs | undefined {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    return undefined;
  }
  const publicIP = field(object, 'PublicIP');
  if (typeof publicIP !== 'string' || familyOf(publicIP) !== 4) return undefined;
  const [publicIPv6, backendType] = [field(object, 'PublicIPv6'), field(object, 'BackendType')];
  const [backendData, backendV6Data] = [
    field(object, 'BackendData'),
    field(object, 'BackendV6Data'),
  ];
  return {
    publicIP,
    ...(typeof publicIPv6 === 'string' && { publicIPv6 }),
    backendType: typeof backendType === 'string' ? backendType : '',
    ...(backendData !== undefined && { backendData }),
    ...(backendV6Data !== undefined && { backendV6Data }),
  };
}

/**
 * Go's encoding: PublicIPv6 is always present, the other optional fields are omitted when empty.
 */
export function encodeLeaseAttrs(attrs: LeaseAttrs): string {
  return JSON.stringify({
    PublicIP: attrs.publicIP,
    PublicIPv6: attrs.publicIPv6 ?? null,
    ...(attrs.backendType && { BackendType: attrs.backendType }),
    ...(attrs.backendData !== undefined && { BackendData: attrs.backendData }),
    ...(attrs.backendV6Data !== undefined && { BackendV6Data: attrs.backendV6Data }),
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
