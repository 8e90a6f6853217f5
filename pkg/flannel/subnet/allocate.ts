// Chooses the subnets of a node from the existing leases. Pure.
import type { Random } from '../../util/env/env.js';
import type { FamilyConfig, NetworkConfig } from '../config.js';
import { ALLOCATION_WINDOW } from '../limits.js';
import { base, overlaps, sizeOf, type Net } from '../../util/netaddr/net.js';
import { subnetsOverlap, type Lease, type Subnets } from './lease.js';

function fits(config: FamilyConfig | undefined, subnet: Net | undefined): boolean {
  if (!config || !subnet) return !config && !subnet;
  const { ip: first } = base(subnet);
  return (
    subnet.length === config.subnetLength && first >= config.subnetMin && first <= config.subnetMax
  );
}

/**
 * Whether the config can allocate these subnets: one of each of its families, and none of another.
 */
export const isCompatible = (config: NetworkConfig, { subnet, subnet6 }: Subnets): boolean =>
  fits(config, subnet) && fits(config.ipv6, subnet6);

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
  previous?: Partial<Subnets> | undefined;
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
    fitting.find((lease) => before && base(lease.subnet).ip === base(before).ip) ?? fitting[0];
  if (reuse) return { choice: { type: 'reuse', lease: reuse }, stale };
  const taken = leases.filter((lease) => !stale.includes(lease));
  // A node that gains or loses IPv6 keeps its IPv4 subnet.
  const preferred = [before, ...stale.map((lease) => lease.subnet)];
  const nets = taken.map((lease) => lease.subnet);
  const subnet = pick(config, preferred, nets, random);
  if (!subnet) return { choice: { type: 'none' }, stale };
  if (!config.ipv6) return { choice: { type: 'create', subnets: { subnet } }, stale };
  const subnet6 = pick(
    config.ipv6,
    [
      request.previous?.subnet6,
      ...stale.map((lease) => lease.subnet6),
      twinOf(config, config.ipv6, subnet),
    ],
    taken.flatMap((lease) => lease.subnet6 ?? []),
    random,
  );
  return {
    choice: subnet6 ? { type: 'create', subnets: { subnet, subnet6 } } : { type: 'none' },
    stale,
  };
}

/** A preferred subnet that is free, else any free one. */
function pick(
  config: FamilyConfig,
  preferred: readonly (Net | undefined)[],
  taken: readonly Net[],
  random: Random,
): Net | undefined {
  const kept = preferred.find(
    (net) => net && fits(config, net) && !taken.some((other) => overlaps(other, net)),
  );
  if (kept) return base(kept);
  const free = freeSubnets(config, taken);
  return free[Math.floor(random.next() * free.length)];
}

/**
 * The IPv6 subnet with the same number as the IPv4 subnet: 10.5.34.0/24 and fd00:0:0:22::/64.
 * Equal numbers are easy to read, and nodes that race for one family then race for both.
 */
function twinOf(config: FamilyConfig, config6: FamilyConfig, subnet: Net): Net {
  const length = config6.subnetLength;
  const number = (base(subnet).ip - config.network.ip) / sizeOf(subnet);
  const ip = config6.network.ip + number * sizeOf({ ...config6.network, length });
  return { family: 6, ip, length };
}

/**
 * The first free subnets from SubnetMin on, at most ALLOCATION_WINDOW. Takes at most one step more
 * than leases and window together.
 */
export function freeSubnets(config: FamilyConfig, taken: readonly Net[]): Net[] {
  const { subnetLength: length } = config;
  const size = sizeOf({ ...config.network, length });
  const exact = new Set(taken.filter((net) => net.length === length).map((net) => base(net).ip));
  const others = taken.filter((net) => net.length !== length);
  const free: Net[] = [];
  for (let ip = config.subnetMin; ip <= config.subnetMax && free.length < ALLOCATION_WINDOW;) {
    const subnet = { family: config.network.family, ip, length };
    const larger = others.find((other) => overlaps(other, subnet));
    if (!exact.has(ip) && !larger) free.push(subnet);
    // A lease of a shorter prefix may cover 2^60 of our subnets: skip it in one step.
    ip = larger && larger.length < length ? base(larger).ip + sizeOf(larger) : ip + size;
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
