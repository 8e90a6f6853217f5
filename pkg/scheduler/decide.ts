// The decision for one pod: a synchronous function of the cluster's state.
import type { Random } from '../util/env/env.js';
import type { ClusterEvent, Filter, Plugin, Rejection } from './framework/framework.js';
import type { NodeInfo } from './framework/node-info.js';
import type { PodInfo } from './framework/pod-info.js';
import type { Snapshot } from './framework/snapshot.js';
import { MIN_FEASIBLE_NODES } from './limits.js';

export type Decision =
  | { node: string; feasible: number }
  /**
   * `message` is the text of FailedScheduling; the pod is tried again after one of `requeueEvents`.
   */
  | {
      node: undefined;
      message: string;
      requeueEvents: ReadonlySet<ClusterEvent>;
      rejections: ReadonlyMap<string, Rejection>;
    };

interface NamedFilter {
  plugin: Plugin;
  filter: Filter;
}

/** Upstream's adaptive share: 50 % less 1 % per 125 nodes, at least 5 % and 100 nodes. */
export function nodesToFind(nodes: number): number {
  if (nodes <= MIN_FEASIBLE_NODES) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(MIN_FEASIBLE_NODES, Math.floor((nodes * percent) / 100));
}

/**
 * Callers raise `start` with each pod, so that a search for part of the nodes begins at another
 * node.
 */
export function decide(
  pod: PodInfo,
  cluster: Snapshot,
  options: { plugins: readonly Plugin[]; random: Random; start: number },
): Decision {
  const { plugins, random, start } = options;
  const nodes = [...cluster.nodes.values()];
  if (nodes.length === 0)
    return { ...unschedulable(0, new Map()), message: 'no nodes available to schedule pods' };
  const filters = prepare(pod, cluster, plugins);
  if (!Array.isArray(filters)) return everywhere(nodes, filters);
  const check = (node: NodeInfo) => checkNode(pod, node, cluster, plugins, filters);
  // Preemption removed pods from the nominated node for this pod.
  const nominated = cluster.nodes.get(pod.pod.status?.nominatedNodeName ?? '');
  if (nominated && !check(nominated)) return { node: nominated.name, feasible: 1 };
  const wanted = nodesToFind(nodes.length);
  const feasible: NodeInfo[] = [];
  const refusals = new Map<string, Refusal>();
  for (let i = 0; i < nodes.length && feasible.length < wanted; i++) {
    const node = nodes[(start + i) % nodes.length]!;
    const refusal = check(node);
    if (refusal) refusals.set(node.name, refusal);
    else feasible.push(node);
  }
  if (feasible.length === 0) return unschedulable(nodes.length, refusals);
  return {
    node: selectNode(pod, cluster, feasible, plugins, random).name,
    feasible: feasible.length,
  };
}

/** The filters of the plugins that apply, or the refusal of one that no node can satisfy. */
function prepare(
  pod: PodInfo,
  cluster: Snapshot,
  plugins: readonly Plugin[],
): NamedFilter[] | Refusal {
  const filters: NamedFilter[] = [];
  for (const plugin of plugins) {
    const filter = plugin.prepareFilter?.(pod, cluster);
    if (typeof filter === 'function') filters.push({ plugin, filter });
    else if (filter) return { plugin, rejection: filter };
  }
  return filters;
}

interface Refusal {
  plugin: Plugin;
  rejection: Rejection;
}

function refusalOf(node: NodeInfo, filters: readonly NamedFilter[] | Refusal): Refusal | undefined {
  if (!Array.isArray(filters)) return filters as Refusal;
  for (const { plugin, filter } of filters) {
    const rejection = filter(node);
    if (rejection) return { plugin, rejection };
  }
  return undefined;
}

/**
 * The pod must fit beside the pods that are nominated for the node, and without them: a nominated
 * pod may satisfy an affinity, and may never arrive (upstream: RunFilterPluginsWithNominatedPods).
 */
function checkNode(
  pod: PodInfo,
  node: NodeInfo,
  cluster: Snapshot,
  plugins: readonly Plugin[],
  filters: readonly NamedFilter[] | Refusal,
): Refusal | undefined {
  const nominatedPods = cluster.nominatedBefore(pod, node.name);
  const besideNominated = nominatedPods.length
    ? cluster.withPodsOn(nominatedPods, node.name, () =>
        refusalOf(node, prepare(pod, cluster, plugins)),
      )
    : undefined;
  return besideNominated ?? refusalOf(node, filters);
}

/** True when no filter rejects the node for the pod. */
export const fits = (
  pod: PodInfo,
  node: NodeInfo,
  cluster: Snapshot,
  plugins: readonly Plugin[],
): boolean => checkNode(pod, node, cluster, plugins, prepare(pod, cluster, plugins)) === undefined;

function unschedulable(nodes: number, refusals: ReadonlyMap<string, Refusal>) {
  const reasons = new Map<string, number>();
  const rejectingPlugins = new Set<Plugin>();
  for (const { plugin, rejection } of refusals.values()) {
    rejectingPlugins.add(plugin);
    for (const reason of rejection.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const rejections = new Map([...refusals].map(([name, { rejection }]) => [name, rejection]));
  return {
    node: undefined,
    message: summary(nodes, reasons),
    requeueEvents: new Set<ClusterEvent>(
      [...rejectingPlugins].flatMap(({ events }) => [...events]).concat('NodeAdd'),
    ),
    rejections,
  };
}

/** Upstream's PreFilterMsg: the reason is not counted by node. */
function everywhere(nodes: readonly NodeInfo[], refusal: Refusal): Decision {
  const message = `0/${nodes.length} nodes are available: ${refusal.rejection.reasons.join(', ')}.`;
  const refusals = new Map(nodes.map(({ name }) => [name, refusal]));
  return { ...unschedulable(nodes.length, refusals), message };
}

/**
 * '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.' (upstream:
 * FitError.Error)
 */
export function summary(nodes: number, reasons: ReadonlyMap<string, number>): string {
  const texts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available: ${texts.join(', ')}.`;
}

/** The feasible node with the highest sum of weighted scores, at random among equals. */
function selectNode(
  pod: PodInfo,
  cluster: Snapshot,
  feasible: readonly NodeInfo[],
  plugins: readonly Plugin[],
  random: Random,
): NodeInfo {
  if (feasible.length === 1) return feasible[0]!;
  const totals = new Float64Array(feasible.length);
  for (const plugin of plugins) {
    const scorer = plugin.prepareScore?.(pod, cluster, feasible);
    if (!scorer) continue;
    const scores = feasible.map((node) => scorer.score(node));
    scorer.normalize?.(scores);
    for (let i = 0; i < scores.length; i++) totals[i]! += scores[i]! * (plugin.weight ?? 1);
  }
  let winner = 0;
  let equals = 1;
  for (let i = 1; i < totals.length; i++) {
    if (totals[i]! > totals[winner]!) {
      winner = i;
      equals = 1;
    } else if (totals[i] === totals[winner] && random.next() * ++equals < 1) {
      winner = i;
    }
  }
  return feasible[winner]!;
}
