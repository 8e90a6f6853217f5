// Decides how many pods a replica set creates, which pods it deletes, and its status. Pure.
// ReplicationController and ReplicaSet share it (upstream: pkg/controller/replicaset).
import type { Pod } from '../../apis/core/v1/types.js';
import type { ReplicaSetCondition, ReplicaSetStatus } from '../../apis/apps/v1/types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { timestamp } from '../../util/env/env.js';
import { BURST_REPLICAS } from '../runtime/limits.js';
import { availableInMs, isPodReady, podCondition } from '../../component-helpers/pods.js';

export const DELETION_COST_ANNOTATION = 'controller.kubernetes.io/pod-deletion-cost';

export interface ReplicaPlan {
  create: number;
  /** In the order of deletion. */
  remove: Pod[];
}

/**
 * `pods` are active and controlled by the owner; `related` are the pods to spread over nodes (the
 * owner's and, for a replica set of a deployment, its siblings').
 */
export function planReplicas(
  replicas: number,
  pods: readonly Pod[],
  related: readonly Pod[],
  now: number,
): ReplicaPlan {
  const missing = replicas - pods.length;
  if (missing >= 0) return { create: Math.min(missing, BURST_REPLICAS), remove: [] };
  const remove = rankForDeletion(pods, related, now).slice(0, Math.min(-missing, BURST_REPLICAS));
  return { create: 0, remove };
}

const PHASE_ORDER: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

/** Sorts pods, the first to delete first (ActivePodsWithRanks of controller_utils.go). */
export function rankForDeletion(pods: readonly Pod[], related: readonly Pod[], now: number): Pod[] {
  const perNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec.nodeName ?? '';
    if (node) perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  // Ages are compared by power of two, and then by uid: among pods of similar age the choice is as
  // good as random, which spreads the remaining pods (KEP 2185, LogarithmicScaleDown).
  const magnitude = (since: string | undefined): number =>
    since ? Math.floor(Math.log2(Math.max(1, now - Date.parse(since)))) : -1;
  const criteria: ((pod: Pod) => number)[] = [
    (pod) => (pod.spec.nodeName ? 1 : 0),
    (pod) => PHASE_ORDER[pod.status?.phase ?? ''] ?? 0,
    (pod) => (isPodReady(pod) ? 1 : 0),
    deletionCost,
    (pod) => -(perNode.get(pod.spec.nodeName ?? '') ?? 0),
    (pod) => (isPodReady(pod) ? magnitude(podCondition(pod, 'Ready')?.lastTransitionTime) : 0),
    (pod) =>
      -Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount)),
    (pod) => magnitude(pod.metadata.creationTimestamp),
  ];
  const ranked = pods.map((pod) => ({ pod, rank: criteria.map((criterion) => criterion(pod)) }));
  ranked.sort((a, b) => {
    for (let i = 0; i < criteria.length; i++)
      if (a.rank[i] !== b.rank[i]) return a.rank[i]! - b.rank[i]!;
    return (a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1;
  });
  return ranked.map(({ pod }) => pod);
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[DELETION_COST_ANNOTATION] ?? '';
  return /^(0|-?[1-9][0-9]{0,9})$/.test(text) ? Number(text) : 0;
}

export interface ReplicaFailure {
  reason: 'FailedCreate' | 'FailedDelete';
  error: Error;
}

export interface StatusInput {
  generation: number;
  replicas: number;
  minReadySeconds: number;
  templateLabels: Readonly<Record<string, string>>;
  /** Active and controlled by the owner. */
  pods: readonly Pod[];
  /** The failure of this sync to create or delete pods. */
  failure: ReplicaFailure | undefined;
  old: ReplicaSetStatus | undefined;
  now: number;
}

export interface StatusPlan {
  status: ReplicaSetStatus;
  changed: boolean;
  /** Time until the next ready pod becomes available, if there is such a pod. */
  checkAgainInMs: number | undefined;
}

export function planStatus(input: StatusInput): StatusPlan {
  const { failure, minReadySeconds, now, old, pods, templateLabels } = input;
  const labels = Object.entries(templateLabels);
  const waits = pods.map((pod) => availableInMs(pod, minReadySeconds, now));
  const pending = waits.filter((wait) => wait > 0 && wait !== Infinity);
  const conditions = planConditions(old?.conditions ?? [], failure, now);
  const status: ReplicaSetStatus = {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) =>
      labels.every(([key, value]) => pod.metadata.labels?.[key] === value),
    ).length,
    readyReplicas: pods.filter(isPodReady).length,
    availableReplicas: waits.filter((wait) => wait === 0).length,
    observedGeneration: input.generation,
    ...(conditions.length && { conditions }),
  };
  const changed =
    COUNTS.some((name) => (status[name] ?? 0) !== (old?.[name] ?? 0)) ||
    conditions !== (old?.conditions ?? conditions);
  const checkAgainInMs = pending.length ? Math.min(...pending) : undefined;
  return { status, changed: changed || !old, checkAgainInMs };
}

const COUNTS = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
] as const;

/** The old list itself when nothing changed. */
function planConditions(
  old: ReplicaSetCondition[],
  failure: StatusInput['failure'],
  now: number,
): ReplicaSetCondition[] {
  const had = findCondition(old, 'ReplicaFailure');
  if (!failure) return had ? old.filter((condition) => condition !== had) : old;
  if (had?.reason === failure.reason) return old;
  const condition = {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: timestamp(now),
    reason: failure.reason,
    message: failure.error.message,
  };
  return [...old.filter((other) => other !== had), condition];
}
