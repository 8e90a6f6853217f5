// Defaults of batch/v1 (upstream pkg/apis/batch/v1/defaults.go).
import { defaultPodTemplateSpec } from '../../core/v1/pod-defaults.js';
import type { CronJob, Job } from './types.js';

const BACKOFF_LIMIT = 6;
const MAX_INT32 = 2_147_483_647;

export function defaultJob(job: Job): void {
  const spec = (job.spec ??= {} as Job['spec']);
  job.status ??= {};
  spec.template ??= {};
  defaultPodTemplateSpec(spec.template);
  // A job without both counts runs one pod; a job with a parallelism only is a work queue.
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : MAX_INT32;
  const labels = spec.template.metadata?.labels;
  // Both are one map as in upstream, whose generated labels of the pods become the job's too.
  if (labels && Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = labels;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= 'True';
  }
}

export function defaultCronJob(cronJob: CronJob): void {
  const spec = (cronJob.spec ??= {} as CronJob['spec']);
  cronJob.status ??= {};
  spec.jobTemplate ??= {};
  spec.jobTemplate.metadata ??= {} as NonNullable<typeof spec.jobTemplate.metadata>;
  spec.jobTemplate.spec ??= { template: {} };
  spec.jobTemplate.spec.template ??= {};
  defaultPodTemplateSpec(spec.jobTemplate.spec.template);
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
}
