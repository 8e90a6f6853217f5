// The ranges of cluster IPs and node ports. Allocation starts at random in the upper band, so that
// values that users choose in the lower band rarely collide with allocated ones (KEP-3070).
import type { Reservation } from '../../apiserver/resource/definition.js';
import { assert } from '../../util/assert/assert.js';
import {
  type Cidr,
  cidrContains,
  cidrSize,
  formatIp,
  nthIp,
  parseCidr,
  parseIp,
} from '../../util/netaddr/ip.js';
import type { IPFamily } from './service-families.js';

/** Upstream's bound: /12 in IPv4, /108 in IPv6. */
const MAX_RANGE = 1n << 20n;

export interface ServiceRanges {
  /**
   * CIDR of cluster IPs, or two of different families: '10.100.0.0/16,fd00:100::/112'. The first is
   * that of the default family. Its first address belongs to the service `kubernetes`.
   */
  serviceClusterIPRange: string;
  /** Inclusive: '30000-32767'. */
  nodePortRange: string;
}

/** A range of `count` values, each of which one service can reserve. */
export interface Range {
  readonly text: string;
  readonly count: number;
  /** Index of the first value of the upper band. */
  readonly bandOffset: number;
  reservation(value: string): Reservation;
  contains(value: string): boolean;
  valueAt(index: number): string;
}

export interface ParsedRanges {
  /** In the order of the flag; the first is the default. */
  families: readonly IPFamily[];
  ips: Readonly<Partial<Record<IPFamily, Range>>>;
  port: Range;
}

/** The key that reserves a cluster IP; all spellings of an address have one key. */
export function ipReservation(ip: string): Reservation {
  const parsed = ip.includes(':') ? parseIp(ip) : undefined;
  return `/registry/ranges/serviceips/${parsed ? formatIp(parsed) : ip}`;
}

function bandOffset(size: number, min: number, max: number, step: number): number {
  if (size <= min) return 0;
  return Math.min(Math.max(Math.floor(size / step), min), max);
}

function ipRange(cidr: Cidr, text: string): Range {
  // Allocation never chooses the network's own address, the broadcast address of IPv4 or the first
  // host, which belongs to the service `kubernetes`.
  const reserved = 2;
  const hosts = Number(cidrSize(cidr)) - (cidr.network.family === 4 ? 1 : 0);
  return {
    text,
    count: hosts - reserved,
    bandOffset: bandOffset(hosts - 1, 16, 256, 16),
    reservation: ipReservation,
    contains(value) {
      const ip = parseIp(value);
      if (!ip || !cidrContains(cidr, ip)) return false;
      const offset = ip.value - cidr.network.value;
      return offset >= 1n && offset < BigInt(hosts);
    },
    valueAt: (index) => formatIp(nthIp(cidr, index + reserved)),
  };
}

function portRange(text: string): Range {
  const match = /^(\d+)-(\d+)$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2]);
  assert(match && first > 0 && first <= last && last <= 65_535, `bad node port range ${text}`);
  const count = last - first + 1;
  return {
    text,
    count,
    bandOffset: bandOffset(count, 16, 128, 32),
    reservation: (value) => `/registry/ranges/servicenodeports/${value}`,
    contains: (value) => Number(value) >= first && Number(value) <= last,
    valueAt: (index) => String(first + index),
  };
}

function parseRange(text: string): Cidr {
  const cidr = parseCidr(text);
  assert(
    cidr && cidrSize(cidr) >= 8n && cidrSize(cidr) <= MAX_RANGE,
    `bad --service-cluster-ip-range ${text}: it must hold 8 to ${MAX_RANGE} addresses`,
  );
  return cidr;
}

/** Throws at start when a range cannot be read or is too small. */
export function parseServiceRanges(ranges: ServiceRanges): ParsedRanges {
  const texts = ranges.serviceClusterIPRange.split(',').map((text) => text.trim());
  assert(texts.length <= 2, '--service-cluster-ip-range must not contain more than two entries');
  const families: IPFamily[] = [];
  const ips: Partial<Record<IPFamily, Range>> = {};
  for (const text of texts) {
    const cidr = parseRange(text);
    const family: IPFamily = `IPv${cidr.network.family}`;
    assert(
      !ips[family],
      '--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family',
    );
    families.push(family);
    ips[family] = ipRange(cidr, text);
  }
  return { families, ips, port: portRange(ranges.nodePortRange) };
}

function probe(
  range: Range,
  from: number,
  to: number,
  random: number,
  isFree: (reservation: Reservation) => boolean,
): string | undefined {
  const span = to - from;
  const start = Math.floor(random * span);
  for (let step = 0; step < span; step++) {
    const value = range.valueAt(from + ((start + step) % span));
    if (isFree(range.reservation(value))) return value;
  }
  return undefined;
}

/** A free value; undefined when the range is full. `random` returns numbers in [0, 1). */
export const pickFree = (
  range: Range,
  random: () => number,
  isFree: (reservation: Reservation) => boolean,
): string | undefined =>
  probe(range, range.bandOffset, range.count, random(), isFree) ??
  probe(range, 0, range.bandOffset, random(), isFree);
