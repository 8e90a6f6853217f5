// The decision for one pod: a synchronous function of the cluster's state.
import type { Random } from '../util/env/env.js';
import type { ClusterEvent, Filter, Plugin, Rejection } from './framework/framework.js';
import type { NodeInfo } from './framework/node-info.js';
import type { PodInfo } from './framework/pod-info.js';
import type { Snapshot } from './framework/snapshot.js';
import { MIN_FEASIBLE_NODES } from './limits.js';

export type Decision =
  | { node: string; feasible: number }
  /** `message` is the text of FailedScheduling; `wakes` are the events that may change the answer. */
  | {
      node: undefined;
      message: string;
      wakes: ReadonlySet<ClusterEvent>;
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

/** `start` rotates where the search begins, so that all nodes get their turn. */
export function decide(
  pod: PodInfo,
  cluster: Snapshot,
  options: { plugins: readonly Plugin[]; random: Random; start: number },
): Decision {
  const { plugins, random, start } = options;
  const nodes = [...cluster.nodes.values()];
  if (nodes.length === 0)
    return {
      node: undefined,
      message: 'no nodes available to schedule pods',
      wakes: new Set(['NodeAdd']),
      rejections: new Map(),
    };
  const filters = prepare(pod, cluster, plugins);
  const judge = (node: NodeInfo) => judgeNode(pod, node, cluster, plugins, filters);
  // A node that was cleared for the pod is taken when it will do.
  const nominated = cluster.nodes.get(pod.pod.status?.nominatedNodeName ?? '');
  if (nominated && !judge(nominated)) return { node: nominated.name, feasible: 1 };
  const wanted = nodesToFind(nodes.length);
  const feasible: NodeInfo[] = [];
  const refusals = new Map<string, Refusal>();
  for (let i = 0; i < nodes.length && feasible.length < wanted; i++) {
    const node = nodes[(start + i) % nodes.length]!;
    const refusal = judge(node);
    if (refusal) refusals.set(node.name, refusal);
    else feasible.push(node);
  }
  if (feasible.length === 0) return noNode(nodes.length, refusals);
  return { node: best(pod, cluster, feasible, plugins, random).name, feasible: feasible.length };
}

function prepare(pod: PodInfo, cluster: Snapshot, plugins: readonly Plugin[]): NamedFilter[] {
  return plugins.flatMap((plugin): NamedFilter[] => {
    const filter = plugin.prepareFilter?.(pod, cluster);
    return filter ? [{ plugin, filter }] : [];
  });
}

interface Refusal {
  plugin: Plugin;
  rejection: Rejection;
}

function refusalOf(node: NodeInfo, filters: readonly NamedFilter[]): Refusal | undefined {
  for (const { plugin, filter } of filters) {
    const rejection = filter(node);
    if (rejection) return { plugin, rejection };
  }
  return undefined;
}

/** A node that is being cleared for others must do with them as well as without (upstream: RunFilterPluginsWithNominatedPods). */
function judgeNode(
  pod: PodInfo,
  node: NodeInfo,
  cluster: Snapshot,
  plugins: readonly Plugin[],
  filters: readonly NamedFilter[],
): Refusal | undefined {
  const ahead = cluster.ahead(pod, node.name);
  const among = ahead.length
    ? cluster.asIf(ahead, node.name, () => refusalOf(node, prepare(pod, cluster, plugins)))
    : undefined;
  return among ?? refusalOf(node, filters);
}

/** Whether the node would take the pod as the cluster is now. */
export function fits(
  pod: PodInfo,
  node: NodeInfo,
  cluster: Snapshot,
  plugins: readonly Plugin[],
): boolean {
  return judgeNode(pod, node, cluster, plugins, prepare(pod, cluster, plugins)) === undefined;
}

function noNode(nodes: number, refusals: ReadonlyMap<string, Refusal>): Decision {
  const reasons = new Map<string, number>();
  const refusers = new Set<Plugin>();
  for (const { plugin, rejection } of refusals.values()) {
    refusers.add(plugin);
    for (const reason of rejection.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const rejections = new Map([...refusals].map(([name, { rejection }]) => [name, rejection]));
  return {
    node: undefined,
    message: summary(nodes, reasons),
    wakes: wakesOf(refusers),
    rejections,
  };
}

/** '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.' (upstream: FitError.Error) */
export function summary(nodes: number, reasons: ReadonlyMap<string, number>): string {
  const texts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available: ${texts.join(', ')}.`;
}

function wakesOf(refusers: ReadonlySet<Plugin>): Set<ClusterEvent> {
  return new Set<ClusterEvent>([...refusers].flatMap((p) => [...p.events]).concat('NodeAdd'));
}

/** The feasible node with the highest sum of weighted scores; chance decides among equals. */
function best(
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
