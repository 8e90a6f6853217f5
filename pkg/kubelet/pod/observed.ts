// What the runtime says about one pod, newest instances first. Times are milliseconds.
import type { Container, Pod } from '../../apis/core/v1/types.js';

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
  /** Termination message, read once at exit. */
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
  /** Empty on the host's network. */
  ips: string[];
  hostNetwork: boolean;
}

export interface ObservedPod {
  uid: string;
  name: string;
  namespace: string;
  sandboxes: ObservedSandbox[];
  containers: ObservedContainer[];
}

export function nothingObserved(pod: {
  uid: string;
  name: string;
  namespace: string;
}): ObservedPod {
  return { uid: pod.uid, name: pod.name, namespace: pod.namespace, sandboxes: [], containers: [] };
}

/** The newest instance of a container. */
export function latest(observed: ObservedPod, name: string): ObservedContainer | undefined {
  return observed.containers.find((c) => c.name === name);
}

/** The newest instance that has ended, other than `than`. */
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

/** An init container that keeps running beside the others. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

export function initContainers(pod: Pod): Container[] {
  return pod.spec.initContainers ?? [];
}

/** Ephemeral containers seen as ordinary ones. */
export function ephemeralContainers(pod: Pod): Container[] {
  return (pod.spec.ephemeralContainers ?? []) as Container[];
}

export function allContainers(pod: Pod): Container[] {
  return [...initContainers(pod), ...pod.spec.containers, ...ephemeralContainers(pod)];
}

export function restartPolicy(pod: Pod): 'Always' | 'OnFailure' | 'Never' {
  const policy = pod.spec.restartPolicy;
  return policy === 'Never' || policy === 'OnFailure' ? policy : 'Always';
}

/** Path of a container in its pod, as events name it: spec.containers{redis}. */
export function fieldPathOf(pod: Pod, name: string): string {
  if (initContainers(pod).some((c) => c.name === name)) return `spec.initContainers{${name}}`;
  if (ephemeralContainers(pod).some((c) => c.name === name))
    return `spec.ephemeralContainers{${name}}`;
  return `spec.containers{${name}}`;
}
