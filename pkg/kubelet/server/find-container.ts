// Finds the container that a request path names.
import { allContainers } from '../../component-helpers/pods.js';
import type { Kubelet } from '../kubelet.js';
import type { PodWorker } from '../pod/worker.js';
import { containerStatuses } from '../status/container-status.js';
import type { ObservedContainer } from '../types/observed.js';

/** A plain-text response with a status other than 200. */
export class HttpError extends Error {
  override name = 'HttpError';
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const notFound = (): HttpError => new HttpError(404, '404 page not found');

export interface ContainerPath {
  namespace: string;
  pod: string;
  uid?: string;
  container: string;
}

/** /exec/NAMESPACE/POD[/UID]/CONTAINER */
export function containerPath(parts: readonly string[]): ContainerPath {
  const [namespace, pod, third, fourth] = parts;
  if (!namespace || !pod || !third || parts.length > 4) throw notFound();
  return fourth
    ? { namespace, pod, uid: third, container: fourth }
    : { namespace, pod, container: third };
}

export function findPod(
  kubelet: Kubelet,
  path: { namespace: string; pod: string; uid?: string },
): PodWorker {
  const worker = kubelet.findPod(path.namespace, path.pod, path.uid);
  if (!worker) throw new HttpError(404, `pod does not exist`);
  return worker;
}

export function runningContainer(kubelet: Kubelet, path: ContainerPath): ObservedContainer {
  const worker = findPod(kubelet, path);
  const seen = worker.observed.containers.find(
    (c) => c.name === path.container && c.state === 'running',
  );
  if (!seen) throw new HttpError(500, `container not found ("${path.container}")`);
  return seen;
}

/** The container instance that a log request means. Throws upstream's error messages. */
export function loggedContainer(
  kubelet: Kubelet,
  path: ContainerPath,
  previous: boolean,
): ObservedContainer {
  const worker = kubelet.findPod(path.namespace, path.pod, path.uid);
  if (!worker) throw new HttpError(404, `pod "${path.pod}" not found\n`);
  const { pod } = worker;
  if (pod && !allContainers(pod.spec).some((c) => c.name === path.container))
    throw new HttpError(404, `container "${path.container}" not found in pod "${path.pod}"\n`);
  const instances = worker.observed.containers.filter(
    (c) => c.name === path.container && c.state !== 'created',
  );
  const status = containerStatuses(kubelet.status.get(worker.identity.uid));
  const waiting = status.find((s) => s.name === path.container)?.state?.waiting;
  if (previous) {
    // In CrashLoopBackOff, the newest instance of a container counts as the previous one.
    const older = instances.slice(waiting ? 0 : 1).find((c) => c.state === 'exited');
    if (!older)
      throw new HttpError(
        400,
        `previous terminated container "${path.container}" in pod "${path.pod}" not found`,
      );
    return older;
  }
  if (instances[0]) return instances[0];
  const reason = waiting?.reason ?? 'ContainerCreating';
  const why = waiting?.message ? imageErrorText(reason) : reason;
  throw new HttpError(
    400,
    `container "${path.container}" in pod "${path.pod}" is waiting to start: ${why}`,
  );
}

/** Upstream's texts for two image errors. */
function imageErrorText(reason: string): string {
  if (reason === 'ImagePullBackOff') return 'trying and failing to pull image';
  return reason === 'ErrImagePull' ? "image can't be pulled" : reason;
}
