// IPv4 addresses and networks as unsigned 32-bit numbers.

export interface Ipv4Net {
  /** Any address of the network; `base` gives the first. */
  ip: number;
  length: number;
}

/** Undefined when `text` is no dotted quad. */
export function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let value = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIpv4(ip: number): string {
  return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`;
}

/** Parses 'a.b.c.d/n'; undefined for other texts. */
export function parseCidr(text: string): Ipv4Net | undefined {
  const [address, length, ...rest] = text.split('/');
  const ip = parseIpv4(address ?? '');
  if (ip === undefined || rest.length || !/^\d{1,2}$/.test(length ?? '') || Number(length) > 32)
    return undefined;
  return { ip, length: Number(length) };
}

export function netmask(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

/** Number of addresses in a network of this prefix length. */
export function sizeOf(length: number): number {
  return 2 ** (32 - length);
}

export function base(net: Ipv4Net): number {
  return (net.ip & netmask(net.length)) >>> 0;
}

export function contains(net: Ipv4Net, ip: number): boolean {
  return base(net) === (ip & netmask(net.length)) >>> 0;
}

export function containsNet(outer: Ipv4Net, inner: Ipv4Net): boolean {
  return inner.length >= outer.length && contains(outer, inner.ip);
}

export function overlaps(a: Ipv4Net, b: Ipv4Net): boolean {
  return a.length <= b.length ? contains(a, b.ip) : contains(b, a.ip);
}

/** The network with its host bits cleared: '10.5.34.0/24'. */
export function formatNet(net: Ipv4Net): string {
  return `${formatIpv4(base(net))}/${net.length}`;
}
