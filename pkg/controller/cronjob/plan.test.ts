import assert from 'node:assert/strict';
import type { CronJob, CronJobSpec, CronJobStatus, Job } from '../../apis/batch/v1/types.js';
import { timestamp } from '../../util/env/env.js';
import { planCronJob, type CronJobPlan } from './plan.js';
import { parseSchedule } from './schedule.js';

const at = (text: string): number => Date.parse(`2026-01-01T${text}Z`);
const cronJob = (
  spec: Partial<CronJobSpec>,
  status: CronJobStatus = {},
  created = '10:00:30',
): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'c', namespace: 'n', uid: 'u', creationTimestamp: timestamp(at(created)) },
  spec: {
    schedule: '*/5 * * * *',
    timeZone: 'UTC',
    concurrencyPolicy: 'Allow',
    jobTemplate: { spec: { template: {} } },
    ...spec,
  },
  status,
});
const job = (name: string, end?: 'Complete' | 'Failed', started = '10:00:00'): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'n', uid: name },
  spec: { template: {} },
  status: {
    startTime: timestamp(at(started)),
    ...(end
      ? { completionTime: timestamp(at('10:04:00')), conditions: [{ type: end, status: 'True' }] }
      : {}),
  },
});
const summary = ({ checkAgainInMs, create, events, remove }: CronJobPlan) => ({
  create: create?.metadata.name,
  remove: remove.map(({ metadata }) => metadata.name),
  events: events.map(({ reason }) => reason),
  wait: checkAgainInMs,
});
const name = (time: string): string => `c-${at(time) / 60_000}`;
const WAIT_AT_10_07 = 3 * 60_000 + 100;

describe('cron job plan', () => {
  it('waits for the scheduled time, then starts the job of that minute', () => {
    assert.deepEqual(summary(planCronJob(cronJob({}), [], at('10:02:00'))), {
      create: undefined,
      remove: [],
      events: [],
      wait: 180_100,
    });
    const due = planCronJob(cronJob({}), [], at('10:07:00'));
    assert.deepEqual(summary(due), {
      create: name('10:05:00'),
      remove: [],
      events: [],
      wait: WAIT_AT_10_07,
    });
    assert.equal(due.status.lastScheduleTime, timestamp(at('10:05:00')));
    assert.equal(
      due.create?.metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'],
      '2026-01-01T10:05:00Z',
    );
    assert.equal(
      planCronJob(cronJob({}, due.status), [], at('10:07:00')).create,
      undefined,
      'once',
    );
  });

  it('obeys the concurrency policy', () => {
    const status = {
      active: [{ name: 'old', uid: 'old' }],
      lastScheduleTime: timestamp(at('10:00:00')),
    };
    const now = at('10:07:00');
    const of = (concurrencyPolicy: string) =>
      summary(planCronJob(cronJob({ concurrencyPolicy }, status), [job('old')], now));
    assert.deepEqual(of('Allow').create, name('10:05:00'));
    assert.deepEqual(of('Forbid'), {
      create: undefined,
      remove: [],
      events: ['JobAlreadyActive'],
      wait: WAIT_AT_10_07,
    });
    assert.deepEqual(of('Replace'), {
      create: name('10:05:00'),
      remove: ['old'],
      events: [],
      wait: WAIT_AT_10_07,
    });
  });

  it('skips jobs beyond the starting deadline, and reports many missed times', () => {
    assert.deepEqual(
      summary(planCronJob(cronJob({ startingDeadlineSeconds: 60 }), [], at('10:07:00'))).create,
      undefined,
    );
    assert.equal(
      summary(planCronJob(cronJob({ startingDeadlineSeconds: 180 }), [], at('10:07:00'))).create,
      name('10:05:00'),
    );
    const long = planCronJob(cronJob({ schedule: '* * * * *' }), [], at('23:00:00'));
    assert.deepEqual(
      [summary(long).create, summary(long).events],
      [name('23:00:00'), ['TooManyMissedTimes']],
    );
  });

  it('does nothing while suspended, and reports a schedule that does not parse', () => {
    assert.deepEqual(summary(planCronJob(cronJob({ suspend: true }), [], at('10:07:00'))), {
      create: undefined,
      remove: [],
      events: [],
      wait: undefined,
    });
    assert.deepEqual(
      summary(planCronJob(cronJob({ schedule: '61 * * * *' }), [], at('10:07:00'))).events,
      ['UnparseableSchedule'],
    );
  });

  it('reports a schedule that never comes', () => {
    for (const schedule of ['0 0 31 2 *', '0 0 30 2 *', '5 5 31 4,6 *']) {
      const plan = planCronJob(cronJob({ schedule }), [], at('10:07:00'));
      assert.deepEqual(plan.events, [
        {
          type: 'Warning',
          reason: 'InvalidSchedule',
          message: `invalid schedule: ${schedule} : time difference between two schedules is less than 1 second`,
        },
      ]);
      assert.equal(plan.create, undefined);
    }
    const leap = planCronJob(cronJob({ schedule: '0 0 29 2 *' }), [], at('10:07:00'));
    assert.deepEqual(leap.events, []);
  });

  it('records finished jobs and keeps the history limit', () => {
    const status = {
      active: [
        { name: 'b', uid: 'b' },
        { name: 'gone', uid: 'gone' },
      ],
    };
    const jobs = [
      job('a', 'Complete', '09:00:00'),
      job('b', 'Complete'),
      job('x', 'Failed', '09:30:00'),
      job('y', 'Failed'),
    ];
    const plan = planCronJob(
      cronJob({ suspend: true, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 }, status),
      jobs,
      at('10:07:00'),
    );
    assert.deepEqual(summary(plan), {
      create: undefined,
      remove: ['a', 'x', 'y'],
      events: ['SawCompletedJob', 'MissingJob'],
      wait: undefined,
    });
    assert.deepEqual(plan.status, { lastSuccessfulTime: timestamp(at('10:04:00')) });
  });
});

describe('cron schedule', () => {
  const next = (text: string, from: string, zone = 'UTC') =>
    timestamp(parseSchedule(text, zone).next(Date.parse(from))!);
  it('parses the dialect of upstream', () => {
    assert.equal(next('5/15 * * * ?', '2026-01-01T00:05:00Z'), '2026-01-01T00:20:00Z');
    assert.equal(next('@midnight', '2026-01-01T00:05:00Z'), '2026-01-02T00:00:00Z');
    assert.equal(next('@every 1m30s', '2026-01-01T00:05:00Z'), '2026-01-01T00:06:30Z');
    assert.equal(
      next('0 0 1 * 1', '2026-01-01T00:05:00Z'),
      '2026-01-05T00:00:00Z',
      'day of month or of week',
    );
    assert.equal(
      next('0 12 * * *', '2026-07-01T00:00:00Z', 'Europe/Berlin'),
      '2026-07-01T10:00:00Z',
    );
    assert.equal(parseSchedule('0 0 31 2 *', 'UTC').next(0), undefined);
    assert.throws(() => parseSchedule('@every soon', undefined));
  });

  it('finds the last scheduled time up to and including now', () => {
    const daily = parseSchedule('0 6 * * *', 'UTC');
    assert.equal(daily.latest(at('05:00:00'), at('06:00:00')), at('06:00:00'));
    assert.equal(daily.latest(at('06:00:00'), at('07:00:00')), undefined);
    assert.equal(
      parseSchedule('@every 10s', undefined).latest(at('06:00:00'), at('06:00:25')),
      at('06:00:20'),
    );
  });
});
