// Jobs. A job without `manualSelector` selects its pods by its own uid, so that no two jobs share
// pods.
import { humanDuration } from '../../apimachinery/duration/human-duration.js';
import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import { defaultJob } from '../../apis/batch/v1/defaults.js';
import type { Job } from '../../apis/batch/v1/types.js';
import { validateJob, validateJobUpdate } from '../../apis/batch/v1/validation.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { jobSpecWarnings } from '../../apis/batch/v1/warnings.js';
import { JOBS } from '../../apis/resource-types.js';
import { isConditionTrue } from '../../component-helpers/conditions.js';
import { age, containerCells } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';

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
  storage: 'jobs',
  name: subdomainName,
  defaults: defaultJob,
  row: (job, now) => [
    job.metadata.name,
    state(job),
    completions(job),
    duration(job, now),
    age(job, now),
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
  prepareUpdate: keepStatus,
  validate: validateJob,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  warnings: ({ spec }) => jobSpecWarnings(spec, 'spec'),
  validateUpdate: validateJobUpdate,
  generation: true,
  status: STATUS_ONLY,
  // The default of batch/v1 since its first release; clients depend on it.
  defaultPropagation: 'Orphan',
});
