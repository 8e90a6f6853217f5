// Plans the steps for a running pod: a pure function of its spec, the observed state and the probe
// results. Upstream: computePodActions (pkg/kubelet/kuberuntime/kuberuntime_manager.go,
// kuberuntime_container.go).
//
// Invariants: a container in back-off is never started; no container starts in a sandbox that is to
// be replaced; an init container runs only after all earlier ones completed (sidecars: started).
import type { Container, Pod } from '../../apis/core/v1/types.js';
import {
  ephemeralContainers,
  initContainers,
  isSidecar,
  restartPolicy,
  sidecars,
} from '../../component-helpers/pods.js';
import { containerHash } from '../types/labels.js';
import {
  latest,
  shouldRestart,
  type ObservedContainer,
  type ObservedPod,
  type ObservedSandbox,
} from '../types/observed.js';

/** The probe that has failed. */
export type ProbeVerdict = 'ok' | 'liveness' | 'startup';

export interface PlanInput {
  pod: Pod;
  observed: ObservedPod;
  /** End of a container's restart back-off in milliseconds since the epoch; 0: no back-off. */
  backoffUntil(container: Container, last: ObservedContainer): number;
  /** Restarts that the API counts of a container of which the runtime shows no instance. */
  countedRestarts(name: string): number;
  verdict(container: ObservedContainer): ProbeVerdict;
  /** Whether the startup probe and the postStart hook, if any, have succeeded. */
  started(container: ObservedContainer): boolean;
  now: number;
}

export interface StartStep {
  container: Container;
  kind: 'init' | 'regular' | 'ephemeral';
  restartCount: number;
  /** Id of an instance to remove first: created but never started, or in unknown state. */
  replaces?: string;
}

export interface KillStep {
  container: ObservedContainer;
  /** The message of the Killing event. */
  message: string;
  reason: 'changed' | 'liveness' | 'startup';
}

export interface PodPlan {
  /** Stop all containers and the sandbox first. */
  killPod: boolean;
  /** Attempt number of the sandbox to create. */
  createSandbox?: number;
  sandbox?: ObservedSandbox;
  kill: KillStep[];
  start: StartStep[];
  /** Containers in restart back-off, with its end in milliseconds since the epoch. */
  waiting: { container: Container; until: number }[];
}

const emptyPlan = (): PodPlan => ({ killPod: false, kill: [], start: [], waiting: [] });

function sandboxOf(
  pod: Pod,
  observed: ObservedPod,
): { sandbox?: ObservedSandbox; usable: boolean } {
  const sandbox = observed.sandboxes[0];
  if (!sandbox) return { usable: false };
  const hostNetwork = pod.spec.hostNetwork === true;
  const usable =
    sandbox.ready && sandbox.hostNetwork === hostNetwork && (hostNetwork || sandbox.ips.length > 0);
  return { sandbox, usable };
}

/**
 * Counts and back-offs belong to the pod, so that the newest instance decides, even one of an
 * earlier sandbox: the runtime reserves the name CONTAINER_POD_UID_ATTEMPT as long as the instance
 * exists.
 */
function startOrWait(
  plan: PodPlan,
  input: PlanInput,
  container: Container,
  kind: StartStep['kind'],
): void {
  const last = latest(input.observed, container.name);
  const until = last?.state === 'exited' ? input.backoffUntil(container, last) : 0;
  if (until > input.now) {
    plan.waiting.push({ container, until });
    return;
  }
  const neverStarted = last?.state === 'created';
  const restartCount = last
    ? last.restartCount + (neverStarted ? 0 : 1)
    : input.countedRestarts(container.name);
  plan.start.push({
    container,
    kind,
    restartCount,
    ...((neverStarted || last?.state === 'unknown') && { replaces: last.id }),
  });
}

/**
 * Plans to kill a container after a failed probe or a changed definition. Returns whether it did.
 */
function killIfUnhealthy(
  plan: PodPlan,
  input: PlanInput,
  container: Container,
  last: ObservedContainer,
): boolean {
  const verdict = input.verdict(last);
  const changed = last.hash !== '' && last.hash !== containerHash(container);
  if (!changed && verdict === 'ok') return false;
  const reason = changed || verdict === 'ok' ? 'changed' : verdict;
  const why = reason === 'changed' ? 'definition changed' : `failed ${reason} probe`;
  const ends = restartPolicy(input.pod.spec) === 'Never' && !isSidecar(container);
  const again = ends && reason !== 'changed' ? '' : ', will be restarted';
  plan.kill.push({
    container: last,
    message: `Container ${container.name} ${why}${again}`,
    reason,
  });
  return true;
}

/** Returns whether initialization is complete, so that regular containers may run. */
function planInit(
  plan: PodPlan,
  input: PlanInput,
  current: (name: string) => ObservedContainer | undefined,
): boolean {
  const { pod } = input;
  const inits = initContainers(pod.spec);
  const initialized = pod.spec.containers.some((c) => current(c.name));
  for (const [index, container] of inits.entries()) {
    const last = current(container.name);
    if (initialized && !isSidecar(container)) continue;
    if (!last || last.state === 'created' || last.state === 'unknown') {
      startOrWait(plan, input, container, 'init');
      if (!initialized) return false;
      continue;
    }
    if (last.state === 'running') {
      const killed = killIfUnhealthy(plan, input, container, last);
      if (initialized) continue;
      if (killed || !isSidecar(container) || !input.started(last)) return false;
      continue;
    }
    if (isSidecar(container)) {
      startOrWait(plan, input, container, 'init');
      const passedBefore = initialized || inits.slice(index + 1).some((c) => current(c.name));
      if (!passedBefore) return false;
      continue;
    }
    if (last.exitCode === 0) continue;
    if (restartPolicy(pod.spec) !== 'Never') startOrWait(plan, input, container, 'init');
    return false;
  }
  return true;
}

function planRegular(plan: PodPlan, input: PlanInput): void {
  for (const container of input.pod.spec.containers) {
    const last = latest(input.observed, container.name);
    if (last?.state === 'running') killIfUnhealthy(plan, input, container, last);
    else if (shouldRestart(input.pod, container, last))
      startOrWait(plan, input, container, 'regular');
  }
}

/** Whether the pod has completed: it needs no sandbox, and sidecars that still run are to stop. */
function finished(pod: Pod, observed: ObservedPod): boolean {
  const over = (c: Container) => {
    const last = latest(observed, c.name);
    return last?.state === 'exited' && !shouldRestart(pod, c, last);
  };
  if (pod.spec.containers.every(over)) return true;
  return initContainers(pod.spec).some(
    (c) => !isSidecar(c) && over(c) && latest(observed, c.name)!.exitCode !== 0,
  );
}

function planNewSandbox(input: PlanInput, sandbox: ObservedSandbox | undefined): PodPlan {
  const { pod, observed } = input;
  const plan: PodPlan = { ...emptyPlan(), killPod: sandbox !== undefined };
  if (finished(pod, observed))
    return {
      ...plan,
      killPod: sandbox?.ready === true || observed.containers.some((c) => c.state === 'running'),
    };
  // With restartPolicy Never no container may run twice, so a lost sandbox ends the pod.
  const ran = pod.spec.containers.some((c) => latest(observed, c.name));
  if (restartPolicy(pod.spec) === 'Never' && ran) return plan;
  plan.createSandbox = sandbox ? sandbox.attempt + 1 : 0;
  return plan;
}

export function planPod(input: PlanInput): PodPlan {
  const { pod, observed } = input;
  const { sandbox, usable } = sandboxOf(pod, observed);
  if (!usable) return planNewSandbox(input, sandbox);
  const plan: PodPlan = { ...emptyPlan(), sandbox: sandbox! };
  // Init containers run once per sandbox; regular containers keep their history across sandboxes.
  const inSandbox = (name: string) =>
    observed.containers.find((c) => c.name === name && c.sandboxId === sandbox!.id);
  if (finished(pod, observed)) return { ...plan, killPod: true };
  // Ephemeral containers, which debug init containers too, are never started a second time.
  for (const container of ephemeralContainers(pod.spec))
    if (!latest(observed, container.name)) startOrWait(plan, input, container, 'ephemeral');
  if (planInit(plan, input, inSandbox)) planRegular(plan, input);
  return plan;
}

/**
 * Groups of containers to stop: regular containers together, then each sidecar in reverse order.
 */
export function stopOrder(pod: Pod | undefined, observed: ObservedPod): ObservedContainer[][] {
  const running = observed.containers.filter((c) => c.state !== 'exited');
  const late = pod ? sidecars(pod.spec).map((c) => c.name) : [];
  const first = running.filter((c) => !late.includes(c.name));
  const rest = late.reverse().map((name) => running.filter((c) => c.name === name));
  return [first, ...rest].filter((group) => group.length);
}
