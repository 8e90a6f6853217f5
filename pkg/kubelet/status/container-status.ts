// Container statuses of the API from the observed state (upstream: kubelet_pods.go
// convertToAPIContainerStatuses). Pure.
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodStatus,
} from '../../apis/core/v1/types.js';
import { initContainers, isSidecar } from '../../component-helpers/pods.js';
import { timestamp } from '../../util/env/env.js';
import {
  latest,
  previousEnded,
  shouldRestart,
  type ObservedContainer,
  type ObservedPod,
} from '../types/observed.js';

export interface WaitingReason {
  reason: string;
  message: string;
}

export interface ContainerView {
  pod: Pod;
  observed: ObservedPod;
  /** Prefix of container ids: 'containerd'. */
  runtimeName: string;
  /** Reasons of waiting containers, by container name. */
  waiting: ReadonlyMap<string, WaitingReason>;
  started(container: ObservedContainer): boolean;
  ready(container: ObservedContainer): boolean;
  /** Ids of containers in which postStart is still running. */
  starting: ReadonlySet<string>;
  /** All containers have terminated and none will start again: this is the final status. */
  final?: boolean;
}

const LOST = {
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was terminated',
  exitCode: 137,
} as const;

const terminated = (container: ObservedContainer, runtimeName: string): ContainerState => ({
  terminated: {
    exitCode: container.exitCode,
    reason: container.reason || (container.exitCode === 0 ? 'Completed' : 'Error'),
    ...(container.message && { message: container.message }),
    startedAt: timestamp(container.startedAt),
    finishedAt: timestamp(container.finishedAt),
    containerID: `${runtimeName}://${container.id}`,
  },
});

/** Every container of a pod that has init containers waits for the pod to be initialized. */
const defaultWaiting = ({ pod }: ContainerView): WaitingReason => ({
  reason: initContainers(pod.spec).length ? 'PodInitializing' : 'ContainerCreating',
  message: '',
});

function waitingState(reason: WaitingReason): ContainerState {
  return { waiting: { reason: reason.reason, ...(reason.message && { message: reason.message }) } };
}

/** The state of a container that the API has shown as running and that no longer exists. */
function lostState(old: ContainerStatus | undefined): ContainerState | undefined {
  const running = old?.state?.running;
  if (!running) return undefined;
  const at = running.startedAt ?? timestamp(0);
  return { terminated: { ...LOST, startedAt: at, finishedAt: at } };
}

/**
 * The status of a container of which the runtime shows no instance. A termination that the API has
 * shown stays, since the runtime's record of it is removed before the pod's object is.
 */
function unseenStatus(
  view: ContainerView,
  container: Container,
  old: ContainerStatus | undefined,
): ContainerStatus {
  const reason = view.waiting.get(container.name);
  const ended = old?.state?.terminated ? old.state : undefined;
  if (old && ended && (!reason || view.final)) return { ...old, started: false };
  return {
    name: container.name,
    state: waitingState(reason ?? defaultWaiting(view)),
    lastState: lostState(old) ?? ended ?? old?.lastState ?? {},
    ready: false,
    restartCount: old?.restartCount ?? 0,
    image: container.image ?? '',
    imageID: '',
    started: false,
  };
}

function stateOf(
  view: ContainerView,
  container: Container,
  seen: ObservedContainer,
): ContainerState {
  const reason = view.waiting.get(container.name);
  if (seen.state === 'running')
    return view.starting.has(seen.id)
      ? waitingState(defaultWaiting(view))
      : { running: { startedAt: timestamp(seen.startedAt) } };
  if (seen.state !== 'exited') return waitingState(reason ?? defaultWaiting(view));
  if (reason && !view.final && shouldRestart(view.pod, container, seen))
    return waitingState(reason);
  return terminated(seen, view.runtimeName);
}

export function containerStatus(
  view: ContainerView,
  container: Container,
  kind: 'init' | 'regular',
  old?: ContainerStatus,
): ContainerStatus {
  const seen = latest(view.observed, container.name);
  if (!seen) return unseenStatus(view, container, old);
  const state = stateOf(view, container, seen);
  const before =
    state.waiting && seen.state === 'exited'
      ? seen
      : previousEnded(view.observed, container.name, seen);
  const running = state.running !== undefined;
  const started = running && view.started(seen);
  const isPlainInit = kind === 'init' && !isSidecar(container);
  return {
    name: container.name,
    state,
    lastState: before
      ? terminated(before, view.runtimeName)
      : ((seen.restartCount > 0 ? old?.lastState : undefined) ?? {}),
    ready: isPlainInit ? state.terminated?.exitCode === 0 : running && view.ready(seen),
    restartCount: Math.max(seen.restartCount, old?.restartCount ?? 0),
    image: seen.image || (container.image ?? ''),
    imageID: seen.imageRef,
    containerID: `${view.runtimeName}://${seen.id}`,
    started: isPlainInit && running ? true : started,
    ...volumeMounts(container),
  };
}

/** Volume mounts in the status; Kubernetes 1.32 lists all of them. */
function volumeMounts(container: Container): Pick<ContainerStatus, 'volumeMounts'> {
  if (!container.volumeMounts?.length) return {};
  return {
    volumeMounts: container.volumeMounts.map((m) => ({
      name: m.name,
      mountPath: m.mountPath,
      ...(m.readOnly && { readOnly: true, recursiveReadOnly: 'Disabled' }),
    })),
  };
}

function trimmed(state: ContainerState | undefined, bytes: number): ContainerState | undefined {
  const message = state?.terminated?.message;
  if (message === undefined || message.length * 3 <= bytes) return state;
  const encoded = new TextEncoder().encode(message);
  if (encoded.length <= bytes) return state;
  // In streaming mode the decoder drops an incomplete character at the cut.
  return {
    terminated: {
      ...state!.terminated!,
      message: new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded.subarray(0, bytes), {
        stream: true,
      }),
    },
  };
}

/** Truncates the messages of each container to `bytes` (upstream: normalizeStatus). */
export function trimMessages(statuses: ContainerStatus[], bytes: number): ContainerStatus[] {
  return statuses.map((status) => {
    const [state, lastState] = [trimmed(status.state, bytes), trimmed(status.lastState, bytes)];
    return state === status.state && lastState === status.lastState
      ? status
      : { ...status, ...(state && { state }), ...(lastState && { lastState }) };
  });
}

/** Of init, regular and ephemeral containers. */
export const containerStatuses = (status: PodStatus | undefined): ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
  ...(status?.ephemeralContainerStatuses ?? []),
];

/**
 * The restart count of the next instance of a container of which the runtime shows none: one more
 * than the API has shown.
 */
export function countedRestarts(status: PodStatus, name: string): number {
  const known = containerStatuses(status).find((s) => s.name === name);
  const hasRun = known?.containerID !== undefined || known?.lastState?.terminated !== undefined;
  return hasRun ? known!.restartCount + 1 : 0;
}

/** Whether the container has started at least once. */
const hasBegun = ({ state, lastState }: ContainerStatus): boolean =>
  !state?.waiting || lastState?.terminated !== undefined;

/**
 * Whether a regular container of the pod can have run (upstream: hasPodInitialized of
 * status_manager.go).
 */
function hasInitialized(pod: Pod, init: ContainerStatus[], regular: ContainerStatus[]): boolean {
  const last = init.at(-1);
  if (!last || regular.some(hasBegun)) return true;
  if (isSidecar(initContainers(pod.spec).at(-1)!)) return last.started === true;
  return [last.state, last.lastState].some((s) => s?.terminated?.exitCode === 0);
}

const ended = (status: ContainerStatus): ContainerStatus =>
  status.state?.terminated
    ? status
    : { ...status, ready: false, started: false, state: { terminated: LOST } };

/**
 * For the final status: containers that may have run and of which no termination is known become
 * ContainerStatusUnknown. The others never ran and keep waiting (upstream: TerminatePod).
 */
export function endAll(
  pod: Pod,
  init: ContainerStatus[],
  regular: ContainerStatus[],
): { init: ContainerStatus[]; regular: ContainerStatus[] } {
  const attempted = Math.max(0, init.findLastIndex(hasBegun));
  return {
    init: init.map((status, index) => (index <= attempted ? ended(status) : status)),
    regular: hasInitialized(pod, init, regular) ? regular.map(ended) : regular,
  };
}
