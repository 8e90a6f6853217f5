// IPv4 addresses and networks as unsigned 32-bit numbers.

export interface Ipv4Net {
  /** Any address of the network; `base` gives the first. */
  ip: number;
  length: number;
}

const DOT = 0x2e;
const ZERO = 0x30;
const NO_DIGITS = -1;

/**
 * The address of a dotted quad; undefined for other texts. As in Go, an octet with a leading zero
 * is refused: some programs read it as octal.
 */
export function parseIpv4(text: string): number | undefined {
  let value = 0;
  let octet = NO_DIGITS;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (octet === NO_DIGITS || ++dots > 3) return undefined;
      value = value * 256 + octet;
      octet = NO_DIGITS;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || octet === 0) return undefined;
    octet = octet === NO_DIGITS ? digit : octet * 10 + digit;
    if (octet > 255) return undefined;
  }
  return dots === 3 && octet !== NO_DIGITS ? value * 256 + octet : undefined;
}

export function formatIpv4(ip: number): string {
  return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`;
}

/** The prefix length after the slash of a CIDR; undefined for other texts and above `bits`. */
export function parsePrefixLength(text: string, bits: number): number | undefined {
  return /^(0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= bits ? Number(text) : undefined;
}

/** Parses 'a.b.c.d/n'; undefined for other texts. */
export function parseIpv4Cidr(text: string): Ipv4Net | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const ip = parseIpv4(text.slice(0, slash));
  const length = parsePrefixLength(text.slice(slash + 1), 32);
  return ip === undefined || length === undefined ? undefined : { ip, length };
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
