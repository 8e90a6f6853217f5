// The observed state of a pod in the runtime, newest instances first. Times are in milliseconds.
import type { Container, Pod } from '../../apis/core/v1/types.js';
import {
  ephemeralContainers,
  initContainers,
  isSidecar,
  restartPolicy,
} from '../../component-helpers/pods.js';

/** The identity of a pod in the labels of its sandboxes and containers. */
export interface PodIdentity {
  uid: string;
  name: string;
  namespace: string;
}

export function identityOf(pod: Pod): PodIdentity {
  return {
    uid: pod.metadata.uid!,
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? 'default',
  };
}

export type ObservedState = 'created' | 'running' | 'exited' | 'unknown';

export interface ObservedContainer {
  id: string;
  name: string;
  attempt: number;
  sandboxId: string;
  state: ObservedState;
  createdAt: number;
  startedAt: number;
  finishedAt: number;
  exitCode: number;
  reason: string;
  /** The termination message, read once after the exit. */
  message: string;
  image: string;
  imageRef: string;
  logPath: string;
  hash: string;
  restartCount: number;
  graceSeconds: number;
}

export interface ObservedSandbox {
  id: string;
  attempt: number;
  ready: boolean;
  createdAt: number;
  /** Empty on the host network. */
  ips: string[];
  hostNetwork: boolean;
}

export interface ObservedPod extends PodIdentity {
  sandboxes: ObservedSandbox[];
  containers: ObservedContainer[];
}

export function nothingObserved({ uid, name, namespace }: PodIdentity): ObservedPod {
  return { uid, name, namespace, sandboxes: [], containers: [] };
}

/** The newest instance of a container. */
export function latest(observed: ObservedPod, name: string): ObservedContainer | undefined {
  return observed.containers.find((c) => c.name === name);
}

/** The newest terminated instance other than `than`. */
export function previousEnded(
  observed: ObservedPod,
  name: string,
  than?: ObservedContainer,
): ObservedContainer | undefined {
  return observed.containers.find((c) => c.name === name && c !== than && c.state === 'exited');
}

export function anyRunning(observed: ObservedPod): boolean {
  return observed.containers.some((c) => c.state === 'running');
}

/** Whether the restart policy restarts a terminated container. */
export function shouldRestart(
  pod: Pod,
  container: Container,
  last: ObservedContainer | undefined,
): boolean {
  if (last?.state !== 'exited' || isSidecar(container)) return true;
  const policy = restartPolicy(pod.spec);
  return policy === 'Always' || (policy === 'OnFailure' && last.exitCode !== 0);
}

/** The field path of a container in events: spec.containers{redis}. */
export function fieldPathOf(pod: Pod, name: string): string {
  if (initContainers(pod.spec).some((c) => c.name === name)) return `spec.initContainers{${name}}`;
  if (ephemeralContainers(pod.spec).some((c) => c.name === name))
    return `spec.ephemeralContainers{${name}}`;
  return `spec.containers{${name}}`;
}
