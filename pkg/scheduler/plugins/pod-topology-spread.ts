// PodTopologySpread: the pod's own constraints. Pods of a service or controller that have none get
// upstream's defaults for scoring (skew 3 among hosts, 5 among zones).
import type { TopologySpreadConstraint } from '../../apis/core/v1/types.js';
import { selectorFromLabelSelector, type Selector } from '../../apimachinery/labels/selector.js';
import { MAX_NODE_SCORE, type Filter, type Plugin, type Scorer } from '../framework/framework.js';
import type { NodeInfo } from '../framework/node-info.js';
import type { PodInfo } from '../framework/pod-info.js';
import type { Snapshot } from '../framework/snapshot.js';
import { EACH_NODE } from '../framework/topology-counts.js';
import { nodeAffinity } from './node-affinity.js';
import { taintToleration } from './taint-toleration.js';

const NO_PODS: ReadonlyMap<string, number> = new Map();
const HOSTNAME = 'kubernetes.io/hostname';
const NOT_SPREAD = "node(s) didn't match pod topology spread constraints";
const NO_LABEL = `${NOT_SPREAD} (missing required label)`;

interface Constraint {
  topologyKey: string;
  maxSkew: number;
  minDomains: number;
  /** 1 when the constraint's selector matches the pod itself, else 0. */
  self: number;
  /**
   * The selected pods on a node. An empty selector selects none, as upstream's
   * countPodsMatchSelector has it.
   */
  podsOn(node: NodeInfo): number;
  /** The selected pods by domain, over all nodes; domains without pods may be missing. */
  byDomain(): ReadonlyMap<string, number>;
  /** Undefined when the pods of every node count; else true when policies let the node's count. */
  counts: ((node: NodeInfo) => boolean) | undefined;
}

/** The constraint's selector with the pod's own values of matchLabelKeys. */
function selectorOf(pod: PodInfo, source: TopologySpreadConstraint): Selector {
  const extra = (source.matchLabelKeys ?? []).filter((k) => pod.labels[k] !== undefined);
  if (!source.labelSelector || !extra.length)
    return selectorFromLabelSelector(source.labelSelector);
  const expressions = extra.map((key) => ({ key, operator: 'In', values: [pod.labels[key]!] }));
  const { matchLabels, matchExpressions } = source.labelSelector;
  return selectorFromLabelSelector({
    ...(matchLabels && { matchLabels }),
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
  const counter = (key: string): ReadonlyMap<string, number> =>
    selector.empty
      ? NO_PODS
      : cluster.topology.counter({
          namespaces: new Set([pod.namespace]),
          selector,
          topologyKey: key,
          withTerminating: false,
        }).counts;
  let onNodes: ReadonlyMap<string, number> | undefined;
  const refusals = [
    (source.nodeAffinityPolicy ?? 'Honor') === 'Honor' &&
      nodeAffinity.prepareFilter?.(pod, cluster),
    source.nodeTaintsPolicy === 'Honor' && taintToleration.prepareFilter?.(pod, cluster),
  ].filter((refuses): refuses is Filter => !!refuses);
  return {
    topologyKey,
    maxSkew,
    minDomains,
    self: selector.matches(pod.labels) ? 1 : 0,
    podsOn: (node) => (onNodes ??= counter(EACH_NODE)).get(node.name) ?? 0,
    byDomain: () => counter(topologyKey),
    counts: refusals.length ? (node) => refusals.every((refuses) => !refuses(node)) : undefined,
  };
}

function constraintsOf(
  pod: PodInfo,
  cluster: Snapshot,
  when: 'DoNotSchedule' | 'ScheduleAnyway',
): Constraint[] {
  return (pod.pod.spec.topologySpreadConstraints ?? [])
    .filter((c) => c.whenUnsatisfiable === when)
    .map((c) => constraint(pod, cluster, c, selectorOf(pod, c)));
}

const DEFAULTS: readonly TopologySpreadConstraint[] = [
  { topologyKey: HOSTNAME, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
];

const hasKeys = (node: NodeInfo, keys: readonly string[]): boolean =>
  keys.every((key) => node.label(key) !== undefined);

/**
 * The selected pods of each domain, over the nodes that count and have all `keys`; a domain may
 * have none. Most constraints count on all nodes with their key, and need no walk over the nodes.
 */
function domainsOf(
  wanted: Constraint,
  cluster: Snapshot,
  keys: readonly string[],
): Map<string, number> {
  const { topologyKey, counts } = wanted;
  const domains = new Map<string, number>();
  if (!counts && cluster.topology.haveAll(topologyKey, keys)) {
    const pods = wanted.byDomain();
    for (const value of cluster.topology.domains(topologyKey))
      domains.set(value, pods.get(value) ?? 0);
    return domains;
  }
  for (const node of cluster.nodes.values()) {
    const value = node.label(topologyKey);
    if (value === undefined || !hasKeys(node, keys) || (counts && !counts(node))) continue;
    domains.set(value, (domains.get(value) ?? 0) + wanted.podsOn(node));
  }
  return domains;
}

function prepareFilter(pod: PodInfo, cluster: Snapshot): Filter | undefined {
  const constraints = constraintsOf(pod, cluster, 'DoNotSchedule');
  if (!constraints.length) return undefined;
  const keys = constraints.map((c) => c.topologyKey);
  const rules = constraints.map((c) => {
    const domains = domainsOf(c, cluster, keys);
    let floor = Infinity;
    for (const count of domains.values()) floor = Math.min(floor, count);
    return { c, domains, floor: domains.size < c.minDomains ? 0 : floor };
  });
  return (node) => {
    for (const { c, domains, floor } of rules) {
      const value = node.label(c.topologyKey);
      if (value === undefined) return { reasons: [NO_LABEL], unresolvable: true };
      if ((domains.get(value) ?? 0) + c.self - floor > c.maxSkew) return { reasons: [NOT_SPREAD] };
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
  // Nodes without a key of the default constraints are scored too.
  const keys = own ? constraints.map((c) => c.topologyKey) : [];
  const scored = feasible.filter((node) => hasKeys(node, keys));
  const rules = constraints.map((c) => {
    if (c.topologyKey === HOSTNAME)
      return { c, weight: Math.log(scored.length + 2), count: (node: NodeInfo) => c.podsOn(node) };
    const domains = domainsOf(c, cluster, keys);
    // Nodes without the label are one domain more, as upstream counts the default constraints.
    const size = new Set(scored.map((node) => node.label(c.topologyKey))).size;
    const count = (node: NodeInfo) => domains.get(node.label(c.topologyKey)!) ?? 0;
    return { c, weight: Math.log(size + 2), count };
  });
  return {
    score(node) {
      if (!hasKeys(node, keys)) return -1;
      let sum = 0;
      for (const { c, weight, count } of rules)
        if (node.label(c.topologyKey) !== undefined) sum += count(node) * weight + (c.maxSkew - 1);
      return Math.round(sum);
    },
    normalize: normalizeSpread,
  };
}

/** Prefers fewer matching pods; nodes without the label have the raw score -1 and get 0. */
function normalizeSpread(scores: number[]): void {
  let max = -Infinity;
  let min = Infinity;
  for (const score of scores) {
    if (score < 0) continue;
    max = Math.max(max, score);
    min = Math.min(min, score);
  }
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
  events: [
    'AssignedPodAdd',
    'AssignedPodDelete',
    'NodeAdd',
    'NodeDelete',
    'NodeLabelsChanged',
    'NodeTaintsChanged',
  ],
};
