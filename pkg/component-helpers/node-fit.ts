// Whether a node has room for a pod: amounts of resources and host ports, as the scheduler's
// filters and the kubelet's admission ask (upstream: pkg/scheduler/framework/types.go, plugins
// noderesources and nodeports). Pure.
import type { Pod, PodSpec } from '../apis/core/v1/types.js';
import { protocolOf } from './pods.js';
import type { Quantities } from './resources.js';

/**
 * Amounts of resources: cpu in thousandths of a core, all others in their own unit (bytes, counts).
 */
export interface Resources {
  milliCpu: number;
  memory: number;
  ephemeralStorage: number;
  /** Extended resources and huge pages by name. */
  scalar: Record<string, number>;
}

export function emptyResources(): Resources {
  return { milliCpu: 0, memory: 0, ephemeralStorage: 0, scalar: {} };
}

/** Amounts in the units of `Resources`, rounded up. */
export function resourcesOf(amounts: Readonly<Quantities>): Resources {
  const result = emptyResources();
  for (const [name, quantity] of Object.entries(amounts)) {
    if (name === 'cpu') result.milliCpu = quantity.milliValue();
    else if (name === 'memory') result.memory = quantity.value();
    else if (name === 'ephemeral-storage') result.ephemeralStorage = quantity.value();
    else if (name !== 'pods') result.scalar[name] = quantity.value();
  }
  return result;
}

/** Adds (1) or subtracts (-1) the amounts in place. */
export function countResources(sum: Resources, amounts: Resources, sign: 1 | -1): void {
  sum.milliCpu += sign * amounts.milliCpu;
  sum.memory += sign * amounts.memory;
  sum.ephemeralStorage += sign * amounts.ephemeralStorage;
  for (const [name, amount] of Object.entries(amounts.scalar))
    sum.scalar[name] = (sum.scalar[name] ?? 0) + sign * amount;
}

export interface Room {
  allocatable: Resources;
  /** Requests of the pods on the node. */
  requested: Resources;
  /** The most pods that the node takes. */
  allowedPods: number;
}

export interface Shortage {
  resource: string;
  requested: number;
  used: number;
  capacity: number;
}

/**
 * The resources of which a node with `pods` pods has too little left for one more, in upstream's
 * order (Fits).
 */
export function shortages(wanted: Resources, room: Room, pods: number): readonly Shortage[] {
  const { allocatable, requested, allowedPods } = room;
  let found = withShortage(NONE, 'pods', 1, pods, allowedPods);
  found = withShortage(found, 'cpu', wanted.milliCpu, requested.milliCpu, allocatable.milliCpu);
  found = withShortage(found, 'memory', wanted.memory, requested.memory, allocatable.memory);
  found = withShortage(
    found,
    'ephemeral-storage',
    wanted.ephemeralStorage,
    requested.ephemeralStorage,
    allocatable.ephemeralStorage,
  );
  for (const name in wanted.scalar)
    found = withShortage(
      found,
      name,
      wanted.scalar[name]!,
      requested.scalar[name] ?? 0,
      allocatable.scalar[name] ?? 0,
    );
  return found;
}

/** The answer for most nodes: the scheduler allocates nothing for a node with room. */
const NONE: readonly Shortage[] = [];

function withShortage(
  found: readonly Shortage[],
  resource: string,
  amount: number,
  used: number,
  capacity: number,
): readonly Shortage[] {
  if (amount <= 0 || amount <= capacity - used) return found;
  return [...found, { resource, requested: amount, used, capacity }];
}

export interface HostPort {
  ip: string;
  protocol: string;
  port: number;
}

const ANY = '0.0.0.0';

/** The host ports of the pod's containers; a port without an address is on every address. */
export function hostPortsOf({ spec }: { spec: Pick<PodSpec, 'containers'> } | Pod): HostPort[] {
  return spec.containers
    .flatMap((c) => c.ports ?? [])
    .filter((p) => (p.hostPort ?? 0) > 0)
    .map((p) => ({ ip: p.hostIP || ANY, protocol: protocolOf(p), port: p.hostPort! }));
}

/** Same port and protocol, on the same address or with either on every address. */
export const portsConflict = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY || b.ip === ANY);
