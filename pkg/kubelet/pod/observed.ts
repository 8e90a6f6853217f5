// What the runtime says about one pod, newest instances first. Times are milliseconds.
import type { Pod } from '../../apis/core/v1/types.js';
import { ephemeralContainers, initContainers } from '../../component-helpers/pods.js';

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

/** Path of a container in its pod, as events name it: spec.containers{redis}. */
export function fieldPathOf(pod: Pod, name: string): string {
  if (initContainers(pod.spec).some((c) => c.name === name)) return `spec.initContainers{${name}}`;
  if (ephemeralContainers(pod.spec).some((c) => c.name === name))
    return `spec.ephemeralContainers{${name}}`;
  return `spec.containers{${name}}`;
}
