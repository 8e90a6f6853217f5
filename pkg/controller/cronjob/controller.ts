// cronjob-controller: starts jobs on their schedules (upstream: pkg/controller/cronjob). Each cron
// job is requeued at its next scheduled time, and when one of its jobs finishes.
import { isNamespaceTerminating, isReason } from '../../apimachinery/errors/status-error.js';
import type { CronJob, Job } from '../../apis/batch/v1/types.js';
import { CRON_JOBS, JOBS } from '../../apis/resource-types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { OwnWrites } from '../runtime/own-writes.js';
import { controllerKeys, OWNERSHIP_INDEX, ownershipIndexers } from '../runtime/ownership.js';
import { addressOf, deleteObject } from '../../client/requests.js';
import { jobReference, planCronJob, type CronJobPlan } from './plan.js';

/** Timers hold 2^31 - 1 ms at most; a cron job with a yearly schedule is requeued in between. */
const LONGEST_WAIT_MS = 2_000_000_000;

export function createCronJobController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const cronJobs = informers.informer(CRON_JOBS);
  const jobs = informers.informer(JOBS);
  jobs.addIndexers(ownershipIndexers());
  const events = context.events('cronjob-controller');
  const writes = new OwnWrites(env.clock);
  const started = new OwnWrites(env.clock);

  const remove = async (cronJob: CronJob, job: Job): Promise<void> => {
    const message = `Deleted job ${job.metadata.name}`;
    try {
      if (await deleteObject(client, JOBS, job, { propagationPolicy: 'Background' }))
        events.event(cronJob, 'Normal', 'SuccessfulDelete', message);
    } catch (error) {
      events.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${(error as Error).message}`);
      throw error;
    }
  };

  const create = async (key: string, cronJob: CronJob, job: Job): Promise<Job> => {
    try {
      const made = await client.create(JOBS, job);
      events.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${made.metadata.name}`);
      started.wrote(key, made);
      return made;
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) {
        const other = await client.get(JOBS, addressOf(job));
        if (controllerOf(other)?.uid === cronJob.metadata.uid) {
          started.wrote(key, other);
          return other;
        }
      }
      if (!isNamespaceTerminating(error)) {
        const message = `Error creating job: ${(error as Error).message}`;
        events.event(cronJob, 'Warning', 'FailedCreate', message);
      }
      throw error;
    }
  };

  const act = async (key: string, cronJob: CronJob, plan: CronJobPlan): Promise<void> => {
    for (const { message, reason, type } of plan.events)
      events.event(cronJob, type, reason, message);
    for (const job of plan.remove) await remove(cronJob, job);
    const made = plan.create && (await create(key, cronJob, plan.create));
    const status = made
      ? { ...plan.status, active: [...(plan.status.active ?? []), jobReference(made)] }
      : plan.status;
    if (made || plan.changed)
      writes.wrote(
        key,
        await client.update(CRON_JOBS, { ...cronJob, status }, { subresource: 'status' }),
      );
  };

  return {
    watches: [watch(cronJobs), watch(jobs, (job) => controllerKeys(job, CRON_JOBS))],
    async reconcile(key) {
      const cronJob = cronJobs.store.get(key);
      if (!cronJob) {
        writes.forget(key);
        return started.forget(key);
      }
      const behind = Math.max(
        writes.behindMs(key, cronJobs.store),
        started.behindMs(key, jobs.store),
      );
      if (behind) return { requeueAfterMs: behind }; // the watch events of the objects come earlier
      const owned = jobs.store.byIndex(OWNERSHIP_INDEX, cronJob.metadata.uid ?? '');
      const plan = planCronJob(cronJob, owned, env.clock.now());
      await act(key, cronJob, plan);
      if (plan.checkAgainInMs !== undefined)
        return { requeueAfterMs: Math.min(LONGEST_WAIT_MS, plan.checkAgainInMs) };
    },
  };
}
