// Dependencies of pod workers.
import type { Pod } from '../../apis/core/v1/types.js';
import type { WaitingReason } from '../status/container-status.js';
import type { Clock, Log } from '../../util/env/env.js';
import type { PodHost } from '../host/pod-host.js';
import type { ImageManager } from '../images/image-manager.js';
import type { ProberManager } from '../prober/prober.js';
import type { Runtime } from '../runtime/runtime.js';
import type { StatusSink } from '../status/manager.js';
import type { RecordPodEvent } from '../types/record-pod-event.js';
import type { Observer } from './observer.js';
import type { PodWorker } from './worker.js';

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
  /** The handler of the pod's RuntimeClass; ''. Rejects when the class does not exist. */
  runtimeHandler(pod: Pod): Promise<string>;
  /** Why the pod must not run for now: the host lacks an isolation that the pod asks for. */
  block(pod: Pod): WaitingReason | undefined;
  event: RecordPodEvent;
  /**
   * Called once per new pod when its containers run, with the seconds since the pod was first seen.
   */
  onStarted(seconds: number): void;
  /**
   * Called when the pod has terminated. `removed`: its containers and sandboxes are removed too.
   */
  onTerminated(worker: PodWorker, removed: boolean): void;
}
