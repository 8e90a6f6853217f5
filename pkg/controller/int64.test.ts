// Fields of 64 bits hold a bigint beyond 2^53. Each plan that calculates with such a field must
// give the answer of a very long time.
import assert from 'node:assert/strict';
import type { CronJob, Job } from '../apis/batch/v1/types.js';
import type { Pod, PodTemplateSpec } from '../apis/core/v1/types.js';
import { deletionGracePeriod } from '../component-helpers/pods.js';
import { podQuotaExpiry } from '../component-helpers/quota-usage.js';
import { timestamp } from '../util/env/env.js';
import { planCronJob } from './cronjob/plan.js';
import { NO_BACKOFF } from './job/failures.js';
import { planJob } from './job/plan.js';
import { templateHash } from './runtime/template-hash.js';
import { evictionTime } from './tainteviction/plan.js';

const NOW = Date.UTC(2026, 0, 2);
const YEARS_200 = 200 * 365 * 86_400_000;
const LARGE = [2n ** 53n + 1n, 2n ** 63n - 1n].map((value) => value as unknown as number);
const metadata = {
  name: 'x',
  namespace: 'n',
  uid: 'u',
  creationTimestamp: timestamp(NOW - 90_000),
};

const job = (activeDeadlineSeconds: number): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata,
  spec: {
    parallelism: 1,
    backoffLimit: 6,
    activeDeadlineSeconds,
    template: { spec: { containers: [] } },
  },
  status: { startTime: timestamp(NOW - 60_000) },
});
const cronJob = (startingDeadlineSeconds: number): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata,
  spec: { schedule: '* * * * *', startingDeadlineSeconds, jobTemplate: { spec: { template: {} } } },
});
const pod = (spec: object, more: object = {}): Pod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, ...more }, spec }) as Pod;

describe('integers beyond 2^53 in plans', () => {
  for (const seconds of LARGE) {
    it(`${seconds} seconds are a deadline that does not pass`, () => {
      const plan = planJob({
        job: job(seconds),
        pods: [],
        settled: true,
        backoff: NO_BACKOFF,
        now: NOW,
      });
      assert.equal(plan.status.conditions, undefined);
      assert.equal(planCronJob(cronJob(seconds), [], NOW).create?.kind, 'Job');
    });

    it(`${seconds} seconds are tolerated for longer than anybody waits`, () => {
      const taint = { key: 'k', effect: 'NoExecute' };
      const tolerant = (...all: number[]) =>
        pod({
          tolerations: all.map((tolerationSeconds) => ({
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds,
          })),
        });
      assert.ok(evictionTime(tolerant(seconds), [taint], NOW)! > NOW + YEARS_200);
      assert.equal(evictionTime(tolerant(seconds, 5), [taint], NOW), NOW + 5_000);
    });

    it(`${seconds} seconds of grace are a number that timers take`, () => {
      const deleted = { deletionTimestamp: timestamp(NOW), deletionGracePeriodSeconds: seconds };
      assert.ok(deletionGracePeriod(pod({}, deleted)) * 1000 > YEARS_200);
      assert.ok(
        deletionGracePeriod(pod({ terminationGracePeriodSeconds: seconds })) * 1000 > YEARS_200,
      );
      assert.ok(podQuotaExpiry(pod({}, deleted))! > NOW + YEARS_200);
    });
  }

  it('make different hashes of templates that differ in the last digit', () => {
    const hash = (terminationGracePeriodSeconds: bigint) =>
      templateHash({ spec: { terminationGracePeriodSeconds } } as unknown as PodTemplateSpec, 0);
    assert.notEqual(hash(2n ** 53n + 1n), hash(2n ** 53n + 2n));
  });
});
