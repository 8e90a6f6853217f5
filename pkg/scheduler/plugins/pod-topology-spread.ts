// PodTopologySpread: the pod's own constraints. Pods of a service or controller that have none get
// upstream's defaults for scoring (skew 3 among hosts, 5 among zones).
import type { TopologySpreadConstraint } from '../../apis/core/v1/types.js';
import { selectorFromLabelSelector, type Selector } from '../../apimachinery/labels/selector.js';
import { MAX_NODE_SCORE, type Filter, type Plugin, type Scorer } from '../framework/framework.js';
import type { NodeInfo } from '../framework/node-info.js';
import type { PodInfo } from '../framework/pod-info.js';
import type { Snapshot } from '../framework/snapshot.js';
import type { Counter } from '../framework/topology-counts.js';
import { nodeAffinity } from './node-affinity.js';
import { taintToleration } from './taint-toleration.js';

const HOSTNAME = 'kubernetes.io/hostname';
const NOT_SPREAD = "node(s) didn't match pod topology spread constraints";
const NO_LABEL = `${NOT_SPREAD} (missing required label)`;

interface Constraint {
  topologyKey: string;
  maxSkew: number;
  minDomains: number;
  counter: Counter;
  /** 1 when the constraint's selector matches the pod itself, else 0. */
  self: number;
  honoursAffinity: boolean;
  honoursTaints: boolean;
}

function labelsMerged(pod: PodInfo, source: TopologySpreadConstraint): Selector {
  const extra = (source.matchLabelKeys ?? []).filter((k) => pod.labels[k] !== undefined);
  const expressions = extra.map((key) => ({ key, operator: 'In', values: [pod.labels[key]!] }));
  const { matchLabels, matchExpressions } = source.labelSelector ?? {};
  return selectorFromLabelSelector({
    ...(matchLabels ? { matchLabels } : {}),
    matchExpressions: [...(matchExpressions ?? []), ...expressions],
  });
}

function constraint(
  pod: PodInfo,
  cluster: Snapshot,
  source: TopologySpreadConstraint,
  selector: Selector,
): Constraint {
  const { topologyKey, maxSkew, minDomains = 1 } = source;
  const namespaces = new Set([pod.namespace]);
  return {
    topologyKey,
    maxSkew,
    minDomains,
    counter: cluster.topology.counter({
      namespaces,
      selector,
      topologyKey,
      withTerminating: false,
    }),
    self: selector.matches(pod.labels) ? 1 : 0,
    honoursAffinity: (source.nodeAffinityPolicy ?? 'Honor') === 'Honor',
    honoursTaints: (source.nodeTaintsPolicy ?? 'Ignore') === 'Honor',
  };
}

function constraintsOf(
  pod: PodInfo,
  cluster: Snapshot,
  when: 'DoNotSchedule' | 'ScheduleAnyway',
): Constraint[] {
  return (pod.pod.spec.topologySpreadConstraints ?? [])
    .filter((c) => c.whenUnsatisfiable === when)
    .map((c) => constraint(pod, cluster, c, labelsMerged(pod, c)));
}

const DEFAULTS: readonly TopologySpreadConstraint[] = [
  { topologyKey: HOSTNAME, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
];

/**
 * The lowest count over all eligible domains of a constraint; 0 when there are fewer than
 * minDomains.
 */
function lowest(
  wanted: Constraint,
  cluster: Snapshot,
  eligible: (node: NodeInfo) => boolean,
): number {
  const domains = new Set<string>();
  for (const node of cluster.nodes.values()) {
    const value = node.label(wanted.topologyKey);
    if (value !== undefined && eligible(node)) domains.add(value);
  }
  if (domains.size < wanted.minDomains) return 0;
  let min = Infinity;
  for (const value of domains) min = Math.min(min, wanted.counter.counts.get(value) ?? 0);
  return min === Infinity ? 0 : min;
}

function prepareFilter(pod: PodInfo, cluster: Snapshot): Filter | undefined {
  const constraints = constraintsOf(pod, cluster, 'DoNotSchedule');
  if (!constraints.length) return undefined;
  const affinity = nodeAffinity.prepareFilter?.(pod, cluster);
  const taints = taintToleration.prepareFilter?.(pod, cluster);
  const floors = constraints.map((c) =>
    lowest(
      c,
      cluster,
      (node) => (!c.honoursAffinity || !affinity?.(node)) && (!c.honoursTaints || !taints?.(node)),
    ),
  );
  return (node) => {
    for (const [i, c] of constraints.entries()) {
      const value = node.label(c.topologyKey);
      if (value === undefined) return { reasons: [NO_LABEL], unresolvable: true };
      if ((c.counter.counts.get(value) ?? 0) + c.self - floors[i]! > c.maxSkew)
        return { reasons: [NOT_SPREAD] };
    }
    return undefined;
  };
}

function prepareScore(
  pod: PodInfo,
  cluster: Snapshot,
  feasible: readonly NodeInfo[],
): Scorer | undefined {
  let constraints = constraintsOf(pod, cluster, 'ScheduleAnyway');
  const own = (pod.pod.spec.topologySpreadConstraints ?? []).length > 0;
  if (!own) {
    const selector = cluster.defaultSelector(pod);
    if (selector) constraints = DEFAULTS.map((c) => constraint(pod, cluster, c, selector));
  }
  if (!constraints.length) return undefined;
  const weights = constraints.map((c) => {
    const domains =
      c.topologyKey === HOSTNAME
        ? feasible.length
        : new Set(feasible.map((n) => n.label(c.topologyKey)).filter((v) => v !== undefined)).size;
    return Math.log(domains + 2);
  });
  const missing = (node: NodeInfo): boolean =>
    own && constraints.some((c) => node.label(c.topologyKey) === undefined);
  return {
    score(node) {
      if (missing(node)) return -1;
      return constraints.reduce((sum, c, i) => {
        const value = node.label(c.topologyKey);
        return value === undefined
          ? sum
          : sum + (c.counter.counts.get(value) ?? 0) * weights[i]! + (c.maxSkew - 1);
      }, 0);
    },
    normalize: normalizeSpread,
  };
}

/** Prefers fewer matching pods; nodes without the label have the raw score -1 and get 0. */
function normalizeSpread(scores: number[]): void {
  const counted = scores.filter((s) => s >= 0);
  const max = Math.max(...counted);
  const min = Math.min(...counted);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score < 0) scores[i] = 0;
    else
      scores[i] =
        max === 0 ? MAX_NODE_SCORE : Math.floor((MAX_NODE_SCORE * (max + min - score)) / max);
  }
}

export const podTopologySpread: Plugin = {
  name: 'PodTopologySpread',
  prepareFilter,
  prepareScore,
  weight: 2,
  events: ['AssignedPodAdd', 'AssignedPodDelete', 'NodeAdd', 'NodeLabelsChanged'],
};
