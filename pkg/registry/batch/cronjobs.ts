import { ageSince } from '../../apimachinery/duration/human-duration.js';
import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import { defaultCronJob } from '../../apis/batch/v1/defaults.js';
import { validateCronJob } from '../../apis/batch/v1/validation.js';
import { cronJobWarnings } from '../../apis/batch/v1/warnings.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { CRON_JOBS } from '../../apis/resource-types.js';
import { age, containerCells, NONE, optionalBoolean } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';

export const cronJobs = defineResource({
  type: CRON_JOBS,
  storage: 'cronjobs',
  name: subdomainName,
  defaults: defaultCronJob,
  row: (cronJob, now) => [
    cronJob.metadata.name,
    cronJob.spec.schedule,
    cronJob.spec.timeZone ?? NONE,
    optionalBoolean(cronJob.spec.suspend),
    cronJob.status?.active?.length ?? 0,
    cronJob.status?.lastScheduleTime ? ageSince(cronJob.status.lastScheduleTime, now) : NONE,
    age(cronJob, now),
    ...containerCells(cronJob.spec.jobTemplate.spec?.template),
    formatLabelSelector(cronJob.spec.jobTemplate.spec?.selector),
  ],
  prepareCreate(cronJob) {
    cronJob.status = {};
  },
  prepareUpdate: keepStatus,
  validate: validateCronJob,
  podTemplate: {
    of: ({ spec }) => spec.jobTemplate.spec?.template,
    path: 'spec.jobTemplate.spec.template',
    namesPods: true,
  },
  warnings: cronJobWarnings,
  generation: true,
  status: STATUS_ONLY,
});
