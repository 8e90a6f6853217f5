// IP addresses and prefixes as numbers. Parsing is strict: no leading zeros, no zones, no ports.
// IPv4-mapped IPv6 text stays IPv6 here.

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

const OCTET = /^(0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const BITS = { 4: 32, 6: 128 } as const;

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!OCTET.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

/** Groups of one side of '::', an embedded IPv4 tail counting as two. */
function parseGroups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const tail = index === parts.length - 1 ? parseV4(part) : undefined;
      if (tail === undefined) return undefined;
      groups.push(tail >> 16n, tail & 0xffffn);
    } else if (GROUP.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  // An IPv4 tail ends the whole address, so it cannot stand before '::'.
  const head =
    halves.length === 2 && halves[0]?.includes('.') ? undefined : parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const zeros = Array.from({ length: missing }, () => 0n);
  return [...head, ...zeros, ...tail].reduce((value, group) => (value << 16n) | group, 0n);
}

/** undefined when `text` is not an IP address. */
export function parseIp(text: string): IpAddress | undefined {
  const family = text.includes(':') ? 6 : 4;
  const value = family === 6 ? parseV6(text) : parseV4(text);
  return value === undefined ? undefined : { family, value };
}

/** undefined when `text` is not 'address/bits'. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  if (!address || !OCTET.test(bits) || Number(bits) > BITS[address.family]) return undefined;
  const prefixLength = Number(bits);
  const hostBits = BigInt(BITS[address.family] - prefixLength);
  return {
    address,
    network: { family: address.family, value: (address.value >> hostBits) << hostBits },
    prefixLength,
  };
}

/** Number of addresses in a prefix. */
export function cidrSize(cidr: Cidr): bigint {
  return 1n << BigInt(BITS[cidr.network.family] - cidr.prefixLength);
}

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

export function formatIp({ family, value }: IpAddress): string {
  if (family === 6) return formatV6(value);
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
}

/** The address `offset` places after the network's own. */
export function nthIp(cidr: Cidr, offset: bigint | number): IpAddress {
  return { family: cidr.network.family, value: cidr.network.value + BigInt(offset) };
}
