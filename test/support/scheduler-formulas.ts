// A second implementation of the scheduler's filters and scores: the formulas of Kubernetes v1.32
// as directly as possible, on the API objects, with no counters and no caches. Tests compare
// decisions with it; it shares no code with pkg/scheduler.
import type { LabelSelector } from '../../pkg/apimachinery/meta/types.js';
import type {
  Container,
  Node,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  PodAffinityTerm,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from '../../pkg/apis/core/v1/types.js';

type Labels = Record<string, string>;

export interface Question {
  pod: Pod;
  nodes: Node[];
  /** Pods with spec.nodeName. */
  placed: Pod[];
  /** Labels by namespace. */
  namespaces: Record<string, Labels>;
  /** The selector of the pod's service or controller. */
  owner?: Labels;
}

/** Weighted scores by plugin, for each node that can run the pod. */
export type Answer = Map<string, Record<string, number>>;

const HOST = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const MIB = 1024 * 1024;
const DEFAULT_REQUEST = { cpu: 100, memory: 200 * MIB };

const labelsOf = ({ metadata }: Node | Pod): Labels => metadata.labels ?? {};

function requirementHolds(
  { key, operator, values = [] }: NodeSelectorRequirement,
  labels: Labels,
): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    default:
      return Number(value) < Number(values[0]);
  }
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;

/** An absent selector selects nothing, and an empty one everything. */
function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((one) => requirementHolds(one as NodeSelectorRequirement, labels))
  );
}

// Requests

function amount(container: Container, resource: 'cpu' | 'memory', useDefaults: boolean): number {
  const text = container.resources?.requests?.[resource];
  if (text === undefined) return useDefaults ? DEFAULT_REQUEST[resource] : 0;
  if (resource === 'cpu') return text.endsWith('m') ? parseInt(text, 10) : Number(text) * 1000;
  return parseInt(text, 10) * (text.endsWith('Gi') ? 1024 * MIB : MIB);
}

function requestOf({ spec }: Pod, resource: 'cpu' | 'memory', useDefaults: boolean): number {
  const { containers, initContainers = [] } = spec;
  const each = (container: Container) => amount(container, resource, useDefaults);
  let sidecars = 0;
  let largestInit = 0;
  for (const container of initContainers) {
    if (container.restartPolicy === 'Always') sidecars += each(container);
    largestInit = Math.max(
      largestInit,
      container.restartPolicy === 'Always' ? sidecars : sidecars + each(container),
    );
  }
  return Math.max(largestInit, sidecars + containers.reduce((sum, one) => sum + each(one), 0));
}

const capacityOf = ({ status }: Node, resource: 'cpu' | 'memory'): number =>
  amount(
    { name: '', resources: { requests: status?.allocatable ?? {} } } as Container,
    resource,
    false,
  );

// Taints and node affinity

const tolerated = (tolerations: readonly Toleration[], taint: Taint): boolean =>
  tolerations.some(
    ({ key, operator, value, effect }) =>
      (!effect || effect === taint.effect) &&
      (operator === 'Exists'
        ? !key || key === taint.key
        : key === taint.key && (value ?? '') === (taint.value ?? '')),
  );

const CORDON: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const hardTaintOf = (pod: Pod, node: Node): Taint | undefined =>
  node.spec.taints?.find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerated(pod.spec.tolerations ?? [], taint),
  );

const termHolds = ({ matchExpressions = [] }: NodeSelectorTerm, node: Node): boolean =>
  matchExpressions.length > 0 && matchExpressions.every((r) => requirementHolds(r, labelsOf(node)));

function wantsNode({ spec }: Pod, node: Node): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    selects({ matchLabels: spec.nodeSelector ?? {} }, labelsOf(node)) &&
    (!required || required.nodeSelectorTerms.some((term) => termHolds(term, node)))
  );
}

// Affinity to pods

function termSelects(
  { namespaces = [], namespaceSelector, labelSelector }: PodAffinityTerm,
  owner: Pod,
  other: Pod,
  labels: Question['namespaces'],
): boolean {
  const { namespace = '' } = other.metadata;
  const own = !namespaces.length && !namespaceSelector ? [owner.metadata.namespace ?? ''] : [];
  const inScope =
    [...namespaces, ...own].includes(namespace) ||
    selects(namespaceSelector, labels[namespace] ?? {});
  return inScope && selects(labelSelector, labelsOf(other));
}

interface World extends Question {
  on: (node: Node) => Pod[];
  nodeOf: (pod: Pod) => Node;
}

/** True when both nodes have the label, with one value. */
const together = (key: string, a: Node, b: Node): boolean =>
  labelsOf(a)[key] !== undefined && labelsOf(a)[key] === labelsOf(b)[key];

function affinityAllows({ pod, placed, namespaces, nodeOf }: World, node: Node): boolean {
  const near = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const far = (owner: Pod): PodAffinityTerm[] =>
    owner.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const other of placed) {
    const at = nodeOf(other);
    for (const term of far(pod))
      if (termSelects(term, pod, other, namespaces) && together(term.topologyKey, node, at))
        return false;
    for (const term of far(other))
      if (termSelects(term, other, pod, namespaces) && together(term.topologyKey, node, at))
        return false;
  }
  if (!near.length) return true;
  if (near.some(({ topologyKey }) => labelsOf(node)[topologyKey] === undefined)) return false;
  const company = placed.filter((other) =>
    near.every((term) => termSelects(term, pod, other, namespaces)),
  );
  if (
    near.every(({ topologyKey }) =>
      company.some((other) => together(topologyKey, node, nodeOf(other))),
    )
  )
    return true;
  const isFirst = company.every((other) =>
    near.every(({ topologyKey }) => labelsOf(nodeOf(other))[topologyKey] === undefined),
  );
  return isFirst && near.every((term) => termSelects(term, pod, pod, namespaces));
}

/** Weights of terms in both directions, for a pod that would run on the node. */
function affinityScore({ pod, placed, namespaces, nodeOf }: World, node: Node): number {
  let sum = 0;
  const pull = (term: PodAffinityTerm, owner: Pod, target: Pod, at: Node, weight: number) => {
    if (termSelects(term, owner, target, namespaces) && together(term.topologyKey, node, at))
      sum += weight;
  };
  for (const other of placed) {
    const at = nodeOf(other);
    for (const [owner, target] of [
      [pod, other],
      [other, pod],
    ] as const) {
      const { podAffinity, podAntiAffinity } = owner.spec.affinity ?? {};
      for (const {
        weight,
        podAffinityTerm,
      } of podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
        pull(podAffinityTerm, owner, target, at, weight);
      for (const {
        weight,
        podAffinityTerm,
      } of podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
        pull(podAffinityTerm, owner, target, at, -weight);
    }
    for (const term of other.spec.affinity?.podAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution ?? [])
      pull(term, other, pod, at, 1);
  }
  return sum;
}

// Spreading

const counted = (
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  pod: Pod,
  others: readonly Pod[],
): number =>
  !labelSelector || (isEmpty(labelSelector) && !matchLabelKeys.some((k) => k in labelsOf(pod)))
    ? 0
    : others.filter(
        (other) =>
          other.metadata.namespace === pod.metadata.namespace &&
          !other.metadata.deletionTimestamp &&
          selects(labelSelector, labelsOf(other)) &&
          matchLabelKeys.every(
            (key) =>
              labelsOf(pod)[key] === undefined || labelsOf(other)[key] === labelsOf(pod)[key],
          ),
      ).length;

const countsNode = (constraint: TopologySpreadConstraint, pod: Pod, node: Node): boolean =>
  (constraint.nodeAffinityPolicy === 'Ignore' || wantsNode(pod, node)) &&
  (constraint.nodeTaintsPolicy !== 'Honor' || !hardTaintOf(pod, node));

const spreadOf = ({ spec }: Pod, when: string): TopologySpreadConstraint[] =>
  (spec.topologySpreadConstraints ?? []).filter((one) => one.whenUnsatisfiable === when);

const hasAll = (node: Node, constraints: readonly TopologySpreadConstraint[]): boolean =>
  constraints.every(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined);

function spreadAllows({ pod, nodes, on }: World, node: Node): boolean {
  const constraints = spreadOf(pod, 'DoNotSchedule');
  return constraints.every((constraint) => {
    const { topologyKey, maxSkew, minDomains = 1 } = constraint;
    const domain = labelsOf(node)[topologyKey];
    if (domain === undefined) return false;
    const domains = new Map<string, number>();
    for (const one of nodes) {
      if (!hasAll(one, constraints) || !countsNode(constraint, pod, one)) continue;
      const value = labelsOf(one)[topologyKey]!;
      domains.set(value, (domains.get(value) ?? 0) + counted(constraint, pod, on(one)));
    }
    const floor = domains.size < minDomains ? 0 : Math.min(...domains.values());
    const self = selects(constraint.labelSelector, labelsOf(pod)) ? 1 : 0;
    return (domains.get(domain) ?? 0) + self - floor <= maxSkew;
  });
}

function spreadScores(world: World, feasible: readonly Node[]): number[] | undefined {
  const { pod, nodes, on, owner } = world;
  const isOwn = (pod.spec.topologySpreadConstraints ?? []).length > 0;
  const byDefault = (topologyKey: string, maxSkew: number): TopologySpreadConstraint => ({
    topologyKey,
    maxSkew,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: owner ?? {} },
  });
  const constraints = isOwn
    ? spreadOf(pod, 'ScheduleAnyway')
    : owner
      ? [byDefault(HOST, 3), byDefault(ZONE, 5)]
      : [];
  if (!constraints.length) return undefined;
  const all = isOwn ? constraints : [];
  const scored = feasible.filter((node) => hasAll(node, all));
  const raw = feasible.map((node) => {
    if (!hasAll(node, all)) return undefined;
    let sum = 0;
    for (const constraint of constraints) {
      const { topologyKey, maxSkew } = constraint;
      const value = labelsOf(node)[topologyKey];
      if (value === undefined) continue;
      const isHost = topologyKey === HOST;
      const size = isHost
        ? scored.length
        : new Set(scored.map((one) => labelsOf(one)[topologyKey])).size;
      const domain = isHost
        ? [node]
        : nodes.filter(
            (one) =>
              hasAll(one, all) &&
              countsNode(constraint, pod, one) &&
              labelsOf(one)[topologyKey] === value,
          );
      const pods = domain.reduce((n, one) => n + counted(constraint, pod, on(one)), 0);
      sum += pods * Math.log(size + 2) + (maxSkew - 1);
    }
    return Math.round(sum);
  });
  const known = raw.filter((score) => score !== undefined);
  const [min, max] = [Math.min(...known), Math.max(...known)];
  return raw.map((score) => {
    if (score === undefined) return 0;
    return max === 0 ? 100 : Math.floor((100 * (max + min - score)) / max);
  });
}

// Scores of single nodes

function leastAllocated({ pod, on }: World, node: Node): number {
  const shares = (['cpu', 'memory'] as const).flatMap((resource) => {
    const capacity = capacityOf(node, resource);
    if (capacity === 0) return [];
    const used = [pod, ...on(node)].reduce((sum, one) => sum + requestOf(one, resource, true), 0);
    return [used > capacity ? 0 : Math.floor(((capacity - used) * 100) / capacity)];
  });
  return shares.length
    ? Math.floor(shares.reduce((sum, share) => sum + share, 0) / shares.length)
    : 0;
}

function balanced({ pod, on }: World, node: Node): number {
  const shares = (['cpu', 'memory'] as const).flatMap((resource) => {
    const capacity = capacityOf(node, resource);
    if (capacity === 0) return [];
    const used = [pod, ...on(node)].reduce((sum, one) => sum + requestOf(one, resource, false), 0);
    return [Math.min(1, used / capacity)];
  });
  const deviation = shares.length === 2 ? Math.abs((shares[0]! - shares[1]!) / 2) : 0;
  return Math.floor((1 - deviation) * 100);
}

function imageScore({ pod, nodes }: World, node: Node): number {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const sizeOn = (one: Node, name: string): number | undefined =>
    one.status?.images?.find(({ names }) => names?.includes(name))?.sizeBytes;
  let sum = 0;
  for (const { image = '' } of containers) {
    const name = /:[^/]*$/.test(image) ? image : `${image}:latest`;
    const size = sizeOn(node, name);
    if (size === undefined) continue;
    const having = nodes.filter((one) => sizeOn(one, name) !== undefined).length;
    sum += Math.floor(size * (having / nodes.length));
  }
  const [low, high] = [23 * MIB, 1000 * MIB * containers.length];
  return Math.floor((100 * (Math.min(Math.max(sum, low), high) - low)) / (high - low));
}

const softTaints = (pod: Pod, node: Node): number =>
  (node.spec.taints ?? []).filter(
    (taint) => taint.effect === 'PreferNoSchedule' && !tolerated(pod.spec.tolerations ?? [], taint),
  ).length;

const preferredWeight = ({ spec }: Pod, node: Node): number =>
  (spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    .filter(({ preference }) => termHolds(preference, node))
    .reduce((sum, { weight }) => sum + weight, 0);

function toMax(raw: number[], isReversed: boolean): number[] {
  const max = Math.max(0, ...raw);
  return raw.map((score) => {
    const scaled = max === 0 ? 0 : Math.floor((100 * score) / max);
    return isReversed ? 100 - scaled : scaled;
  });
}

function toRange(raw: number[]): number[] {
  const [min, max] = [Math.min(...raw), Math.max(...raw)];
  return raw.map((score) => (max === min ? 0 : Math.floor(100 * ((score - min) / (max - min)))));
}

const fits = ({ pod, on }: World, node: Node): boolean =>
  on(node).length + 1 <= Number(node.status?.allocatable?.['pods']) &&
  (['cpu', 'memory'] as const).every((resource) => {
    const wanted = requestOf(pod, resource, false);
    const used = on(node).reduce((sum, one) => sum + requestOf(one, resource, false), 0);
    return wanted === 0 || wanted <= capacityOf(node, resource) - used;
  });

/** The nodes that can run the pod, and their weighted scores. */
export function answerOf(question: Question): Answer {
  const { pod, nodes, placed } = question;
  const world: World = {
    ...question,
    on: (node) => placed.filter(({ spec }) => spec.nodeName === node.metadata.name),
    nodeOf: ({ spec }) => nodes.find(({ metadata }) => metadata.name === spec.nodeName)!,
  };
  const feasible = nodes.filter(
    (node) =>
      !(node.spec.unschedulable && !tolerated(pod.spec.tolerations ?? [], CORDON)) &&
      !hardTaintOf(pod, node) &&
      wantsNode(pod, node) &&
      fits(world, node) &&
      spreadAllows(world, node) &&
      affinityAllows(world, node),
  );
  const each = (score: (node: Node) => number): number[] => feasible.map(score);
  const scores: Record<string, [weight: number, scores: number[]]> = {
    TaintToleration: [
      3,
      toMax(
        each((node) => softTaints(pod, node)),
        true,
      ),
    ],
    NodeAffinity: [
      2,
      toMax(
        each((node) => preferredWeight(pod, node)),
        false,
      ),
    ],
    NodeResourcesFit: [1, each((node) => leastAllocated(world, node))],
    PodTopologySpread: [2, spreadScores(world, feasible) ?? each(() => 0)],
    InterPodAffinity: [2, toRange(each((node) => affinityScore(world, node)))],
    NodeResourcesBalancedAllocation: [1, each((node) => balanced(world, node))],
    ImageLocality: [1, each((node) => imageScore(world, node))],
  };
  return new Map(
    feasible.map((node, index) => [
      node.metadata.name,
      Object.fromEntries(
        Object.entries(scores).map(([plugin, [weight, all]]) => [plugin, weight * all[index]!]),
      ),
    ]),
  );
}
