// Zone hints of endpoints: which zones' clients use an endpoint. Pure (upstream:
// k8s.io/endpointslice/topologycache and trafficdist).
import type { Notice } from '../../client/event-recorder.js';
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';
import type { Node, Service } from '../../apis/core/v1/types.js';
import type { Endpoint } from '../../apis/discovery/v1/types.js';
import { isNodeReady } from '../../component-helpers/nodes.js';
import type { AddressType } from './service-pods.js';

export const ZONE_LABEL = 'topology.kubernetes.io/zone';
/** Both annotations ask for the same; the older wins. */
const MODE_ANNOTATIONS = [
  'service.kubernetes.io/topology-aware-hints',
  'service.kubernetes.io/topology-mode',
];
/** Nodes with one of these labels do not count. */
const EXCLUDED = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** Share of further load that an endpoint may get over its fair part. */
const OVERLOAD = 0.2;

/** Each zone's share of the CPU of the nodes; undefined when the nodes do not tell. */
export type ZoneShares = ReadonlyMap<string, number> | undefined;

/** Whether the service asks for hints in proportion to the CPU of the zones. */
export function wantsProportion({ metadata }: Service): boolean {
  const mode = MODE_ANNOTATIONS.map((key) => metadata.annotations?.[key]).find(
    (value) => value !== undefined,
  );
  return mode === 'Auto' || mode === 'auto';
}

/** The shares of the zones of the nodes that are ready and run pods of users. */
export function zoneShares(nodes: readonly Node[]): ZoneShares {
  const cpus = new Map<string, number>();
  let total = 0;
  for (const node of nodes) {
    const labels = node.metadata.labels ?? {};
    if (EXCLUDED.some((label) => label in labels) || !isNodeReady(node)) continue;
    const zone = labels[ZONE_LABEL];
    const cpu = parseQuantity(node.status?.allocatable?.['cpu'] ?? '0').milliValue();
    if (!zone || cpu <= 0) return undefined;
    cpus.set(zone, (cpus.get(zone) ?? 0) + cpu);
    total += cpu;
  }
  if (cpus.size < 2) return undefined;
  return new Map([...cpus].map(([zone, cpu]) => [zone, cpu / total]));
}

/** The state that the hints of a service depend on, besides its endpoints. */
export interface Topology {
  shares: ZoneShares;
  wasProportional: boolean;
}

export interface HintPlan {
  /** The zone whose clients use the endpoint, by key of the endpoint; absent: all clients. */
  zones: ReadonlyMap<string, string>;
  events: readonly Notice[];
  isProportional: boolean;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** `old` has the hints that the endpoints have now, by the same keys as `endpoints`. */
export function planHints(
  service: Service,
  type: AddressType,
  endpoints: ReadonlyMap<string, Endpoint>,
  old: ReadonlyMap<string, string>,
  topology: Topology,
): HintPlan {
  const disabled = (message: string): Notice => ({
    type: 'Warning',
    reason: 'TopologyAwareHintsDisabled',
    message: `${message}, addressType: ${type}`,
  });
  const ready = [...endpoints].filter(([, { conditions }]) => conditions?.ready === true);
  if (!wantsProportion(service)) {
    const events = topology.wasProportional
      ? [disabled('Topology Aware Hints has been disabled')]
      : [];
    const zones = service.spec.trafficDistribution === 'PreferClose' ? sameZone(ready) : NONE;
    return { zones, events, isProportional: false };
  }
  const found = inProportion(ready, old, topology.shares);
  if (typeof found === 'string')
    return { zones: NONE, events: [disabled(found)], isProportional: false };
  const enabled: Notice = {
    type: 'Normal',
    reason: 'TopologyAwareHintsEnabled',
    message: `Topology Aware Hints has been enabled, addressType: ${type}`,
  };
  return { zones: found, events: topology.wasProportional ? [] : [enabled], isProportional: true };
}

type Ready = readonly (readonly [key: string, endpoint: Endpoint])[];

const sameZone = (ready: Ready): Map<string, string> =>
  new Map(ready.flatMap(([key, { zone }]) => (zone ? [[key, zone] as const] : [])));

/** How many endpoints the clients of a zone get. */
interface Allocation {
  minimum: number;
  maximum: number;
  desired: number;
}

/** The hints, or the reason for having none. Hints that still do are kept. */
function inProportion(
  ready: Ready,
  old: ReadonlyMap<string, string>,
  shares: ZoneShares,
): ReadonlyMap<string, string> | string {
  const allocations = allocate(ready.length, shares);
  if (typeof allocations === 'string') return allocations;
  if (ready.some(([, { zone }]) => !zone))
    return 'One or more endpoints do not have a zone specified';
  const kept = new Map(
    ready.flatMap(([key]) => (old.has(key) ? [[key, old.get(key)!] as const] : [])),
  );
  if (kept.size === ready.length && fits(kept, allocations)) return kept;
  const zones = sameZone(ready.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  redistribute(zones, allocations);
  return zones;
}

function allocate(count: number, shares: ZoneShares): Map<string, Allocation> | string {
  if (!shares)
    return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';
  const numbers = `(${count} endpoints, ${shares.size} zones)`;
  if (shares.size > count) return `Insufficient number of endpoints ${numbers}`;
  const parts = [...shares].map(([zone, share]) => {
    const minimum = Math.ceil(share * count * (1 / (1 + OVERLOAD)));
    return { zone, minimum, desired: Math.max(share * count, minimum) };
  });
  const spare = count - parts.reduce((sum, { minimum }) => sum + minimum, 0);
  if (spare < 0)
    return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${numbers}`;
  return new Map(
    parts.map(({ zone, minimum, desired }) => [
      zone,
      { minimum, desired, maximum: minimum + spare },
    ]),
  );
}

function countByZone(zones: ReadonlyMap<string, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const zone of zones.values()) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}

function fits(
  zones: ReadonlyMap<string, string>,
  allocations: ReadonlyMap<string, Allocation>,
): boolean {
  const counts = countByZone(zones);
  return (
    [...counts.keys()].every((zone) => allocations.has(zone)) &&
    [...allocations].every(([zone, { minimum, maximum }]) => {
      const count = counts.get(zone) ?? 0;
      return count >= minimum && count <= maximum;
    })
  );
}

/** Moves hints from zones with too many endpoints to zones with too few, in place. */
function redistribute(
  zones: Map<string, string>,
  allocations: ReadonlyMap<string, Allocation>,
): void {
  const surplus = countByZone(zones);
  for (const [zone, { desired }] of allocations)
    surplus.set(zone, (surplus.get(zone) ?? 0) - desired);
  const gifts = new Map<string, string[]>();
  for (;;) {
    const [giver, given] = extreme(surplus, 1);
    const [taker, taken] = extreme(surplus, -1);
    if ((given < 1 && taken < 1) || given < 0.5 || taken < 0.5) break;
    gifts.set(giver, [...(gifts.get(giver) ?? []), taker]);
    surplus.set(giver, surplus.get(giver)! - 1);
    surplus.set(taker, surplus.get(taker)! + 1);
  }
  for (const [key, zone] of zones) {
    const taker = gifts.get(zone)?.shift();
    if (taker) zones.set(key, taker);
  }
}

/** The zone with the largest surplus (sign 1) or lack (sign -1), the first of equals by name. */
function extreme(surplus: ReadonlyMap<string, number>, sign: 1 | -1): [string, number] {
  let best: [string, number] = ['', 0];
  for (const [zone, value] of surplus)
    if (sign * value > best[1] || (sign * value === best[1] && zone < best[0]))
      best = [zone, sign * value];
  return best;
}
