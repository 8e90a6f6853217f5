// Taints and tolerations (k8s.io/component-helpers/scheduling/corev1/helpers.go, api/core/v1
// toleration.go). Pure.
import type { Taint, Toleration } from '../apis/core/v1/types.js';

/** Keys of the taints that the control plane sets (api/core/v1/well_known_taints.go). */
export const TAINTS = {
  notReady: 'node.kubernetes.io/not-ready',
  unreachable: 'node.kubernetes.io/unreachable',
  unschedulable: 'node.kubernetes.io/unschedulable',
  memoryPressure: 'node.kubernetes.io/memory-pressure',
  diskPressure: 'node.kubernetes.io/disk-pressure',
  pidPressure: 'node.kubernetes.io/pid-pressure',
  networkUnavailable: 'node.kubernetes.io/network-unavailable',
} as const;

/** Key and effect of the toleration match; an empty key or effect matches all. */
export function concernsTaint({ effect, key }: Toleration, taint: Taint): boolean {
  return (!effect || effect === taint.effect) && (!key || key === taint.key);
}

/** Key, effect, operator and value match (Toleration.ToleratesTaint). */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  const { operator = '', value = '' } = toleration;
  if (!concernsTaint(toleration, taint)) return false;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && value === (taint.value ?? '');
}

/** Some toleration matches the taint (TolerationsTolerateTaint). */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return tolerations?.some((toleration) => toleratesTaint(toleration, taint)) ?? false;
}

/**
 * The first untolerated taint among those that `concerns` selects (FindMatchingUntoleratedTaint).
 */
export function findUntoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  concerns: (taint: Taint) => boolean = () => true,
): Taint | undefined {
  return taints?.find((taint) => concerns(taint) && !tolerates(tolerations, taint));
}

/** True for effects that keep new pods away. PreferNoSchedule only lowers the node's score. */
export function repelsNewPods({ effect }: Taint): boolean {
  return effect === 'NoSchedule' || effect === 'NoExecute';
}

/** Taints are the same when key and effect are equal; values do not matter (Taint.MatchTaint). */
export const sameTaint = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
