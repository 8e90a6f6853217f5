// The strategic merge patch from the API's pod status to ours. Address lists merge by address, so
// that stale addresses need $patch: delete; conditions merge by type, and only the kubelet's own
// are sent. Pure.
import type { Pod, PodCondition, PodStatus } from '../../apis/core/v1/types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { isTerminalPhase } from '../../component-helpers/pods.js';

/** Condition types that only the kubelet writes. */
export const OWNED_CONDITIONS = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
]);

/** Upstream: PodReasonTerminationByKubelet. */
export const TERMINATION_BY_KUBELET = 'TerminationByKubelet';
const isOurs = ({ type, reason }: PodCondition): boolean =>
  OWNED_CONDITIONS.has(type) || reason === TERMINATION_BY_KUBELET;

function addressPatch(
  old: { ip: string }[] | undefined,
  now: { ip: string }[] | undefined,
): unknown[] | undefined {
  const gone = (old ?? []).filter((a) => !now?.some((b) => b.ip === a.ip));
  const list = [...(now ?? []), ...gone.map((a) => ({ $patch: 'delete', ip: a.ip }))];
  return list.length ? list : undefined;
}

/** A merge keeps absent fields, so that a reason or message that ended is set to null. */
function clearedTexts(condition: PodCondition, old: PodStatus): Record<string, null> {
  const before = findCondition(old.conditions, condition.type);
  const gone = (['reason', 'message'] as const).filter(
    (field) => before?.[field] && !condition[field],
  );
  return Object.fromEntries(gone.map((field) => [field, null]));
}

/** With `revision`, the patch fails with 409 unless the object has that resourceVersion. */
export function statusPatch(pod: Pod, status: PodStatus, revision?: bigint): object {
  const old: PodStatus = pod.status ?? {};
  const podIPs = addressPatch(old.podIPs, status.podIPs);
  const hostIPs = addressPatch(old.hostIPs, status.hostIPs);
  const cleared: Record<string, null> = {};
  for (const field of ['reason', 'message', 'podIP', 'nominatedNodeName'] as const)
    if (old[field] && !status[field]) cleared[field] = null;
  return {
    metadata: {
      uid: pod.metadata.uid,
      ...(revision !== undefined && { resourceVersion: String(revision) }),
    },
    status: {
      ...status,
      ...cleared,
      conditions: (status.conditions ?? [])
        .filter(isOurs)
        .map((c) => ({ ...c, ...clearedTexts(c, old) })),
      ...(podIPs && { podIPs }),
      ...(hostIPs && { hostIPs }),
    },
  };
}

/** Another component has ended the pod: the phase stays, and the kubelet stops the containers. */
export const endedElsewhere = (api: PodStatus | undefined, ours: PodStatus): boolean =>
  isTerminalPhase(api?.phase) && !isTerminalPhase(ours.phase);

/** Whether the API status differs from ours in a field that only the kubelet should write. */
export function overwritten(api: PodStatus | undefined, ours: PodStatus): boolean {
  if (endedElsewhere(api, ours)) return false;
  if ((api?.phase ?? 'Pending') !== ours.phase) return true;
  return (ours.conditions ?? []).some(
    (c) =>
      OWNED_CONDITIONS.has(c.type) && findCondition(api?.conditions, c.type)?.status !== c.status,
  );
}
