// Containers that wait for their restart back-off.
import type { Pod } from '../../apis/core/v1/types.js';
import type { WaitingReason } from '../status/container-status.js';
import { identityOf } from '../types/observed.js';
import type { Acting } from './act.js';
import type { PodPlan } from './plan.js';

/** Whole seconds as Go prints durations: 10s, 1m20s, 5m0s. */
function goSeconds(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s}s`;
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours ? `${hours}h${minutes}m${s % 60}s` : `${minutes}m${s % 60}s`;
}

/** Puts CrashLoopBackOff into the status, with one event per crash. */
export function noteCrashLoops(acting: Acting, pod: Pod, waiting: PodPlan['waiting']): void {
  const { name, namespace, uid } = identityOf(pod);
  const fullName = `${name}_${namespace}(${uid})`;
  for (const { container } of waiting) {
    const known = acting.waiting.get(container.name);
    if (known && known.reason !== 'CrashLoopBackOff' && acting.retryAt.has(container.name))
      continue;
    const delay = goSeconds(acting.backoff.delayOf(container.name) / 1000);
    const reason: WaitingReason = {
      reason: 'CrashLoopBackOff',
      message: `back-off ${delay} restarting failed container=${container.name} pod=${fullName}`,
    };
    if (known?.message === reason.message) continue;
    acting.waiting.set(container.name, reason);
    acting.deps.event(
      pod,
      container.name,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container.name} in pod ${fullName}`,
    );
  }
}
