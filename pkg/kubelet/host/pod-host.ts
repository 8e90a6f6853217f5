// What a pod needs of the machine besides the runtime: folders, volumes, configuration of sandbox
// and containers, probes and hooks. The real one is machine-host.ts, the hollow one hollow-host.ts.
import type { Container, LifecycleHandler, Pod, Probe } from '../../apis/core/v1/types.js';
import type {
  ContainerConfig,
  ImageAuth,
  RuntimeContainerStatus,
  RuntimeImage,
  SandboxConfig,
} from '../runtime/runtime.js';
import type { PodIdentity } from '../types/observed.js';

export interface StartContext {
  sandboxId: string;
  restartCount: number;
  podIPs: string[];
  image: RuntimeImage;
}

export interface ProbeOutcome {
  result: 'success' | 'warning' | 'failure' | 'unknown';
  /** What the container answered; shown in events. */
  output: string;
}

export interface PodHost {
  /** Folders, cgroup, volumes: everything before the first container. Repeatable; also refreshes. Throws SyncError('FailedMount', ...). */
  prepare(pod: Pod, signal: AbortSignal): Promise<void>;
  sandboxConfig(pod: Pod, attempt: number): Promise<SandboxConfig>;
  /** Throws SyncError('CreateContainerConfigError', ...). */
  containerConfig(
    pod: Pod,
    container: Container,
    context: StartContext,
    signal: AbortSignal,
  ): Promise<ContainerConfig>;
  terminationMessage(status: RuntimeContainerStatus): Promise<string>;
  probe(
    pod: Pod,
    container: Container,
    containerId: string,
    podIP: string,
    probe: Probe,
  ): Promise<ProbeOutcome>;
  /** Runs a lifecycle handler to its end; throws when it fails. */
  hook(
    pod: Pod,
    container: Container,
    containerId: string,
    podIP: string,
    handler: LifecycleHandler,
    signal: AbortSignal,
  ): Promise<void>;
  /** Undoes prepare; nothing of the pod runs any more. Repeatable. */
  cleanUp(pod: PodIdentity): Promise<void>;
  /** Removes the logs and folders that stayed for reading after cleanUp. */
  forget(pod: PodIdentity): Promise<void>;
  /** Pods that have folders here, for cleaning up after pods that went away while nobody looked. */
  leftovers(): Promise<PodIdentity[]>;
  credentials(pod: Pod, image: string): Promise<ImageAuth[]>;
}
