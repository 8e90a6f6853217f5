// How many pods each replica set of a deployment should have. Pure (upstream:
// pkg/controller/deployment/{rolling,recreate,sync}.go). The controller writes the planned sizes.
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import { resolveIntOrPercent } from '../../component-helpers/int-or-percent.js';
import { byCreation, DESIRED_ANNOTATION, MAX_ANNOTATION, sizeAnnotations } from './revisions.js';

export interface Scaling {
  set: ReplicaSet;
  replicas: number;
}

export const sizeOf = (set: ReplicaSet): number => set.spec.replicas ?? 1;
export const total = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + sizeOf(set), 0);
const availableIn = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);

/** Pods above and below the wanted number that a rollout may have. Never both 0. */
export function rolloutLimits({ spec }: Deployment): { maxSurge: number; maxUnavailable: number } {
  const replicas = spec.replicas ?? 1;
  if (spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: replicas };
  const rolling = spec.strategy?.rollingUpdate ?? { maxSurge: '25%', maxUnavailable: '25%' };
  const maxSurge = resolveIntOrPercent(rolling.maxSurge, replicas, 'up');
  const maxUnavailable = resolveIntOrPercent(rolling.maxUnavailable, replicas, 'down');
  if (maxSurge === 0 && maxUnavailable === 0) return { maxSurge, maxUnavailable: 1 };
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) };
}

/** The next size of the new set, given the sizes of all sets (NewRSNewReplicas). */
export function newSize(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): number {
  const replicas = deployment.spec.replicas ?? 1;
  if (deployment.spec.strategy?.type === 'Recreate') return replicas;
  const size = current ? sizeOf(current) : 0;
  if (size >= replicas) return replicas;
  const room = replicas + rolloutLimits(deployment).maxSurge - total(all);
  return room <= 0 ? size : size + Math.min(room, replicas - size);
}

/** One step of a rolling update: scales the new set up, or else old sets down. */
export function planRolling(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): Scaling[] {
  const wanted = newSize(deployment, [...old, current], current);
  if (wanted !== sizeOf(current)) return [{ set: current, replicas: wanted }];
  const active = old.filter((set) => sizeOf(set) > 0).sort(byCreation);
  if (!active.length) return [];
  const minAvailable = (deployment.spec.replicas ?? 1) - rolloutLimits(deployment).maxUnavailable;
  const newUnavailable = sizeOf(current) - (current.status?.availableReplicas ?? 0);
  const budget = total([...old, current]) - minAvailable - newUnavailable;
  if (budget <= 0) return [];

  // Unhealthy pods go first: their deletion costs no availability.
  const sizes = new Map(active.map((set) => [set, sizeOf(set)]));
  let cleaned = 0;
  for (const set of active) {
    const unhealthy = Math.min(
      budget - cleaned,
      sizes.get(set)! - (set.status?.availableReplicas ?? 0),
    );
    if (unhealthy <= 0) continue;
    sizes.set(set, sizes.get(set)! - unhealthy);
    cleaned += unhealthy;
  }
  let healthy = availableIn([...old, current]) - minAvailable;
  for (const set of active) {
    const fewer = Math.min(Math.max(0, healthy), sizes.get(set)!);
    sizes.set(set, sizes.get(set)! - fewer);
    healthy -= fewer;
  }
  return active.flatMap((set) =>
    sizes.get(set) === sizeOf(set) ? [] : [{ set, replicas: sizes.get(set)! }],
  );
}

/** True when spec.replicas changed since the sets were last scaled. */
export function isScalingEvent(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata.annotations?.[DESIRED_ANNOTATION];
    return (
      sizeOf(set) > 0 &&
      desired !== undefined &&
      Number(desired) !== (deployment.spec.replicas ?? 1)
    );
  });
}

/**
 * Scales without rolling. In the middle of a rollout each set is scaled in proportion (sync.go
 * scale). A set that keeps its size is part of the plan while its annotations tell an older scale:
 * the scaling would begin again after each step of the rollout otherwise.
 */
export function planScale(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Scaling[] {
  const replicas = deployment.spec.replicas ?? 1;
  const all = current ? [...old, current] : [...old];
  const active = all.filter((set) => sizeOf(set) > 0);
  const only =
    active.length === 1
      ? active[0]!
      : active.length === 0
        ? (current ?? old.toSorted(byCreation).at(-1))
        : undefined;
  if (only) return sizeOf(only) === replicas ? [] : [{ set: only, replicas }];
  if (current && isSaturated(deployment, current))
    return old.filter((set) => sizeOf(set) > 0).map((set) => ({ set, replicas: 0 }));
  if (deployment.spec.strategy?.type === 'Recreate') return [];
  const maxReplicas = replicas + rolloutLimits(deployment).maxSurge;
  const allowed = replicas > 0 ? maxReplicas : 0;
  const annotations = Object.entries(sizeAnnotations(deployment, maxReplicas));
  return scaleInProportion(active, allowed, allowed - total(active), replicas).filter(
    ({ set, replicas: size }) =>
      size !== sizeOf(set) ||
      annotations.some(([name, value]) => set.metadata.annotations?.[name] !== value),
  );
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const replicas = deployment.spec.replicas ?? 1;
  return (
    sizeOf(set) === replicas &&
    Number(set.metadata.annotations?.[DESIRED_ANNOTATION]) === replicas &&
    (set.status?.availableReplicas ?? 0) === replicas
  );
}

function scaleInProportion(
  active: ReplicaSet[],
  allowed: number,
  change: number,
  replicas: number,
): Scaling[] {
  const bigFirst = active.toSorted(
    (a, b) => sizeOf(b) - sizeOf(a) || (change > 0 ? byCreation(b, a) : byCreation(a, b)),
  );
  let left = change;
  const sizes = bigFirst.map((set) => {
    if (change === 0) return sizeOf(set);
    const allowedThen = Number(set.metadata.annotations?.[MAX_ANNOTATION] ?? replicas) || replicas;
    const share = Math.round((sizeOf(set) * allowed) / (allowedThen || 1)) - sizeOf(set);
    const part =
      change > 0 ? Math.max(0, Math.min(share, left)) : Math.min(0, Math.max(share, left));
    left -= part;
    return sizeOf(set) + part;
  });
  if (sizes.length) sizes[0] = Math.max(0, sizes[0]! + left);
  return bigFirst.map((set, i) => ({ set, replicas: sizes[i]! }));
}
