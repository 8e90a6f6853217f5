// The end of jobs (upstream pkg/controller/job/utils.go, FinishedCondition). Pure.
import type { Job, JobCondition } from '../apis/batch/v1/types.js';

/** The condition Complete or Failed that is True; undefined while the job runs. */
export function finishedCondition({ status }: Pick<Job, 'status'>): JobCondition | undefined {
  return status?.conditions?.find(
    (condition) =>
      (condition.type === 'Complete' || condition.type === 'Failed') && condition.status === 'True',
  );
}
