// IPv6 networks as unsigned 128-bit numbers; text is canonical (RFC 5952), as Go writes it.
import { formatIp, parseCidr, parseIp } from './ip.js';

export interface Ipv6Net {
  /** Any address of the network; `base6` gives the first. */
  ip: bigint;
  length: number;
}

const BITS = 128;

/** Undefined when `text` is no IPv6 address; zones ('%eth0') are none. */
export function parseIpv6(text: string): bigint | undefined {
  const ip = parseIp(text);
  return ip?.family === 6 ? ip.value : undefined;
}

export function formatIpv6(ip: bigint): string {
  return formatIp({ family: 6, value: ip });
}

/** Parses 'fd00::/48'; undefined for other texts. */
export function parseIpv6Cidr(text: string): Ipv6Net | undefined {
  const cidr = parseCidr(text);
  if (cidr?.network.family !== 6) return undefined;
  return { ip: cidr.address.value, length: cidr.prefixLength };
}

/** Number of addresses in a network of this prefix length. */
export function sizeOf6(length: number): bigint {
  return 1n << BigInt(BITS - length);
}

export function base6(net: Ipv6Net): bigint {
  const host = BigInt(BITS - net.length);
  return (net.ip >> host) << host;
}

export function containsNet6(outer: Ipv6Net, inner: Ipv6Net): boolean {
  return (
    inner.length >= outer.length && base6(outer) === base6({ ip: inner.ip, length: outer.length })
  );
}

export function overlaps6(a: Ipv6Net, b: Ipv6Net): boolean {
  return a.length <= b.length ? containsNet6(a, b) : containsNet6(b, a);
}

/** The network with its host bits cleared: 'fd00:0:0:22::/64'. */
export function formatNet6(net: Ipv6Net): string {
  return `${formatIpv6(base6(net))}/${net.length}`;
}
