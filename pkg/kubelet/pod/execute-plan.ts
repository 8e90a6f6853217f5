// Executes a pod's plan: runtime calls in the right order, with upstream's events and reasons. It
// makes no decisions; failures are recorded for the status and the next sync.
import { durationSeconds } from '../../apimachinery/codec/time.js';
import type { Container, EphemeralContainer, Pod } from '../../apis/core/v1/types.js';
import { allContainers, terminationGracePeriod } from '../../component-helpers/pods.js';
import type { KeyedBackoff } from '../../util/backoff/keyed-backoff.js';
import { errorText } from '../../util/errors/error-text.js';
import { abortable } from '../../util/wait/abortable.js';
import { MINIMUM_GRACE_SECONDS, SYNC_BACKOFF } from '../limits.js';
import { RuntimeError, type SandboxConfig } from '../runtime/runtime.js';
import type { WaitingReason } from '../status/container-status.js';
import { backoffKey } from '../types/labels.js';
import { latest, type ObservedContainer, type ObservedPod } from '../types/observed.js';
import { SyncError } from '../types/sync-error.js';
import { stopOrder, type PodPlan, type StartStep } from './plan.js';
import type { WorkerDeps } from './worker-deps.js';

/** State of a worker that the steps of a plan share. */
export interface WorkerState {
  deps: WorkerDeps;
  /** Reasons of waiting containers, by container name. */
  waiting: Map<string, WaitingReason>;
  /** Ids of containers in which postStart is still running. */
  starting: Set<string>;
  /** By backoffKey. */
  backoff: KeyedBackoff;
  /** Earliest time of the next attempt after a failure, by backoffKey; '' is the pod itself. */
  retryAt: Map<string, number>;
  /** Grace seconds for a kill that its probe sets, by container id. */
  graceOverride: Map<string, number>;
  /** Aborts when the pod is to terminate. */
  signal: AbortSignal;
  podIP(): string;
  /** Observes the pod and publishes its status before the plan is complete. */
  progress(): Promise<void>;
}

/** Returns whether anything changed, in which case the worker syncs again at once. */
export async function executePlan(
  state: WorkerState,
  pod: Pod,
  observed: ObservedPod,
  plan: PodPlan,
): Promise<boolean> {
  const { deps } = state;
  if (plan.killPod) {
    if (plan.createSandbox !== undefined)
      deps.event(
        pod,
        undefined,
        'Normal',
        'SandboxChanged',
        'Pod sandbox changed, it will be killed and re-created.',
      );
    await stopPod(state, pod, observed, terminationGracePeriod(pod.spec), state.signal);
  }
  if (plan.createSandbox !== undefined) {
    if (waitsForPod(state)) return false;
    return createSandbox(state, pod, plan.createSandbox);
  }
  await Promise.all(
    plan.kill.map((step) => {
      const probe =
        step.reason === 'liveness'
          ? probeGrace(pod, step.container.name, 'livenessProbe')
          : step.reason === 'startup'
            ? probeGrace(pod, step.container.name, 'startupProbe')
            : undefined;
      const grace = probe ?? terminationGracePeriod(pod.spec);
      return killContainer(state, pod, step.container, grace, step.message, state.signal);
    }),
  );
  let changed = plan.killPod || plan.kill.length > 0;
  for (const step of plan.start) {
    if (state.signal.aborted) break;
    const began = await start(state, pod, plan, step, observed);
    changed ||= began;
  }
  return changed;
}

function probeGrace(
  pod: Pod,
  name: string,
  kind: 'livenessProbe' | 'startupProbe',
): number | undefined {
  const probe = allContainers(pod.spec).find((c) => c.name === name)?.[kind];
  const seconds = probe?.terminationGracePeriodSeconds;
  return seconds === undefined ? undefined : durationSeconds(seconds);
}

function waitsForPod(state: WorkerState): boolean {
  return (state.retryAt.get('') ?? 0) > state.deps.clock.now();
}

async function createSandbox(state: WorkerState, pod: Pod, attempt: number): Promise<boolean> {
  const { deps } = state;
  const run = async () => {
    try {
      const config = await deps.host.sandboxConfig(pod, attempt, (reason, message) =>
        deps.event(pod, undefined, 'Warning', reason, message),
      );
      const handler = await deps.runtimeHandler(pod);
      deps.observer.setOwner(await deps.runtime.runSandbox(config, handler), pod.metadata.uid!);
    } catch (error) {
      const message = `Failed to create pod sandbox: ${errorText(error)}`;
      deps.event(pod, undefined, 'Warning', 'FailedCreatePodSandBox', message);
      throw error;
    }
  };
  // Volumes and sandbox do not depend on each other and are set up in parallel.
  const [volumes, sandbox] = await Promise.allSettled([
    deps.host.prepare(pod, state.signal),
    run(),
  ]);
  if (state.signal.aborted) throw state.signal.reason;
  if (volumes.status === 'rejected') throw volumes.reason;
  if (sandbox.status === 'rejected') throw sandbox.reason;
  state.retryAt.delete('');
  return true;
}

/** Image errors have an event of their own, so that the event of the start names the reason. */
const SHOWN_BY_REASON = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
]);

/** Records the failure of a container and the time of the next attempt. */
function failed(
  state: WorkerState,
  pod: Pod,
  container: Container,
  error: unknown,
  otherwise: string,
): void {
  const { deps } = state;
  const reason = error instanceof SyncError ? error.reason : otherwise;
  const message = error instanceof RuntimeError ? error.detail : errorText(error);
  state.waiting.set(container.name, { reason, message });
  const shown = SHOWN_BY_REASON.has(reason) ? reason : message;
  deps.event(pod, container.name, 'Warning', 'Failed', `Error: ${shown}`);
  const retryAt = error instanceof SyncError ? error.retryAt : undefined;
  state.retryAt.set(
    backoffKey(container),
    retryAt ?? deps.clock.now() + Math.min(SYNC_BACKOFF.maxMs, 5 * SYNC_BACKOFF.baseMs),
  );
}

async function start(
  state: WorkerState,
  pod: Pod,
  plan: PodPlan,
  step: StartStep,
  observed: ObservedPod,
): Promise<boolean> {
  const { deps } = state;
  const { container } = step;
  const last = latest(observed, container.name);
  const now = deps.clock.now();
  if ((state.retryAt.get(backoffKey(container)) ?? 0) > now) return false;
  const sandboxConfig = await deps.host.sandboxConfig(pod, plan.sandbox!.attempt);
  let id: string;
  try {
    const image = await deps.images.ensure(pod, container, sandboxConfig, state.signal);
    id = await create(state, pod, plan, step, sandboxConfig, image, observed);
  } catch (error) {
    if (state.signal.aborted) throw error;
    failed(state, pod, container, error, 'CreateContainerError');
    await state.progress();
    return false;
  }
  if (last?.state === 'exited') state.backoff.next(backoffKey(container), now, last.finishedAt);
  try {
    if (container.lifecycle?.postStart) state.starting.add(id);
    await deps.runtime.startContainer(id);
  } catch (error) {
    state.starting.delete(id);
    // A container that the runtime leaves as created is tried again like one that exited.
    failed(state, pod, container, error, 'RunContainerError');
    return true;
  }
  state.waiting.delete(container.name);
  state.retryAt.delete(backoffKey(container));
  deps.event(pod, container.name, 'Normal', 'Started', `Started container ${container.name}`);
  if (container.lifecycle?.postStart) await postStart(state, pod, container, id);
  return true;
}

/** The container whose processes an ephemeral container shows (kubectl debug --target). */
function targetOf(container: EphemeralContainer, observed: ObservedPod): { targetId?: string } {
  const name = container.targetContainerName;
  if (!name) return {};
  const target = latest(observed, name);
  if (!target) {
    const message = `unable to find target container ${name}`;
    throw new SyncError('CreateContainerConfigError', message);
  }
  return { targetId: target.id };
}

async function create(
  state: WorkerState,
  pod: Pod,
  plan: PodPlan,
  step: StartStep,
  sandboxConfig: SandboxConfig,
  image: Awaited<ReturnType<WorkerDeps['images']['ensure']>>,
  observed: ObservedPod,
): Promise<string> {
  const { deps } = state;
  const sandbox = plan.sandbox!;
  if (step.replaces) await deps.runtime.removeContainer(step.replaces);
  const podIPs = pod.spec.hostNetwork ? deps.hostIPs() : sandbox.ips;
  const context = {
    sandboxId: sandbox.id,
    restartCount: step.restartCount,
    podIPs,
    image,
    ...targetOf(step.container, observed),
  };
  const config = await deps.host.containerConfig(pod, step.container, context, state.signal);
  const id = await deps.runtime.createContainer(sandbox.id, config, sandboxConfig);
  deps.observer.setOwner(id, pod.metadata.uid!);
  deps.event(
    pod,
    step.container.name,
    'Normal',
    'Created',
    `Created container: ${step.container.name}`,
  );
  return id;
}

async function postStart(
  state: WorkerState,
  pod: Pod,
  container: Container,
  id: string,
): Promise<void> {
  const { deps } = state;
  try {
    await abortable(
      deps.host.hook(
        pod,
        container,
        id,
        state.podIP(),
        container.lifecycle!.postStart!,
        state.signal,
      ),
      state.signal,
    );
  } catch (error) {
    if (state.signal.aborted) throw error;
    state.waiting.set(container.name, { reason: 'PostStartHookError', message: errorText(error) });
    deps.event(pod, container.name, 'Warning', 'FailedPostStartHook', `PostStartHook failed`);
    deps.event(pod, container.name, 'Normal', 'Killing', 'FailedPostStartHook');
    await deps.runtime.stopContainer(id, terminationGracePeriod(pod.spec), state.signal);
  } finally {
    state.starting.delete(id);
  }
}

/** Runs preStop, then sends SIGTERM and SIGKILL, all within `graceSeconds`. */
export async function killContainer(
  state: WorkerState,
  pod: Pod | undefined,
  seen: ObservedContainer,
  graceSeconds: number,
  message: string,
  signal: AbortSignal,
): Promise<void> {
  const { deps } = state;
  const began = deps.clock.monotonic();
  const container = pod && allContainers(pod.spec).find((c) => c.name === seen.name);
  let left = graceSeconds;
  if (seen.state === 'running' && pod) {
    deps.event(pod, seen.name, 'Normal', 'Killing', message);
    if (container?.lifecycle?.preStop && graceSeconds > 0) {
      await preStop(state, pod, container, seen.id, graceSeconds, signal);
      left = Math.max(
        MINIMUM_GRACE_SECONDS,
        Math.ceil(graceSeconds - (deps.clock.monotonic() - began) / 1000),
      );
    }
  }
  await deps.runtime.stopContainer(seen.id, left, signal);
}

async function preStop(
  state: WorkerState,
  pod: Pod,
  container: Container,
  id: string,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { deps } = state;
  const limit = new AbortController();
  const timer = deps.clock.after(graceSeconds * 1000, () =>
    limit.abort(new Error('grace period used up')),
  );
  try {
    const hook = deps.host.hook(
      pod,
      container,
      id,
      state.podIP(),
      container.lifecycle!.preStop!,
      AbortSignal.any([signal, limit.signal]),
    );
    await abortable(hook, AbortSignal.any([signal, limit.signal]));
  } catch {
    if (signal.aborted) throw signal.reason;
    if (!limit.signal.aborted)
      deps.event(
        pod,
        container.name,
        'Warning',
        'FailedPreStopHook',
        // The hook's command and output may hold secrets.
        'PreStopHook failed',
      );
  } finally {
    timer.cancel();
  }
}

/** Stops all containers, sidecars last, and the sandboxes, within one grace period. */
export async function stopPod(
  state: WorkerState,
  pod: Pod | undefined,
  observed: ObservedPod,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { deps } = state;
  const began = deps.clock.monotonic();
  for (const group of stopOrder(pod, observed)) {
    const left = Math.max(0, Math.ceil(graceSeconds - (deps.clock.monotonic() - began) / 1000));
    await Promise.all(
      group.map((c) =>
        killContainer(
          state,
          pod,
          c,
          Math.min(left, graceSeconds),
          `Stopping container ${c.name}`,
          signal,
        ),
      ),
    );
  }
  await Promise.all(
    // A sandbox that died keeps its address and its host port rules until it is stopped.
    observed.sandboxes.map((s) => deps.runtime.stopSandbox(s.id)),
  );
}
