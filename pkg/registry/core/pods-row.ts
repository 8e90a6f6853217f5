// The table row of a pod (upstream printPod). Later checks override earlier ones, so that their
// order must stay.
import { ageSince } from '../../apimachinery/duration/human-duration.js';
import type { ContainerStateTerminated, ContainerStatus, Pod } from '../../apis/core/v1/types.js';
import { isConditionTrue } from '../../component-helpers/conditions.js';
import { isPodReady, isPodTerminal, podCondition, sidecars } from '../../component-helpers/pods.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { age, NONE, orNone } from '../cells.js';

const NODE_UNREACHABLE = 'NodeLost';

interface Summary {
  reason: string;
  ready: number;
  restarts: number;
  /** RFC 3339, or '' when nothing has restarted. */
  lastRestart: string;
}

const later = (left: string, right: string | undefined): string =>
  right && (!left || Date.parse(right) > Date.parse(left)) ? right : left;

const hasTrueCondition = (pod: Pod, type: string): boolean =>
  isConditionTrue(pod.status?.conditions, type);

const sidecarNames = (pod: Pod): Set<string> => new Set(sidecars(pod.spec).map(({ name }) => name));

function terminatedText(terminated: ContainerStateTerminated): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function initReason(status: ContainerStatus, index: number, total: number): string {
  if (status.state?.terminated) return `Init:${terminatedText(status.state.terminated)}`;
  const waiting = status.state?.waiting?.reason;
  if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
  return `Init:${index}/${total}`;
}

/** Summary of the init containers up to the first incomplete one; `blocked` when there is one. */
function summarizeInit(
  pod: Pod,
  reason: string,
): { init: Summary; sidecars: Summary; blocked: boolean } {
  const init: Summary = { reason, ready: 0, restarts: 0, lastRestart: '' };
  const sidecars: Summary = { ...init };
  const names = sidecarNames(pod);
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const finished = status.lastState?.terminated?.finishedAt;
    init.restarts += status.restartCount;
    init.lastRestart = later(init.lastRestart, finished);
    const sidecar = names.has(status.name);
    if (sidecar) {
      sidecars.restarts += status.restartCount;
      sidecars.lastRestart = later(sidecars.lastRestart, finished);
    }
    if (status.state?.terminated?.exitCode === 0) continue;
    if (sidecar && status.started) {
      if (status.ready) init.ready++;
      continue;
    }
    init.reason = initReason(status, index, pod.spec.initContainers?.length ?? 0);
    return { init, sidecars, blocked: true };
  }
  return { init, sidecars, blocked: false };
}

function summarizeMain(pod: Pod, from: Summary): Summary {
  const summary = { ...from };
  let running = false;
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    summary.restarts += status.restartCount;
    summary.lastRestart = later(summary.lastRestart, status.lastState?.terminated?.finishedAt);
    if (status.state?.waiting?.reason) summary.reason = status.state.waiting.reason;
    else if (status.state?.terminated) summary.reason = terminatedText(status.state.terminated);
    else if (status.ready && status.state?.running) {
      running = true;
      summary.ready++;
    }
  }
  if (summary.reason === 'Completed' && running)
    summary.reason = isPodReady(pod) ? 'Running' : 'NotReady';
  return summary;
}

function firstReason(pod: Pod): string {
  const gated = podCondition(pod, 'PodScheduled')?.reason === 'SchedulingGated';
  return gated ? 'SchedulingGated' : pod.status?.reason || pod.status?.phase || '';
}

export function summarizePod(pod: Pod): Summary {
  const { init, sidecars, blocked } = summarizeInit(pod, firstReason(pod));
  let summary = init;
  if (!blocked || hasTrueCondition(pod, 'Initialized'))
    summary = summarizeMain(pod, { ...sidecars, reason: init.reason, ready: init.ready });
  if (!pod.metadata.deletionTimestamp) return summary;
  if (pod.status?.reason === NODE_UNREACHABLE) summary.reason = 'Unknown';
  else if (!isPodTerminal(pod)) summary.reason = 'Terminating';
  return summary;
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const passed = gates.filter(({ conditionType }) => hasTrueCondition(pod, conditionType)).length;
  return `${passed}/${gates.length}`;
}

export function podRow(pod: Pod, now: number): Cell[] {
  const { reason, ready, restarts, lastRestart } = summarizePod(pod);
  const total = pod.spec.containers.length + sidecarNames(pod).size;
  return [
    pod.metadata.name,
    `${ready}/${total}`,
    reason,
    restarts && lastRestart ? `${restarts} (${ageSince(lastRestart, now)} ago)` : String(restarts),
    age(pod, now),
    orNone(pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP),
    orNone(pod.spec.nodeName),
    orNone(pod.status?.nominatedNodeName),
    readinessGates(pod),
  ];
}
