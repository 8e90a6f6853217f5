// The numbers are those of upstream's replica_calculator_test.go: pods with two containers, a
// tolerance of 0.1, an initialization period of 2 min and a readiness delay of 10 s.
import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import { timestamp } from '../../util/env/env.js';
import {
  groupPods,
  proposeByPods,
  proposeByShare,
  proposeByValue,
  type HorizontalOptions,
  type Sample,
  type Situation,
} from './replicas.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
const options = (tolerance = 0.1): HorizontalOptions => ({
  horizontalPodAutoscalerSyncPeriod: 15_000,
  horizontalPodAutoscalerDownscaleStabilization: 0,
  horizontalPodAutoscalerTolerance: tolerance,
  horizontalPodAutoscalerCpuInitializationPeriod: 2 * MINUTE,
  horizontalPodAutoscalerInitialReadinessDelay: 10_000,
});

/** One letter for each pod. */
interface Case {
  current: number;
  /** Usage of each container of each pod, in thousandths; a number counts for both containers. */
  levels: readonly (number | readonly number[])[];
  target: number;
  /** Cores that each of the two containers requests. */
  requests?: readonly string[];
  /** t: ready, f: not ready. */
  ready?: string;
  /** h: started now, c: three minutes ago, absent: long ago. */
  start?: string;
  /** r: running, p: pending, f: failed, d: being deleted. */
  phase?: string;
  container?: number;
  tolerance?: number;
  names?: readonly string[];
}

const PHASES: Record<string, string> = { r: 'Running', p: 'Pending', f: 'Failed', d: 'Running' };
const STARTS: Record<string, number> = { h: NOW, c: NOW - 3 * MINUTE, '-': 0 };

function pods({ current, phase, ready = '', requests, start }: Case): Pod[] {
  return Array.from({ length: Math.max(current, phase?.length ?? 0) }, (_, i) => {
    const cpu = requests ? requests[i] : '1';
    const resources = cpu ? { requests: { cpu } } : {};
    return {
      metadata: {
        name: `pod-${i}`,
        ...(phase?.[i] === 'd' ? { deletionTimestamp: timestamp(NOW) } : {}),
      },
      spec: { containers: [0, 1].map((n) => ({ name: `c${n}`, resources })) },
      status: {
        phase: PHASES[phase?.[i] ?? 'r'],
        startTime: timestamp(STARTS[start?.[i] ?? '-']!),
        conditions: [{ type: 'Ready', status: ready[i] === 'f' ? 'False' : 'True' }],
      },
    } as unknown as Pod;
  });
}

function samplesOf({ container, levels, names }: Case): Map<string, Sample> {
  return new Map(
    levels.map((level, i) => {
      const both = typeof level === 'number' ? [level, level] : level;
      const milli = container === undefined ? both[0]! + both[1]! : both[container]!;
      return [names?.[i] ?? `pod-${i}`, { milli, at: 0, window: MINUTE }];
    }),
  );
}

const situation = (one: Case): Situation => ({
  pods: pods(one),
  current: one.current,
  options: options(one.tolerance),
  now: NOW,
});

const ten = '400m 200m 310m 290m 302m 298m 301m 299m 300m 300m'.split(' ');
const mixed = ['0.9', '1.0', '1.1'];
const UTILIZATION: readonly (readonly [
  string,
  Case,
  replicas: number,
  utilization: number,
  milli: number,
])[] = [
  ['up', { current: 3, levels: [300, 500, 700], target: 30 }, 5, 50, 1000],
  [
    'up by one container',
    {
      current: 3,
      levels: [
        [1000, 300],
        [1000, 500],
        [1000, 700],
      ],
      target: 30,
      container: 1,
    },
    5,
    50,
    500,
  ],
  [
    'up, one unready',
    { current: 3, levels: [300, 500, 700], target: 30, ready: 'ftt' },
    4,
    60,
    1200,
  ],
  ['up, one hot', { current: 3, levels: [300, 500, 700], target: 30, start: 'hcc' }, 4, 60, 1200],
  [
    'stay, two unready',
    { current: 3, levels: [400, 500, 700], target: 30, ready: 'tff' },
    3,
    40,
    800,
  ],
  [
    'stay, two hot and unready',
    { current: 3, levels: [400, 500, 700], target: 30, ready: 'tff', start: 'chh' },
    3,
    40,
    800,
  ],
  [
    'up, two failed',
    { current: 2, levels: [500, 700], target: 30, ready: 'ttff', phase: 'rrff' },
    4,
    60,
    1200,
  ],
  [
    'up, two being deleted',
    { current: 2, levels: [500, 700], target: 30, ready: 'ttff', phase: 'rrdd' },
    4,
    60,
    1200,
  ],
  ['down', { current: 5, levels: [100, 300, 500, 250, 250], target: 50 }, 3, 28, 560],
  [
    'down, two unready',
    { current: 5, levels: [100, 300, 500, 250, 250], target: 50, ready: 'tttff' },
    2,
    30,
    600,
  ],
  [
    'down, four pending',
    { current: 5, levels: [100], target: 50, ready: 'tffff', phase: 'rpppp' },
    1,
    10,
    200,
  ],
  [
    'down, two hot',
    { current: 5, levels: [100, 300, 500, 250, 250], target: 50, start: 'ccchh' },
    2,
    30,
    600,
  ],
  [
    'down, two failed',
    { current: 5, levels: [100, 300, 500, 250, 250], target: 50, phase: 'rrrrrff' },
    3,
    28,
    560,
  ],
  [
    'down, two being deleted',
    { current: 5, levels: [100, 300, 500, 250, 250], target: 50, phase: 'rrrrrdd' },
    3,
    28,
    560,
  ],
  [
    'within the tolerance',
    { current: 3, levels: [1010, 1030, 1020], requests: mixed, target: 100 },
    3,
    102,
    2040,
  ],
  [
    'no tolerance',
    { current: 3, levels: [909, 1010, 1111], requests: mixed, target: 100, tolerance: 0 },
    4,
    101,
    2020,
  ],
  [
    'unknown pods',
    { current: 4, levels: [4000, 9500, 3000, 7000, 3200, 2000], target: 100 },
    24,
    587,
    11750,
  ],
  ['down, two missing', { current: 4, levels: [400, 95], target: 100 }, 3, 24, 495],
  ['at the target, one missing', { current: 2, levels: [1000], target: 100 }, 2, 100, 2000],
  ['above, one missing', { current: 2, levels: [1900], target: 100 }, 2, 190, 3800],
  ['below, one missing', { current: 2, levels: [600], target: 100 }, 2, 60, 1200],
  [
    'stay, one unready and one missing',
    { current: 3, levels: [100, 450], target: 50, ready: 'ftt' },
    3,
    45,
    900,
  ],
  [
    'stay, one hot and one missing',
    { current: 3, levels: [100, 450], target: 50, start: 'hcc' },
    3,
    45,
    900,
  ],
  [
    'up, one unready and one missing',
    { current: 3, levels: [100, 2000], target: 50, ready: 'ftt' },
    4,
    200,
    4000,
  ],
  [
    'up, one hot and one missing',
    { current: 3, levels: [100, 2000], target: 50, ready: 'ftt', start: 'hcc' },
    4,
    200,
    4000,
  ],
  [
    'down, one unready and one missing',
    { current: 4, levels: [100, 100, 100], target: 50, ready: 'fttt' },
    3,
    10,
    200,
  ],
  [
    'down to a target above 100 %',
    {
      current: 4,
      levels: [200, 100, 100],
      requests: ['1', '1', '2', '2'],
      target: 300,
      ready: 'fttt',
    },
    2,
    6,
    200,
  ],
  [
    'a surge without a sample',
    { current: 2, levels: [100, 100], target: 50, phase: 'rrr' },
    2,
    10,
    200,
  ],
  [
    'just beyond the tolerance',
    { current: 10, levels: Array(10).fill(150), requests: ten, target: 56 },
    9,
    50,
    300,
  ],
  [
    'just within the tolerance',
    { current: 10, levels: Array(10).fill(150), requests: ten, target: 55 },
    10,
    50,
    300,
  ],
];

/** The usage of the pods, and the target, are plain amounts. */
const AVERAGE: readonly (readonly [string, Case, replicas: number, milli: number])[] = [
  ['up', { current: 3, levels: [20000, 10000, 30000], target: 15000 }, 4, 20000],
  [
    'up, one unready counts',
    { current: 3, levels: [50000, 10000, 30000], target: 15000, ready: 'ttf', start: 'cch' },
    6,
    30000,
  ],
  [
    'up, two unready count',
    { current: 3, levels: [50000, 15000, 30000], target: 15000, ready: 'ftf', start: 'hch' },
    7,
    31666,
  ],
  ['down', { current: 5, levels: Array(5).fill(12000), target: 20000 }, 3, 12000],
  ['within the tolerance', { current: 3, levels: [20000, 21000, 21000], target: 20000 }, 3, 20666],
  [
    'beyond 1 %',
    { current: 3, levels: [20000, 21000, 21000], target: 20000, tolerance: 0.01 },
    4,
    20666,
  ],
  ['two missing', { current: 5, levels: [20000, 19000, 21000], target: 20000 }, 5, 20000],
  [
    'a surge without a sample',
    { current: 2, levels: [10000, 10000], target: 17000, phase: 'rrr' },
    2,
    10000,
  ],
];

/** The value of one object. */
const VALUE: readonly (readonly [string, Case, replicas: number])[] = [
  ['up', { current: 3, levels: [20000], target: 15000 }, 4],
  ['up, two unready', { current: 3, levels: [50000], target: 10000, ready: 'ftf' }, 5],
  ['down', { current: 5, levels: [12000], target: 20000 }, 3],
  ['within the tolerance', { current: 3, levels: [20666], target: 20000 }, 3],
  ['beyond 1 %', { current: 3, levels: [20666], target: 20000, tolerance: 0.01 }, 4],
  ['down, two unready', { current: 3, levels: [8600], target: 4400, ready: 'ftf' }, 2],
  ['from zero', { current: 0, levels: [20000], target: 15000 }, 2],
  ['stays at zero', { current: 0, levels: [0], target: 15000 }, 0],
  ['no overflow', { current: 3, levels: [2 ** 62], target: 1 }, 2 ** 31 - 1],
];

/** A value that the replicas share. */
const SHARE: readonly (readonly [string, Case, replicas: number, milli: number])[] = [
  ['up', { current: 3, levels: [8600], target: 2150 }, 4, 2867],
  ['down', { current: 5, levels: [8600], target: 2867 }, 3, 1720],
  ['within the tolerance', { current: 3, levels: [8600], target: 2900 }, 3, 2867],
  ['beyond 1 %', { current: 3, levels: [8600], target: 2800, tolerance: 0.01 }, 4, 2867],
  ['up by an object', { current: 3, levels: [20000], target: 5000 }, 4, 6667],
  ['down by an object', { current: 5, levels: [6000], target: 2000 }, 3, 1200],
  ['close by an object', { current: 4, levels: [20166], target: 5000 }, 4, 5042],
  ['no overflow', { current: 1, levels: [2 ** 62], target: 1 }, 2 ** 31 - 1, 2 ** 62],
  ['from zero', { current: 0, levels: [8600], target: 2150 }, 4, 8600],
];

describe('replicas by a metric', () => {
  const byUtilization = (one: Case) =>
    proposeByPods(
      {
        samples: samplesOf(one),
        resource: 'cpu',
        container: one.container === undefined ? undefined : `c${one.container}`,
        target: one.target,
        isPercent: true,
      },
      situation(one),
    );
  for (const [name, one, replicas, utilization, milli] of UTILIZATION)
    it(`utilization: ${name}`, () =>
      assert.deepEqual(byUtilization(one), { replicas, utilization, milli }));

  for (const [name, one, replicas, milli] of AVERAGE)
    it(`average: ${name}`, () => {
      const samples = samplesOf({ ...one, container: 0 });
      const metric = { samples, resource: '', target: one.target, isPercent: false };
      assert.deepEqual(proposeByPods(metric, situation(one)), { replicas, milli });
    });

  for (const [name, one, replicas] of VALUE)
    it(`value: ${name}`, () => {
      const milli = one.levels[0] as number;
      const found = proposeByValue(milli, one.target, situation(one));
      assert.deepEqual(found, { replicas, milli });
    });

  for (const [name, one, replicas, milli] of SHARE)
    it(`share: ${name}`, () => {
      const total = one.levels[0] as number;
      const found = proposeByShare(total, one.target, one.current, situation(one));
      assert.deepEqual(found, { replicas, milli });
    });

  it('is refused in the words of upstream', () => {
    const refused = (one: Case, message: string) =>
      assert.throws(() => byUtilization(one), { message });
    refused(
      { current: 1, levels: [200], requests: [], target: 100 },
      'missing request for cpu in container c0 of Pod pod-0',
    );
    refused(
      { current: 1, levels: [100], names: ['older'], target: 100 },
      'no metrics returned matched known pods',
    );
    refused(
      { current: 2, levels: [100, 100], target: 100, ready: 'ff' },
      'did not receive metrics for targeted pods (pods might be unready)',
    );
    refused(
      { current: 0, levels: [100], target: 100 },
      'no pods returned by selector while calculating replica count',
    );
    const none = { current: 1, levels: [], target: 1, phase: '' };
    assert.throws(() => proposeByValue(5000, 1000, { ...situation(none), pods: [] }), {
      message:
        'unable to calculate ready pods: no pods returned by selector while calculating replica count',
    });
  });

  it('asks sidecars for requests too', () => {
    const one: Case = { current: 1, levels: [1000], target: 100 };
    const [pod] = pods(one);
    const init = (cpu: string, restartPolicy?: string) => ({
      name: `init-${cpu}`,
      restartPolicy,
      resources: { requests: { cpu } },
    });
    pod!.spec.initContainers = [init('8'), init('2', 'Always')] as never;
    const metric = { samples: samplesOf(one), resource: 'cpu', target: 100, isPercent: true };
    const found = proposeByPods(metric, { ...situation(one), pods: [pod!] });
    assert.equal(found.utilization, 50);
  });
});

describe('groups of pods', () => {
  const s = 1000;
  const group = (
    ready: { status: string; ago: number } | undefined,
    startedAgo: number | undefined,
    sample: { ago: number; window: number } | undefined,
    resource = 'cpu',
  ) => {
    const pod = {
      metadata: { name: 'a' },
      status: {
        phase: 'Running',
        ...(startedAgo === undefined ? {} : { startTime: timestamp(NOW - startedAgo) }),
        conditions: ready
          ? [
              {
                type: 'Ready',
                status: ready.status,
                lastTransitionTime: timestamp(NOW - ready.ago),
              },
            ]
          : [],
      },
    } as unknown as Pod;
    const samples = new Map<string, Sample>();
    if (sample) samples.set('a', { milli: 1, at: NOW - sample.ago, window: sample.window });
    const at = { pods: [pod], options: options(), now: NOW };
    const { missing, ready: counted, unready } = groupPods({ samples, resource }, at);
    return missing.length ? 'missing' : unready.length ? 'unready' : counted ? 'ready' : 'unused';
  };
  const sample = { ago: 0, window: 30 * s };
  const yes = (ago: number) => ({ status: 'True', ago });
  const no = (ago: number) => ({ status: 'False', ago });

  it('follow upstream in the time after the start', () => {
    assert.equal(group(undefined, undefined, sample, 'memory'), 'ready');
    assert.equal(group(undefined, 0, sample), 'unready');
    assert.equal(group(yes(0), undefined, sample), 'unready');
    assert.equal(group(yes(30 * s), MINUTE, sample), 'ready');
    assert.equal(group(yes(30 * s), MINUTE, { ago: 0, window: MINUTE }), 'unready');
    assert.equal(group(no(30 * s), MINUTE, sample), 'unready');
    assert.equal(group(no(10 * MINUTE - 6 * s), 10 * MINUTE, sample), 'unready');
    assert.equal(group(no(10 * MINUTE - 10 * s), 10 * MINUTE, sample), 'ready');
    assert.equal(group(no(9 * MINUTE), 10 * MINUTE, sample), 'ready');
    assert.equal(group(yes(3 * MINUTE), 3 * MINUTE, { ago: 2 * MINUTE, window: MINUTE }), 'ready');
    assert.equal(group(undefined, 3 * MINUTE, undefined), 'missing');
  });
});
