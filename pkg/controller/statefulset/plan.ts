// Decides the next step of a stateful set (upstream:
// pkg/controller/statefulset/stateful_set_control.go). Ordered sets take one step at a time, each
// when all pods before it are ready; parallel sets take all steps at once. Updates go from the
// highest ordinal down, one pod at a time. Pure.
import type { StatefulSet, StatefulSetStatus } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { availableInMs, isPodReady, isPodTerminal } from '../../component-helpers/pods.js';
import { ordinalOf, replicasOf, revisionOfPod, startOf } from './identity.js';

export interface StatefulInput {
  set: StatefulSet;
  pods: readonly Pod[];
  /** Names of revisions: before the rollout, and of the current template. */
  currentRevision: string;
  updateRevision: string;
  now: number;
}

export interface StatefulPlan {
  create: { ordinal: number; revision: string }[];
  remove: { pod: Pod; why: 'scaled' | 'finished' | 'updated' }[];
  checkAgainInMs: number | undefined;
}

const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isPodReady(pod);
const isHealthy = (pod: Pod): boolean => isRunningAndReady(pod) && !isTerminating(pod);

export function planStatefulSet(input: StatefulInput): StatefulPlan {
  const { pods, set } = input;
  const plan: StatefulPlan = { create: [], remove: [], checkAgainInMs: undefined };
  if (set.metadata.deletionTimestamp) return plan;
  const start = startOf(set);
  const end = start + replicasOf(set);
  const byOrdinal = new Map(
    pods.flatMap((pod) =>
      ordinalOf(set, pod) === undefined ? [] : [[ordinalOf(set, pod)!, pod] as const],
    ),
  );
  const ordered = set.spec.podManagementPolicy !== 'Parallel';
  for (let ordinal = start; ordinal < end; ordinal++) {
    if (planReplica(plan, input, ordinal, byOrdinal.get(ordinal)) && ordered) return plan;
  }
  const condemned = [...byOrdinal]
    .filter(([ordinal]) => ordinal < start || ordinal >= end)
    .sort(([a], [b]) => b - a)
    .map(([, pod]) => pod);
  if (planScaleDown(plan, condemned, ordered) && ordered) return plan;
  if (set.spec.updateStrategy?.type !== 'OnDelete') planUpdate(plan, input, byOrdinal, start, end);
  return plan;
}

/** True when an ordered set must wait here. */
function planReplica(
  plan: StatefulPlan,
  input: StatefulInput,
  ordinal: number,
  pod: Pod | undefined,
): boolean {
  const { now, set } = input;
  if (!pod) {
    plan.create.push({ ordinal, revision: revisionFor(input, ordinal) });
    return true;
  }
  if (isPodTerminal(pod)) {
    if (!isTerminating(pod)) plan.remove.push({ pod, why: 'finished' });
    return true;
  }
  if (!isHealthy(pod)) return true;
  const wait = availableInMs(pod, set.spec.minReadySeconds ?? 0, now);
  if (wait > 0) plan.checkAgainInMs = Math.min(plan.checkAgainInMs ?? Infinity, wait);
  return wait > 0;
}

/** Below the partition pods keep the revision they had. */
function revisionFor(
  { currentRevision, set, updateRevision }: StatefulInput,
  ordinal: number,
): string {
  const { rollingUpdate, type } = set.spec.updateStrategy ?? {};
  if (type === 'OnDelete') return updateRevision;
  const kept = rollingUpdate?.partition ?? (rollingUpdate ? 0 : (set.status?.currentReplicas ?? 0));
  return ordinal < startOf(set) + kept ? currentRevision : updateRevision;
}

/** Deletes from the highest ordinal down. True while such pods exist. */
function planScaleDown(plan: StatefulPlan, pods: readonly Pod[], ordered: boolean): boolean {
  const unhealthy = pods.findLast((pod) => !isHealthy(pod)); // the one with the lowest ordinal
  for (const pod of pods) {
    if (isTerminating(pod)) {
      if (ordered) return true;
      continue;
    }
    if (ordered && !isRunningAndReady(pod) && pod !== unhealthy) return true;
    plan.remove.push({ pod, why: 'scaled' });
    if (ordered) return true;
  }
  return pods.length > 0;
}

/** Deletes the highest pod of another revision when all pods above it are ready. */
function planUpdate(
  plan: StatefulPlan,
  input: StatefulInput,
  byOrdinal: ReadonlyMap<number, Pod>,
  start: number,
  end: number,
): void {
  const partition = input.set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let ordinal = end - 1; ordinal >= start + partition; ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (!pod || isTerminating(pod)) return; // its replacement is not ready yet
    if (plan.remove.some((removal) => removal.pod === pod)) return;
    if (revisionOfPod(pod) !== input.updateRevision) {
      plan.remove.push({ pod, why: 'updated' });
      return;
    }
    if (!isHealthy(pod)) return;
  }
}

export function planStatefulStatus(input: StatefulInput): {
  status: StatefulSetStatus;
  changed: boolean;
} {
  const { now, pods, set, updateRevision } = input;
  const known = pods.filter(
    (pod) => ordinalOf(set, pod) !== undefined && pod.status?.phase !== undefined,
  );
  const of = (revision: string): number =>
    known.filter((pod) => !isTerminating(pod) && revisionOfPod(pod) === revision).length;
  const ready = known.filter(isRunningAndReady);
  let { currentRevision } = input;
  const updated = of(updateRevision);
  let current = of(currentRevision);
  const rolls = set.spec.updateStrategy?.type !== 'OnDelete';
  if (
    rolls &&
    updated === known.length &&
    ready.length === known.length &&
    known.length === replicasOf(set)
  ) {
    currentRevision = updateRevision;
    current = updated;
  }
  const status: StatefulSetStatus = {
    replicas: known.length,
    availableReplicas: ready.filter(
      (pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now) === 0,
    ).length,
    ...(ready.length && { readyReplicas: ready.length }),
    ...(current && { currentReplicas: current }),
    ...(updated && { updatedReplicas: updated }),
    currentRevision,
    updateRevision,
    observedGeneration: set.metadata.generation ?? 0,
    collisionCount: set.status?.collisionCount ?? 0,
    ...(set.status?.conditions && { conditions: set.status.conditions }),
  };
  return { status, changed: !equalJson(status, set.status) };
}
