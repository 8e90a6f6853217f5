// The resources of the group batch.
import { ageSince, humanDuration } from '../../apimachinery/duration/human-duration.js';
import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import { defaultCronJob, defaultJob } from '../../apis/batch/v1/defaults.js';
import type { Job } from '../../apis/batch/v1/types.js';
import { validateCronJob, validateJob, validateJobUpdate } from '../../apis/batch/v1/validation.js';
import { cronJobWarnings, jobSpecWarnings } from '../../apis/batch/v1/warnings.js';
import { CRON_JOBS, JOBS } from '../../apis/resource-types.js';
import { isConditionTrue } from '../../component-helpers/conditions.js';
import { containerCells, NONE, optionalBoolean } from '../cells.js';
import { defineResource } from '../define.js';

export const cronJobs = defineResource({
  type: CRON_JOBS,
  defaults: defaultCronJob,
  cells: (cronJob, now) => [
    cronJob.spec.schedule,
    cronJob.spec.timeZone ?? NONE,
    optionalBoolean(cronJob.spec.suspend),
    cronJob.status?.active?.length ?? 0,
    cronJob.status?.lastScheduleTime ? ageSince(cronJob.status.lastScheduleTime, now) : NONE,
    ...containerCells(cronJob.spec.jobTemplate.spec?.template),
    formatLabelSelector(cronJob.spec.jobTemplate.spec?.selector),
  ],
  freshStatus: () => ({}),
  validate: validateCronJob,
  podTemplate: {
    of: ({ spec }) => spec.jobTemplate.spec?.template,
    path: 'spec.jobTemplate.spec.template',
    namesPods: true,
  },
  warnings: cronJobWarnings,
  generation: true,
  status: {},
});

// Jobs. A job without `manualSelector` selects its pods by its own uid, so that no two jobs share
// pods.
const PREFIX = 'batch.kubernetes.io/';
/** The word for a job's state is that of the first condition here that is true. */
const STATES: readonly [condition: string, word: string][] = [
  ['Complete', 'Complete'],
  ['Failed', 'Failed'],
  ['', 'Terminating'],
  ['Suspended', 'Suspended'],
  ['FailureTarget', 'FailureTarget'],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
];

function state(job: Job): string {
  const holds = (type: string): boolean =>
    type === ''
      ? Boolean(job.metadata.deletionTimestamp)
      : isConditionTrue(job.status?.conditions, type);
  return STATES.find(([condition]) => holds(condition))?.[1] ?? 'Running';
}

function completions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  return (spec.parallelism ?? 0) > 1 ? `${succeeded}/1 of ${spec.parallelism}` : `${succeeded}/1`;
}

function duration({ status }: Job, now: number): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return humanDuration(end - Date.parse(status.startTime));
}

function generatedLabels({ metadata }: Job): Record<string, string> {
  const [uid, name] = [metadata.uid ?? '', metadata.name ?? ''];
  return {
    'controller-uid': uid,
    [`${PREFIX}controller-uid`]: uid,
    'job-name': name,
    [`${PREFIX}job-name`]: name,
  };
}

/** A job that has its labels from the template gets the generated ones too. */
function shareLabels(job: Job): void {
  const { labels } = job.metadata;
  if (labels && labels === job.spec.template.metadata?.labels && !job.spec.manualSelector)
    job.metadata.labels = { ...labels, ...generatedLabels(job) };
}

function selectOwnPods(job: Job): void {
  const { spec, metadata } = job;
  const uid = metadata.uid ?? '';
  const template = (spec.template.metadata ??= {} as NonNullable<typeof spec.template.metadata>);
  const generated = generatedLabels(job);
  template.labels = { ...template.labels, ...generated };
  // shareLabels left the name empty when it was not generated yet.
  for (const [key, value] of Object.entries(generated))
    if (metadata.labels?.[key] === '') metadata.labels[key] = value;
  spec.selector ??= {};
  spec.selector.matchLabels = { ...spec.selector.matchLabels, [`${PREFIX}controller-uid`]: uid };
}

export const jobs = defineResource({
  type: JOBS,
  defaults: defaultJob,
  cells: (job, now) => [
    state(job),
    completions(job),
    duration(job, now),
    ...containerCells(job.spec.template),
    formatLabelSelector(job.spec.selector),
  ],
  selectableFields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  prepareCreate(job) {
    job.status = {};
    shareLabels(job);
  },
  // The name of a job may be generated, and prepareCreate runs before the generation.
  allocate(job, old) {
    if (!old && !job.spec.manualSelector) selectOwnPods(job);
    return [];
  },
  validate: validateJob,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  warnings: ({ spec }) => jobSpecWarnings(spec, 'spec'),
  validateUpdate: validateJobUpdate,
  generation: true,
  status: {},
  // The default of batch/v1 since its first release; clients depend on it.
  defaultPropagation: 'Orphan',
});
