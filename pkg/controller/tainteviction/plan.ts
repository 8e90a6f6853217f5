// The time at which NoExecute taints of its node evict a pod. Pure (upstream:
// pkg/controller/tainteviction/taint_eviction.go).
import { durationSeconds } from '../../apimachinery/codec/time.js';
import type { Pod, Taint } from '../../apis/core/v1/types.js';
import { toleratesTaint } from '../../component-helpers/taints.js';

/**
 * Wall time in milliseconds; `now` for at once, undefined for never. tolerationSeconds count from
 * the taint's timeAdded, so that a restart of the controller does not restart them.
 */
export function evictionTime(pod: Pod, taints: readonly Taint[], now: number): number | undefined {
  let earliest: number | undefined;
  for (const taint of taints) {
    if (taint.effect !== 'NoExecute') continue;
    const tolerations = (pod.spec.tolerations ?? []).filter((toleration) =>
      toleratesTaint(toleration, taint),
    );
    if (!tolerations.length) return now;
    const seconds = tolerations.flatMap(({ tolerationSeconds }) =>
      tolerationSeconds === undefined ? [] : [Math.max(0, durationSeconds(tolerationSeconds))],
    );
    if (!seconds.length) continue;
    const since = taint.timeAdded ? Date.parse(taint.timeAdded) : now;
    const at = since + Math.min(...seconds) * 1000;
    if (earliest === undefined || at < earliest) earliest = at;
  }
  return earliest;
}
