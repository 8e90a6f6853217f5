// The status and events of containers in restart back-off.
import type { Pod } from '../../apis/core/v1/types.js';
import { formatDuration } from '../../util/duration/go-duration.js';
import type { WaitingReason } from '../status/container-status.js';
import { backoffKey } from '../types/labels.js';
import { identityOf } from '../types/observed.js';
import type { WorkerState } from './execute-plan.js';
import type { PodPlan } from './plan.js';

/** Sets the reason CrashLoopBackOff, with an event per crash. */
export function noteCrashLoops(state: WorkerState, pod: Pod, waiting: PodPlan['waiting']): void {
  const { name, namespace, uid } = identityOf(pod);
  const fullName = `${name}_${namespace}(${uid})`;
  for (const { container } of waiting) {
    const known = state.waiting.get(container.name);
    if (known && known.reason !== 'CrashLoopBackOff' && state.retryAt.has(backoffKey(container)))
      continue;
    const delay = formatDuration(state.backoff.delayOf(backoffKey(container)));
    const reason: WaitingReason = {
      reason: 'CrashLoopBackOff',
      message: `back-off ${delay} restarting failed container=${container.name} pod=${fullName}`,
    };
    if (known?.message === reason.message) continue;
    state.waiting.set(container.name, reason);
    const event = `Back-off restarting failed container ${container.name} in pod ${fullName}`;
    state.deps.event(pod, container.name, 'Warning', 'BackOff', event);
  }
}
