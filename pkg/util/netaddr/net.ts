// Networks of either family as numbers; text is canonical (RFC 5952), as Go writes it.
import { formatIp, parseCidr } from './ip.js';

export interface Net {
  family: 4 | 6;
  /** Any address of the network; `base` gives the first. */
  ip: bigint;
  length: number;
}

const hostBits = ({ family, length }: Net): bigint => BigInt((family === 4 ? 32 : 128) - length);

/** Parses '10.5.0.0/16' or 'fd00::/48'; undefined for other texts and for the other family. */
export function parseNet(text: string, family: 4 | 6): Net | undefined {
  const cidr = parseCidr(text);
  if (cidr?.network.family !== family) return undefined;
  return { family, ip: cidr.address.value, length: cidr.prefixLength };
}

/** Number of addresses in the network. */
export const sizeOf = (net: Net): bigint => 1n << hostBits(net);

/** The network with its host bits cleared. */
export const base = (net: Net): Net => ({ ...net, ip: (net.ip >> hostBits(net)) << hostBits(net) });

export const containsNet = (outer: Net, inner: Net): boolean =>
  inner.family === outer.family &&
  inner.length >= outer.length &&
  (outer.ip ^ inner.ip) >> hostBits(outer) === 0n;

export const overlaps = (a: Net, b: Net): boolean => containsNet(a, b) || containsNet(b, a);

/** The address `offset` places after the first: '10.5.34.1'. */
export const addressIn = (net: Net, offset = 0n): string =>
  formatIp({ family: net.family, value: base(net).ip + offset });

/** The network with its host bits cleared: '10.5.34.0/24'. */
export const formatNet = (net: Net): string => `${addressIn(net)}/${net.length}`;
