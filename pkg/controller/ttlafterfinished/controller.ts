// ttl-after-finished-controller: deletes finished jobs and their pods after ttlSecondsAfterFinished
// (upstream: pkg/controller/ttlafterfinished).
import { keyOf } from '../../apimachinery/meta/object.js';
import { JOBS } from '../../apis/resource-types.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { addressOf, ignoreNotFound } from '../../client/requests.js';
import { expiresInMs } from './plan.js';

export function createTtlAfterFinishedController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const jobs = informers.informer(JOBS);
  return {
    watches: [
      watch(jobs, (job, _old, change) =>
        change === 'deleted' || expiresInMs(job, 0) === undefined ? [] : [keyOf(job)],
      ),
    ],
    async reconcile(key) {
      const job = jobs.store.get(key);
      const wait = job && expiresInMs(job, env.clock.now());
      if (!job || wait === undefined) return;
      if (wait > 0) return { requeueAfterMs: wait };
      const { resourceVersion = '', uid = '' } = job.metadata;
      // The precondition on the version keeps a job whose TTL was just extended.
      const preconditions = { uid, resourceVersion };
      const options = { propagationPolicy: 'Foreground', preconditions } as const;
      await client.delete(JOBS, addressOf(job), options).catch(ignoreNotFound);
    },
  };
}
