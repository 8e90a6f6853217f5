// Decides which job a cron job starts, which old jobs are deleted, and when to reconcile again
// (upstream: pkg/controller/cronjob/{cronjob_controllerv2,utils}.go). Pure.
import type { Notice } from '../../client/event-recorder.js';
import { durationSeconds } from '../../apimachinery/codec/time.js';
import type { CronJob, CronJobStatus, Job } from '../../apis/batch/v1/types.js';
import type { ObjectReference } from '../../apis/core/v1/types.js';
import { CRON_JOBS } from '../../apis/resource-types.js';
import { finishedCondition } from '../../component-helpers/jobs.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import { timestamp } from '../../util/env/env.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { parseSchedule, type Schedule } from './schedule.js';

export const SCHEDULED_ANNOTATION = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
/**
 * More missed times mean a wrong clock or a long stop. They are reported only; the job of the last
 * missed time is started.
 */
const TOO_MANY_MISSED = 100;
/** Timers may fire early; the added time makes sure that the scheduled time has passed. */
const AFTER_DUE_MS = 100;

export interface CronJobPlan {
  create: Job | undefined;
  /** Finished jobs beyond the history limit, and running jobs that are replaced. */
  remove: Job[];
  /** Includes the job of `create`, if any. */
  status: CronJobStatus;
  changed: boolean;
  events: Notice[];
  checkAgainInMs: number | undefined;
}

/** 'Complete', 'Failed', or '' while the job runs. */
const endOf = (job: Job): string => finishedCondition(job)?.type ?? '';

/** `jobs` are the jobs that the cron job controls. */
export function planCronJob(cronJob: CronJob, jobs: readonly Job[], now: number): CronJobPlan {
  const plan: CronJobPlan = {
    create: undefined,
    remove: excessHistory(cronJob, jobs),
    status: { ...cronJob.status },
    changed: false,
    events: [],
    checkAgainInMs: undefined,
  };
  const running = noteJobs(plan, cronJob, jobs);
  if (!cronJob.metadata.deletionTimestamp && !cronJob.spec.suspend)
    start(plan, cronJob, running, now);
  if (!plan.status.active?.length) delete plan.status.active;
  plan.changed = !equalJson(plan.status, cronJob.status ?? {});
  return plan;
}

export function jobReference(job: Job): ObjectReference {
  const { name, namespace, resourceVersion, uid } = job.metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  };
}

function tell(plan: CronJobPlan, type: Notice['type'], reason: string, message: string): void {
  plan.events.push({ type, reason, message });
}

/** Updates the active jobs and the last success in the status; returns the jobs that run. */
function noteJobs(plan: CronJobPlan, cronJob: CronJob, jobs: readonly Job[]): Job[] {
  const before = cronJob.status?.active ?? [];
  const running = jobs.filter((job) => !endOf(job));
  for (const { name, uid } of before) {
    const job = jobs.find(({ metadata }) => metadata.uid === uid);
    const saw = `Saw completed job: ${name}, condition: ${job ? endOf(job) : ''}`;
    if (!job) tell(plan, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    else if (endOf(job)) tell(plan, 'Normal', 'SawCompletedJob', saw);
  }
  plan.status.active = running.map(
    (job) => before.find(({ uid }) => uid === job.metadata.uid) ?? jobReference(job),
  );
  for (const job of jobs) {
    const completed = endOf(job) === 'Complete' ? job.status?.completionTime : undefined;
    if (completed && completed > (plan.status.lastSuccessfulTime ?? ''))
      plan.status.lastSuccessfulTime = completed;
  }
  return running;
}

function excessHistory({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  const excess = (end: string, limit: number | undefined): Job[] => {
    if (limit === undefined) return [];
    const finished = jobs.filter((job) => endOf(job) === end && !job.metadata.deletionTimestamp);
    const age = ({ metadata, status }: Job): string =>
      `${status?.startTime ?? ''} ${metadata.name}`;
    return finished
      .sort((a, b) => (age(a) < age(b) ? -1 : 1))
      .slice(0, Math.max(0, finished.length - limit));
  };
  return [
    ...excess('Complete', spec.successfulJobsHistoryLimit),
    ...excess('Failed', spec.failedJobsHistoryLimit),
  ];
}

function start(plan: CronJobPlan, cronJob: CronJob, running: readonly Job[], now: number): void {
  const { spec, status } = cronJob;
  const schedule = tryParse(plan, cronJob);
  if (!schedule) return;
  const next = schedule.next(now);
  if (next !== undefined) plan.checkAgainInMs = next - now + AFTER_DUE_MS;
  const due = lastDue(plan, cronJob, schedule, now);
  if (next === undefined && due === undefined) {
    // Such as 31 February. The words are upstream's, whose sum of two zero times is zero.
    const message = `invalid schedule: ${spec.schedule} : time difference between two schedules is less than 1 second`;
    return tell(plan, 'Warning', 'InvalidSchedule', message);
  }
  if (due === undefined || status?.lastScheduleTime === timestamp(due)) return;
  if (
    spec.startingDeadlineSeconds !== undefined &&
    due + durationSeconds(spec.startingDeadlineSeconds) * 1000 < now
  ) {
    const time = new Date(due).toUTCString().replace('GMT', '+0000');
    return tell(plan, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${time}`);
  }
  const job = jobAt(cronJob, due);
  if (running.some(({ metadata }) => metadata.name === job.metadata.name)) {
    // The job was started, but the status was not written.
    plan.status.lastScheduleTime = timestamp(due);
    return;
  }
  if (spec.concurrencyPolicy === 'Forbid' && running.length) {
    const message =
      'Not starting job because prior execution is running and concurrency policy is Forbid';
    return tell(plan, 'Normal', 'JobAlreadyActive', message);
  }
  if (spec.concurrencyPolicy === 'Replace') {
    plan.remove.push(...running);
    plan.status.active = [];
  }
  plan.create = job;
  plan.status.lastScheduleTime = timestamp(due);
}

function tryParse(plan: CronJobPlan, { spec }: CronJob): Schedule | undefined {
  try {
    return parseSchedule(spec.schedule, spec.timeZone);
  } catch (error) {
    const message = `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${(error as Error).message}`;
    tell(plan, 'Warning', 'UnparseableSchedule', message);
    return undefined;
  }
}

/** The latest scheduled time since the last start. Earlier missed times are skipped. */
function lastDue(
  plan: CronJobPlan,
  { metadata, spec, status }: CronJob,
  schedule: Schedule,
  now: number,
): number | undefined {
  const since = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '');
  const deadline =
    spec.startingDeadlineSeconds === undefined
      ? -Infinity
      : now - durationSeconds(spec.startingDeadlineSeconds) * 1000;
  const earliest = Math.max(Number.isNaN(since) ? now : since, deadline);
  const due = schedule.latest(earliest, now);
  if (due === undefined) return undefined;
  let missed = 0;
  for (
    let at = schedule.next(earliest);
    at !== undefined && at <= due && missed <= TOO_MANY_MISSED;
    at = schedule.next(at)
  )
    missed++;
  if (missed > TOO_MANY_MISSED) {
    const message =
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    tell(plan, 'Warning', 'TooManyMissedTimes', message);
  }
  return due;
}

/** The name contains the minute, so that a scheduled time never starts two jobs. */
function jobAt(cronJob: CronJob, due: number): Job {
  const { name, namespace } = cronJob.metadata;
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${Math.floor(due / 60_000)}`,
      ...(namespace && { namespace }),
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED_ANNOTATION]: timestamp(due) },
      ownerReferences: [controllerReference(CRON_JOBS, cronJob)],
    },
    spec: spec ?? { template: {} },
  };
}
