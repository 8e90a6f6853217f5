// Plans of whole syncs. The numbers are those of upstream's horizontal_test.go: pods with one
// container, a tolerance of 0.1, a downscale stabilization of 5 min.
import assert from 'node:assert/strict';
import { parseSelector } from '../../apimachinery/labels/selector.js';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  MetricSpec,
} from '../../apis/autoscaling/v2/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { timestamp } from '../../util/env/env.js';
import { MAX_AUTOSCALER_TEXT } from '../runtime/limits.js';
import type { History } from './behavior.js';
import { planSize, planWithoutScale, select, settle, statusOf, type Plan } from './plan.js';
import type { Reading } from './sources.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
const options = {
  horizontalPodAutoscalerSyncPeriod: 15_000,
  horizontalPodAutoscalerTolerance: 0.1,
  horizontalPodAutoscalerCpuInitializationPeriod: 2 * MINUTE,
  horizontalPodAutoscalerInitialReadinessDelay: 10_000,
  horizontalPodAutoscalerDownscaleStabilization: 5 * MINUTE,
};
const cpu = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const hits = (averageValue: string): MetricSpec => ({
  type: 'Pods',
  pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue } },
});

interface Case {
  bounds: readonly [min: number, max: number];
  current: number;
  metrics: readonly MetricSpec[];
  /** Thousandths of each pod, or the whole reading, of each metric. */
  levels: readonly (readonly number[] | Reading | Error)[];
  requests?: readonly string[];
  history?: History;
  spec?: Partial<HorizontalPodAutoscalerSpec>;
  status?: HorizontalPodAutoscaler['status'];
  selection?: ReturnType<typeof select>;
}

function plan(one: Case): Plan {
  const [minReplicas, maxReplicas] = one.bounds;
  const scaler: HorizontalPodAutoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'a', namespace: 'n' },
    spec: {
      minReplicas,
      maxReplicas,
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      metrics: [...one.metrics],
      ...one.spec,
    },
    status: one.status ?? { desiredReplicas: 0 },
  };
  const pods = Array.from({ length: one.current }, (_, i) => {
    const request = one.requests ? one.requests[i] : '1';
    const resources = request ? { requests: { cpu: request } } : {};
    return {
      metadata: { name: `pod-${i}`, labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', resources }] },
      status: {
        phase: 'Running',
        startTime: timestamp(0),
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    } as unknown as Pod;
  });
  const sample = (milli: number) => ({ milli, at: NOW, window: MINUTE });
  return planSize({
    scaler,
    scale: {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web' },
      spec: { replicas: one.current },
      status: { replicas: one.current, selector: 'app=web' },
    },
    selection: one.selection ?? select('n/a', 'app=web', pods, new Map()),
    readings: one.levels.map((level) =>
      Array.isArray(level)
        ? new Map(level.map((milli: number, i) => [`pod-${i}`, sample(milli)]))
        : (level as Reading | Error),
    ),
    history: one.history ?? { recommendations: [], changes: [] },
    options,
    now: NOW,
  });
}

const reasons = ({ conditions }: Plan): string[] =>
  conditions.map(({ reason, status, type }) => `${type}=${status}:${reason}`);
const sizeOf = ({ current, rescale }: Plan) => rescale?.replicas ?? current;
const mixed = ['0.9', '1', '1.1'];

describe('plan of an autoscaler', () => {
  const cases: readonly (readonly [string, Case, replicas: number, limited: string])[] = [
    [
      'to the minimum',
      { bounds: [2, 5], current: 3, metrics: [cpu(90)], levels: [[10, 95, 10]], requests: mixed },
      2,
      'True:TooFewReplicas',
    ],
    [
      'to zero',
      { bounds: [0, 5], current: 3, metrics: [cpu(90)], levels: [[0, 0, 0]], requests: mixed },
      0,
      'False:DesiredWithinRange',
    ],
    [
      'idle to the minimum',
      { bounds: [2, 5], current: 3, metrics: [cpu(90)], levels: [[0, 0, 0]], requests: mixed },
      2,
      'True:TooFewReplicas',
    ],
    [
      'to the maximum',
      {
        bounds: [2, 5],
        current: 3,
        metrics: [cpu(90)],
        levels: [[8000, 9500, 1000]],
        requests: mixed,
      },
      5,
      'True:TooManyReplicas',
    ],
    [
      'with samples of unknown pods',
      {
        bounds: [2, 6],
        current: 4,
        metrics: [cpu(100)],
        levels: [[4000, 9500, 3000, 7000, 3200, 2000]],
      },
      6,
      'True:TooManyReplicas',
    ],
    [
      'with missing samples',
      { bounds: [2, 6], current: 4, metrics: [cpu(100)], levels: [[400, 95]] },
      3,
      'False:DesiredWithinRange',
    ],
    [
      'of one pod',
      { bounds: [1, 5], current: 1, metrics: [cpu(50)], levels: [[200]], requests: ['0.2'] },
      2,
      'False:DesiredWithinRange',
    ],
    [
      'at the target',
      {
        bounds: [1, 5],
        current: 2,
        metrics: [cpu(50)],
        levels: [[200, 200]],
        requests: ['0.4', '0.4'],
      },
      2,
      'False:DesiredWithinRange',
    ],
    [
      'by the growth limit',
      {
        bounds: [1, 100],
        current: 3,
        metrics: [cpu(10)],
        levels: [[100, 200, 300]],
        requests: ['0.1', '0.1', '0.1'],
      },
      6,
      'True:ScaleUpLimit',
    ],
    [
      'by the larger of two',
      {
        bounds: [1, 5],
        current: 3,
        metrics: [hits('15'), cpu(10)],
        levels: [
          [20000, 10000, 30000],
          [200, 100, 300],
        ],
      },
      5,
      'True:TooManyReplicas',
    ],
    [
      'up, although one fails',
      {
        bounds: [1, 5],
        current: 3,
        metrics: [hits('15'), cpu(10)],
        levels: [[20000, 10000, 30000], new Error('x')],
      },
      4,
      'False:DesiredWithinRange',
    ],
    [
      'nowhere, although one fails',
      {
        bounds: [1, 5],
        current: 3,
        metrics: [cpu(10), hits('20')],
        levels: [new Error('x'), [20000, 20000, 20000]],
      },
      3,
      'False:DesiredWithinRange',
    ],
  ];
  for (const [name, one, replicas, limited] of cases)
    it(name, () => {
      const found = plan(one);
      assert.equal(sizeOf(found), replicas);
      assert.ok(reasons(found).includes(`ScalingLimited=${limited}`), String(reasons(found)));
      assert.equal(found.isStuck, undefined);
      const wanted =
        found.rescale && one.current > replicas ? 'All metrics below target' : undefined;
      if (wanted) assert.equal(found.rescale!.reason, wanted);
    });

  it('waits for the stabilization window', () => {
    const recommendations = [{ replicas: 4, at: NOW - MINUTE }];
    const history = { recommendations, changes: [] };
    const requests = Array(4).fill('0.1') as string[];
    const one: Case = {
      bounds: [1, 5],
      current: 4,
      metrics: [cpu(100)],
      levels: [[50, 50, 50, 50]],
      requests,
    };
    const held = plan({ ...one, history });
    assert.equal(held.rescale, undefined);
    assert.deepEqual(reasons(held), [
      'AbleToScale=True:ScaleDownStabilized',
      'ScalingActive=True:ValidMetricFound',
      'ScalingLimited=False:DesiredWithinRange',
    ]);
    assert.equal(plan(one).rescale?.replicas, 2);
  });

  it('stays where a metric that fails might ask for more', () => {
    const found = plan({
      bounds: [1, 5],
      current: 3,
      metrics: [cpu(100), hits('15')],
      levels: [[10, 10, 10], new Error('lost')],
    });
    assert.equal(found.isStuck, true);
    assert.deepEqual(reasons(found), [
      'AbleToScale=True:SucceededGetScale',
      'ScalingActive=False:FailedGetPodsMetric',
    ]);
    assert.deepEqual(found.events, [
      ['Warning', 'FailedGetPodsMetric', 'unable to get metric hits: lost'],
      [
        'Warning',
        'FailedComputeMetricsReplicas',
        'invalid metrics (1 invalid out of 2), first error is: failed to get pods metric value: unable to get metric hits: lost',
      ],
    ]);
    const status = statusOf({
      ...found,
      scaler: { ...found.scaler, status: { desiredReplicas: 7 } },
    });
    assert.deepEqual([status.currentReplicas, status.desiredReplicas], [3, 7]);
    assert.deepEqual(
      status.currentMetrics?.map(({ type }) => type),
      ['Resource', ''],
    );
  });

  it('names each kind of source as upstream does', () => {
    const object = { kind: 'Service', name: 's' };
    const metric = { name: 'm', selector: { matchLabels: { b: '2', a: '1' } } };
    const selector =
      '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{},}';
    const value = { type: 'Value', value: '1' };
    const average = { type: 'AverageValue', averageValue: '1' };
    const container = { name: 'memory', container: 'c' };
    const texts = (spec: MetricSpec) => {
      const one: Case = { bounds: [1, 9], current: 1, metrics: [spec], levels: [new Error('E')] };
      const [[, reason, event], [, , summary]] = plan(one).events as unknown as [
        string[],
        string[],
      ];
      const [, first] = summary!.split('first error is: ');
      const reading = spec.object || spec.external ? 2000 : [2000];
      const title = plan({ ...one, levels: [reading] }).rescale?.reason;
      return [reason, event, first, title];
    };
    const resource = 'unable to get metrics for resource memory: E';
    const external = `unable to get external metric n/m/${selector}: E`;
    const described = 'unable to get metric m: Service on n s/E';
    const rows: readonly (readonly [MetricSpec, string, string, string, string])[] = [
      [
        { type: 'Resource', resource: { name: 'memory', target: average } },
        'FailedGetResourceMetric',
        `failed to get memory usage: ${resource}`,
        `failed to get memory resource metric value: failed to get memory usage: ${resource}`,
        'memory resource above target',
      ],
      [
        { type: 'ContainerResource', containerResource: { ...container, target: average } },
        'FailedGetContainerResourceMetric',
        `failed to get memory usage: ${resource}`,
        `failed to get c container metric value: failed to get memory usage: ${resource}`,
        'memory resource above target',
      ],
      [
        { type: 'Pods', pods: { metric, target: average } },
        'FailedGetPodsMetric',
        'unable to get metric m: E',
        'failed to get pods metric value: unable to get metric m: E',
        'pods metric m above target',
      ],
      [
        { type: 'Object', object: { describedObject: object, metric, target: value } },
        'FailedGetObjectMetric',
        described,
        `failed to get object metric value: ${described}`,
        'Service metric m above target',
      ],
      [
        { type: 'Object', object: { describedObject: object, metric, target: average } },
        'FailedGetObjectMetric',
        described,
        `failed to get object metric value: failed to get m object metric: ${described}`,
        `external metric m(${selector}) above target`,
      ],
      [
        { type: 'External', external: { metric, target: value } },
        'FailedGetExternalMetric',
        external,
        `failed to get m external metric value: failed to get external metric m: ${external}`,
        `external metric m(${selector}) above target`,
      ],
      [
        { type: 'External', external: { metric, target: average } },
        'FailedGetExternalMetric',
        external,
        `failed to get m external metric value: failed to get m external metric: ${external}`,
        `external metric m(${selector}) above target`,
      ],
    ];
    for (const [spec, ...wanted] of rows) assert.deepEqual(texts(spec), wanted);
    const percent = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } };
    const busy = (spec: MetricSpec) =>
      plan({ bounds: [1, 9], current: 1, metrics: [spec], levels: [[1000]] }).rescale?.reason;
    assert.equal(
      busy({ type: 'Resource', resource: percent }),
      'cpu resource utilization (percentage of request) above target',
    );
    assert.equal(
      busy({ type: 'ContainerResource', containerResource: { ...percent, container: 'c' } }),
      'cpu container resource utilization (percentage of request) above target',
    );
    const odd = { describedObject: object, metric, target: { type: 'Utilization', value: '1' } };
    const [event] = plan({
      bounds: [1, 9],
      current: 1,
      metrics: [
        { type: 'Object', object: { ...odd, target: { type: 'AverageValue', value: '1' } } },
      ],
      levels: [1],
    }).events;
    assert.equal(
      event![2],
      'invalid object metric source: neither a value target nor an average value target was set',
    );
  });

  it('settles a new size that is written, or refused', () => {
    const one: Case = { bounds: [3, 5], current: 2, metrics: [], levels: [] };
    const status = { desiredReplicas: 2, lastScaleTime: '2025-01-01T00:00:00Z' };
    const written = settle(plan({ ...one, status }));
    assert.deepEqual(reasons(written), ['AbleToScale=True:SucceededRescale']);
    assert.deepEqual(written.events, [
      [
        'Normal',
        'SuccessfulRescale',
        'New size: 3; reason: Current number of replicas below Spec.MinReplicas',
      ],
    ]);
    const { conditions: _conditions, ...rest } = statusOf(written);
    assert.deepEqual(rest, {
      currentReplicas: 2,
      desiredReplicas: 3,
      lastScaleTime: timestamp(NOW),
      currentMetrics: null,
    });
    const refused = settle(plan({ ...one, status }), 'no');
    assert.deepEqual(reasons(refused), ['AbleToScale=False:FailedUpdateScale']);
    assert.equal(refused.events[0]![2], `${written.events[0]![2]}; error: no`);
    assert.equal(statusOf(refused).desiredReplicas, 2);
    assert.equal(statusOf(refused).lastScaleTime, status.lastScaleTime);
  });

  it('tells selectors that are missing, wrong or shared', () => {
    const pod = { metadata: { name: 'p', labels: { app: 'web' } } } as unknown as Pod;
    const rivals = new Map(
      ['app=web', 'app', 'app=other', 'app=web', 'app=web'].map((text, i) => [
        ['n/z', 'n/b', 'n/c', 'other/d', 'n/a'][i]!,
        { selector: parseSelector(text) },
      ]),
    );
    const refusals = [
      select('n/a', '', [], new Map()),
      select('n/a', 'a in', [], new Map()),
      select('n/a', 'app=web', [pod], rivals),
    ];
    const texts = refusals.map((selection) => {
      const found = plan({ bounds: [1, 5], current: 2, metrics: [cpu(1)], levels: [], selection });
      const { message, reason } = found.conditions[1]!;
      return [found.events[0]![1], found.events[1]![2], reason, message];
    });
    const shared = 'pods by selector app=web are controlled by multiple HPAs: [n/a n/b n/z]';
    const wrong = texts[1]![3];
    assert.match(
      wrong!,
      /^couldn't convert selector into a corresponding internal selector object: /,
    );
    assert.deepEqual(texts, [
      [
        'SelectorRequired',
        'selector is required',
        'InvalidSelector',
        "the HPA target's scale is missing a selector",
      ],
      ['InvalidSelector', wrong, 'InvalidSelector', wrong],
      ['AmbiguousSelector', shared, 'AmbiguousSelector', shared],
    ]);
  });

  it('keeps the rest of the status while the scale cannot be read', () => {
    const status = { currentReplicas: 4, desiredReplicas: 5, currentMetrics: null };
    const { scaler } = plan({ bounds: [1, 5], current: 0, metrics: [], levels: [], status });
    const lost = planWithoutScale(scaler, 'x'.repeat(2 * MAX_AUTOSCALER_TEXT), NOW);
    const { conditions, ...rest } = statusOf(lost);
    assert.deepEqual(rest, status);
    assert.equal(conditions![0]!.message!.length, MAX_AUTOSCALER_TEXT);
  });
});
