// Decides when a finished job is deleted (upstream: pkg/controller/ttlafterfinished). Pure.
import type { Job } from '../../apis/batch/v1/types.js';
import { finishedCondition } from '../../component-helpers/jobs.js';

/** Milliseconds until the job expires, at least 0; undefined when the job does not expire. */
export function expiresInMs(job: Job, now: number): number | undefined {
  const { metadata, spec } = job;
  if (spec.ttlSecondsAfterFinished === undefined || metadata.deletionTimestamp) return undefined;
  const end = finishedCondition(job);
  if (!end) return undefined;
  const finished = Date.parse(end.lastTransitionTime ?? '');
  return Number.isNaN(finished)
    ? undefined
    : Math.max(0, finished + spec.ttlSecondsAfterFinished * 1000 - now);
}
