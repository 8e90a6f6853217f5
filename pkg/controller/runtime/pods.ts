// What controllers ask of pods (pkg/api/v1/pod/util.go). Pure.
import type { Pod, PodCondition } from '../../apis/core/v1/types.js';

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True';
}

/** Succeeded or Failed: its containers will never run again. */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Neither terminal nor being deleted. */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Milliseconds until a ready pod counts as available; 0 when it does, Infinity when it is not ready. */
export function availableInMs(pod: Pod, minReadySeconds: number, now: number): number {
  const ready = podCondition(pod, 'Ready');
  if (ready?.status !== 'True') return Infinity;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(ready.lastTransitionTime ?? '');
  return Number.isNaN(since) ? Infinity : Math.max(0, since + minReadySeconds * 1000 - now);
}
