// Sets of IPv4 addresses and of ports as sorted, disjoint ranges: what nft's interval sets take. Pure.
import { cidrSize, formatIp, parseCidr } from '../../util/netaddr/ip.js';

/** Both ends belong to it. */
export interface Range {
  from: number;
  to: number;
}

const LAST_ADDRESS = 2 ** 32 - 1;

/** Sorted, with overlapping and adjoining ranges joined. */
export function union(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else out.push({ ...range });
  }
  return out;
}

/** What of `range` none of `holes` covers. */
export function subtract(range: Range, holes: readonly Range[]): Range[] {
  const out: Range[] = [];
  let from = range.from;
  for (const hole of union(holes)) {
    if (hole.to < from) continue;
    if (hole.from > range.to) break;
    if (hole.from > from) out.push({ from, to: hole.from - 1 });
    from = hole.to + 1;
  }
  if (from <= range.to) out.push({ from, to: range.to });
  return out;
}

/** Undefined for IPv6 and for what is no CIDR. */
export function cidrRange(text: string): Range | undefined {
  const cidr = parseCidr(text);
  if (!cidr || cidr.network.family !== 4) return undefined;
  const from = Number(cidr.network.value);
  return { from, to: from + Number(cidrSize(cidr)) - 1 };
}

export const isEverything = (ranges: readonly Range[]): boolean => ranges.length === 1 && ranges[0]!.from === 0 && ranges[0]!.to === LAST_ADDRESS;

const address = (value: number): string => formatIp({ family: 4, value: BigInt(value) });

/** '10.0.0.0-10.0.0.255' or '10.0.0.7'. */
export function addressText({ from, to }: Range): string {
  return from === to ? address(from) : `${address(from)}-${address(to)}`;
}

/** '8000-8100' or '80'. */
export function portText({ from, to }: Range): string {
  return from === to ? String(from) : `${from}-${to}`;
}
