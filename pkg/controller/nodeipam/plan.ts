// Which range of the cluster's the next node gets. Pure (upstream: pkg/controller/nodeipam/ipam).
import { cidrContains, formatIp, nthIp, parseCidr, type Cidr } from '../../util/netaddr/ip.js';

export interface NodeRanges {
  cluster: Cidr;
  /** Prefix length of a node's range. */
  maskSize: number;
}

/** Throws with the flag to blame. */
export function parseNodeRanges(clusterCidr: string, maskSize: number): NodeRanges {
  const cluster = parseCidr(clusterCidr);
  if (!cluster) throw new Error(`--cluster-cidr: ${clusterCidr} is not a CIDR`);
  if (maskSize < cluster.prefixLength || maskSize > (cluster.network.family === 4 ? 32 : 128)) {
    throw new Error(`--node-cidr-mask-size: ${maskSize} does not fit into ${clusterCidr}`);
  }
  return { cluster, maskSize };
}

/** The first free range, as text; undefined when all are taken. Ranges of other sizes take every one they touch. */
export function nextNodeCidr({ cluster, maskSize }: NodeRanges, taken: readonly string[]): string | undefined {
  const used = taken.flatMap((text) => parseCidr(text) ?? []);
  const width = (cluster.network.family === 4 ? 32 : 128) - maskSize;
  const count = 1n << BigInt(maskSize - cluster.prefixLength);
  for (let i = 0n; i < count; i++) {
    const base = nthIp(cluster, i << BigInt(width));
    const text = `${formatIp(base)}/${maskSize}`;
    const range = parseCidr(text)!;
    const overlaps = used.some((other) => cidrContains(other, base) || cidrContains(range, nthIp(other, 0)));
    if (!overlaps) return text;
  }
  return undefined;
}
