// The status and conditions of a deployment, from its replica sets. Pure (upstream:
// pkg/controller/deployment/{sync,progress}.go). kubectl rollout status reads the reasons.
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from '../../apis/apps/v1/types.js';
import { findCondition, transitionTime } from '../../component-helpers/conditions.js';
import { timestamp } from '../../util/env/env.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { rolloutLimits, total } from './scale.js';

/** The value of progressDeadlineSeconds that means no deadline (math.MaxInt32). */
const NO_DEADLINE = 2147483647;

const sum = (
  sets: readonly ReplicaSet[],
  of: (status: NonNullable<ReplicaSet['status']>) => number | undefined,
): number => sets.reduce((all, set) => all + (set.status ? (of(set.status) ?? 0) : 0), 0);

/** `touch` renews the time of a condition that says the same already. */
type SetCondition = (
  type: string,
  status: string,
  reason: string,
  message: string,
  touch?: boolean,
) => undefined;

export interface DeploymentStatusPlan {
  status: DeploymentStatus;
  changed: boolean;
  /** Time until the progress deadline passes. */
  checkAgainInMs: number | undefined;
}

export function planDeploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  now: number,
): DeploymentStatusPlan {
  const old = deployment.status ?? {};
  const available = sum(all, (s) => s.availableReplicas);
  const unavailable = Math.max(0, total(all) - available);
  const counts: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum(all, (s) => s.replicas),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum(all, (s) => s.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: unavailable,
  };
  const conditions = new Map(
    (old.conditions ?? []).map((condition) => [condition.type, condition]),
  );
  const set: SetCondition = (type, status, reason, message, touch) => {
    const had = conditions.get(type);
    if (had && had.status === status && had.reason === reason && !touch) return;
    conditions.set(type, {
      type,
      status,
      reason,
      message,
      lastUpdateTime: timestamp(now),
      lastTransitionTime: transitionTime(had, status, now),
    });
  };
  const enough =
    available >= (deployment.spec.replicas ?? 1) - rolloutLimits(deployment).maxUnavailable;
  const has = enough ? 'has' : 'does not have';
  const reason = enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable';
  set('Available', enough ? 'True' : 'False', reason, `Deployment ${has} minimum availability.`);

  const checkAgainInMs = progress(deployment, current, counts, conditions, set, now);
  const failure = [current, ...all]
    .map((s) => findCondition(s?.status?.conditions, 'ReplicaFailure'))
    .find((condition) => condition?.status === 'True');
  if (failure) set('ReplicaFailure', 'True', failure.reason ?? '', failure.message ?? '');
  else conditions.delete('ReplicaFailure');

  const status: DeploymentStatus = {
    ...(old.collisionCount && { collisionCount: old.collisionCount }),
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    conditions: [...conditions.values()],
  };
  return { status, changed: !equalJson(status, withoutZeros(old)), checkAgainInMs };
}

const withoutZeros = (status: DeploymentStatus): object =>
  Object.fromEntries(Object.entries(status).filter(([, value]) => value !== 0));

export function isComplete(deployment: Deployment, counts: DeploymentStatus): boolean {
  const replicas = deployment.spec.replicas ?? 1;
  return (
    (counts.updatedReplicas ?? 0) === replicas &&
    (counts.replicas ?? 0) === replicas &&
    (counts.availableReplicas ?? 0) === replicas &&
    (counts.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function progress(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  counts: DeploymentStatus,
  conditions: Map<string, DeploymentCondition>,
  set: SetCondition,
  now: number,
): number | undefined {
  const deadline = deployment.spec.progressDeadlineSeconds ?? NO_DEADLINE;
  if (deadline === NO_DEADLINE) return void conditions.delete('Progressing');
  const had = conditions.get('Progressing');
  const subject = current
    ? `ReplicaSet "${current.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  if (deployment.spec.paused)
    return set('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused');
  if (had?.reason === 'DeploymentPaused')
    return set('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', true);

  // A complete rollout stays complete until the template changes, even if pods fail later.
  const finished =
    (counts.replicas ?? 0) === (counts.updatedReplicas ?? 0) &&
    had?.reason === 'NewReplicaSetAvailable';
  if (finished) return undefined;
  if (isComplete(deployment, counts)) {
    const message = `${subject} has successfully progressed.`;
    return set('Progressing', 'True', 'NewReplicaSetAvailable', message);
  }
  const old = deployment.status ?? {};
  const moved =
    (counts.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    (counts.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (old.availableReplicas ?? 0) ||
    (counts.replicas ?? 0) - (counts.updatedReplicas ?? 0) <
      (old.replicas ?? 0) - (old.updatedReplicas ?? 0);
  if (moved || !had || had.reason === 'NewReplicaSetAvailable') {
    set('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`, moved);
    return deadline * 1000;
  }
  if (had.reason === 'ProgressDeadlineExceeded') return undefined;
  const left = Date.parse(had.lastUpdateTime ?? '') + deadline * 1000 - now;
  if (left > 0) return left;
  const late = `${subject} has timed out progressing.`;
  return set('Progressing', 'False', 'ProgressDeadlineExceeded', late);
}
