// job-controller: runs pods until enough of them have succeeded (upstream: pkg/controller/job).
// plan.ts decides and says how pods are counted; here the order of requests matters: pods, then
// status, then finalizers.
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { OwnerReference } from '../../apimachinery/meta/types.js';
import type { Job } from '../../apis/batch/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { JOBS, PODS } from '../../apis/resource-types.js';
import { controllerOf, refersTo } from '../../component-helpers/owner-references.js';
import { doAll } from '../runtime/batches.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
} from '../runtime/controller.js';
import { OwnWrites } from '../runtime/own-writes.js';
import { OWNERSHIP_INDEX, patchMetadata } from '../runtime/ownership.js';
import { PodControl } from '../runtime/pod-control.js';
import { ignoreNotFound } from '../../client/requests.js';
import { NO_BACKOFF, type Backoff } from './failures.js';
import { hasFinalizer, isJobFinished, planJob, TRACKING_FINALIZER, type JobPlan } from './plan.js';
import { jobPod } from './pod.js';
import { setOrDelete } from '../../util/map/count.js';

/** Jobs with another value in spec.managedBy belong to another controller. */
const CONTROLLER_NAME = 'kubernetes.io/job-controller';
/** Prefix, in the queue of job keys, of keys of pods whose job may be gone. */
const ORPHAN_PREFIX = 'orphan:';

export function createJobController(context: ControllerContext): Controller {
  const { client, env } = context;
  const control = new PodControl(context, {
    type: JOBS,
    component: 'job-controller',
    selector: ({ spec }) => selectorFromLabelSelector(spec.selector),
    finalizers: [TRACKING_FINALIZER],
  });
  // A watch on a connection that died silently is behind for a minute before it is noticed, and an
  // older job would count its pods again. A job that is gone has no sync.
  const writes = new OwnWrites(env.clock);
  const backoffs = new Map<string, Backoff>();

  function keysOfJob(job: Job, change: ChangeType): string[] {
    const key = keyOf(job);
    if (change !== 'deleted') return [key];
    const orphans = control.pods.store
      .byIndex(OWNERSHIP_INDEX, job.metadata.uid ?? '')
      .filter(hasFinalizer);
    return [key, ...orphans.map((pod) => `${ORPHAN_PREFIX}${keyOf(pod)}`)];
  }

  function keysOfPod(pod: Pod, old: Pod | undefined, change: ChangeType): readonly string[] {
    const keys = control.keysOfPod(pod, old, change);
    const reference = controllerOf(pod);
    if (!hasFinalizer(pod) || (reference && !refersTo(reference, JOBS))) return keys;
    return reference && isCached(pod, reference)
      ? keys
      : [...keys, `${ORPHAN_PREFIX}${keyOf(pod)}`];
  }

  function isCached({ metadata }: Pod, { name, uid }: OwnerReference): boolean {
    return control.owners.store.get(`${metadata.namespace}/${name}`)?.metadata.uid === uid;
  }

  function forget(key: string): void {
    control.forget(key);
    writes.forget(key);
    backoffs.delete(key);
  }

  /** Returns the first error. */
  async function changePods(job: Job, plan: JobPlan): Promise<Error | undefined> {
    const going = [...plan.remove, ...plan.kill];
    if (!going.length && !plan.create.length) return undefined;
    control.expect(job, going);
    const removed = await control.remove(job, going, async (pod) => {
      if (plan.remove.includes(pod) && hasFinalizer(pod)) await release([pod]);
    });
    const pods = plan.create.map((index) => jobPod(job, index, plan.annotations.get(index ?? -1)));
    return (await control.create(job, pods)) ?? removed;
  }

  async function release(pods: readonly Pod[]): Promise<void> {
    const metadata = { '$deleteFromPrimitiveList/finalizers': [TRACKING_FINALIZER] };
    await doAll(pods, (pod) => patchMetadata(client, PODS, pod, metadata));
  }

  async function releaseOrphan(key: string): Promise<void> {
    const pod = control.pods.store.get(key);
    if (!pod || !hasFinalizer(pod)) return;
    const reference = controllerOf(pod);
    // An existing job counts its pods itself. The cache may not show a new job yet.
    if (reference && refersTo(reference, JOBS) && (await jobLives(pod, reference))) return;
    await release([pod]);
  }

  async function jobLives(pod: Pod, reference: OwnerReference): Promise<boolean> {
    if (isCached(pod, reference)) return true;
    const key = { namespace: pod.metadata.namespace ?? '', name: reference.name };
    const job = await client.get(JOBS, key).catch(ignoreNotFound);
    return job?.metadata.uid === reference.uid;
  }

  return {
    watches: [
      watch(control.owners, (job, _old, change) => keysOfJob(job, change)),
      watch(control.pods, keysOfPod),
    ],
    async reconcile(key) {
      if (key.startsWith(ORPHAN_PREFIX)) return releaseOrphan(key.slice(ORPHAN_PREFIX.length));
      const job = control.owners.store.get(key);
      if (!job) return forget(key);
      if (job.spec.managedBy !== undefined && job.spec.managedBy !== CONTROLLER_NAME) return;
      const behind = writes.behindMs(key, control.owners.store);
      if (behind) return { requeueAfterMs: behind }; // the watch event of the job comes earlier
      const settled = control.settled(key);
      const pods = await control.ownedPods(job);
      if (isJobFinished(job)) return release(pods.filter(hasFinalizer));
      const backoff = backoffs.get(key) ?? NO_BACKOFF;
      const plan = planJob({ job, pods, settled, backoff, now: env.clock.now() });
      const error = await changePods(job, plan);
      if (plan.changed) {
        const next = { ...job, status: plan.status };
        const saved = await client.update(JOBS, next, { subresource: 'status' });
        writes.wrote(key, saved);
      }
      setOrDelete(backoffs, key, plan.backoff.failures ? plan.backoff : undefined);
      for (const { message, reason, type } of plan.events)
        control.events.event(job, type, reason, message);
      await release(plan.removeFinalizers);
      if (error) throw error;
      const wait = Math.min(plan.checkAgainInMs ?? Infinity, control.expiresInMs(key));
      if (wait !== Infinity) return { requeueAfterMs: Math.max(1, wait) };
    },
  };
}
