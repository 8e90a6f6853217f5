// The contract with the machine for all that the runtime does not do: directories, volumes, the
// configuration of sandboxes and containers, probes and hooks. Implemented by machine-host.ts for a
// real machine and by hollow-host.ts for simulated ones.
import type { Container, LifecycleHandler, Pod, Probe } from '../../apis/core/v1/types.js';
import type {
  ContainerConfig,
  RuntimeContainerStatus,
  RuntimeImage,
  SandboxConfig,
} from '../runtime/runtime.js';
import type { PullCredentials } from '../images/image-manager.js';
import type { PodIdentity } from '../types/observed.js';

export interface StartContext {
  sandboxId: string;
  restartCount: number;
  podIPs: string[];
  image: RuntimeImage;
  /** The container whose process namespace is joined. */
  targetId?: string;
}

/** The instance of a container that a probe or a hook is about. */
export interface ProbeTarget {
  container: Container;
  containerId: string;
  podIP: string;
}

export interface ProbeOutcome {
  result: 'success' | 'warning' | 'failure' | 'unknown';
  /** The container's answer, shown in events. */
  output: string;
}

export interface PodHost {
  /**
   * Creates the pod's directories and cgroup and mounts its volumes. Repeatable: a later call
   * refreshes the contents of volumes. Throws SyncError('FailedMount', ...).
   */
  prepare(pod: Pod, signal: AbortSignal): Promise<void>;
  /** Rejects for a pod that cannot have a sandbox. `warn` hears of what the pod runs without. */
  sandboxConfig(
    pod: Pod,
    attempt: number,
    warn?: (reason: string, message: string) => void,
  ): Promise<SandboxConfig>;
  /** Throws SyncError('CreateContainerConfigError', ...). */
  containerConfig(
    pod: Pod,
    container: Container,
    context: StartContext,
    signal: AbortSignal,
  ): Promise<ContainerConfig>;
  terminationMessage(status: RuntimeContainerStatus): Promise<string>;
  probe(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome>;
  /** Runs a lifecycle handler to completion. Throws if the handler fails. */
  hook(handler: LifecycleHandler, target: ProbeTarget, signal: AbortSignal): Promise<void>;
  /** Undoes `prepare` after all containers of the pod have terminated. Repeatable. */
  cleanUp(pod: PodIdentity): Promise<void>;
  /** Removes the logs and directories that stay readable after `cleanUp`. */
  removeDirectories(pod: PodIdentity): Promise<void>;
  /**
   * Pods that have directories here, to find those that were deleted while the kubelet was down.
   */
  podsWithDirectories(): Promise<PodIdentity[]>;
  credentials(pod: Pod, image: string): Promise<PullCredentials>;
}
