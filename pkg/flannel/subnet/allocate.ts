// Chooses the subnets of a node from the existing leases. Pure.
import type { Random } from '../../util/env/env.js';
import type { NetworkConfig, NetworkConfig6 } from '../config.js';
import { ALLOCATION_WINDOW } from '../limits.js';
import { base, overlaps, sizeOf, type Ipv4Net } from '../../util/netaddr/ipv4.js';
import { base6, overlaps6, sizeOf6, type Ipv6Net } from '../../util/netaddr/ipv6.js';
import { subnetsOverlap, type Lease, type Subnets } from './lease.js';

function fits4(config: NetworkConfig, subnet: Ipv4Net): boolean {
  const first = base(subnet);
  return (
    subnet.length === config.subnetLength && first >= config.subnetMin && first <= config.subnetMax
  );
}

function fits6(config: NetworkConfig6 | undefined, subnet: Ipv6Net | undefined): boolean {
  if (!config || !subnet) return !config && !subnet;
  const first = base6(subnet);
  return (
    subnet.length === config.subnetLength && first >= config.subnetMin && first <= config.subnetMax
  );
}

/**
 * Whether the config can allocate these subnets: one of each of its families, and none of another.
 */
export function isCompatible(config: NetworkConfig, { subnet, subnet6 }: Subnets): boolean {
  return fits4(config, subnet) && fits6(config.ipv6, subnet6);
}

export type Choice =
  /** A lease with our public IP exists: write it again. */
  | { type: 'reuse'; lease: Lease }
  /** The subnets are free: create the lease if they still are. */
  | { type: 'create'; subnets: Subnets }
  | { type: 'none' };

export interface AllocationRequest {
  config: NetworkConfig;
  publicIP: string;
  /** The subnets of the last run, from subnet.env. */
  previous?: Partial<Subnets>;
}

/**
 * Chooses subnets for a node. `stale` are this node's leases that the config no longer allows; they
 * must be deleted first.
 */
export function chooseSubnet(
  request: AllocationRequest,
  leases: readonly Lease[],
  random: Random,
): { choice: Choice; stale: Lease[] } {
  const { config } = request;
  const ours = leases.filter((lease) => lease.attrs.publicIP === request.publicIP);
  const fitting = ours.filter((lease) => isCompatible(config, lease));
  const stale = ours.filter((lease) => !fitting.includes(lease));
  const before = request.previous?.subnet;
  const reuse =
    fitting.find((lease) => before && base(lease.subnet) === base(before)) ?? fitting[0];
  if (reuse) return { choice: { type: 'reuse', lease: reuse }, stale };
  const taken = leases.filter((lease) => !stale.includes(lease));
  // A node that gains or loses IPv6 keeps its IPv4 subnet.
  const subnet = pick4(config, [before, ...stale.map((lease) => lease.subnet)], taken, random);
  if (!subnet) return { choice: { type: 'none' }, stale };
  if (!config.ipv6) return { choice: { type: 'create', subnets: { subnet } }, stale };
  const subnet6 = pick6(
    config,
    config.ipv6,
    subnet,
    [request.previous?.subnet6, ...stale.map((lease) => lease.subnet6)],
    taken,
    random,
  );
  return {
    choice: subnet6 ? { type: 'create', subnets: { subnet, subnet6 } } : { type: 'none' },
    stale,
  };
}

function pick4(
  config: NetworkConfig,
  preferred: readonly (Ipv4Net | undefined)[],
  taken: readonly Lease[],
  random: Random,
): Ipv4Net | undefined {
  const nets = taken.map((lease) => lease.subnet);
  const kept = preferred.find(
    (net) => net && fits4(config, net) && !nets.some((other) => overlaps(other, net)),
  );
  if (kept) return { ip: base(kept), length: kept.length };
  const free = freeSubnets(config, nets);
  return free[Math.floor(random.next() * free.length)];
}

/**
 * Chooses the IPv6 subnet: a preferred one that is free, else the subnet with the same number as
 * the IPv4 subnet (10.5.34.0/24 and fd00:0:0:22::/64), else any free one. Equal numbers are easy to
 * read, and nodes that race for one family then race for both.
 */
function pick6(
  config: NetworkConfig,
  config6: NetworkConfig6,
  subnet: Ipv4Net,
  preferred: readonly (Ipv6Net | undefined)[],
  taken: readonly Lease[],
  random: Random,
): Ipv6Net | undefined {
  const nets = taken.flatMap((lease) => lease.subnet6 ?? []);
  const number = BigInt((base(subnet) - config.network.ip) / sizeOf(config.subnetLength));
  const twin = {
    ip: config6.network.ip + number * sizeOf6(config6.subnetLength),
    length: config6.subnetLength,
  };
  const kept = [...preferred, twin].find(
    (net) => net && fits6(config6, net) && !nets.some((other) => overlaps6(other, net)),
  );
  if (kept) return { ip: base6(kept), length: kept.length };
  const free = freeSubnets6(config6, nets);
  return free[Math.floor(random.next() * free.length)];
}

/** The first free subnets from SubnetMin on, at most ALLOCATION_WINDOW. */
export function freeSubnets(config: NetworkConfig, taken: readonly Ipv4Net[]): Ipv4Net[] {
  const size = sizeOf(config.subnetLength);
  const exact = new Set(taken.filter((subnet) => subnet.length === config.subnetLength).map(base));
  const others = taken.filter((subnet) => subnet.length !== config.subnetLength);
  const free: Ipv4Net[] = [];
  for (
    let ip = config.subnetMin;
    ip <= config.subnetMax && free.length < ALLOCATION_WINDOW;
    ip += size
  ) {
    const subnet = { ip, length: config.subnetLength };
    if (!exact.has(ip) && !others.some((other) => overlaps(other, subnet))) free.push(subnet);
  }
  return free;
}

/**
 * The IPv6 counterpart of freeSubnets. Takes at most one step more than leases and window together.
 */
export function freeSubnets6(config: NetworkConfig6, taken: readonly Ipv6Net[]): Ipv6Net[] {
  const size = sizeOf6(config.subnetLength);
  const exact = new Set(taken.filter((subnet) => subnet.length === config.subnetLength).map(base6));
  const others = taken.filter((subnet) => subnet.length !== config.subnetLength);
  const free: Ipv6Net[] = [];
  for (let ip = config.subnetMin; ip <= config.subnetMax && free.length < ALLOCATION_WINDOW;) {
    const subnet = { ip, length: config.subnetLength };
    const larger = others.find((other) => overlaps6(other, subnet));
    if (!exact.has(ip) && !larger) free.push(subnet);
    // A lease of a shorter prefix may cover 2^60 of our subnets: skip it in one step.
    ip =
      larger && larger.length < config.subnetLength
        ? base6(larger) + sizeOf6(larger.length)
        : ip + size;
  }
  return free;
}

/** The lease of another node that is older than ours and overlaps it. */
export function earlierOwner(own: Lease, leases: Iterable<Lease>): Lease | undefined {
  for (const other of leases) {
    if (other.key === own.key || other.attrs.publicIP === own.attrs.publicIP) continue;
    if ((other.createRevision ?? 0) < (own.createRevision ?? 0) && subnetsOverlap(own, other))
      return other;
  }
  return undefined;
}
