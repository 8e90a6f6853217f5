// Decides the next step of a job (upstream: pkg/controller/job/job_controller.go). Every pod is
// counted exactly once although pods may be deleted at any time: a finalizer keeps a finished pod;
// its uid is written to status.uncountedTerminatedPods; then the finalizer is removed; when the
// cache shows the pod without it, the uid leaves the list and the counter grows. Pure.
import type { Notice } from '../../client/event-recorder.js';
import { durationSeconds } from '../../apimachinery/codec/time.js';
import type { Job, JobCondition, JobStatus } from '../../apis/batch/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { finishedCondition } from '../../component-helpers/jobs.js';
import { findCondition, withCondition } from '../../component-helpers/conditions.js';
import { timestamp } from '../../util/env/env.js';
import { rankForDeletion } from '../replicaset/plan.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { BURST_REPLICAS, MAX_UNCOUNTED_PODS } from '../runtime/limits.js';
import {
  isPodActive,
  isPodReady,
  isPodTerminal,
  terminalPhase,
} from '../../component-helpers/pods.js';
import { backoffLeftMs, applyFailurePolicy, nextBackoff, type Backoff } from './failures.js';
import { completionIndex, formatIndexes, nextIndexes, parseIndexes } from './indexes.js';
import {
  failedIndexes,
  failureAnnotations,
  hasLimitPerIndex,
  indexesDue,
  metSuccessPolicy,
  podsToReplace,
} from './per-index.js';

export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';

export interface JobInput {
  job: Job;
  /** All pods that the job controls, with finished and terminating pods. */
  pods: readonly Pod[];
  /** The cache shows all pods that earlier syncs created and deleted. */
  settled: boolean;
  backoff: Backoff;
  now: number;
}

export interface JobPlan {
  /** Indexes of the pods to create; undefined for pods without an index. */
  create: (number | undefined)[];
  /** Annotations for the pod of an index. */
  annotations: ReadonlyMap<number, Record<string, string>>;
  /** Excess pods: they are not counted, so their finalizer is removed first. */
  remove: Pod[];
  /** Pods of a finished job: they are deleted and counted. */
  kill: Pod[];
  status: JobStatus;
  changed: boolean;
  /** Removed only after the status is written. */
  removeFinalizers: Pod[];
  events: Notice[];
  checkAgainInMs: number | undefined;
  backoff: Backoff;
}

export const hasFinalizer = ({ metadata }: Pod): boolean =>
  metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;
const conditionOf = (status: JobStatus | undefined, type: string): JobCondition | undefined => {
  const found = findCondition(status?.conditions, type);
  return found?.status === 'True' ? found : undefined;
};
export const isJobFinished = (job: Job): boolean => finishedCondition(job) !== undefined;

export function planJob(input: JobInput): JobPlan {
  const { job, now, pods } = input;
  const counted = countPods(input);
  const active = pods.filter(isPodActive);
  const terminating = pods.filter(
    (pod) => pod.metadata.deletionTimestamp !== undefined && !isPodTerminal(pod),
  );
  const end = job.metadata.deletionTimestamp ? undefined : decideEnd(input, counted, active);
  // Upstream leaves zero out of active, succeeded and failed.
  const status = {
    ...job.status,
    ...counted.status,
    active: active.length || undefined,
    ready: active.filter(isPodReady).length,
    terminating: terminating.length,
  } as JobStatus;
  const plan: JobPlan = {
    create: [],
    annotations: new Map(),
    remove: [],
    kill: end ? active : [],
    status,
    changed: false,
    removeFinalizers: counted.removeFinalizers,
    events: [],
    checkAgainInMs: undefined,
    backoff: nextBackoff(input.backoff, counted.newlySucceeded, counted.newlyFailed, now),
  };
  if (end)
    finish(plan, job, end, { open: counted.open, living: active.length + terminating.length }, now);
  else if (!job.metadata.deletionTimestamp) keepGoing(plan, input, counted, active, terminating);
  plan.changed = !equalJson(plan.status, job.status ?? {});
  return plan;
}

interface Counted {
  status: Pick<
    JobStatus,
    'succeeded' | 'failed' | 'completedIndexes' | 'failedIndexes' | 'uncountedTerminatedPods'
  >;
  /** Includes pods in uncountedTerminatedPods. */
  succeeded: number;
  failed: number;
  completed: Set<number>;
  newlySucceeded: Pod[];
  newlyFailed: Pod[];
  removeFinalizers: Pod[];
  /** A pod is finished and not counted yet. */
  open: boolean;
  failJob: string | undefined;
  /** With backoffLimitPerIndex: failed indexes, and failed pods that wait for their replacement. */
  failedIndexes: Set<number>;
  replaced: Map<number, Pod>;
}

function countPods({ job, now, pods }: JobInput): Counted {
  const { spec, status = {} } = job;
  const indexed = spec.completionMode === 'Indexed';
  const held = new Set(pods.filter(hasFinalizer).map((pod) => pod.metadata.uid ?? ''));
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const before = { succeeded, failed };
  const waiting = {
    succeeded: before.succeeded.filter((uid) => held.has(uid)),
    failed: before.failed.filter((uid) => held.has(uid)),
  };
  const sums = {
    succeeded: (status.succeeded ?? 0) + before.succeeded.length - waiting.succeeded.length,
    failed: (status.failed ?? 0) + before.failed.length - waiting.failed.length,
  };
  const completed = indexed
    ? parseIndexes(status.completedIndexes, spec.completions ?? 0)
    : new Set<number>();
  const counted: Counted = {
    status: {},
    succeeded: 0,
    failed: 0,
    completed,
    newlySucceeded: [],
    newlyFailed: [],
    removeFinalizers: [],
    open: false,
    failJob: undefined,
    failedIndexes: new Set(),
    replaced: new Map(),
  };
  if (hasLimitPerIndex(spec)) countIndexes(counted, job, pods, now);
  const kept = new Set(counted.replaced.values());
  for (const pod of pods) {
    const fate = hasFinalizer(pod) ? fateOf(job, pod) : undefined;
    if (!fate || counted.removeFinalizers.length >= MAX_UNCOUNTED_PODS) continue;
    if (kept.has(pod)) {
      // The replacement needs its count; its failure counts toward the job's limit already.
      if (applyFailurePolicy(spec.podFailurePolicy, pod).action !== 'Ignore') counted.failed++;
      continue;
    }
    counted.removeFinalizers.push(pod);
    const uid = pod.metadata.uid ?? '';
    const known = waiting.succeeded.includes(uid) || waiting.failed.includes(uid);
    if (!known) countNew(counted, waiting, job, pod, fate, indexed);
  }
  counted.succeeded = indexed ? completed.size : sums.succeeded + waiting.succeeded.length;
  counted.failed += sums.failed + waiting.failed.length;
  counted.open =
    counted.removeFinalizers.length + waiting.succeeded.length + waiting.failed.length + kept.size >
    0;
  counted.status = {
    succeeded: (indexed ? completed.size : sums.succeeded) || undefined,
    failed: sums.failed || undefined,
  } as Counted['status'];
  if (indexed && completed.size) counted.status.completedIndexes = formatIndexes(completed);
  if (hasLimitPerIndex(spec)) counted.status.failedIndexes = formatIndexes(counted.failedIndexes);
  counted.status.uncountedTerminatedPods = {
    ...(waiting.succeeded.length && { succeeded: waiting.succeeded }),
    ...(waiting.failed.length && { failed: waiting.failed }),
  };
  return counted;
}

function countIndexes(counted: Counted, job: Job, pods: readonly Pod[], now: number): void {
  const failed = pods.filter((pod) => fateOf(job, pod) === 'failed');
  counted.failedIndexes = failedIndexes(job, failed);
  const isOver =
    job.metadata.deletionTimestamp ||
    conditionOf(job.status, 'FailureTarget') ||
    conditionOf(job.status, 'SuccessCriteriaMet');
  if (isOver) return;
  const indexesOf = (some: readonly Pod[]) => some.flatMap((pod) => completionIndex(pod) ?? []);
  const succeeded = pods.filter((pod) => terminalPhase(pod) === 'Succeeded');
  const over = new Set([
    ...counted.completed,
    ...counted.failedIndexes,
    ...indexesOf(succeeded),
    ...indexesOf(pods.filter(isPodActive)),
  ]);
  counted.replaced = podsToReplace(job, failed.filter(hasFinalizer), over, now);
}

const FATES = { Succeeded: 'succeeded', Failed: 'failed' } as const;

/** The result of a pod for the job; undefined while the pod has none. */
function fateOf({ metadata, spec }: Job, pod: Pod): 'succeeded' | 'failed' | 'dropped' | undefined {
  const phase = terminalPhase(pod);
  if (phase) return FATES[phase];
  // A terminating pod counts as failed at once, unless podReplacementPolicy is Failed.
  if (pod.metadata.deletionTimestamp !== undefined && spec.podReplacementPolicy !== 'Failed')
    return 'failed';
  return metadata.deletionTimestamp !== undefined ? 'dropped' : undefined;
}

function countNew(
  counted: Counted,
  waiting: { succeeded: string[]; failed: string[] },
  job: Job,
  pod: Pod,
  fate: string,
  indexed: boolean,
): void {
  const index = indexed ? completionIndex(pod) : undefined;
  if (
    fate === 'dropped' ||
    (indexed && (index === undefined || index >= (job.spec.completions ?? 0)))
  )
    return;
  const uid = pod.metadata.uid ?? '';
  if (fate === 'succeeded') {
    counted.newlySucceeded.push(pod);
    if (index !== undefined) counted.completed.add(index);
    else waiting.succeeded.push(uid);
    return;
  }
  const verdict =
    terminalPhase(pod) === 'Failed'
      ? applyFailurePolicy(job.spec.podFailurePolicy, pod)
      : { action: 'Count' as const, message: '' };
  if (verdict.action === 'FailJob') counted.failJob ??= verdict.message;
  if (verdict.action === 'Ignore') return;
  counted.newlyFailed.push(pod);
  waiting.failed.push(uid);
}

interface End {
  ok: boolean;
  reason: string;
  message: string;
}

const failure = (reason = '', message = ''): End => ({ ok: false, reason, message });

const REACHED: End = {
  ok: true,
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

/** The end that an earlier sync recorded, or that the job reaches now. */
function decideEnd(
  { job, now, pods }: JobInput,
  counted: Counted,
  active: readonly Pod[],
): End | undefined {
  const { spec, status } = job;
  const failing = conditionOf(status, 'FailureTarget');
  if (failing) return failure(failing.reason, failing.message);
  const succeeding = conditionOf(status, 'SuccessCriteriaMet');
  if (succeeding)
    return { ...REACHED, reason: succeeding.reason ?? '', message: succeeding.message ?? '' };
  if (counted.failJob) return failure('PodFailurePolicy', counted.failJob);
  const limit = spec.backoffLimit ?? 6;
  if (counted.failed > limit || restartsExceed(job, pods, limit))
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  if (deadlineLeftMs(job, now) === 0)
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  const byIndexes = decideIndexes(spec, counted);
  if (byIndexes) return byIndexes;
  const reached =
    spec.completions === undefined
      ? counted.succeeded > 0 && active.length === 0
      : counted.succeeded >= spec.completions;
  return reached ? REACHED : undefined;
}

function decideIndexes(
  spec: Job['spec'],
  { completed, failedIndexes: failed }: Counted,
): End | undefined {
  if (spec.completionMode !== 'Indexed') return undefined;
  if (spec.maxFailedIndexes !== undefined && failed.size > spec.maxFailedIndexes) {
    const message = 'Job has exceeded the specified maximal number of failed indexes';
    return failure('MaxFailedIndexesExceeded', message);
  }
  if (failed.size > 0 && failed.size + completed.size >= (spec.completions ?? 0))
    return failure('FailedIndexes', 'Job has failed indexes');
  const met = metSuccessPolicy(spec, completed);
  return met === undefined ? undefined : { ok: true, reason: 'SuccessPolicy', message: met };
}

/** Restarts of containers in place count toward the limit too. */
function restartsExceed({ spec }: Job, pods: readonly Pod[], limit: number): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .flatMap(({ status }) => [
      ...(status?.initContainerStatuses ?? []),
      ...(status?.containerStatuses ?? []),
    ])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function deadlineLeftMs({ spec, status }: Job, now: number): number {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend || !status?.startTime)
    return Infinity;
  return Math.max(
    0,
    Date.parse(status.startTime) + durationSeconds(spec.activeDeadlineSeconds) * 1000 - now,
  );
}

/**
 * Writes the criteria-met condition first, and the final condition when no pod runs and all are
 * counted.
 */
function finish(
  plan: JobPlan,
  job: Job,
  end: End,
  { living, open }: { open: boolean; living: number },
  now: number,
): void {
  const { ok, reason, message } = end;
  const condition = { status: 'True', reason, message };
  const met = ok ? 'SuccessCriteriaMet' : 'FailureTarget';
  setCondition(plan.status, { type: met, ...condition }, now);
  plan.status.startTime ??= timestamp(now);
  if (living || open) return;
  setCondition(plan.status, { type: ok ? 'Complete' : 'Failed', ...condition }, now);
  if (ok) plan.status.completionTime = timestamp(now);
  if (isJobFinished(job)) return;
  plan.events.push(
    ok
      ? { type: 'Normal', reason: 'Completed', message: 'Job completed' }
      : { type: 'Warning', reason, message },
  );
}

function setCondition(status: JobStatus, condition: JobCondition, now: number): void {
  const had = findCondition(status.conditions, condition.type);
  if (had && had.status === condition.status && had.reason === condition.reason) return;
  const next = { ...condition, lastProbeTime: timestamp(now) };
  status.conditions = withCondition(status.conditions, next, now);
}

function keepGoing(
  plan: JobPlan,
  input: JobInput,
  counted: Counted,
  active: readonly Pod[],
  terminating: readonly Pod[],
): void {
  const { job, now, settled } = input;
  const { status } = plan;
  const suspended = conditionOf(status, 'Suspended') !== undefined;
  const tell = (isSuspended: boolean): void => {
    const reason = isSuspended ? 'Suspended' : 'Resumed';
    const message = `Job ${reason.toLowerCase()}`;
    const condition = { status: isSuspended ? 'True' : 'False', reason: `Job${reason}`, message };
    setCondition(status, { type: 'Suspended', ...condition }, now);
    plan.events.push({ type: 'Normal', reason, message });
  };
  if (job.spec.suspend) {
    if (settled) plan.remove = [...active];
    delete status.startTime;
    if (!suspended) tell(true);
    return;
  }
  if (suspended) tell(false);
  status.startTime ??= timestamp(now);
  const waits = [deadlineLeftMs({ ...job, status }, now)];
  if (settled) {
    const surplus = surplusPods(job, active, counted, now);
    plan.remove = surplus;
    const going = job.spec.podReplacementPolicy === 'Failed' ? terminating : [];
    const present = [...active, ...going];
    const missing = wantedPods(job, counted, active) - (present.length - surplus.length);
    if (missing > 0 && !surplus.length) {
      const wait = fill(plan, input, counted, Math.min(missing, BURST_REPLICAS), present);
      if (wait) waits.push(wait);
    }
  }
  const wait = Math.min(...waits);
  if (wait !== Infinity) plan.checkAgainInMs = wait;
}

/** Plans up to `count` new pods beside the `present` pods, or returns the back-off that is left. */
function fill(
  plan: JobPlan,
  { job, now }: JobInput,
  counted: Counted,
  count: number,
  present: readonly Pod[],
): number {
  if (!hasLimitPerIndex(job.spec)) {
    const pause = backoffLeftMs(plan.backoff, now);
    if (!pause) plan.create = newPods(job, count, counted, present);
    return pause;
  }
  const indexes = newPods(job, count, counted, present).map(Number);
  const { due, waitMs } = indexesDue(indexes, counted.replaced, now);
  plan.create = due;
  plan.annotations = new Map(
    due.map((index) => [index, failureAnnotations(job, counted.replaced.get(index))]),
  );
  return waitMs;
}

function wantedPods({ spec }: Job, counted: Counted, active: readonly Pod[]): number {
  const parallelism = spec.parallelism ?? 1;
  // A work queue: after the first success no new pods are created.
  if (spec.completions === undefined)
    return counted.succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
  return Math.max(0, Math.min(spec.completions - counted.succeeded, parallelism));
}

function surplusPods(job: Job, active: readonly Pod[], counted: Counted, now: number): Pod[] {
  const ranked = rankForDeletion(active, [], now);
  if (job.spec.completionMode !== 'Indexed')
    return ranked.slice(0, Math.max(0, active.length - wantedPods(job, counted, active)));
  const seen = new Set<number>();
  const superfluous: Pod[] = [];
  for (const pod of ranked.toReversed()) {
    const index = completionIndex(pod);
    if (index === undefined || index >= (job.spec.completions ?? 0) || seen.has(index))
      superfluous.push(pod);
    else seen.add(index);
  }
  const rest = ranked
    .filter((pod) => !superfluous.includes(pod))
    .sort((a, b) => completionIndex(b)! - completionIndex(a)!);
  return [
    ...superfluous,
    ...rest.slice(0, Math.max(0, rest.length - wantedPods(job, counted, rest))),
  ];
}

function newPods(
  { spec }: Job,
  count: number,
  counted: Counted,
  present: readonly Pod[],
): (number | undefined)[] {
  if (spec.completionMode !== 'Indexed') return Array.from({ length: count }, () => undefined);
  const taken = new Set([
    ...counted.completed,
    ...counted.failedIndexes,
    ...present.flatMap((pod) => completionIndex(pod) ?? []),
  ]);
  return nextIndexes(count, spec.completions ?? 0, taken);
}
