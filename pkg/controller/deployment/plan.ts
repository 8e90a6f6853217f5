// The next step of a deployment: creates the new replica set, writes annotations, scales, or
// deletes old revisions. Pure. One step at a time: the watch event of its effect requeues the
// deployment (upstream: pkg/controller/deployment/deployment_controller.go syncDeployment).
import { byInt64, maxInt64 } from '../../util/int64/int64.js';
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { isPodTerminal } from '../../component-helpers/pods.js';
import {
  annotationsFor,
  byCreation,
  findNew,
  newReplicaSet,
  revisionOf,
  sizeAnnotations,
} from './revisions.js';
import {
  rolloutLimits,
  isScalingEvent,
  newSize,
  planRolling,
  planScale,
  sizeOf,
  type Scaling,
} from './scale.js';
import { isComplete } from './status.js';

export type DeploymentStep =
  | { kind: 'none' }
  | { kind: 'create'; set: ReplicaSet }
  | {
      kind: 'annotate';
      set: ReplicaSet;
      annotations: Record<string, string>;
      minReadySeconds: number;
    }
  | { kind: 'set-revision'; revision: bigint }
  | { kind: 'scale'; scalings: Scaling[]; annotations: Record<string, string> }
  | { kind: 'remove'; sets: ReplicaSet[] };

/** `sets` are the replica sets that the deployment controls; `pods` are the pods of these sets. */
export function planDeployment(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  pods: readonly Pod[],
): DeploymentStep {
  if (deployment.metadata.deletionTimestamp) return { kind: 'none' };
  const current = findNew(deployment, sets);
  const old = sets.filter((set) => set !== current);
  const maxReplicas = (deployment.spec.replicas ?? 1) + rolloutLimits(deployment).maxSurge;
  const scale = (scalings: Scaling[]): DeploymentStep =>
    scalings.length
      ? { kind: 'scale', scalings, annotations: sizeAnnotations(deployment, maxReplicas) }
      : { kind: 'none' };

  if (deployment.spec.paused || isScalingEvent(deployment, sets)) {
    const scaled = scale(planScale(deployment, current, old));
    if (scaled.kind !== 'none' || deployment.spec.paused) return scaled;
  }
  const recreate = deployment.spec.strategy?.type === 'Recreate';
  if (recreate) {
    const emptied = old.filter((set) => sizeOf(set) > 0).map((set) => ({ set, replicas: 0 }));
    if (emptied.length) return scale(emptied);
    if (oldPodsRemain(current, pods)) return { kind: 'none' };
  }
  const revision = maxInt64(...old.map(revisionOf)) + 1n;
  const annotations = annotationsFor(deployment, current, revision, maxReplicas);
  if (!current) {
    const size = newSize(deployment, old, undefined);
    return { kind: 'create', set: newReplicaSet(deployment, size, annotations) };
  }
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  if (
    !equalJson(annotations, current.metadata.annotations ?? {}) ||
    minReadySeconds !== (current.spec.minReadySeconds ?? 0)
  ) {
    return { kind: 'annotate', set: current, annotations, minReadySeconds };
  }
  if (revisionOf(deployment) !== revisionOf(current))
    return { kind: 'set-revision', revision: revisionOf(current) };
  const wanted = deployment.spec.replicas ?? 1;
  const sized = recreate
    ? sizeOf(current) === wanted
      ? []
      : [{ set: current, replicas: wanted }]
    : planRolling(deployment, current, old);
  if (sized.length) return scale(sized);
  return cleanUp(deployment, old);
}

const oldPodsRemain = (current: ReplicaSet | undefined, pods: readonly Pod[]): boolean =>
  pods.some((pod) => !isPodTerminal(pod) && controllerOf(pod)?.uid !== current?.metadata.uid);

/**
 * Deletes old revisions beyond the history limit, the oldest first, when the rollout is complete.
 */
function cleanUp(deployment: Deployment, old: readonly ReplicaSet[]): DeploymentStep {
  if (!isComplete(deployment, deployment.status ?? {})) return { kind: 'none' };
  const idle = old.filter(
    (set) =>
      !set.metadata.deletionTimestamp &&
      sizeOf(set) === 0 &&
      (set.status?.replicas ?? 0) === 0 &&
      (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0),
  );
  const excess = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
  if (excess <= 0) return { kind: 'none' };
  const oldest = idle.toSorted((a, b) => byInt64(revisionOf(a), revisionOf(b)) || byCreation(a, b));
  return { kind: 'remove', sets: oldest.slice(0, excess) };
}
