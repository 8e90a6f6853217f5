// Sets of addresses and ports as sorted, disjoint ranges, which nft's interval sets take. Pure.
import type { Family } from '../addresses.js';
import { cidrSize, formatIp, parseCidr } from '../../util/netaddr/ip.js';

/** Both ends are inclusive. */
export interface Range {
  from: bigint;
  to: bigint;
}

/** Sorts ranges and merges overlapping and adjacent ones. */
export function union(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const range of [...ranges].sort((a, b) =>
    a.from < b.from ? -1 : a.from > b.from ? 1 : 0,
  )) {
    const last = out.at(-1);
    if (!last || range.from > last.to + 1n) out.push({ ...range });
    else if (range.to > last.to) last.to = range.to;
  }
  return out;
}

/** The parts of `range` that none of `holes` covers. */
export function subtract(range: Range, holes: readonly Range[]): Range[] {
  const out: Range[] = [];
  let from = range.from;
  for (const hole of union(holes)) {
    if (hole.to < from) continue;
    if (hole.from > range.to) break;
    if (hole.from > from) out.push({ from, to: hole.from - 1n });
    from = hole.to + 1n;
  }
  if (from <= range.to) out.push({ from, to: range.to });
  return out;
}

/** The range of a CIDR; undefined for the other family and for other texts. */
export function cidrRange(text: string, family: Family): Range | undefined {
  const cidr = parseCidr(text);
  if (cidr?.network.family !== family) return undefined;
  const from = cidr.network.value;
  return { from, to: from + cidrSize(cidr) - 1n };
}

export const isEverything = (ranges: readonly Range[], family: Family): boolean =>
  ranges.length === 1 &&
  ranges[0]!.from === 0n &&
  ranges[0]!.to === (1n << (family === 6 ? 128n : 32n)) - 1n;

/** '10.0.0.0-10.0.0.255' or '10.0.0.7'. */
export function addressText({ from, to }: Range, family: Family): string {
  const text = (value: bigint) => formatIp({ family, value });
  return from === to ? text(from) : `${text(from)}-${text(to)}`;
}

/** '8000-8100' or '80'. */
export const portText = ({ from, to }: Range): string =>
  from === to ? String(from) : `${from}-${to}`;
