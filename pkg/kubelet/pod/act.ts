// Carries out a pod's plan: runtime calls in the right order, with the events and reasons that
// upstream gives them. Decides nothing; what fails is noted for the status and the next look.
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { allContainers, terminationGracePeriod } from '../../component-helpers/pods.js';
import type { KeyedBackoff } from '../../util/backoff/keyed-backoff.js';
import { errorText } from '../../util/errors/error-text.js';
import { orAborted } from '../abort.js';
import { MINIMUM_GRACE_SECONDS, SYNC_BACKOFF } from '../limits.js';
import type { SandboxConfig } from '../runtime/runtime.js';
import type { WaitingReason } from '../status/container-status.js';
import { latest, type ObservedContainer, type ObservedPod } from '../types/observed.js';
import { SyncError } from '../types/sync-error.js';
import { stopOrder, type PodPlan, type StartStep } from './plan.js';
import type { WorkerDeps } from './worker-deps.js';

/** A worker's memory that acts share. */
export interface Acting {
  deps: WorkerDeps;
  /** Why containers do not run, by name. */
  waiting: Map<string, WaitingReason>;
  /** Container ids whose postStart has not returned. */
  starting: Set<string>;
  backoff: KeyedBackoff;
  /** When to try again what failed, by container name; '' is the pod itself. */
  retryAt: Map<string, number>;
  /** Grace seconds for a kill that its probe sets, by container id. */
  graceOverride: Map<string, number>;
  /** Aborts when the pod is to end. */
  signal: AbortSignal;
  podIP(): string;
  /** Look and publish now. */
  progress(): Promise<void>;
}

/** Returns whether anything changed, so that the worker looks again at once. */
export async function carryOut(
  acting: Acting,
  pod: Pod,
  observed: ObservedPod,
  plan: PodPlan,
): Promise<boolean> {
  const { deps } = acting;
  if (plan.killPod) {
    if (plan.createSandbox !== undefined)
      deps.event(
        pod,
        undefined,
        'Normal',
        'SandboxChanged',
        'Pod sandbox changed, it will be killed and re-created.',
      );
    await stopPod(acting, pod, observed, terminationGracePeriod(pod.spec), acting.signal);
  }
  if (plan.createSandbox !== undefined) {
    if (waitsForPod(acting)) return false;
    return createSandbox(acting, pod, plan.createSandbox);
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
      return killContainer(acting, pod, step.container, grace, step.message, acting.signal);
    }),
  );
  let changed = plan.killPod || plan.kill.length > 0;
  for (const step of plan.start) {
    if (acting.signal.aborted) break;
    const last = latest(observed, step.container.name);
    const began = await start(acting, pod, plan, step, last);
    changed ||= began;
  }
  return changed;
}

function probeGrace(
  pod: Pod,
  name: string,
  kind: 'livenessProbe' | 'startupProbe',
): number | undefined {
  return allContainers(pod.spec).find((c) => c.name === name)?.[kind]
    ?.terminationGracePeriodSeconds;
}

function waitsForPod(acting: Acting): boolean {
  return (acting.retryAt.get('') ?? 0) > acting.deps.clock.now();
}

async function createSandbox(acting: Acting, pod: Pod, attempt: number): Promise<boolean> {
  const { deps } = acting;
  const run = async () => {
    const config = await deps.host.sandboxConfig(pod, attempt);
    try {
      deps.observer.claim(await deps.runtime.runSandbox(config), pod.metadata.uid!);
    } catch (error) {
      const message = `Failed to create pod sandbox: ${errorText(error)}`;
      deps.event(pod, undefined, 'Warning', 'FailedCreatePodSandBox', message);
      throw error;
    }
  };
  // Volumes and sandbox need nothing of each other; together they take the time of the slower.
  const [volumes, sandbox] = await Promise.allSettled([
    deps.host.prepare(pod, acting.signal),
    run(),
  ]);
  if (acting.signal.aborted) throw acting.signal.reason;
  if (volumes.status === 'rejected') throw volumes.reason;
  if (sandbox.status === 'rejected') throw sandbox.reason;
  acting.retryAt.delete('');
  return true;
}

/** Notes a failure of one container and when to try it again. */
function failed(
  acting: Acting,
  pod: Pod,
  container: Container,
  error: unknown,
  otherwise: string,
): void {
  const { deps } = acting;
  const reason = error instanceof SyncError ? error.reason : otherwise;
  const message = errorText(error);
  acting.waiting.set(container.name, { reason, message });
  const shown = reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? reason : message;
  deps.event(
    pod,
    container.name,
    'Warning',
    reason === 'PostStartHookError' ? 'FailedPostStartHook' : 'Failed',
    reason === 'PostStartHookError' ? message : `Error: ${shown}`,
  );
  const retryAt = error instanceof SyncError ? error.retryAt : undefined;
  acting.retryAt.set(
    container.name,
    retryAt ?? deps.clock.now() + Math.min(SYNC_BACKOFF.maxMs, 5 * SYNC_BACKOFF.baseMs),
  );
}

async function start(
  acting: Acting,
  pod: Pod,
  plan: PodPlan,
  step: StartStep,
  last: ObservedContainer | undefined,
): Promise<boolean> {
  const { deps } = acting;
  const { container } = step;
  const now = deps.clock.now();
  if ((acting.retryAt.get(container.name) ?? 0) > now) return false;
  const sandboxConfig = await deps.host.sandboxConfig(pod, plan.sandbox!.attempt);
  let id: string;
  try {
    const image = await deps.images.ensure(pod, container, sandboxConfig, acting.signal);
    // Volumes may have to follow a spec or a secret that changed since.
    id = await create(acting, pod, plan, step, sandboxConfig, image);
  } catch (error) {
    if (acting.signal.aborted) throw error;
    failed(acting, pod, container, error, 'CreateContainerError');
    await acting.progress();
    return false;
  }
  if (last?.state === 'exited') acting.backoff.next(container.name, now, last.finishedAt);
  try {
    if (container.lifecycle?.postStart) acting.starting.add(id);
    await deps.runtime.startContainer(id);
  } catch (error) {
    acting.starting.delete(id);
    failed(acting, pod, container, error, 'RunContainerError');
    acting.retryAt.delete(container.name);
    return true;
  }
  acting.waiting.delete(container.name);
  acting.retryAt.delete(container.name);
  deps.event(pod, container.name, 'Normal', 'Started', `Started container ${container.name}`);
  if (container.lifecycle?.postStart) await postStart(acting, pod, container, id);
  return true;
}

async function create(
  acting: Acting,
  pod: Pod,
  plan: PodPlan,
  step: StartStep,
  sandboxConfig: SandboxConfig,
  image: Awaited<ReturnType<WorkerDeps['images']['ensure']>>,
): Promise<string> {
  const { deps } = acting;
  const sandbox = plan.sandbox!;
  if (step.replaces) await deps.runtime.removeContainer(step.replaces);
  const podIPs = pod.spec.hostNetwork ? deps.hostIPs() : sandbox.ips;
  const context = { sandboxId: sandbox.id, restartCount: step.restartCount, podIPs, image };
  const config = await deps.host.containerConfig(pod, step.container, context, acting.signal);
  const id = await deps.runtime.createContainer(sandbox.id, config, sandboxConfig);
  deps.observer.claim(id, pod.metadata.uid!);
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
  acting: Acting,
  pod: Pod,
  container: Container,
  id: string,
): Promise<void> {
  const { deps } = acting;
  try {
    await orAborted(
      deps.host.hook(
        pod,
        container,
        id,
        acting.podIP(),
        container.lifecycle!.postStart!,
        acting.signal,
      ),
      acting.signal,
    );
  } catch (error) {
    if (acting.signal.aborted) throw error;
    acting.waiting.set(container.name, { reason: 'PostStartHookError', message: errorText(error) });
    deps.event(pod, container.name, 'Warning', 'FailedPostStartHook', `PostStartHook failed`);
    deps.event(pod, container.name, 'Normal', 'Killing', 'FailedPostStartHook');
    await deps.runtime.stopContainer(id, terminationGracePeriod(pod.spec), acting.signal);
  } finally {
    acting.starting.delete(id);
  }
}

/** preStop, then TERM, then KILL, all within `graceSeconds`. */
export async function killContainer(
  acting: Acting,
  pod: Pod | undefined,
  seen: ObservedContainer,
  graceSeconds: number,
  message: string,
  signal: AbortSignal,
): Promise<void> {
  const { deps } = acting;
  const began = deps.clock.monotonic();
  const container = pod && allContainers(pod.spec).find((c) => c.name === seen.name);
  let left = graceSeconds;
  if (seen.state === 'running' && pod) {
    deps.event(pod, seen.name, 'Normal', 'Killing', message);
    if (container?.lifecycle?.preStop && graceSeconds > 0) {
      await preStop(acting, pod, container, seen.id, graceSeconds, signal);
      left = Math.max(
        MINIMUM_GRACE_SECONDS,
        Math.ceil(graceSeconds - (deps.clock.monotonic() - began) / 1000),
      );
    }
  }
  await deps.runtime.stopContainer(seen.id, left, signal);
}

async function preStop(
  acting: Acting,
  pod: Pod,
  container: Container,
  id: string,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { deps } = acting;
  const limit = new AbortController();
  const timer = deps.clock.after(graceSeconds * 1000, () =>
    limit.abort(new Error('grace period used up')),
  );
  try {
    const hook = deps.host.hook(
      pod,
      container,
      id,
      acting.podIP(),
      container.lifecycle!.preStop!,
      AbortSignal.any([signal, limit.signal]),
    );
    await orAborted(hook, AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!limit.signal.aborted)
      deps.event(
        pod,
        container.name,
        'Warning',
        'FailedPreStopHook',
        `PreStopHook failed: ${errorText(error)}`,
      );
  } finally {
    timer.cancel();
  }
}

/** Stops all containers (sidecars last) and the sandboxes. One grace period for all of it. */
export async function stopPod(
  acting: Acting,
  pod: Pod | undefined,
  observed: ObservedPod,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { deps } = acting;
  const began = deps.clock.monotonic();
  for (const group of stopOrder(pod, observed)) {
    const left = Math.max(0, Math.ceil(graceSeconds - (deps.clock.monotonic() - began) / 1000));
    await Promise.all(
      group.map((c) =>
        killContainer(
          acting,
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
    observed.sandboxes.map((s) => (s.ready ? deps.runtime.stopSandbox(s.id) : Promise.resolve())),
  );
}
