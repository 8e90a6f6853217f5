// Conditions and taints of silent nodes, and the eviction rate of a zone. Pure
// (upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go).
import type { Node, NodeCondition, Taint } from '../../apis/core/v1/types.js';
import { isNodeReady, nodeCondition } from '../../component-helpers/nodes.js';
import { timestamp } from '../../util/env/env.js';
import { sameTaint, TAINTS } from '../../component-helpers/taints.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

/** Conditions that only the kubelet reports. */
const KUBELET_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

/** Conditions to write for a silent kubelet; empty when all are Unknown already. */
export function planUnknownConditions(node: Node, now: number): NodeCondition[] {
  return KUBELET_CONDITIONS.flatMap((type): NodeCondition[] => {
    const had = nodeCondition(node, type);
    if (had?.status === 'Unknown') return [];
    const never = {
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: node.metadata.creationTimestamp ?? timestamp(now),
    };
    const stopped = {
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastHeartbeatTime: had?.lastHeartbeatTime ?? timestamp(now),
    };
    return [
      { type, status: 'Unknown', lastTransitionTime: timestamp(now), ...(had ? stopped : never) },
    ];
  });
}

/** Taints by condition type and status. */
const CONDITION_TAINTS: Record<string, Record<string, string>> = {
  Ready: { False: TAINTS.notReady, Unknown: TAINTS.unreachable },
  MemoryPressure: { True: TAINTS.memoryPressure },
  DiskPressure: { True: TAINTS.diskPressure },
  PIDPressure: { True: TAINTS.pidPressure },
  NetworkUnavailable: { True: TAINTS.networkUnavailable },
};

/** The keys of the taints that this controller manages, by effect. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  NoExecute: [TAINTS.notReady, TAINTS.unreachable],
  NoSchedule: Object.values(TAINTS),
};

const isOurs = ({ effect, key }: Taint): boolean => KEYS[effect]?.includes(key) ?? false;

/** Held evictions begin later, those that have begun go on; stopped ones are taken back. */
export type Eviction = 'allowed' | 'held' | 'stopped';

/** The complete new list of taints; undefined when nothing changes. */
export function planTaints(node: Node, eviction: Eviction, now: number): Taint[] | undefined {
  const wanted: Taint[] = [];
  for (const { status, type } of node.status?.conditions ?? []) {
    const key = CONDITION_TAINTS[type]?.[status];
    if (key) wanted.push({ key, effect: 'NoSchedule' });
  }
  if (node.spec.unschedulable) wanted.push({ key: TAINTS.unschedulable, effect: 'NoSchedule' });
  const old = node.spec.taints ?? [];
  const ready = nodeCondition(node, 'Ready')?.status;
  const executeKey = ready && CONDITION_TAINTS['Ready']?.[ready];
  const hasBegun = old.some((taint) => taint.effect === 'NoExecute' && isOurs(taint));
  if (executeKey && (eviction === 'allowed' || (eviction === 'held' && hasBegun)))
    wanted.push({ key: executeKey, effect: 'NoExecute' });
  const kept = old.filter((taint) => !isOurs(taint) || wanted.some((w) => sameTaint(w, taint)));
  const added = wanted
    .filter((taint) => !old.some((o) => sameTaint(o, taint)))
    .map((taint) => ({ ...taint, timeAdded: timestamp(now) }));
  const changed = added.length > 0 || kept.length !== old.length;
  return changed ? [...kept, ...added] : undefined;
}

export interface EvictionRates {
  /** In nodes per second, as the secondary rate. */
  nodeEvictionRate: number;
  secondaryNodeEvictionRate: number;
  unhealthyZoneThreshold: number;
  largeClusterSizeThreshold: number;
}

export interface ZoneCount {
  ready: number;
  notReady: number;
}

const isFullyDown = ({ notReady, ready }: ZoneCount) => ready === 0 && notReady > 0;

/**
 * True when no node is heard from: the fault is probably in the control plane's own network
 * (upstream: full disruption).
 */
export const areAllDown = (zones: ReadonlyMap<string, ZoneCount>): boolean =>
  [...zones.values()].every(isFullyDown);

/** Nodes per second that may get a NoExecute taint in a zone; 0 means none now. */
export function evictionRate(count: ZoneCount, rates: EvictionRates): number {
  const size = count.ready + count.notReady;
  const partlyDown = count.notReady > 2 && count.notReady / size >= rates.unhealthyZoneThreshold;
  if (isFullyDown(count) || !partlyDown) return rates.nodeEvictionRate;
  return size > rates.largeClusterSizeThreshold ? rates.secondaryNodeEvictionRate : 0;
}

const ZONE_LABELS = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'] as const;

export const zoneOf = (node: Node): string =>
  ZONE_LABELS.map((label) => node.metadata.labels?.[label] ?? '').join('/');

export function countZones(nodes: readonly Node[]): Map<string, ZoneCount> {
  const zones = new Map<string, ZoneCount>();
  for (const node of nodes) {
    const count = getOrInsert(zones, zoneOf(node), () => ({ ready: 0, notReady: 0 }));
    count[isNodeReady(node) ? 'ready' : 'notReady']++;
  }
  return zones;
}
