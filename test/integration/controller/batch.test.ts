// Jobs and cron jobs against the real API server; the test finishes pods as a kubelet would.
import assert from 'node:assert/strict';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import { CRON_JOBS, EVENTS, JOBS, PODS } from '../../../pkg/apis/resource-types.js';
import type { CronJobSpec, Job, JobSpec } from '../../../pkg/apis/batch/v1/types.js';
import type { Pod } from '../../../pkg/apis/core/v1/types.js';
import {
  BOUND_MS,
  controlPlane,
  eventually,
  type ControlPlane,
} from '../../support/control-plane.js';

const FINALIZER = 'batch.kubernetes.io/job-tracking';
const template = (restartPolicy = 'Never') => ({
  spec: { restartPolicy, containers: [{ name: 'c', image: 'i' }] },
});

describe('batch controllers', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  controlPlane((...made) => ([plane, namespace] = made));

  const create = (spec: Partial<JobSpec>, name = 'j') =>
    plane.client.create(JOBS, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, namespace },
      spec: { template: template(), ...spec },
    });
  const active = (count: number) =>
    eventually(`${count} active pods`, async () => {
      const pods = (await plane.pods(namespace)).filter(
        (pod) => pod.status?.phase === 'Pending' && !pod.metadata.deletionTimestamp,
      );
      return pods.length === count && pods;
    });
  const finish = (
    { metadata }: Pod,
    phase: 'Succeeded' | 'Failed',
    exitCode = phase === 'Failed' ? 1 : 0,
  ) => {
    const state = { terminated: { exitCode, finishedAt: '2026-01-01T00:00:00Z' } };
    const status = {
      phase,
      containerStatuses: [
        { name: 'c', image: 'i', imageID: '', ready: false, restartCount: 0, state },
      ],
    };
    return plane.client.patch(
      PODS,
      { namespace, name: metadata.name },
      { status },
      { type: 'merge', subresource: 'status' },
    );
  };
  const until = (what: string, check: (job: Job) => boolean | undefined, name = 'j') =>
    eventually(what, async () => {
      const job = await plane.client.get(JOBS, { namespace, name });
      return check(job) && job;
    });
  const has = (job: Job, type: string, reason?: string) =>
    job.status?.conditions?.some(
      (c) => c.type === type && c.status === 'True' && (!reason || c.reason === reason),
    );

  it('runs to completion and counts each pod once', async () => {
    await create({ completions: 3, parallelism: 2 });
    const first = await active(2);
    assert.ok(first.every(({ metadata }) => metadata.finalizers?.includes(FINALIZER)));
    assert.ok(first.every(({ metadata }) => metadata.labels?.['job-name'] === 'j'));
    await Promise.all(first.map((pod) => finish(pod, 'Succeeded')));
    const [last] = await active(1);
    await finish(last!, 'Succeeded');
    const { status } = await until('complete', (job) => has(job, 'Complete', 'CompletionsReached'));
    assert.deepEqual(
      [status?.succeeded, status?.failed, status?.active, status?.uncountedTerminatedPods],
      [3, undefined, undefined, {}],
    );
    assert.ok(status?.completionTime && status.startTime);
    assert.ok((await plane.pods(namespace)).every(({ metadata }) => !metadata.finalizers?.length));
    await eventually('event', async () =>
      (await plane.client.list(EVENTS, { namespace })).items.some(
        ({ message, reason }) => reason === 'Completed' && message === 'Job completed',
      ),
    );
  });

  it('counts a deleted running pod as failed', async () => {
    await create({ completions: 1, backoffLimit: 0 });
    const [pod] = await active(1);
    await plane.client.delete(
      PODS,
      { namespace, name: pod!.metadata.name },
      { gracePeriodSeconds: 0 },
    );
    await until(
      'failed',
      (job) => has(job, 'Failed', 'BackoffLimitExceeded') && job.status?.failed === 1,
    );
    assert.equal((await plane.pods(namespace)).length, 0);
  });

  it('adopts a matching pod with the finalizer that counts it, and releases both', async () => {
    const labels = { app: 'stray' };
    const stray = { namespace, name: 'stray' };
    await plane.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...stray, labels },
      ...template(),
    });
    const { metadata } = await create({
      manualSelector: true,
      selector: { matchLabels: labels },
      template: { metadata: { labels } as never, ...template() },
    });
    await eventually('adopted', async () => {
      const pod = await plane.client.get(PODS, stray);
      const owner = pod.metadata.ownerReferences?.[0]?.uid;
      return owner === metadata.uid && pod.metadata.finalizers?.includes(FINALIZER);
    });
    assert.equal((await active(1))[0]?.metadata.name, 'stray');
    const body = { metadata: { labels: { app: 'other' } } };
    await plane.client.patch(PODS, stray, body, { type: 'merge' });
    await eventually('released', async () => {
      const pod = await plane.client.get(PODS, stray);
      return !pod.metadata.ownerReferences?.length && !pod.metadata.finalizers?.length;
    });
    await active(2);
  });

  it('runs every index once', async () => {
    await create({ completions: 3, parallelism: 3, completionMode: 'Indexed' });
    const pods = await active(3);
    assert.deepEqual(
      pods.map(({ spec }) => spec.hostname ?? '').toSorted((a, b) => a.localeCompare(b)),
      ['j-0', 'j-1', 'j-2'],
    );
    await Promise.all(pods.map((pod) => finish(pod, 'Succeeded')));
    const { status } = await until('complete', (job) => has(job, 'Complete'));
    assert.deepEqual([status?.completedIndexes, status?.succeeded], ['0-2', 3]);
  });

  it('fails indexes at their limit and continues the others', async () => {
    await create({
      completions: 2,
      parallelism: 2,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 1,
    });
    const indexOf = ({ metadata }: Pod) =>
      metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
    const failures = ({ metadata }: Pod) =>
      metadata.annotations?.['batch.kubernetes.io/job-index-failure-count'];
    const first = await active(2);
    assert.deepEqual(first.map(failures), ['0', '0']);
    await finish(
      first.find((pod) => indexOf(pod) === '0')!,
      'Failed',
    );
    const again = (
      await eventually('a second try', async () => {
        const pods = (await plane.pods(namespace)).filter(
          (pod) => indexOf(pod) === '0' && failures(pod) === '1',
        );
        return pods.length === 1 && pods;
      })
    )[0]!;
    await finish(again, 'Failed');
    await until(
      'index 0 is over',
      ({ status }) => status?.failedIndexes === '0' && !status.conditions?.length,
    );
    await finish(
      first.find((pod) => indexOf(pod) === '1')!,
      'Succeeded',
    );
    const { status } = await until('failed', (job) => has(job, 'Failed', 'FailedIndexes'));
    assert.deepEqual(
      [status?.failedIndexes, status?.completedIndexes, status?.failed, status?.succeeded],
      ['0', '1', 2, 1],
    );
    assert.equal((await plane.pods(namespace)).length, 3, 'no try more');
  });

  it('suspends, resumes, and ends at its deadline', async () => {
    await create({ completions: 1, suspend: true });
    await until('suspended', (job) => has(job, 'Suspended', 'JobSuspended'));
    const patch = (spec: Partial<JobSpec>) =>
      plane.client.patch(JOBS, { namespace, name: 'j' }, { spec }, { type: 'merge' });
    await patch({ suspend: false });
    await active(1);
    await patch({ suspend: true });
    await active(0);
    await patch({ suspend: false, activeDeadlineSeconds: 1 });
    const { status } = await until('failed', (job) => has(job, 'Failed', 'DeadlineExceeded'));
    assert.equal(status?.active, undefined);
  });

  it('fails at once by the pod failure policy', async () => {
    await create({
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }],
      },
    });
    const [pod] = await active(1);
    await finish(pod!, 'Failed', 42);
    await until('failed', (job) => has(job, 'Failed', 'PodFailurePolicy'));
  });

  it('deletes a finished job and its pods after the TTL', async () => {
    await create({ completions: 1, ttlSecondsAfterFinished: 0 });
    const [pod] = await active(1);
    await finish(pod!, 'Succeeded');
    await eventually('job and pods gone', async () => {
      const job = await plane.client
        .get(JOBS, { namespace, name: 'j' })
        .catch((error: unknown) =>
          isReason(error, 'NotFound') ? undefined : Promise.reject(error as Error),
        );
      return !job && (await plane.pods(namespace)).length === 0;
    });
  });

  it('releases the running pods of a deleted job', async () => {
    await create({ completions: 2, parallelism: 2 });
    await active(2);
    await plane.client.delete(JOBS, { namespace, name: 'j' }, { propagationPolicy: 'Background' });
    await eventually('pods gone', async () => (await plane.pods(namespace)).length === 0);
  });

  describe('cron job', () => {
    const createCron = (spec: Partial<CronJobSpec>) =>
      plane.client.create(CRON_JOBS, {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'cron', namespace },
        spec: {
          schedule: '@every 1s',
          jobTemplate: { spec: { template: template('OnFailure') } },
          ...spec,
        },
      });
    const jobs = async () => (await plane.client.list(JOBS, { namespace })).items;
    const cron = async () =>
      (await plane.client.get(CRON_JOBS, { namespace, name: 'cron' })).status;

    it('starts a job on schedule, records its end, and deletes old jobs', async () => {
      await createCron({ concurrencyPolicy: 'Forbid', successfulJobsHistoryLimit: 0 });
      const [first] = await active(1);
      const [job] = await jobs();
      assert.match(job!.metadata.name, /^cron-\d+$/);
      await eventually(
        'active',
        async () => (await cron())?.active?.[0]?.name === job!.metadata.name,
      );
      await finish(first!, 'Succeeded');
      await eventually(
        'success noted, job gone',
        async () =>
          (await cron())?.lastSuccessfulTime &&
          !(await jobs()).some(({ metadata }) => metadata.uid === job!.metadata.uid),
      );
      const events = (await plane.client.list(EVENTS, { namespace })).items.map(
        ({ reason }) => reason,
      );
      assert.ok(events.includes('SawCompletedJob') && events.includes('SuccessfulCreate'));
    });

    it('does nothing while suspended', async () => {
      await createCron({ suspend: true });
      await plane.client.create(CRON_JOBS, {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'other', namespace },
        spec: { schedule: '@every 1s', jobTemplate: { spec: { template: template() } } },
      });
      const [job] = await eventually(
        'a job of the other',
        async () => (await jobs()).length > 0 && (await jobs()),
      );
      assert.match(job!.metadata.name, /^other-/);
    });
  });
});
