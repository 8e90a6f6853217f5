// Which subnet a node takes: pure choices over the leases that exist.
import type { Random } from '../../util/env/env.js';
import type { NetworkConfig } from '../config.js';
import { ALLOCATION_WINDOW } from '../limits.js';
import { base, overlaps, sizeOf, type Ipv4Net } from './ipv4.js';
import type { Lease } from './lease.js';

/** The subnet is one that this config gives out. */
export function isCompatible(config: NetworkConfig, subnet: Ipv4Net): boolean {
  const first = base(subnet);
  return subnet.length === config.subnetLength && first >= config.subnetMin && first <= config.subnetMax;
}

export type Choice =
  /** Ours already (same public IP): write it again. */
  | { type: 'reuse'; lease: Lease }
  /** Free: create it, if it still is. */
  | { type: 'create'; subnet: Ipv4Net }
  | { type: 'none' };

export interface Wanted {
  config: NetworkConfig;
  publicIP: string;
  /** The subnet held before, from subnet.env. */
  previous?: Ipv4Net;
}

/** Leases of ours that the config no longer allows are in `stale`, to be deleted first. */
export function chooseSubnet(wanted: Wanted, leases: readonly Lease[], random: Random): { choice: Choice; stale: Lease[] } {
  const { config, previous } = wanted;
  const ours = leases.filter((lease) => lease.attrs.publicIP === wanted.publicIP);
  const fitting = ours.filter((lease) => isCompatible(config, lease.subnet));
  const stale = ours.filter((lease) => !fitting.includes(lease));
  const reuse = fitting.find((lease) => previous && base(lease.subnet) === base(previous)) ?? fitting[0];
  if (reuse) return { choice: { type: 'reuse', lease: reuse }, stale };
  const taken = leases.filter((lease) => !stale.includes(lease)).map((lease) => lease.subnet);
  if (previous && isCompatible(config, previous) && !taken.some((subnet) => overlaps(subnet, previous))) {
    return { choice: { type: 'create', subnet: { ip: base(previous), length: previous.length } }, stale };
  }
  const free = freeSubnets(config, taken);
  const subnet = free[Math.floor(random.next() * free.length)];
  return { choice: subnet ? { type: 'create', subnet } : { type: 'none' }, stale };
}

/** The first free subnets from SubnetMin on, at most the allocation window. */
export function freeSubnets(config: NetworkConfig, taken: readonly Ipv4Net[]): Ipv4Net[] {
  const size = sizeOf(config.subnetLength);
  const exact = new Set(taken.filter((subnet) => subnet.length === config.subnetLength).map(base));
  const others = taken.filter((subnet) => subnet.length !== config.subnetLength);
  const free: Ipv4Net[] = [];
  for (let ip = config.subnetMin; ip <= config.subnetMax && free.length < ALLOCATION_WINDOW; ip += size) {
    const subnet = { ip, length: config.subnetLength };
    if (!exact.has(ip) && !others.some((other) => overlaps(other, subnet))) free.push(subnet);
  }
  return free;
}
