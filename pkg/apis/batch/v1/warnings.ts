// Warnings about jobs and cron jobs (upstream pkg/api/job/warnings.go,
// pkg/registry/batch/cronjob/strategy.go).
import type { CronJob, JobSpec } from './types.js';

const MANY_COMPLETIONS = 100_000;
const MANY_PODS = 10_000;

export function jobSpecWarnings(spec: JobSpec | undefined, path: string): string[] {
  const many =
    spec?.completionMode === 'Indexed' &&
    (spec.completions ?? 0) > MANY_COMPLETIONS &&
    (spec.parallelism ?? 0) > MANY_PODS;
  return many
    ? [
        `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
      ]
    : [];
}

export const cronJobWarnings = ({ spec }: CronJob): string[] => [
  ...jobSpecWarnings(spec.jobTemplate.spec, 'spec.jobTemplate.spec'),
  ...(spec.schedule?.includes('TZ')
    ? ['cannot use TZ or CRON_TZ in spec.schedule, use timeZone instead']
    : []),
];
