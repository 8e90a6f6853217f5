// DefaultPreemption: chooses pods of lower priority to delete so that an unschedulable pod fits a
// node. The choice is synchronous and changes the cache only in a simulation that undoes itself
// (upstream: pkg/scheduler/framework/preemption, plugins/defaultpreemption).
//
// Invariants: victims have a lower priority; no victim is unnecessary; a disruption budget is
// violated only when every candidate violates one.
import type { Selector } from '../apimachinery/labels/selector.js';
import type { Cache } from './cache.js';
import { fits, summary } from './decide.js';
import type { Plugin, Rejection } from './framework/framework.js';
import type { NodeInfo } from './framework/node-info.js';
import type { PodInfo } from './framework/pod-info.js';
import type { Snapshot } from './framework/snapshot.js';
import { MIN_CANDIDATE_NODES, MIN_CANDIDATE_SHARE } from './limits.js';

/** The parts of a PodDisruptionBudget that preemption reads. */
export interface Budget {
  namespace: string;
  selector: Selector;
  allowed: number;
  /** Names of pods that status.disruptedPods lists: their eviction is already counted. */
  disrupted: ReadonlySet<string>;
}

export interface Candidate {
  node: string;
  /** The most important first. */
  victims: readonly PodInfo[];
  /** Number of victims whose deletion violates a budget. */
  violations: number;
}

export type Preemption =
  | { candidate: Candidate }
  | { candidate: undefined; message: string; keepsNomination: boolean };

export interface PreemptionInput {
  cache: Cache;
  cluster: Snapshot;
  plugins: readonly Plugin[];
  /** Rejections by the filters, by node name; the search ended before nodes that are missing. */
  rejections: ReadonlyMap<string, Rejection>;
  budgets: readonly Budget[];
  /** Index of the first node to search. */
  start: number;
}

const NO_VICTIMS = 'No preemption victims found for incoming pod';
const NOT_HELPFUL = 'Preemption is not helpful for scheduling';

const refused = (message: string, keepsNomination = false): Preemption => ({
  candidate: undefined,
  message: `preemption: ${message}`,
  keepsNomination,
});

export function preempt(pod: PodInfo, input: PreemptionInput): Preemption {
  if (pod.pod.spec.preemptionPolicy === 'Never')
    return refused('not eligible due to preemptionPolicy=Never.');
  const { nodes } = input.cluster;
  const nominated = nodes.get(pod.pod.status?.nominatedNodeName ?? '');
  const leaving = [...(nominated?.pods.values() ?? [])].some(
    (p) => p.priority < pod.priority && p.pod.metadata.deletionTimestamp,
  );
  if (leaving && !input.rejections.get(nominated!.name)?.unresolvable)
    return refused('not eligible due to a terminating pod on the nominated node.', true);
  const possible = [...nodes.values()].filter(
    (node) => !input.rejections.get(node.name)?.unresolvable,
  );
  const wanted = Math.max(MIN_CANDIDATE_NODES, Math.floor(possible.length * MIN_CANDIDATE_SHARE));
  const candidates: Candidate[] = [];
  let nonViolating = 0;
  let tried = 0;
  // As upstream, the search continues until a candidate violates no budget.
  for (; tried < possible.length && (candidates.length < wanted || nonViolating === 0); tried++) {
    const candidate = victimsOn(possible[(input.start + tried) % possible.length]!, pod, input);
    if (!candidate) continue;
    candidates.push(candidate);
    if (candidate.violations === 0) nonViolating++;
  }
  const best = pick(candidates);
  if (best) return { candidate: best };
  const reasons = new Map(
    [
      [NO_VICTIMS, possible.length],
      [NOT_HELPFUL, nodes.size - possible.length],
    ].filter(([, count]) => Number(count) > 0) as [string, number][],
  );
  return refused(summary(nodes.size, reasons));
}

/**
 * Undefined when no pod has a lower priority, or when deleting all of those would not be enough.
 */
function victimsOn(
  node: NodeInfo,
  pod: PodInfo,
  { cache, cluster, plugins, budgets }: PreemptionInput,
): Candidate | undefined {
  const lower = [...node.pods.values()]
    .filter((p) => p.priority < pod.priority)
    .sort(moreImportant);
  if (!lower.length) return undefined;
  return cache.simulate((simulation) => {
    for (const p of lower) simulation.remove(p.key);
    if (!fits(pod, node, cluster, plugins)) return undefined;
    const victims: PodInfo[] = [];
    let violations = 0;
    const reprieve = (p: PodInfo): boolean => {
      simulation.add(p, node.name);
      if (fits(pod, node, cluster, plugins)) return true;
      simulation.remove(p.key);
      victims.push(p);
      return false;
    };
    const breaking = budgetBreakers(lower, budgets);
    for (const p of lower) if (breaking.has(p) && !reprieve(p)) violations++;
    for (const p of lower) if (!breaking.has(p)) reprieve(p);
    return victims.length
      ? { node: node.name, victims: victims.sort(moreImportant), violations }
      : undefined;
  });
}

/** Upstream: util.MoreImportantPod. */
const moreImportant = (a: PodInfo, b: PodInfo): number =>
  b.priority - a.priority || startOf(a) - startOf(b);

const startOf = ({ pod }: PodInfo): number =>
  pod.status?.startTime ? Date.parse(pod.status.startTime) : Number.MAX_SAFE_INTEGER;

/** The pods whose deletion, one after the other, breaks a budget (filterPodsWithPDBViolation). */
function budgetBreakers(pods: readonly PodInfo[], budgets: readonly Budget[]): Set<PodInfo> {
  const left = new Map(budgets.map((budget) => [budget, budget.allowed]));
  const breaks = ({ pod, namespace, labels }: PodInfo): boolean => {
    const counting = budgets.filter(
      (budget) =>
        budget.namespace === namespace &&
        !budget.selector.empty &&
        budget.selector.matches(labels) &&
        !budget.disrupted.has(pod.metadata.name),
    );
    for (const budget of counting) left.set(budget, left.get(budget)! - 1);
    return counting.some((budget) => left.get(budget)! < 0);
  };
  return new Set(pods.filter(breaks));
}

/**
 * Makes every addend positive although priorities may be negative, so that each further victim adds
 * cost.
 */
const PRIORITY_OFFSET = 2 ** 31;

/** The first of the cheapest candidates (upstream: pickOneNodeForPreemption). */
function pick(candidates: readonly Candidate[]): Candidate | undefined {
  const costs = candidates.map((candidate) => {
    const top = candidate.victims[0]!.priority;
    const earliest = Math.min(...candidate.victims.filter((p) => p.priority === top).map(startOf));
    const sum = candidate.victims.reduce((total, p) => total + p.priority + PRIORITY_OFFSET, 0);
    const cost = [candidate.violations, top, sum, candidate.victims.length, -earliest];
    return { candidate, cost };
  });
  const compareCosts = (a: number[], b: number[]) => {
    const at = a.findIndex((part, i) => part !== b[i]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  };
  return costs.toSorted((a, b) => compareCosts(a.cost, b.cost))[0]?.candidate;
}
