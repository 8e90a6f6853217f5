// job-controller: runs pods until enough of them have succeeded (upstream: pkg/controller/job). plan.ts
// decides and says how pods are counted; here the order of acts matters: pods, then status, then
// finalizers.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { Job } from '../../apis/batch/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { JOBS, PODS } from '../../apis/resource-types.js';
import { controllerOf, refersTo } from '../../component-helpers/owner-references.js';
import type { NewObject } from '../../client/client.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { runAll, slowStart } from '../runtime/batches.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
  type Informer,
  type ReconcileResult,
  type Watch,
} from '../runtime/controller.js';
import { Expectations } from '../runtime/expectations.js';
import { EXPECTATIONS_TIMEOUT_MS } from '../runtime/limits.js';
import { OwnWrites } from '../runtime/own-writes.js';
import {
  carryOutClaims,
  OWNERSHIP_INDEX,
  ownershipIndexers,
  planClaims,
} from '../runtime/ownership.js';
import { NO_BACKOFF, type Backoff } from './failures.js';
import { hasFinalizer, isJobFinished, planJob, TRACKING_FINALIZER, type JobPlan } from './plan.js';
import { podOfJob } from './pod.js';

/** The field of a job that another controller takes care of has another value. */
const OUR_NAME = 'kubernetes.io/job-controller';
/** Keys of pods whose job may be gone, among those of jobs. */
const ORPHAN_PREFIX = 'orphan:';

export function createJobController(
  context: ControllerContext,
  options: { concurrentJobSyncs: number },
): Controller {
  return new JobController(context, options.concurrentJobSyncs);
}

class JobController implements Controller {
  readonly name = 'job-controller';
  readonly watches: readonly Watch[];
  private readonly jobs: Informer<Job>;
  private readonly pods: Informer<Pod>;
  private readonly events: EventRecorder;
  private readonly expectations: Expectations;
  private readonly writes: OwnWrites;
  private readonly backoffs = new Map<string, Backoff>();

  constructor(
    private readonly context: ControllerContext,
    readonly workers: number,
  ) {
    const { env, informers } = context;
    this.jobs = informers.informer(JOBS);
    this.pods = informers.informer(PODS);
    this.pods.addIndexers(ownershipIndexers());
    this.events = context.events('job-controller');
    this.expectations = new Expectations(env.clock);
    // Patient: a watch whose connection died silently is behind for a minute before anybody knows, and an older job counts its pods anew. One that is gone has no sync.
    this.writes = new OwnWrites(env.clock, EXPECTATIONS_TIMEOUT_MS);
    this.watches = [
      watch(this.jobs, (job, _old, change) => this.keysOfJob(job, change)),
      watch(this.pods, (pod, _old, change) => this.keysOfPod(pod, change)),
    ];
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    if (key.startsWith(ORPHAN_PREFIX))
      return this.releaseOrphan(key.slice(ORPHAN_PREFIX.length), signal);
    const { clock } = this.context.env;
    const job = this.jobs.store.get(key);
    if (!job) return this.forget(key);
    if (job.spec.managedBy !== undefined && job.spec.managedBy !== OUR_NAME) return;
    const behind = this.writes.behindMs(key, this.jobs.store);
    if (behind) return { requeueAfterMs: behind }; // the job's own event comes long before
    const settled = this.expectations.satisfied(key);
    const pods = await this.claim(job, signal);
    if (isJobFinished(job)) return this.release(pods.filter(hasFinalizer), signal);
    const plan = planJob({
      job,
      pods,
      settled,
      backoff: this.backoffs.get(key) ?? NO_BACKOFF,
      now: clock.now(),
    });
    const error = await this.changePods(key, job, plan, signal);
    if (plan.changed)
      this.writes.wrote(
        key,
        await this.context.client.update(
          JOBS,
          { ...job, status: plan.status },
          { subresource: 'status', signal },
        ),
      );
    if (plan.backoff.failures) this.backoffs.set(key, plan.backoff);
    else this.backoffs.delete(key);
    for (const { message, reason, type } of plan.events)
      this.events.event(job, type, reason, message);
    await this.release(plan.removeFinalizers, signal);
    if (error) throw error as Error;
    const waits = [plan.checkAgainInMs ?? Infinity, this.expectations.openFor(key) || Infinity];
    if (Math.min(...waits) !== Infinity) return { requeueAfterMs: Math.max(1, Math.min(...waits)) };
  }

  private keysOfJob(job: Job, change: ChangeType): string[] {
    const key = keyOf(job);
    if (change !== 'deleted') return [key];
    const orphans = this.pods.store
      .byIndex(OWNERSHIP_INDEX, job.metadata.uid ?? '')
      .filter(hasFinalizer);
    return [key, ...orphans.map((pod) => `${ORPHAN_PREFIX}${keyOf(pod)}`)];
  }

  private keysOfPod(pod: Pod, change: ChangeType): string[] {
    const namespace = pod.metadata.namespace ?? '';
    const reference = controllerOf(pod);
    if (!reference) {
      const orphan = hasFinalizer(pod) ? [`${ORPHAN_PREFIX}${keyOf(pod)}`] : [];
      if (change === 'deleted' || pod.metadata.deletionTimestamp) return orphan;
      return [
        ...orphan,
        ...this.jobs.store
          .byIndex('namespace', namespace)
          .filter(({ spec }) =>
            selectorFromLabelSelector(spec.selector).matches(pod.metadata.labels),
          )
          .map(keyOf),
      ];
    }
    if (!refersTo(reference, JOBS)) return [];
    const key = `${namespace}/${reference.name}`;
    if (this.jobs.store.get(key)?.metadata.uid !== reference.uid)
      return hasFinalizer(pod) ? [`${ORPHAN_PREFIX}${keyOf(pod)}`] : [];
    if (change !== 'updated') this.expectations.seen(key, pod.metadata.uid ?? '');
    if (change === 'deleted' || pod.metadata.deletionTimestamp)
      this.expectations.deleted(key, pod.metadata.uid ?? '');
    return [key];
  }

  private forget(key: string): void {
    this.expectations.forget(key);
    this.writes.forget(key);
    this.backoffs.delete(key);
  }

  private claim(job: Job, signal: AbortSignal): Promise<Pod[]> {
    const { namespace, uid = '' } = job.metadata;
    const candidates = [
      ...this.pods.store.byIndex(OWNERSHIP_INDEX, uid),
      ...this.pods.store.byIndex(OWNERSHIP_INDEX, `orphan:${namespace}`),
    ];
    const owner = { type: JOBS as ResourceType<ApiObject>, object: job as ApiObject };
    return carryOutClaims(
      this.context.client,
      owner,
      PODS,
      planClaims(job, selectorFromLabelSelector(job.spec.selector), candidates),
      signal,
    );
  }

  /** Returns the first error. */
  private async changePods(
    key: string,
    job: Job,
    plan: JobPlan,
    signal: AbortSignal,
  ): Promise<unknown> {
    const going = [...plan.remove, ...plan.kill];
    if (!going.length && !plan.create.length) return undefined;
    this.expectations.expect(
      key,
      going.map(({ metadata }) => metadata.uid ?? ''),
    );
    const [error] = await runAll(going, async (pod) => {
      if (plan.remove.includes(pod) && hasFinalizer(pod)) await this.release([pod], signal);
      await this.remove(key, job, pod, signal);
    });
    const waiting = [...plan.create];
    const { errors } = await slowStart(plan.create.length, () => {
      const index = waiting.shift();
      return this.create(key, job, podOfJob(job, index, plan.marks.get(index ?? -1)), signal);
    });
    return error ?? errors[0];
  }

  private async create(
    key: string,
    job: Job,
    pod: NewObject<Pod>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { metadata } = await this.context.client.create(PODS, pod, { signal });
      this.expectations.created(key, metadata.uid ?? '');
      this.events.event(job, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`);
    } catch (error) {
      if (!signal.aborted)
        this.events.event(
          job,
          'Warning',
          'FailedCreate',
          `Error creating: ${(error as Error).message}`,
        );
      throw error;
    }
  }

  private async remove(
    key: string,
    job: Job,
    { metadata }: Pod,
    signal: AbortSignal,
  ): Promise<void> {
    const { name, namespace, uid = '' } = metadata;
    try {
      await this.context.client.delete(
        PODS,
        { name, namespace: namespace! },
        { preconditions: { uid }, signal },
      );
      this.events.event(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      this.expectations.deleted(key, uid);
      if (!isReason(error, 'NotFound')) throw error;
    }
  }

  private async release(pods: readonly Pod[], signal: AbortSignal): Promise<void> {
    const [error] = await runAll(pods, async ({ metadata }) => {
      const body = {
        metadata: {
          uid: metadata.uid,
          '$deleteFromPrimitiveList/finalizers': [TRACKING_FINALIZER],
        },
      };
      await this.context.client
        .patch(PODS, { name: metadata.name, namespace: metadata.namespace! }, body, {
          type: 'strategic',
          signal,
        })
        .catch((failure: unknown) => {
          if (!isReason(failure, 'NotFound') && !isReason(failure, 'Conflict')) throw failure; // gone, or another one by now
        });
    });
    if (error) throw error as Error;
  }

  private async releaseOrphan(key: string, signal: AbortSignal): Promise<void> {
    const pod = this.pods.store.get(key);
    const reference = pod && controllerOf(pod);
    if (!pod || !hasFinalizer(pod)) return;
    // Not an orphan when its job lives: it is counted. A cache may not show a young job yet.
    if (
      reference &&
      refersTo(reference, JOBS) &&
      (await this.lives(pod.metadata.namespace ?? '', reference.name, reference.uid, signal))
    )
      return;
    await this.release([pod], signal);
  }

  private async lives(
    namespace: string,
    name: string,
    uid: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (this.jobs.store.get(`${namespace}/${name}`)?.metadata.uid === uid) return true;
    try {
      return (
        (await this.context.client.get(JOBS, { namespace, name }, { signal })).metadata.uid === uid
      );
    } catch (error) {
      if (isReason(error, 'NotFound')) return false;
      throw error;
    }
  }
}
