// Pods that no kubelet and no other controller will delete. Pure (upstream:
// pkg/controller/podgc/gc_controller.go).
import type { Pod } from '../../apis/core/v1/types.js';
import { isPodTerminal } from '../../component-helpers/pods.js';

/** The oldest finished pods beyond the threshold; 0 means no threshold. */
export function excessTerminated(pods: readonly Pod[], threshold: number): Pod[] {
  if (threshold <= 0) return [];
  const finished = pods.filter(
    (pod) => isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined,
  );
  if (finished.length <= threshold) return [];
  const created = (pod: Pod): string => pod.metadata.creationTimestamp ?? '';
  return finished
    .toSorted((a, b) => (created(a) < created(b) ? -1 : 1))
    .slice(0, finished.length - threshold);
}

/** True for a terminating pod that was never bound to a node: no kubelet will delete it. */
export const isUnscheduledTerminating = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName;
