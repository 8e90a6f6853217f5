// Decides the status of a disruption budget: how many of its pods may be evicted now (upstream:
// pkg/controller/disruption). The eviction subresource decrements `disruptionsAllowed` and enters
// the pod in `disruptedPods`. A pod with an entry does not count as healthy until the entry
// expires. Pure.
import type { Condition } from '../../apimachinery/meta/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../apis/policy/v1/types.js';
import {
  type ConditionLike,
  DISRUPTION_TARGET,
  withCondition,
} from '../../component-helpers/conditions.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { resolveIntOrPercent } from '../../component-helpers/int-or-percent.js';
import { isPodReady, isPodTerminal, podCondition } from '../../component-helpers/pods.js';

/**
 * Time within which a pod is deleted after its eviction was granted (upstream: DeletionTimeout).
 */
export const DELETION_TIMEOUT_MS = 120_000;

export interface BudgetInput {
  budget: PodDisruptionBudget;
  /** Pods that the budget selects. */
  pods: readonly Pod[];
  /** The wanted replicas of the pods' controllers; an Error when a controller was not found. */
  scale: number | Error;
  now: number;
}

export interface BudgetPlan {
  status: PodDisruptionBudgetStatus;
  changed: boolean;
  /** Pods that were not deleted in time after their eviction. */
  notDeleted: Pod[];
  checkAgainInMs: number | undefined;
  /** Why the status cannot be computed; no disruption is allowed then. */
  failure: string | undefined;
}

/** True when the budget is computed from the controllers' replicas, not from the existing pods. */
export const needsScale = ({ spec }: PodDisruptionBudget): boolean =>
  spec.maxUnavailable !== undefined || typeof spec.minAvailable === 'string';

export function planBudget({ budget, now, pods, scale }: BudgetInput): BudgetPlan {
  const old = budget.status;
  if (needsScale(budget) && scale instanceof Error) {
    const none = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    const counts = { ...none, ...old, disruptionsAllowed: 0 };
    const status = withReason(budget, counts, 'SyncFailed', scale.message, now);
    const changed = !equalJson(status, old);
    return { status, changed, notDeleted: [], checkAgainInMs: undefined, failure: scale.message };
  }
  const disrupted = planDisruptedPods(old?.disruptedPods ?? {}, pods, now);
  const replicas = scale instanceof Error ? 0 : scale;
  const { desiredHealthy, expectedPods } = planExpected(budget, pods.length, replicas);
  const currentHealthy = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      isPodReady(pod) &&
      disrupted.kept[pod.metadata.name] === undefined,
  ).length;
  const allowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  const counts = { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed: allowed };
  const reason = allowed > 0 ? 'SufficientPods' : 'InsufficientPods';
  const status = withReason(budget, { ...old, ...counts }, reason, '', now);
  if (Object.keys(disrupted.kept).length) status.disruptedPods = disrupted.kept;
  else delete status.disruptedPods;
  return {
    status,
    changed: !equalJson(status, old),
    notDeleted: disrupted.notDeleted,
    checkAgainInMs: disrupted.checkAgainInMs,
    failure: undefined,
  };
}

function planExpected(
  { spec }: PodDisruptionBudget,
  present: number,
  scale: number,
): { desiredHealthy: number; expectedPods: number } {
  const { maxUnavailable, minAvailable } = spec;
  if (maxUnavailable === undefined && typeof minAvailable !== 'string')
    return { expectedPods: present, desiredHealthy: minAvailable ?? 0 };
  const share = resolveIntOrPercent(maxUnavailable ?? minAvailable, scale, 'up');
  const desiredHealthy = maxUnavailable === undefined ? share : Math.max(0, scale - share);
  return { expectedPods: scale, desiredHealthy };
}

/** The status of these counts, with a condition that tells why disruptions are allowed or not. */
function withReason(
  { metadata, status: old }: PodDisruptionBudget,
  counts: PodDisruptionBudgetStatus,
  reason: string,
  message: string,
  now: number,
): PodDisruptionBudgetStatus {
  const status = counts.disruptionsAllowed > 0 ? 'True' : 'False';
  const observedGeneration = metadata.generation ?? 0;
  const next = { type: 'DisruptionAllowed', status, reason, message, observedGeneration };
  const conditions = withCondition<ConditionLike>(old?.conditions, next, now) as Condition[];
  return { ...counts, observedGeneration, conditions };
}

function planDisruptedPods(noted: Record<string, string>, pods: readonly Pod[], now: number) {
  const kept: Record<string, string> = {};
  const notDeleted: Pod[] = [];
  let checkAgainInMs: number | undefined;
  for (const pod of pods) {
    const at = noted[pod.metadata.name];
    if (at === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const left = Date.parse(at) + DELETION_TIMEOUT_MS - now;
    if (left <= 0) {
      notDeleted.push(pod);
      continue;
    }
    kept[pod.metadata.name] = at;
    checkAgainInMs = Math.min(checkAgainInMs ?? Infinity, left);
  }
  return { kept, notDeleted, checkAgainInMs };
}

/** Milliseconds until the DisruptionTarget condition is stale; undefined when the pod has none. */
export function staleDisruptionInMs(pod: Pod, now: number): number | undefined {
  const mark = podCondition(pod, DISRUPTION_TARGET);
  if (mark?.status !== 'True' || pod.metadata.deletionTimestamp !== undefined) return undefined;
  if (isPodTerminal(pod)) return undefined;
  return Math.max(0, Date.parse(mark.lastTransitionTime ?? '') + DELETION_TIMEOUT_MS - now);
}
