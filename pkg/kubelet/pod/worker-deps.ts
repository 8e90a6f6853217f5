// What pod workers share.
import type { Pod, PodStatus } from '../../apis/core/v1/types.js';
import type { Clock, Log } from '../../util/env/env.js';
import type { ImageManager } from '../images/image-manager.js';
import type { ProberManager } from '../prober/prober.js';
import type { Runtime } from '../runtime/runtime.js';
import type { PodHost } from './host.js';
import type { Observer } from './observer.js';
import type { PodWorker } from './worker.js';

/** Where statuses go; status/manager.ts. */
export interface StatusSink {
  /** The newest status known: ours, or else the API's. Conditions of others are the API's. */
  old(pod: Pod): PodStatus;
  /** `over`: nothing of the pod runs any more and nothing will. */
  set(pod: Pod, status: PodStatus, over: boolean): void;
}

export interface WorkerDeps {
  clock: Clock;
  log: Log;
  runtime: Runtime;
  host: PodHost;
  observer: Observer;
  images: ImageManager;
  probers: ProberManager;
  status: StatusSink;
  hostIPs(): string[];
  /** `container` undefined: about the pod itself. */
  event(
    pod: Pod,
    container: string | undefined,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void;
  /** A new pod's containers all run, that long after it was first seen. */
  onStarted(seconds: number): void;
  /** The worker has ended its pod; `swept`: nothing is left of it in the runtime either. */
  onTerminated(worker: PodWorker, swept: boolean): void;
}
