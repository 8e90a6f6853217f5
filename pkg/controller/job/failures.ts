// The pod failure policy of a job, and the back-off before its next pod (upstream:
// pkg/controller/job/{pod_failure_policy,backoff_utils}.go). Pure.
import type { JobSpec, PodFailurePolicyRule } from '../../apis/batch/v1/types.js';
import type { ContainerStatus, Pod } from '../../apis/core/v1/types.js';
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS } from '../runtime/limits.js';

export interface FailurePolicyResult {
  action: 'Count' | 'Ignore' | 'FailIndex' | 'FailJob';
  message: string;
}

/** The first matching rule decides. FailIndex counts as a failure too: see per-index.ts. */
export function applyFailurePolicy(
  policy: JobSpec['podFailurePolicy'],
  pod: Pod,
): FailurePolicyResult {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const why = rule.onExitCodes
      ? matchExitCodes(rule.onExitCodes, pod)
      : matchConditions(rule, pod);
    if (!why) continue;
    const action =
      rule.action === 'FailJob' || rule.action === 'Ignore' || rule.action === 'FailIndex'
        ? rule.action
        : 'Count';
    return { action, message: `${why} matching ${rule.action} rule at index ${index}` };
  }
  return { action: 'Count', message: '' };
}

const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

function matchExitCodes(
  rule: NonNullable<PodFailurePolicyRule['onExitCodes']>,
  pod: Pod,
): string | undefined {
  const matches = ({ name, state }: ContainerStatus): boolean => {
    const code = state?.terminated?.exitCode;
    // Exit code 0 never matches.
    if (!code || (rule.containerName !== undefined && rule.containerName !== name)) return false;
    return rule.values.includes(code) === (rule.operator === 'In');
  };
  const found = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
  ].find(matches);
  return (
    found &&
    `Container ${found.name} for pod ${nameOf(pod)} failed with exit code ${found.state?.terminated?.exitCode}`
  );
}

function matchConditions(
  { onPodConditions = [] }: PodFailurePolicyRule,
  pod: Pod,
): string | undefined {
  const found = (pod.status?.conditions ?? []).find(({ type, status }) =>
    onPodConditions.some((p) => p.type === type && p.status === status),
  );
  return found && `Pod ${nameOf(pod)} has condition ${found.type}`;
}

/** Failures since a pod last succeeded. Kept in memory: a new leader starts without back-off. */
export interface Backoff {
  failures: number;
  lastFailureAt: number;
}

export const NO_BACKOFF: Backoff = { failures: 0, lastFailureAt: 0 };

export function finishedAt(pod: Pod, now: number): number {
  const times = (pod.status?.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state?.terminated?.finishedAt ?? ''),
  );
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length ? Math.max(...known) : now;
}

export function nextBackoff(
  before: Backoff,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
  now: number,
): Backoff {
  const failures = failed.map((pod) => finishedAt(pod, now)).sort((a, b) => a - b);
  const lastSuccess = Math.max(-Infinity, ...succeeded.map((pod) => finishedAt(pod, now)));
  const after = failures.filter((at) => at > lastSuccess).length;
  return {
    failures: (succeeded.length ? 0 : before.failures) + after,
    lastFailureAt: Math.max(before.lastFailureAt, failures.at(-1) ?? 0),
  };
}

/** Milliseconds until the next pod may be created. */
export function backoffLeftMs({ failures, lastFailureAt }: Backoff, now: number): number {
  if (failures === 0) return 0;
  const pause = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.max(0, lastFailureAt + pause - now);
}
