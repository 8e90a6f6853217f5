import assert from 'node:assert/strict';
import type { Job, JobSpec, JobStatus } from '../../apis/batch/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { timestamp } from '../../util/env/env.js';
import { backoffLeftMs, applyFailurePolicy, nextBackoff, NO_BACKOFF } from './failures.js';
import { formatIndexes, nextIndexes, parseIndexes } from './indexes.js';
import { planJob, TRACKING_FINALIZER, type JobInput, type JobPlan } from './plan.js';
import { jobPod } from './pod.js';

const NOW = Date.UTC(2026, 0, 2);

const job = (spec: Partial<JobSpec>, status: JobStatus = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'j', namespace: 'n', uid: 'u' },
  spec: {
    parallelism: 1,
    backoffLimit: 6,
    template: { spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never' } },
    ...spec,
  },
  status: { startTime: timestamp(NOW - 60_000), ...status },
});
interface Shape {
  phase?: string;
  held?: boolean;
  deleting?: boolean;
  index?: number;
  exit?: number;
}
const pod = (
  uid: string,
  { deleting = false, exit, held = true, index, phase = 'Running' }: Shape = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: uid,
    namespace: 'n',
    uid,
    creationTimestamp: timestamp(NOW),
    ...(held ? { finalizers: [TRACKING_FINALIZER] } : {}),
    ...(deleting ? { deletionTimestamp: timestamp(NOW) } : {}),
    ...(index === undefined
      ? {}
      : { annotations: { 'batch.kubernetes.io/job-completion-index': String(index) } }),
  },
  spec: { containers: [] },
  status: {
    phase,
    ...(exit === undefined
      ? {}
      : {
          containerStatuses: [
            {
              name: 'c',
              image: '',
              imageID: '',
              ready: false,
              restartCount: 0,
              state: { terminated: { exitCode: exit, finishedAt: timestamp(NOW) } },
            },
          ],
        }),
  },
});
const plan = (of: Job, pods: Pod[], more: Partial<JobInput> = {}): JobPlan =>
  planJob({ job: of, pods, settled: true, backoff: NO_BACKOFF, now: NOW, ...more });
const names = (pods: readonly Pod[]): string[] => pods.map(({ metadata }) => metadata.name);
const conditions = ({ status }: JobPlan): string[] =>
  (status.conditions ?? []).map((c) => `${c.type}=${c.status}:${c.reason}`);

describe('job plan', () => {
  it('creates missing pods up to the parallelism', () => {
    assert.equal(plan(job({ parallelism: 3, completions: 5 }), []).create.length, 3);
    assert.equal(
      plan(job({ parallelism: 3, completions: 5 }, { succeeded: 3 }), [pod('a')]).create.length,
      1,
    );
    assert.equal(plan(job({ parallelism: 3 }), []).create.length, 3);
    assert.equal(
      plan(job({ parallelism: 3 }, { succeeded: 1 }), [pod('a')]).create.length,
      0,
      'a work queue that drains',
    );
    assert.equal(
      plan(job({ parallelism: 3, completions: 5 }), [], { settled: false }).create.length,
      0,
    );
    assert.equal(
      plan(job({ parallelism: 1, completions: 5 }), [pod('a'), pod('b')]).remove.length,
      1,
    );
  });

  it('counts a finished pod in three steps, once', () => {
    const spec = { parallelism: 2, completions: 2 };
    const one = plan(job(spec), [pod('a', { phase: 'Succeeded' }), pod('b')]);
    assert.deepEqual(
      [one.status.uncountedTerminatedPods, one.status.succeeded, names(one.removeFinalizers)],
      [{ succeeded: ['a'] }, undefined, ['a']],
    );
    const two = plan(job(spec, one.status), [pod('a', { phase: 'Succeeded' }), pod('b')]);
    assert.deepEqual(
      [two.changed, names(two.removeFinalizers)],
      [false, ['a']],
      'the finalizer is still there: again',
    );
    const three = plan(job(spec, two.status), [
      pod('a', { phase: 'Succeeded', held: false }),
      pod('b'),
    ]);
    assert.deepEqual(
      [three.status.uncountedTerminatedPods, three.status.succeeded, three.removeFinalizers],
      [{}, 1, []],
    );
    const four = plan(job(spec, three.status), [pod('b')]);
    assert.deepEqual(
      [four.changed, four.status.succeeded],
      [false, 1],
      'the pod is gone, its count stays',
    );
  });

  it('completes: SuccessCriteriaMet first, Complete when all pods are counted', () => {
    const first = plan(job({ completions: 1 }), [pod('a', { phase: 'Succeeded' })]);
    assert.deepEqual(conditions(first), ['SuccessCriteriaMet=True:CompletionsReached']);
    assert.equal(first.status.completionTime, undefined);
    const second = plan(job({ completions: 1 }, first.status), [
      pod('a', { phase: 'Succeeded', held: false }),
    ]);
    assert.deepEqual(conditions(second), [
      'SuccessCriteriaMet=True:CompletionsReached',
      'Complete=True:CompletionsReached',
    ]);
    assert.deepEqual(
      [
        second.status.succeeded,
        second.status.completionTime,
        second.events.map(({ reason }) => reason),
      ],
      [1, timestamp(NOW), ['Completed']],
    );
  });

  it('fails beyond the back-off limit, deletes running pods, and waits for them', () => {
    const first = plan(job({ backoffLimit: 1, parallelism: 2 }, { failed: 1 }), [
      pod('a', { phase: 'Failed' }),
      pod('b'),
    ]);
    assert.deepEqual(
      [conditions(first), names(first.kill)],
      [['FailureTarget=True:BackoffLimitExceeded'], ['b']],
    );
    const second = plan(job({ backoffLimit: 1, parallelism: 2 }, first.status), [
      pod('a', { phase: 'Failed', held: false }),
      pod('b', { deleting: true }),
    ]);
    assert.deepEqual(
      [second.status.failed, second.status.uncountedTerminatedPods, conditions(second).length],
      [2, { failed: ['b'] }, 1],
    );
    const third = plan(job({ backoffLimit: 1, parallelism: 2 }, second.status), []);
    assert.deepEqual(
      [third.status.failed, conditions(third)[1], third.events[0]?.reason],
      [3, 'Failed=True:BackoffLimitExceeded', 'BackoffLimitExceeded'],
    );
  });

  it('fails at its deadline, and counts restarts in place', () => {
    assert.deepEqual(conditions(plan(job({ activeDeadlineSeconds: 60 }), [pod('a')])), [
      'FailureTarget=True:DeadlineExceeded',
    ]);
    assert.equal(plan(job({ activeDeadlineSeconds: 61 }), [pod('a')]).checkAgainInMs, 1_000);
    const restarted = pod('a', { exit: 1 });
    restarted.status!.containerStatuses![0]!.restartCount = 2;
    const onFailure = {
      backoffLimit: 2,
      template: { spec: { containers: [], restartPolicy: 'OnFailure' } },
    };
    assert.deepEqual(conditions(plan(job(onFailure), [restarted])), [
      'FailureTarget=True:BackoffLimitExceeded',
    ]);
  });

  it('suspends by deleting its pods uncounted, and resumes', () => {
    const off = plan(job({ suspend: true }), [pod('a')]);
    assert.deepEqual(
      [names(off.remove), off.status.startTime, conditions(off)],
      [['a'], undefined, ['Suspended=True:JobSuspended']],
    );
    const on = plan({ ...job({ suspend: false }), status: off.status }, []);
    assert.deepEqual(
      [on.create.length, on.status.startTime, conditions(on)],
      [1, timestamp(NOW), ['Suspended=False:JobResumed']],
    );
  });

  it('doubles the back-off after each failure', () => {
    const failed = plan(job({ completions: 1 }), [pod('a', { phase: 'Failed', exit: 1 })]);
    assert.deepEqual(
      [failed.create.length, failed.checkAgainInMs, failed.backoff.failures],
      [0, 10_000, 1],
    );
    const later = plan(job({ completions: 1 }, { failed: 1 }), [], {
      backoff: failed.backoff,
      now: NOW + 10_000,
    });
    assert.equal(later.create.length, 1);
    assert.equal(backoffLeftMs({ failures: 3, lastFailureAt: NOW }, NOW), 40_000);
    assert.equal(backoffLeftMs({ failures: 30, lastFailureAt: NOW }, NOW), 600_000);
    assert.equal(nextBackoff({ failures: 3, lastFailureAt: 5 }, [pod('a')], [], NOW).failures, 0);
  });

  it('assigns each index until it has succeeded', () => {
    const indexed = { completionMode: 'Indexed', completions: 4, parallelism: 3 };
    assert.deepEqual(plan(job(indexed), []).create, [0, 1, 2]);
    const pods = [
      pod('a', { index: 0, phase: 'Succeeded' }),
      pod('b', { index: 2 }),
      pod('c', { index: 2 }),
      pod('d', { index: 9 }),
    ];
    const next = plan(job(indexed), pods);
    assert.deepEqual(
      [
        next.status.completedIndexes,
        next.status.succeeded,
        names(next.remove).sort().at(-1),
        next.remove.length,
      ],
      ['0', 1, 'd', 2],
    );
    assert.deepEqual(
      plan(job(indexed, { completedIndexes: '0', succeeded: 1 }), [pod('b', { index: 2 })]).create,
      [1, 3],
    );
    assert.deepEqual(
      conditions(
        plan(job(indexed, { completedIndexes: '0-2', succeeded: 3 }), [
          pod('a', { index: 3, phase: 'Succeeded' }),
        ]),
      ),
      ['SuccessCriteriaMet=True:CompletionsReached'],
    );
  });

  it('obeys the pod failure policy', () => {
    const policy = {
      rules: [
        { action: 'FailJob', onExitCodes: { containerName: 'c', operator: 'In', values: [42] } },
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      ],
    };
    const fatal = plan(job({ podFailurePolicy: policy }), [
      pod('a', { phase: 'Failed', exit: 42 }),
    ]);
    assert.deepEqual(conditions(fatal), ['FailureTarget=True:PodFailurePolicy']);
    assert.equal(
      fatal.status.conditions?.[0]?.message,
      'Container c for pod n/a failed with exit code 42 matching FailJob rule at index 0',
    );
    const disrupted = pod('a', { phase: 'Failed' });
    disrupted.status!.conditions = [{ type: 'DisruptionTarget', status: 'True' }];
    const ignored = plan(job({ podFailurePolicy: policy, completions: 1 }), [disrupted]);
    assert.deepEqual(
      [
        ignored.status.uncountedTerminatedPods,
        ignored.create.length,
        names(ignored.removeFinalizers),
      ],
      [{}, 1, ['a']],
    );
    assert.equal(
      applyFailurePolicy(policy, pod('a', { phase: 'Failed', exit: 1 })).action,
      'Count',
    );
  });

  describe('with a limit per index', () => {
    const spec = {
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 3,
      backoffLimit: 1_000,
      backoffLimitPerIndex: 1,
    };
    const LATER = NOW + 3_600_000;
    const marked = (one: Pod, failures: number): Pod => {
      one.metadata.annotations = {
        ...one.metadata.annotations,
        'batch.kubernetes.io/job-index-failure-count': String(failures),
      };
      return one;
    };

    it('keeps the last failed pod of an index until its replacement has one failure more', () => {
      const first = plan(job(spec), []);
      assert.deepEqual(
        [first.create, first.annotations.get(0)],
        [[0, 1, 2], { 'batch.kubernetes.io/job-index-failure-count': '0' }],
      );
      const pods = [
        marked(pod('a', { index: 0, phase: 'Failed', exit: 1 }), 0),
        pod('b', { index: 1 }),
        pod('c', { index: 2 }),
      ];
      const failed = plan(job(spec), pods);
      assert.deepEqual(
        [failed.create, failed.removeFinalizers, failed.status.failed, failed.status.failedIndexes],
        [[], [], undefined, ''],
        'a pause first',
      );
      assert.equal(failed.checkAgainInMs, 10_000);
      const next = plan(job(spec), pods, { now: LATER });
      assert.deepEqual(
        [next.create, next.annotations.get(0)],
        [[0], { 'batch.kubernetes.io/job-index-failure-count': '1' }],
      );
      const replaced = plan(job(spec), [...pods, marked(pod('d', { index: 0 }), 1)], {
        now: LATER,
      });
      assert.deepEqual(
        [
          names(replaced.removeFinalizers),
          replaced.status.uncountedTerminatedPods,
          replaced.create,
        ],
        [['a'], { failed: ['a'] }, []],
      );
    });

    it('fails an index at its limit, continues the others, and fails the job at the end', () => {
      const over = plan(
        job(spec),
        [
          marked(pod('d', { index: 0, phase: 'Failed', exit: 1 }), 1),
          pod('b', { index: 1 }),
          pod('c', { index: 2 }),
        ],
        { now: LATER },
      );
      assert.deepEqual(
        [over.status.failedIndexes, over.create, names(over.removeFinalizers), conditions(over)],
        ['0', [], ['d'], []],
      );
      const end = plan(job(spec, { failedIndexes: '0', completedIndexes: '1', succeeded: 1 }), [
        pod('c', { index: 2, phase: 'Succeeded' }),
      ]);
      assert.deepEqual(conditions(end), ['FailureTarget=True:FailedIndexes']);
    });

    it('fails the job beyond maxFailedIndexes, and deletes the other pods', () => {
      const over = plan(job({ ...spec, maxFailedIndexes: 0 }), [
        marked(pod('d', { index: 0, phase: 'Failed', exit: 1 }), 1),
        pod('b', { index: 1 }),
      ]);
      assert.deepEqual(
        [conditions(over), names(over.kill)],
        [['FailureTarget=True:MaxFailedIndexesExceeded'], ['b']],
      );
      const after = plan(job({ ...spec, maxFailedIndexes: 0 }, over.status), [
        marked(pod('e', { index: 2, phase: 'Failed', exit: 1 }), 0),
      ]);
      assert.deepEqual(
        names(after.removeFinalizers),
        ['e'],
        'nothing is kept for a replacement that will not come',
      );
    });

    it('fails an index at once by FailIndex, and does not count ignored failures', () => {
      const rules = [
        { action: 'FailIndex', onExitCodes: { operator: 'In', values: [42] } },
        { action: 'Ignore', onExitCodes: { operator: 'In', values: [7] } },
      ];
      const policy = { ...spec, podFailurePolicy: { rules }, podReplacementPolicy: 'Failed' };
      const over = plan(
        job(policy),
        [
          marked(pod('a', { index: 0, phase: 'Failed', exit: 42 }), 0),
          marked(pod('b', { index: 1, phase: 'Failed', exit: 7 }), 1),
        ],
        { now: LATER },
      );
      assert.deepEqual([over.status.failedIndexes, over.create], ['0', [1, 2]]);
      assert.deepEqual(over.annotations.get(1), {
        'batch.kubernetes.io/job-index-failure-count': '1',
        'batch.kubernetes.io/job-index-ignored-failure-count': '1',
      });
    });
  });

  it('completes as soon as the success policy is met', () => {
    const spec = {
      completionMode: 'Indexed',
      completions: 4,
      parallelism: 4,
      successPolicy: {
        rules: [{ succeededIndexes: '0', succeededCount: 1 }, { succeededCount: 2 }],
      },
    };
    const leader = plan(job(spec), [
      pod('a', { index: 0, phase: 'Succeeded' }),
      pod('b', { index: 1 }),
    ]);
    assert.deepEqual(
      [conditions(leader), leader.status.conditions?.[0]?.message, names(leader.kill)],
      [['SuccessCriteriaMet=True:SuccessPolicy'], 'Matched rules at index 0', ['b']],
    );
    const two = plan(job(spec, { completedIndexes: '1,2', succeeded: 2 }), []);
    assert.equal(two.status.conditions?.[0]?.message, 'Matched rules at index 1');
    assert.deepEqual(conditions(plan(job(spec, { completedIndexes: '1', succeeded: 1 }), [])), []);
  });

  it('a job being deleted releases its pods and creates none', () => {
    const going = job({});
    going.metadata.deletionTimestamp = timestamp(NOW);
    const next = plan(going, [pod('a')]);
    assert.deepEqual([names(next.removeFinalizers), next.create, next.kill], [['a'], [], []]);
  });
});

describe('completion indexes', () => {
  it('are written as ranges', () => {
    assert.equal(formatIndexes(new Set([7, 0, 1, 3, 4, 5])), '0,1,3-5,7');
    assert.deepEqual([...parseIndexes('0,1,3-5,7', 5)], [0, 1, 3, 4]);
    assert.deepEqual(nextIndexes(2, 4, new Set([0, 2])), [1, 3]);
  });

  it('are written to the pod', () => {
    const { metadata, spec } = jobPod(job({}), 3);
    assert.equal(metadata.generateName, 'j-3-');
    assert.equal(spec.hostname, 'j-3');
    assert.equal(
      spec.containers[0]?.env?.[0]?.valueFrom?.fieldRef?.fieldPath,
      "metadata.labels['batch.kubernetes.io/job-completion-index']",
    );
    assert.deepEqual(metadata.finalizers, [TRACKING_FINALIZER]);
  });
});
