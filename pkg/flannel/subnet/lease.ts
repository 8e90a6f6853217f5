// A lease as flannel writes it to etcd: the key names the subnet, the value is LeaseAttrs as Go
// encodes it. Byte-compatible with flannel: field order, omitted fields and the key's form matter.
import { contains, formatIpv4, parseIpv4, base, type Ipv4Net } from './ipv4.js';
import { field } from '../config.js';

export interface LeaseAttrs {
  publicIP: string;
  publicIPv6?: string;
  /** '' for udp and alloc, which flannel writes without a type. */
  backendType: string;
  backendData?: unknown;
  backendV6Data?: unknown;
}

export interface Lease {
  key: string;
  subnet: Ipv4Net;
  attrs: LeaseAttrs;
  modRevision: number;
  /** Absent: a reservation that never expires. */
  leaseId?: string;
}

const KEY = /^(\d+\.\d+\.\d+\.\d+)-(\d+)(?:&([a-f\d:]+)-(\d+))?$/;

/** The last part of a lease's key: '10.5.34.0-24'. */
export function subnetKey(subnet: Ipv4Net): string {
  return `${formatIpv4(base(subnet))}-${subnet.length}`;
}

/** Undefined for names that are no IPv4 subnet; such keys are not flannel's. */
export function parseSubnetKey(name: string): Ipv4Net | undefined {
  const match = KEY.exec(name);
  const ip = match ? parseIpv4(match[1]!) : undefined;
  const length = Number(match?.[2]);
  if (ip === undefined || length > 32) return undefined;
  return { ip, length };
}

/** Undefined when the value is no LeaseAttrs. */
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
    ...(field(object, 'BackendData') !== undefined ? { backendData: field(object, 'BackendData') } : {}),
    ...(field(object, 'BackendV6Data') !== undefined ? { backendV6Data: field(object, 'BackendV6Data') } : {}),
  };
}

/** Go's encoding: PublicIPv6 always there, the rest omitted when empty. */
export function encodeLeaseAttrs(attrs: LeaseAttrs): string {
  return JSON.stringify({
    PublicIP: attrs.publicIP,
    PublicIPv6: attrs.publicIPv6 ?? null,
    ...(attrs.backendType ? { BackendType: attrs.backendType } : {}),
    ...(attrs.backendData !== undefined ? { BackendData: attrs.backendData } : {}),
    ...(attrs.backendV6Data !== undefined ? { BackendV6Data: attrs.backendV6Data } : {}),
  });
}

/** The lease whose subnet holds an address. */
export function leaseOf(leases: Iterable<Lease>, ip: number): Lease | undefined {
  for (const lease of leases) if (contains(lease.subnet, ip)) return lease;
  return undefined;
}
