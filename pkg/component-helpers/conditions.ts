// Conditions in the status of objects (apimachinery pkg/api/meta/conditions.go, UpdatePodCondition
// of upstream's pkg/api/v1/pod/util.go). The transition time changes with the status only. Pure.
import { timestamp } from '../util/env/env.js';

export interface ConditionLike {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export function findCondition<C extends { type?: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(
  conditions: readonly { type?: string; status?: string }[] | undefined,
  type: string,
): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/** Equal in type, status, reason and message, so that a write of `b` over `a` is unnecessary. */
export function sameCondition(a: ConditionLike | undefined, b: ConditionLike): boolean {
  return (
    a !== undefined &&
    a.type === b.type &&
    a.status === b.status &&
    (a.reason ?? '') === (b.reason ?? '') &&
    (a.message ?? '') === (b.message ?? '')
  );
}

/** RFC 3339. The time of `old` when the status is the same, otherwise `now` (milliseconds). */
export function transitionTime(
  old: Pick<ConditionLike, 'status' | 'lastTransitionTime'> | undefined,
  status: string,
  now: number,
): string {
  const kept = old?.status === status ? old.lastTransitionTime : undefined;
  return kept || timestamp(now);
}

/** Replaces the condition of the type of `next`, or appends `next`; `now` in milliseconds. */
export function withCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  next: C,
  now: number,
): C[] {
  const all = conditions ?? [];
  const old = findCondition(all, next.type);
  const stamped = { ...next, lastTransitionTime: transitionTime(old, next.status, now) };
  return old ? all.map((other) => (other === old ? stamped : other)) : [...all, stamped];
}

export const DISRUPTION_TARGET = 'DisruptionTarget';

/** Marks a pod that the control plane is about to end; `now` in milliseconds. */
export const disruptionTarget = (
  reason: string,
  message: string,
  now: number,
): Required<ConditionLike> => ({
  type: DISRUPTION_TARGET,
  status: 'True',
  reason,
  message,
  lastTransitionTime: timestamp(now),
});
