// Conditions of a status: found, compared and set by one rule (apimachinery pkg/api/meta/conditions.go,
// UpdatePodCondition). The transition time moves when the status changes and not otherwise. Pure.
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

/** Equal in status, reason and message: writing `b` over `a` tells a reader nothing new. */
export function sameCondition(a: ConditionLike | undefined, b: ConditionLike): boolean {
  return (
    a !== undefined &&
    a.type === b.type &&
    a.status === b.status &&
    (a.reason ?? '') === (b.reason ?? '') &&
    (a.message ?? '') === (b.message ?? '')
  );
}

/** RFC 3339: the time of `old` while the status stays the same, otherwise `now` (milliseconds). */
export function transitionTime(
  old: Pick<ConditionLike, 'status' | 'lastTransitionTime'> | undefined,
  status: string,
  now: number,
): string {
  const kept = old?.status === status ? old.lastTransitionTime : undefined;
  return kept || timestamp(now);
}

/** The list with `next` in the place of the condition of its type, or at the end; `now` in milliseconds. */
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
