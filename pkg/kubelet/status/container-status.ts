// Container statuses of the API from the observed state (upstream: kubelet_pods.go
// convertToAPIContainerStatuses). Pure.
import type { Container, ContainerState, ContainerStatus, Pod } from '../../apis/core/v1/types.js';
import { isSidecar } from '../../component-helpers/pods.js';
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
  /** All init containers have completed: the reason is ContainerCreating, not PodInitializing. */
  initialized: boolean;
}

const LOST = { reason: 'ContainerStatusUnknown', exitCode: 137 } as const;

const time = (ms: number) => timestamp(ms);

function terminated(container: ObservedContainer, runtimeName: string): ContainerState {
  return {
    terminated: {
      exitCode: container.exitCode,
      reason: container.reason || (container.exitCode === 0 ? 'Completed' : 'Error'),
      ...(container.message ? { message: container.message } : {}),
      startedAt: time(container.startedAt),
      finishedAt: time(container.finishedAt),
      containerID: `${runtimeName}://${container.id}`,
    },
  };
}

const defaultWaiting = (view: ContainerView, kind: 'init' | 'regular'): WaitingReason => ({
  reason:
    kind === 'init' || view.initialized || !view.pod.spec.initContainers?.length
      ? 'ContainerCreating'
      : 'PodInitializing',
  message: '',
});

function waitingState(reason: WaitingReason): ContainerState {
  return {
    waiting: { reason: reason.reason, ...(reason.message ? { message: reason.message } : {}) },
  };
}

/** The state of a container that the API has shown as running and that no longer exists. */
function lostState(old: ContainerStatus | undefined): ContainerState | undefined {
  if (!old?.state?.running && !old?.state?.terminated) return undefined;
  if (old.state.terminated) return old.state;
  return {
    terminated: {
      ...LOST,
      message: 'The container could not be located when the pod was terminated',
      startedAt: old.state.running!.startedAt ?? timestamp(0),
      finishedAt: old.state.running!.startedAt ?? timestamp(0),
    },
  };
}

function stateOf(
  view: ContainerView,
  container: Container,
  kind: 'init' | 'regular',
  seen: ObservedContainer,
): ContainerState {
  if (seen.state === 'running') {
    return view.starting.has(seen.id)
      ? waitingState(defaultWaiting(view, kind))
      : { running: { startedAt: time(seen.startedAt) } };
  }
  if (seen.state !== 'exited')
    return waitingState(view.waiting.get(container.name) ?? defaultWaiting(view, kind));
  const reason = view.waiting.get(container.name);
  if (reason && shouldRestart(view.pod, container, seen)) return waitingState(reason);
  return terminated(seen, view.runtimeName);
}

export function containerStatus(
  view: ContainerView,
  container: Container,
  kind: 'init' | 'regular',
  old?: ContainerStatus,
): ContainerStatus {
  const seen = latest(view.observed, container.name);
  if (!seen) {
    const lost = lostState(old);
    const restarts = old?.restartCount ?? 0;
    return {
      name: container.name,
      state: waitingState(view.waiting.get(container.name) ?? defaultWaiting(view, kind)),
      lastState: lost ?? old?.lastState ?? {},
      ready: false,
      restartCount: restarts,
      image: container.image ?? '',
      imageID: '',
      started: false,
    };
  }
  const state = stateOf(view, container, kind, seen);
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
      ...(m.readOnly ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
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
      message: new TextDecoder().decode(encoded.subarray(0, bytes), { stream: true }),
    },
  };
}

/** Truncates the messages of each container to `bytes` (upstream: normalizeStatus). */
export function trimMessages(statuses: ContainerStatus[], bytes: number): ContainerStatus[] {
  return statuses.map((status) => {
    const [state, lastState] = [trimmed(status.state, bytes), trimmed(status.lastState, bytes)];
    return state === status.state && lastState === status.lastState
      ? status
      : { ...status, ...(state ? { state } : {}), ...(lastState ? { lastState } : {}) };
  });
}

/** For the final status: containers without a known termination become ContainerStatusUnknown. */
export function endAll(statuses: ContainerStatus[], runs: 'init' | 'regular'): ContainerStatus[] {
  let wentThrough = true;
  return statuses.map((status) => {
    const unknown = status.state?.terminated === undefined;
    // Init containers after the first one that did not terminate never ran and keep their state.
    const leave = runs === 'init' && !wentThrough;
    if (unknown) wentThrough = false;
    if (!unknown || leave) return { ...status, ready: false, started: false };
    const message = 'The container could not be located when the pod was terminated';
    return { ...status, ready: false, started: false, state: { terminated: { ...LOST, message } } };
  });
}
