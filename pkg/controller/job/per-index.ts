// The back-off limit of each index of an Indexed job (backoffLimitPerIndex), and the success policy
// (upstream: pkg/controller/job/{backoff_utils,indexed_job_utils,success_policy}.go). An annotation
// of the pods holds the failures of an index: a replacement gets the count of the pod that it
// replaces, plus one. The last failed pod of an index therefore keeps its finalizer until its
// replacement exists. Pure.
import type { Job, JobSpec } from '../../apis/batch/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { backoffLeftMs, finishedAt, applyFailurePolicy } from './failures.js';
import { completionIndex, parseIndexes } from './indexes.js';

export const FAILURE_COUNT = 'batch.kubernetes.io/job-index-failure-count';
/** The annotation is absent while the count is 0. */
export const IGNORED_FAILURE_COUNT = 'batch.kubernetes.io/job-index-ignored-failure-count';

export const hasLimitPerIndex = ({ completionMode, backoffLimitPerIndex }: JobSpec): boolean =>
  completionMode === 'Indexed' && backoffLimitPerIndex !== undefined;

function countOn(pod: Pod, annotation: string): number {
  const count = Number(pod.metadata.annotations?.[annotation] ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

const allFailures = (pod: Pod): number =>
  countOn(pod, FAILURE_COUNT) + countOn(pod, IGNORED_FAILURE_COUNT);

/** Undefined for pods without an index of the job. */
function indexIn({ spec }: Job, pod: Pod): number | undefined {
  const index = completionIndex(pod);
  return index !== undefined && index < (spec.completions ?? 0) ? index : undefined;
}

/** Indexes that had failed before, and indexes whose pods in `failed` reached the limit. */
export function failedIndexes(job: Job, failed: readonly Pod[]): Set<number> {
  const { spec, status } = job;
  const indexes = parseIndexes(status?.failedIndexes, spec.completions ?? 0);
  for (const pod of failed) {
    const index = indexIn(job, pod);
    if (index === undefined) continue;
    const { action } = applyFailurePolicy(spec.podFailurePolicy, pod);
    const isOver =
      action === 'FailIndex' ||
      (action !== 'Ignore' &&
        countOn(pod, FAILURE_COUNT) >= (spec.backoffLimitPerIndex ?? Infinity));
    if (isOver) indexes.add(index);
  }
  return indexes;
}

/**
 * By index: the failed pod that the next pod replaces. Indexes in `over` have succeeded, have
 * failed, or have a running pod.
 */
export function podsToReplace(
  job: Job,
  failed: readonly Pod[],
  over: ReadonlySet<number>,
  now: number,
): Map<number, Pod> {
  const last = new Map<number, Pod>();
  for (const pod of failed) {
    const index = indexIn(job, pod);
    if (index === undefined || over.has(index)) continue;
    const known = last.get(index);
    if (
      !known ||
      (allFailures(known) <= allFailures(pod) && finishedAt(known, now) <= finishedAt(pod, now))
    )
      last.set(index, pod);
  }
  return last;
}

export function failureAnnotations(
  { spec }: Job,
  replaced: Pod | undefined,
): Record<string, string> {
  if (!replaced) return { [FAILURE_COUNT]: '0' };
  const ignored = applyFailurePolicy(spec.podFailurePolicy, replaced).action === 'Ignore';
  const counts = {
    failed: countOn(replaced, FAILURE_COUNT) + (ignored ? 0 : 1),
    ignored: countOn(replaced, IGNORED_FAILURE_COUNT) + (ignored ? 1 : 0),
  };
  return {
    [FAILURE_COUNT]: String(counts.failed),
    ...(counts.ignored && { [IGNORED_FAILURE_COUNT]: String(counts.ignored) }),
  };
}

/**
 * The indexes that may get a pod now, or else the time until the first may. Each index has its own
 * back-off.
 */
export function indexesDue(
  indexes: readonly number[],
  replaced: ReadonlyMap<number, Pod>,
  now: number,
): { due: number[]; waitMs: number } {
  const due: number[] = [];
  let waitMs = Infinity;
  for (const index of indexes) {
    const pod = replaced.get(index);
    const left = pod
      ? backoffLeftMs({ failures: allFailures(pod) + 1, lastFailureAt: finishedAt(pod, now) }, now)
      : 0;
    if (left === 0) due.push(index);
    else waitMs = Math.min(waitMs, left);
  }
  return { due, waitMs: due.length ? Infinity : waitMs };
}

/**
 * The message of the success policy rule that the succeeded indexes meet; undefined while none is
 * met.
 */
export function metSuccessPolicy(
  { completions = 0, successPolicy }: JobSpec,
  succeeded: ReadonlySet<number>,
): string | undefined {
  for (const [at, { succeededCount, succeededIndexes }] of (successPolicy?.rules ?? []).entries()) {
    const wanted =
      succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completions);
    const reached = wanted
      ? [...wanted].filter((index) => succeeded.has(index)).length
      : succeeded.size;
    const needed = succeededCount ?? wanted?.size;
    if (needed !== undefined && reached >= needed) return `Matched rules at index ${at}`;
  }
  return undefined;
}
