// What pod workers share.
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
  event: RecordPodEvent;
  /** A new pod's containers all run, that long after it was first seen. */
  onStarted(seconds: number): void;
  /** The worker has ended its pod; `swept`: nothing is left of it in the runtime either. */
  onTerminated(worker: PodWorker, swept: boolean): void;
}
