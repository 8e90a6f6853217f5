// A pod's status from its spec, the observed state and the probe results. Pure. Upstream:
// kubelet_pods.go generateAPIPodStatus and getPhase, status/generate.go.
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../apis/core/v1/types.js';
import { findCondition, transitionTime } from '../../component-helpers/conditions.js';
import {
  ephemeralContainers,
  initContainers,
  isSidecar,
  isTerminalPhase,
  restartPolicy,
  sidecars,
} from '../../component-helpers/pods.js';
import { timestamp } from '../../util/env/env.js';
import { POD_TERMINATION_MESSAGE_BYTES } from '../limits.js';
import { containerStatus, endAll, trimMessages, type ContainerView } from './container-status.js';
import { isStaticPod } from '../types/labels.js';
import { OWNED_CONDITIONS, TERMINATION_BY_KUBELET } from './patch.js';
import { podQos } from '../../component-helpers/qos.js';

/** The reason why the node terminated a pod; `disruption`: to relieve the node. */
export interface Ended {
  reason: string;
  message: string;
  disruption?: boolean;
  /** The node has not admitted the pod. */
  rejected?: boolean;
}

export interface StatusInput extends ContainerView {
  /** The previous status, the source of transition times and of other writers' conditions. */
  old: PodStatus;
  hostIPs: string[];
  now: number;
  /** Set if the node terminated the pod: DeadlineExceeded, Evicted, ... */
  ended?: Ended;
  /** Set while the pod must wait for an isolation that the host lacks. */
  block?: { reason: string; message: string };
}

/** Upstream: getPhase. `terminal`: no container will restart, regardless of restartPolicy. */
export function phaseOf(
  pod: Pod,
  statuses: ContainerStatus[],
  initStatuses: ContainerStatus[],
  terminal: boolean,
): string {
  let pendingInit = 0;
  let failedInit = 0;
  let runningSidecars = 0;
  for (const [index, container] of initContainers(pod.spec).entries()) {
    const status = initStatuses[index];
    const last = status?.state?.terminated ?? status?.lastState?.terminated;
    if (isSidecar(container)) {
      if (status?.state?.running) runningSidecars++;
      if (status?.state?.running ? !status.started : !last) pendingInit++;
    } else if (status?.state?.terminated?.exitCode === 0) continue;
    else if (!status?.state?.running && last && last.exitCode !== 0) failedInit++;
    else pendingInit++;
  }
  let unknown = 0;
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const container of pod.spec.containers) {
    const status = statuses.find((s) => s.name === container.name);
    if (!status) unknown++;
    else if (status.state?.running) running++;
    else if (status.state?.terminated) {
      stopped++;
      if (status.state.terminated.exitCode === 0) succeeded++;
    } else if (status.lastState?.terminated) stopped++;
    else waiting++;
  }
  const policy = restartPolicy(pod.spec);
  const begun = running > 0 || stopped > 0;
  if (failedInit > 0 && policy === 'Never') return 'Failed';
  if (!begun && (pendingInit > 0 || failedInit > 0) && !terminal) return 'Pending';
  if (waiting > 0 && !terminal) return 'Pending';
  if (running > 0 && unknown === 0) return 'Running';
  if (running > 0 || stopped === 0 || unknown > 0)
    return terminal && stopped > 0 ? 'Failed' : 'Pending';
  if (terminal) return stopped === succeeded ? 'Succeeded' : 'Failed';
  if (policy === 'Always' || runningSidecars > 0) return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

const names = (list: readonly string[]): string => `[${list.join(' ')}]`;

/** Reasons of the readiness conditions of a terminated pod, by phase. */
const TERMINAL_REASONS = { Succeeded: 'PodCompleted', Failed: 'PodFailed' } as const;

interface Readiness {
  ok: boolean;
  reason?: string;
  message?: string;
}

/** The conditions of a pod follow from these. */
interface Shown {
  pod: Pod;
  phase: string;
  regular: ContainerStatus[];
  init: ContainerStatus[];
}

function containersReady({ pod, phase, regular, init }: Shown): Readiness {
  if (isTerminalPhase(phase)) return { ok: false, reason: TERMINAL_REASONS[phase] };
  const statuses = [...init, ...regular];
  const unready = [
    ...sidecars(pod.spec).map((c) => c.name),
    ...pod.spec.containers.map((c) => c.name),
  ].filter((name) => !statuses.find((s) => s.name === name)?.ready);
  if (!unready.length) return { ok: true };
  const message = `containers with unready status: ${names(unready)}`;
  return { ok: false, reason: 'ContainersNotReady', message };
}

function podReady(pod: Pod, containers: Readiness, old: PodCondition[]): Readiness {
  if (!containers.ok) return containers;
  const missing = (pod.spec.readinessGates ?? [])
    .map((g) => g.conditionType)
    .flatMap((type) => {
      const condition = findCondition(old, type);
      if (!condition)
        return [`corresponding condition of pod readiness gate "${type}" does not exist.`];
      return condition.status === 'True'
        ? []
        : [`the status of pod readiness gate "${type}" is not "True", but ${condition.status}`];
    });
  return missing.length
    ? { ok: false, reason: 'ReadinessGatesNotReady', message: missing.join(', ') }
    : containers;
}

function initialized({ pod, phase, regular, init }: Shown): Readiness {
  if (phase === 'Succeeded') return { ok: true, reason: TERMINAL_REASONS[phase] };
  const begun = regular.some(
    (s) => s.state?.running || s.state?.terminated || s.lastState?.terminated,
  );
  const waiting = initContainers(pod.spec).filter((c, i) => {
    const s = init[i];
    return !begun && !(isSidecar(c) ? s?.started : s?.ready);
  });
  if (!waiting.length) return { ok: true };
  const message = `containers with incomplete status: ${names(waiting.map((c) => c.name))}`;
  return { ok: false, reason: 'ContainersNotInitialized', message };
}

function conditions(input: StatusInput, shown: Shown): PodCondition[] {
  const old = input.old.conditions ?? [];
  const out: PodCondition[] = [];
  const add = (type: string, { ok, ...why }: Readiness): void => {
    const status = ok ? 'True' : 'False';
    const lastTransitionTime = transitionTime(findCondition(old, type), status, input.now);
    out.push({ type, status, lastTransitionTime, ...why });
  };
  const over = isTerminalPhase(shown.phase) || input.final === true;
  const containers = containersReady(shown);
  add('PodReadyToStartContainers', { ok: !over && input.observed.sandboxes[0]?.ready === true });
  add('Initialized', initialized(shown));
  add('Ready', podReady(shown.pod, containers, old));
  add('ContainersReady', containers);
  add('PodScheduled', { ok: true });
  const { disruption, message = '' } = input.ended ?? {};
  if (disruption) add('DisruptionTarget', { ok: true, reason: TERMINATION_BY_KUBELET, message });
  return [
    ...out,
    ...old.filter((c) => !OWNED_CONDITIONS.has(c.type) && !out.some((own) => own.type === c.type)),
  ];
}

function addresses(input: StatusInput): Pick<PodStatus, 'hostIP' | 'hostIPs' | 'podIP' | 'podIPs'> {
  const ips = input.pod.spec.hostNetwork
    ? input.observed.sandboxes.length
      ? input.hostIPs
      : []
    : (input.observed.sandboxes[0]?.ips ?? []);
  const known = ips.length ? ips : (input.old.podIPs ?? []).map((p) => p.ip);
  return {
    ...(input.hostIPs[0] && {
      hostIP: input.hostIPs[0],
      hostIPs: input.hostIPs.map((ip) => ({ ip })),
    }),
    ...(known[0] && { podIP: known[0], podIPs: known.map((ip) => ({ ip })) }),
  };
}

/** The phases Succeeded and Failed are final. */
function settledPhase(
  input: StatusInput,
  statuses: ContainerStatus[],
  initStatuses: ContainerStatus[],
): string {
  if (isTerminalPhase(input.old.phase)) return input.old.phase;
  let phase = input.ended
    ? 'Failed'
    : phaseOf(input.pod, statuses, initStatuses, input.final === true);
  if (input.final && !isStaticPod(input.pod) && !isTerminalPhase(phase)) phase = 'Failed';
  // The phase is not final while a container still runs.
  const running = [...statuses, ...initStatuses].some((s) => s.state?.running);
  return running && isTerminalPhase(phase) ? 'Running' : phase;
}

/** A pod that the node does not admit has no container statuses (upstream: rejectPod). */
const rejectedStatus = ({ pod, old, now }: StatusInput, { reason, message }: Ended): PodStatus => ({
  phase: 'Failed',
  ...(old.conditions && { conditions: old.conditions }),
  message: `Pod was rejected: ${message}`,
  reason,
  startTime: old.startTime ?? timestamp(now),
  qosClass: old.qosClass ?? podQos(pod),
});

/** Upstream: syncPod for a pod that canRunPod does not admit. */
function blocked(statuses: ContainerStatus[]): ContainerStatus[] {
  return statuses.map((status) =>
    status.state?.waiting
      ? { ...status, state: { waiting: { ...status.state.waiting, reason: 'Blocked' } } }
      : status,
  );
}

export function generateStatus(input: StatusInput): PodStatus {
  const { pod, old, block } = input;
  if (input.ended?.rejected) return rejectedStatus(input, input.ended);
  const oldOf = (list: ContainerStatus[] | undefined, name: string) =>
    list?.find((s) => s.name === name);
  let init = initContainers(pod.spec).map((c) =>
    containerStatus(input, c, 'init', oldOf(old.initContainerStatuses, c.name)),
  );
  let regular = pod.spec.containers.map((c) =>
    containerStatus(input, c, 'regular', oldOf(old.containerStatuses, c.name)),
  );
  let ephemeral = ephemeralContainers(pod.spec).map((c) =>
    containerStatus(input, c, 'regular', oldOf(old.ephemeralContainerStatuses, c.name)),
  );
  if (block) [init, regular] = [blocked(init), blocked(regular)];
  if (input.final) ({ init, regular } = endAll(pod, init, regular));
  const share = Math.floor(
    POD_TERMINATION_MESSAGE_BYTES / Math.max(1, init.length + regular.length + ephemeral.length),
  );
  const trim = (statuses: ContainerStatus[]) => trimMessages(statuses, share);
  [init, regular, ephemeral] = [trim(init), trim(regular), trim(ephemeral)];
  const phase = settledPhase(input, regular, init);
  const kept = isTerminalPhase(phase) && phase === old.phase ? old : undefined;
  const { reason, message } = { ...kept, ...block, ...input.ended };
  return {
    phase,
    conditions: conditions(input, { pod, phase, regular, init }),
    ...(message && { message }),
    ...(reason && { reason }),
    ...addresses(input),
    startTime: old.startTime ?? timestamp(input.now),
    ...(init.length && { initContainerStatuses: init }),
    containerStatuses: regular,
    ...(ephemeral.length && { ephemeralContainerStatuses: ephemeral }),
    qosClass: old.qosClass ?? podQos(pod),
  };
}
