// The status and events of containers in restart back-off.
import type { Pod } from '../../apis/core/v1/types.js';
import type { WaitingReason } from '../status/container-status.js';
import { identityOf } from '../types/observed.js';
import type { WorkerState } from './execute-plan.js';
import type { PodPlan } from './plan.js';

/** Whole seconds in Go's duration format: 10s, 1m20s, 5m0s. */
function goSeconds(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s}s`;
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours ? `${hours}h${minutes}m${s % 60}s` : `${minutes}m${s % 60}s`;
}

/** Sets the reason CrashLoopBackOff, with an event per crash. */
export function noteCrashLoops(state: WorkerState, pod: Pod, waiting: PodPlan['waiting']): void {
  const { name, namespace, uid } = identityOf(pod);
  const fullName = `${name}_${namespace}(${uid})`;
  for (const { container } of waiting) {
    const known = state.waiting.get(container.name);
    if (known && known.reason !== 'CrashLoopBackOff' && state.retryAt.has(container.name)) continue;
    const delay = goSeconds(state.backoff.delayOf(container.name) / 1000);
    const reason: WaitingReason = {
      reason: 'CrashLoopBackOff',
      message: `back-off ${delay} restarting failed container=${container.name} pod=${fullName}`,
    };
    if (known?.message === reason.message) continue;
    state.waiting.set(container.name, reason);
    state.deps.event(
      pod,
      container.name,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container.name} in pod ${fullName}`,
    );
  }
}
