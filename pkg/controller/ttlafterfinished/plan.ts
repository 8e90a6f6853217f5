// Decides when a finished job is deleted (upstream: pkg/controller/ttlafterfinished). Pure.
import type { Job } from '../../apis/batch/v1/types.js';

/** Milliseconds until it is due, 0 when it is; undefined when it stays. */
export function expiresInMs({ metadata, spec, status }: Job, now: number): number | undefined {
  if (spec.ttlSecondsAfterFinished === undefined || metadata.deletionTimestamp) return undefined;
  const end = status?.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
  if (!end) return undefined;
  const finished = Date.parse(end.lastTransitionTime ?? '');
  return Number.isNaN(finished)
    ? undefined
    : Math.max(0, finished + spec.ttlSecondsAfterFinished * 1000 - now);
}
