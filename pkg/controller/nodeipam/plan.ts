// The ranges of the next node, one of each family. Pure (upstream:
// pkg/controller/nodeipam/ipam and cmd/kube-controller-manager/app/core.go for the flags).
import { cidrContains, formatIp, nthIp, parseCidr, type Cidr } from '../../util/netaddr/ip.js';

export interface NodeRanges {
  cluster: Cidr;
  /** Prefix length of a node's range. */
  maskSize: number;
}

/** --node-cidr-mask-size (clusters with one family only), and the flags by family. */
export interface MaskSizes {
  any?: number | undefined;
  ipv4?: number | undefined;
  ipv6?: number | undefined;
}

const DEFAULT_MASK = { 4: 24, 6: 64 } as const;
const BITS = { 4: 32, 6: 128 } as const;
const FLAG = '--node-cidr-mask-size';

function parseOne(text: string, sizes: MaskSizes): NodeRanges {
  const cluster = parseCidr(text);
  if (!cluster) throw new Error(`--cluster-cidr: ${text} is not a CIDR`);
  const { family } = cluster.network;
  const own = family === 4 ? sizes.ipv4 : sizes.ipv6;
  if (own !== undefined && sizes.any !== undefined)
    throw new Error(`usage of ${FLAG} and ${FLAG}-ipv${family} together is not allowed`);
  const maskSize = own ?? sizes.any ?? DEFAULT_MASK[family];
  if (maskSize < cluster.prefixLength || maskSize > BITS[family])
    throw new Error(
      `${FLAG}${sizes.any === undefined ? `-ipv${family}` : ''}: ${maskSize} does not fit into ${text}`,
    );
  return { cluster, maskSize };
}

/** Parses '10.244.0.0/16,fd00:244::/56', one entry per family. The error names the invalid flag. */
export function parseNodeRanges(clusterCidr: string, sizes: MaskSizes): NodeRanges[] {
  const texts = clusterCidr.split(',').map((text) => text.trim());
  const ranges = texts.map((text) =>
    parseOne(text, texts.length > 1 ? { ...sizes, any: undefined } : sizes),
  );
  const families = new Set(ranges.map(({ cluster }) => cluster.network.family));
  if (ranges.length > 2)
    throw new Error('--cluster-cidr: length of clusterCIDRs is more than max allowed(2)');
  if (families.size < ranges.length)
    throw new Error('--cluster-cidr: more than one cluster CIDR of one IP family');
  if (ranges.length > 1 && sizes.any !== undefined)
    throw new Error(`usage of ${FLAG} is not allowed with dual-stack clusters`);
  return ranges;
}

/**
 * The first free range, as text; undefined when all are taken. A taken range of another size takes
 * every range that it overlaps.
 */
export function nextNodeCidr(
  { cluster, maskSize }: NodeRanges,
  taken: readonly string[],
): string | undefined {
  const used = taken.flatMap((text) => parseCidr(text) ?? []);
  const width = BITS[cluster.network.family] - maskSize;
  const count = 1n << BigInt(maskSize - cluster.prefixLength);
  for (let i = 0n; i < count; i++) {
    const base = nthIp(cluster, i << BigInt(width));
    const text = `${formatIp(base)}/${maskSize}`;
    const range = parseCidr(text)!;
    const overlaps = used.some(
      (other) => cidrContains(other, base) || cidrContains(range, nthIp(other, 0)),
    );
    if (!overlaps) return text;
  }
  return undefined;
}

/** A range of each family, in the order of the flag; undefined when a family has no free range. */
export function nextNodeCidrs(
  ranges: readonly NodeRanges[],
  taken: readonly string[],
): string[] | undefined {
  const chosen = ranges.flatMap((range) => nextNodeCidr(range, taken) ?? []);
  return chosen.length === ranges.length ? chosen : undefined;
}
