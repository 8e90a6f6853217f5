// Executes a pod's plan: runtime calls in the right order, with upstream's events and reasons. It
// makes no decisions; failures are recorded for the status and the next sync.
import { durationSeconds } from '../../apimachinery/codec/time.js';
import type {
  Container,
  EphemeralContainer,
  LifecycleHandler,
  Pod,
} from '../../apis/core/v1/types.js';
import { allContainers, terminationGracePeriod } from '../../component-helpers/pods.js';
import type { KeyedBackoff } from '../../util/backoff/keyed-backoff.js';
import { errorText } from '../../util/errors/error-text.js';
import { abortable } from '../../util/wait/abortable.js';
import { MINIMUM_GRACE_SECONDS, SYNC_BACKOFF } from '../limits.js';
import { RuntimeError, type SandboxConfig } from '../runtime/runtime.js';
import type { WaitingReason } from '../status/container-status.js';
import { backoffKey } from '../types/labels.js';
import { latest, type ObservedContainer, type ObservedPod } from '../types/observed.js';
import { configError, SyncError } from '../types/sync-error.js';
import { stopOrder, type KillStep, type PodPlan, type StartStep } from './plan.js';
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
  /** Aborts when the pod is to terminate. */
  signal: AbortSignal;
  podIP(): string;
  /** Observes the pod and publishes its status before the plan is complete. */
  progress(): Promise<void>;
}

/** A worker's state with what one plan is about. */
interface Execution extends WorkerState {
  pod: Pod;
  observed: ObservedPod;
  plan: PodPlan;
}

/** Returns whether anything changed, in which case the worker syncs again at once. */
export async function executePlan(
  state: WorkerState,
  pod: Pod,
  observed: ObservedPod,
  plan: PodPlan,
): Promise<boolean> {
  const { deps, signal } = state;
  const execution = { ...state, pod, observed, plan };
  if (plan.killPod) {
    const message = 'Pod sandbox changed, it will be killed and re-created.';
    if (plan.createSandbox !== undefined)
      deps.event(pod, undefined, 'Normal', 'SandboxChanged', message);
    await stopPod(state, pod, observed, terminationGracePeriod(pod.spec), signal);
  }
  if (plan.createSandbox !== undefined) return createSandbox(execution, plan.createSandbox);
  await Promise.all(
    plan.kill.map((step) => {
      const grace = probeGrace(pod, step) ?? terminationGracePeriod(pod.spec);
      return killContainer(state, pod, step.container, grace, step.message, signal);
    }),
  );
  let changed = plan.killPod || plan.kill.length > 0;
  for (const step of plan.start) {
    if (signal.aborted) break;
    const began = await start(execution, step);
    changed ||= began;
  }
  return changed;
}

/** The grace seconds that a failed probe sets for its container. */
function probeGrace(pod: Pod, { container: { name }, reason }: KillStep): number | undefined {
  if (reason === 'changed') return undefined;
  const probe = allContainers(pod.spec).find((c) => c.name === name)?.[`${reason}Probe`];
  const seconds = probe?.terminationGracePeriodSeconds;
  return seconds === undefined ? undefined : durationSeconds(seconds);
}

async function createSandbox(execution: Execution, attempt: number): Promise<boolean> {
  const { deps, pod, signal, retryAt } = execution;
  if ((retryAt.get('') ?? 0) > deps.clock.now()) return false;
  const warn = (reason: string, message: string) =>
    deps.event(pod, undefined, 'Warning', reason, message);
  const run = async () => {
    try {
      const config = await deps.host.sandboxConfig(pod, attempt, warn);
      const handler = await deps.runtimeHandler(pod);
      deps.observer.setOwner(await deps.runtime.runSandbox(config, handler), pod.metadata.uid!);
    } catch (error) {
      warn('FailedCreatePodSandBox', `Failed to create pod sandbox: ${errorText(error)}`);
      throw error;
    }
  };
  // Volumes and sandbox do not depend on each other and are set up in parallel.
  const results = await Promise.allSettled([deps.host.prepare(pod, signal), run()]);
  signal.throwIfAborted();
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  retryAt.delete('');
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
  { deps, pod, waiting, retryAt }: Execution,
  container: Container,
  error: unknown,
  otherwise: string,
): void {
  const reason = error instanceof SyncError ? error.reason : otherwise;
  const message = error instanceof RuntimeError ? error.detail : errorText(error);
  waiting.set(container.name, { reason, message });
  const shown = SHOWN_BY_REASON.has(reason) ? reason : message;
  deps.event(pod, container.name, 'Warning', 'Failed', `Error: ${shown}`);
  const later = deps.clock.now() + Math.min(SYNC_BACKOFF.maxMs, 5 * SYNC_BACKOFF.baseMs);
  const own = error instanceof SyncError ? error.retryAt : undefined;
  retryAt.set(backoffKey(container), own ?? later);
}

async function start(execution: Execution, step: StartStep): Promise<boolean> {
  const { deps, pod, signal, starting, retryAt, observed } = execution;
  const { container } = step;
  const { postStart } = container.lifecycle ?? {};
  const last = latest(observed, container.name);
  const now = deps.clock.now();
  if ((retryAt.get(backoffKey(container)) ?? 0) > now) return false;
  const sandboxConfig = await deps.host.sandboxConfig(pod, execution.plan.sandbox!.attempt);
  let id: string;
  try {
    id = await create(execution, step, sandboxConfig);
  } catch (error) {
    if (signal.aborted) throw error;
    failed(execution, container, error, 'CreateContainerError');
    await execution.progress();
    return false;
  }
  if (last?.state === 'exited') execution.backoff.next(backoffKey(container), now, last.finishedAt);
  try {
    if (postStart) starting.add(id);
    await deps.runtime.startContainer(id);
  } catch (error) {
    starting.delete(id);
    // A container that the runtime leaves as created is tried again like one that exited.
    failed(execution, container, error, 'RunContainerError');
    return true;
  }
  execution.waiting.delete(container.name);
  retryAt.delete(backoffKey(container));
  deps.event(pod, container.name, 'Normal', 'Started', `Started container ${container.name}`);
  if (postStart) await runPostStart(execution, container, id, postStart);
  return true;
}

/** The container whose processes an ephemeral container shows (kubectl debug --target). */
function targetOf(container: EphemeralContainer, observed: ObservedPod): { targetId?: string } {
  const name = container.targetContainerName;
  if (!name) return {};
  const target = latest(observed, name);
  if (!target) throw configError(`unable to find target container ${name}`);
  return { targetId: target.id };
}

async function create(
  execution: Execution,
  step: StartStep,
  sandboxConfig: SandboxConfig,
): Promise<string> {
  const { deps, pod, signal } = execution;
  const { container, restartCount, replaces } = step;
  const sandbox = execution.plan.sandbox!;
  const image = await deps.images.ensure(pod, container, sandboxConfig, signal);
  if (replaces) await deps.runtime.removeContainer(replaces);
  const podIPs = pod.spec.hostNetwork ? deps.hostIPs() : sandbox.ips;
  const target = targetOf(container, execution.observed);
  const context = { sandboxId: sandbox.id, restartCount, podIPs, image, ...target };
  const config = await deps.host.containerConfig(pod, container, context, signal);
  const id = await deps.runtime.createContainer(sandbox.id, config, sandboxConfig);
  deps.observer.setOwner(id, pod.metadata.uid!);
  deps.event(pod, container.name, 'Normal', 'Created', `Created container: ${container.name}`);
  return id;
}

/** Runs a hook until it ends or the signal aborts. */
function runHook(
  state: WorkerState,
  container: Container,
  containerId: string,
  handler: LifecycleHandler,
  signal: AbortSignal,
): Promise<void> {
  const target = { container, containerId, podIP: state.podIP() };
  return abortable(state.deps.host.hook(handler, target, signal), signal);
}

async function runPostStart(
  execution: Execution,
  container: Container,
  id: string,
  handler: LifecycleHandler,
): Promise<void> {
  const { deps, pod, signal } = execution;
  const { name } = container;
  try {
    await runHook(execution, container, id, handler, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    execution.waiting.set(name, { reason: 'PostStartHookError', message: errorText(error) });
    deps.event(pod, name, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
    deps.event(pod, name, 'Normal', 'Killing', 'FailedPostStartHook');
    await deps.runtime.stopContainer(id, terminationGracePeriod(pod.spec), signal);
  } finally {
    execution.starting.delete(id);
  }
}

/** Runs preStop, then sends SIGTERM and SIGKILL, all within `graceSeconds`. */
async function killContainer(
  state: WorkerState,
  pod: Pod | undefined,
  seen: ObservedContainer,
  graceSeconds: number,
  message: string,
  signal: AbortSignal,
): Promise<void> {
  const { clock, event, runtime } = state.deps;
  const began = clock.monotonic();
  let left = graceSeconds;
  if (seen.state === 'running' && pod) {
    event(pod, seen.name, 'Normal', 'Killing', message);
    const container = allContainers(pod.spec).find((c) => c.name === seen.name);
    if (container?.lifecycle?.preStop && graceSeconds > 0) {
      await runPreStop(state, pod, container, seen.id, graceSeconds, signal);
      const rest = Math.ceil(graceSeconds - (clock.monotonic() - began) / 1000);
      left = Math.max(MINIMUM_GRACE_SECONDS, rest);
    }
  }
  await runtime.stopContainer(seen.id, left, signal);
}

async function runPreStop(
  state: WorkerState,
  pod: Pod,
  container: Container,
  id: string,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock, event } = state.deps;
  const limit = new AbortController();
  const timer = clock.after(graceSeconds * 1000, () => limit.abort());
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    await runHook(state, container, id, container.lifecycle!.preStop!, either);
  } catch {
    signal.throwIfAborted();
    // The hook's command and output may hold secrets.
    if (!limit.signal.aborted)
      event(pod, container.name, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
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
  const { clock, runtime } = state.deps;
  const began = clock.monotonic();
  for (const group of stopOrder(pod, observed)) {
    const left = Math.max(0, Math.ceil(graceSeconds - (clock.monotonic() - began) / 1000));
    await Promise.all(
      group.map((c) => killContainer(state, pod, c, left, `Stopping container ${c.name}`, signal)),
    );
  }
  // A sandbox that died keeps its address and its host port rules until it is stopped.
  await Promise.all(observed.sandboxes.map((s) => runtime.stopSandbox(s.id)));
}
