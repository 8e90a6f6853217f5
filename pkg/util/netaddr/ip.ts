// IP addresses and prefixes as numbers. Parsing is strict: no leading zeros, no zones, no ports.
// IPv4-mapped IPv6 text stays IPv6 here.

import { formatIpv4, parseIpv4, parsePrefixLength } from './ipv4.js';

export interface IpAddress {
  family: 4 | 6;
  value: bigint;
}

export interface Cidr {
  /** The address as written, host bits included. */
  address: IpAddress;
  /** The address with host bits cleared. */
  network: IpAddress;
  prefixLength: number;
}

const GROUP = /^[0-9a-fA-F]{1,4}$/;
const BITS = { 4: 32, 6: 128 } as const;
/** Of 8 full groups, the last two as an IPv4 tail. */
const LONGEST_TEXT = 45;
const MAPPED = 0xffffn;

/** 16-bit groups of one side of '::', an embedded IPv4 tail counting as two. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const tail = index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (tail === undefined) return undefined;
      groups.push(tail >>> 16, tail & 0xffff);
    } else if (GROUP.test(part)) groups.push(parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parseV6(text: string): bigint | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  // An IPv4 tail ends the whole address, so it cannot stand before '::'.
  const head =
    halves.length === 2 && halves[0]?.includes('.') ? undefined : parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  return BigInt(`0x${groups.map((group) => group.toString(16).padStart(4, '0')).join('')}`);
}

/** undefined when `text` is not an IP address. */
export function parseIp(text: string): IpAddress | undefined {
  if (text.includes(':')) {
    const value = parseV6(text);
    return value === undefined ? undefined : { family: 6, value };
  }
  const value = parseIpv4(text);
  return value === undefined ? undefined : { family: 4, value: BigInt(value) };
}

/** undefined when `text` is not 'address/bits'. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  if (!address) return undefined;
  const prefixLength = parsePrefixLength(text.slice(slash + 1), BITS[address.family]);
  if (prefixLength === undefined) return undefined;
  const hostBits = BigInt(BITS[address.family] - prefixLength);
  const network = { family: address.family, value: (address.value >> hostBits) << hostBits };
  return { address, network, prefixLength };
}

/** Number of addresses in a prefix. */
export const cidrSize = (cidr: Cidr): bigint =>
  1n << BigInt(BITS[cidr.network.family] - cidr.prefixLength);

export function cidrContains(cidr: Cidr, ip: IpAddress): boolean {
  if (ip.family !== cidr.network.family) return false;
  return ip.value >= cidr.network.value && ip.value < cidr.network.value + cidrSize(cidr);
}

function formatV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((value >> BigInt(16 * (7 - index))) & 0xffffn),
  );
  // RFC 5952: the longest run of at least two zero groups, the first of equals, becomes '::'.
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.start < 0) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

/** RFC 5952 text, as Go's netip writes it. */
export function formatIp({ family, value }: IpAddress): string {
  if (family === 4) return formatIpv4(Number(value));
  if (value >> 32n === MAPPED) return `::ffff:${formatIpv4(Number(value & 0xffffffffn))}`;
  return formatV6(value);
}

/** The address `offset` places after the network's own. */
export function nthIp(cidr: Cidr, offset: bigint | number): IpAddress {
  return { family: cidr.network.family, value: cidr.network.value + BigInt(offset) };
}

/** An IPv4-mapped IPv6 address as the IPv4 address that it is for Go's net.IP; others unchanged. */
export const unmapped = (ip: IpAddress): IpAddress =>
  ip.family === 6 && ip.value >> 32n === MAPPED ? { family: 4, value: ip.value & 0xffffffffn } : ip;

/**
 * The family of an address in text, by its spelling; undefined when `text` is not an IP address.
 */
export const familyOf = (text: string): 4 | 6 | undefined => parseIp(text)?.family;

/** One spelling per address, so that the text can be a key; other texts unchanged. */
export function canonicalIp(text: string): string {
  const ip = text.includes(':') ? parseIp(text) : undefined;
  return ip ? formatIp(ip) : text;
}

/** 4 or 16 bytes in network order. */
export function ipBytes({ family, value }: IpAddress): Uint8Array {
  const bytes = new Uint8Array(BITS[family] / 8);
  for (let at = bytes.length - 1, rest = value; at >= 0; at--, rest >>= 8n)
    bytes[at] = Number(rest & 0xffn);
  return bytes;
}

/** The address of 4 or 16 bytes in network order. */
export function ipOfBytes(bytes: Uint8Array): IpAddress {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return { family: bytes.length === 4 ? 4 : 6, value };
}

/**
 * The canonical text of the address whose reverse name this is: '1.0.0.10.in-addr.arpa' gives
 * '10.0.0.1' (RFC 1035 section 3.5, RFC 3596 section 2.5); undefined for other names.
 */
export function addressOfReverse(name: string): string | undefined {
  const octets = /^([0-9.]{7,15})\.in-addr\.arpa$/.exec(name)?.[1];
  if (octets !== undefined) {
    const text = octets.split('.').reverse().join('.');
    return parseIpv4(text) === undefined ? undefined : text;
  }
  const nibbles = /^((?:[0-9a-f]\.){32})ip6\.arpa$/.exec(name)?.[1];
  if (nibbles === undefined) return undefined;
  const hex = nibbles.replaceAll('.', '').split('').reverse().join('');
  return formatIp({ family: 6, value: BigInt(`0x${hex}`) });
}
