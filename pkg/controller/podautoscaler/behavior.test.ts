// The numbers are those of upstream's horizontal_test.go: TestConvertDesiredReplicasWithRules,
// TestNormalizeDesiredReplicas, TestScalingWithRules, TestNormalizeDesiredReplicasWithBehavior and
// TestStoreScaleEvents.
import assert from 'node:assert/strict';
import type {
  HPAScalingRules,
  HorizontalPodAutoscalerSpec,
} from '../../apis/autoscaling/v2/types.js';
import { defaultHorizontalPodAutoscaler } from '../../apis/autoscaling/v2/horizontalpodautoscaler.js';
import { MAX_AUTOSCALER_MEMORY } from '../runtime/limits.js';
import { normalize, remember, rememberChange, type History } from './behavior.js';
import type { HorizontalOptions } from './replicas.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
const NOTHING: History = { recommendations: [], changes: [] };

type Rules = readonly [pods: number, podsPeriod: number, percent: number, percentPeriod: number];

function rules(
  [pods, podsPeriod, percent, percentPeriod]: Rules,
  window?: number,
): HPAScalingRules {
  return {
    ...(window === undefined ? {} : { stabilizationWindowSeconds: window }),
    selectPolicy: 'Max',
    policies: [
      ...(pods ? [{ type: 'Pods', value: pods, periodSeconds: podsPeriod }] : []),
      ...(percent ? [{ type: 'Percent', value: percent, periodSeconds: percentPeriod }] : []),
    ],
  };
}

function specOf(
  [minReplicas, maxReplicas]: readonly [number, number],
  behavior?: HorizontalPodAutoscalerSpec['behavior'],
): HorizontalPodAutoscalerSpec {
  const spec = {
    minReplicas,
    maxReplicas,
    scaleTargetRef: { kind: 'Deployment', name: 'a' },
    ...(behavior ? { behavior } : {}),
  };
  defaultHorizontalPodAutoscaler({ spec } as never);
  return spec;
}

/** Changes in the middle of equal parts of the seconds before now. */
function spread(changes: readonly number[], sign: 1 | -1, seconds = 120): History['changes'] {
  const part = seconds / changes.length;
  return changes.map((by, i) => ({
    by: sign * by,
    at: NOW - 1000 * Math.trunc(seconds - part * (i + 1) + part / 2),
  }));
}

const optionsOf = (horizontalPodAutoscalerDownscaleStabilization: number) =>
  ({ horizontalPodAutoscalerDownscaleStabilization }) as HorizontalOptions;
const base = { history: NOTHING, now: NOW, options: optionsOf(5 * MINUTE) };

describe('limits of the size without a behavior', () => {
  for (const [current, desired, min, max, replicas, reason] of [
    [5, 7, 3, 8, 7, 'DesiredWithinRange'],
    [3, 1, 2, 8, 2, 'TooFewReplicas'],
    [1, 0, 0, 10, 0, 'DesiredWithinRange'],
    [20, 1000, 1, 10, 10, 'TooManyReplicas'],
    [3, 1000, 1, 2000, 6, 'ScaleUpLimit'],
    [1, 1000, 1, 2000, 4, 'ScaleUpLimit'],
  ] as const)
    it(`${current} to ${desired} within ${min} and ${max}`, () => {
      const found = normalize({ ...base, spec: specOf([min, max]), current, desired });
      assert.deepEqual([found.replicas, found.limit], [replicas, reason]);
    });
});

describe('limits of the size with a behavior', () => {
  const UP = {} as const;
  const cases: readonly (readonly [
    string,
    current: number,
    desired: number,
    bounds: readonly [number, number],
    { up?: Rules; down?: Rules; added?: readonly number[]; removed?: readonly number[] },
    replicas: number,
    reason: string,
  ])[] = [
    ['in range', 5, 7, [3, 8], UP, 7, 'DesiredWithinRange'],
    ['below the minimum', 3, 1, [2, 8], UP, 2, 'TooFewReplicas'],
    ['to zero', 1, 0, [0, 10], UP, 0, 'DesiredWithinRange'],
    ['above the maximum', 20, 1000, [1, 10], UP, 10, 'TooManyReplicas'],
    ['far above the maximum', 100, 1000, [100, 150], UP, 150, 'TooManyReplicas'],
    ['1 % up is one pod', 3, 1000, [1, 2000], { up: [0, 0, 1, 60] }, 4, 'ScaleUpLimit'],
    ['20 pods down', 1000, 3, [3, 2000], { down: [20, 60, 0, 0] }, 980, 'ScaleDownLimit'],
    ['the default doubles', 10, 50, [1, 1000], UP, 20, 'ScaleUpLimit'],
    ['more pods than percent', 10, 500, [1, 1000], { up: [100, 60, 100, 60] }, 110, 'ScaleUpLimit'],
    ['more percent than pods', 10, 500, [1, 1000], { up: [2, 60, 100, 60] }, 20, 'ScaleUpLimit'],
    ['many pods', 10, 50, [1, 1000], { up: [100, 60, 0, 0] }, 50, 'DesiredWithinRange'],
    ['30 pods', 10, 50, [1, 1000], { up: [30, 60, 0, 0] }, 40, 'ScaleUpLimit'],
    ['200 %', 10, 50, [1, 1000], { up: [0, 0, 200, 60] }, 30, 'ScaleUpLimit'],
    ['20 pods or 1 % down', 100, 2, [1, 1000], { down: [20, 60, 1, 60] }, 80, 'ScaleDownLimit'],
    ['2 pods or 1 % down', 100, 2, [1, 1000], { down: [2, 60, 1, 60] }, 98, 'ScaleDownLimit'],
    ['many pods down', 10, 0, [1, 1000], { down: [100, 60, 0, 0] }, 1, 'TooFewReplicas'],
    ['100 % down', 10, 2, [5, 1000], { down: [0, 0, 100, 60] }, 5, 'TooFewReplicas'],
    ['5 pods down', 10, 2, [1, 1000], { down: [5, 60, 0, 0] }, 5, 'ScaleDownLimit'],
    ['50 % down', 10, 5, [1, 1000], { down: [0, 0, 50, 60] }, 5, 'DesiredWithinRange'],
    [
      'up, many pods after growth',
      100,
      500,
      [1, 200],
      { up: [300, 60, 0, 0], added: [1, 5, 9] },
      200,
      'TooManyReplicas',
    ],
    [
      'up, many percent after growth',
      100,
      500,
      [1, 200],
      { up: [0, 0, 10000, 60], added: [1, 5, 9] },
      200,
      'TooManyReplicas',
    ],
    [
      'up, spent',
      100,
      500,
      [1, 1000],
      { up: [5, 120, 0, 0], added: [1, 5, 9] },
      100,
      'ScaleUpLimit',
    ],
    [
      'up, pods of a period',
      100,
      500,
      [1, 1000],
      { up: [150, 120, 0, 0], added: [1, 5, 9] },
      235,
      'ScaleUpLimit',
    ],
    [
      'up, percent of a period',
      100,
      500,
      [1, 1000],
      { up: [0, 0, 200, 120], added: [1, 5, 9] },
      255,
      'ScaleUpLimit',
    ],
    [
      'up, after up and down',
      6,
      24,
      [1, 1000],
      { up: [0, 0, 300, 300], added: [4], removed: [2] },
      16,
      'ScaleUpLimit',
    ],
    ['down, the default', 10, 5, [1, 1000], { removed: [1, 5, 9] }, 5, 'DesiredWithinRange'],
    [
      'down, many pods',
      100,
      0,
      [1, 1000],
      { down: [115, 120, 0, 0], removed: [1, 5, 9] },
      1,
      'TooFewReplicas',
    ],
    [
      'down, many pods to the minimum',
      100,
      0,
      [5, 1000],
      { down: [130, 120, 0, 0], removed: [1, 5, 9] },
      5,
      'TooFewReplicas',
    ],
    [
      'down, 100 %',
      100,
      2,
      [5, 1000],
      { down: [0, 0, 100, 120], removed: [1, 5, 9] },
      5,
      'TooFewReplicas',
    ],
    [
      'down, spent pods',
      100,
      2,
      [1, 1000],
      { down: [5, 120, 0, 0], removed: [1, 5, 9] },
      100,
      'ScaleDownLimit',
    ],
    [
      'down, percent of a period',
      100,
      0,
      [1, 1000],
      { down: [0, 0, 50, 120], removed: [2, 4, 6] },
      56,
      'ScaleDownLimit',
    ],
    [
      'down, after up and down',
      10,
      1,
      [1, 1000],
      { down: [0, 0, 50, 180], added: [2], removed: [4] },
      6,
      'ScaleDownLimit',
    ],
    [
      'down, spent percent',
      100,
      0,
      [1, 1000],
      { down: [0, 0, 10, 120], removed: [10, 10, 10] },
      100,
      'ScaleDownLimit',
    ],
    [
      'down, below zero',
      10,
      5,
      [1, 1000],
      { down: [0, 0, 1000, 120], removed: [10, 10, 10] },
      5,
      'DesiredWithinRange',
    ],
    [
      'up, old growth',
      100,
      200,
      [1, 1000],
      { up: [1000, 30, 100, 60], added: [8, 12, 9, 11] },
      200,
      'DesiredWithinRange',
    ],
    [
      'down, old shrinking',
      100,
      5,
      [1, 1000],
      { down: [1000, 30, 100, 60], removed: [8, 12, 9, 11] },
      5,
      'DesiredWithinRange',
    ],
  ];
  for (const [name, current, desired, bounds, one, replicas, reason] of cases)
    it(name, () => {
      const behavior = {
        ...(one.up ? { scaleUp: rules(one.up, 0) } : {}),
        ...(one.down ? { scaleDown: rules(one.down, 300) } : {}),
      };
      const changes = [...spread(one.added ?? [], 1), ...spread(one.removed ?? [], -1)];
      const history = { ...NOTHING, changes };
      const spec = specOf(bounds, behavior);
      const found = normalize({ ...base, spec, current, desired, history });
      assert.deepEqual([found.replicas, found.limit], [replicas, reason]);
    });

  it('takes the least change with Min, and none with Disabled', () => {
    const both: Rules = [2, 60, 50, 60];
    const sizes = (selectPolicy: string) => {
      const one = { ...rules(both, 0), selectPolicy };
      const spec = specOf([1, 100], { scaleUp: one, scaleDown: one });
      const of = (current: number, desired: number) =>
        normalize({ ...base, spec, current, desired }).replicas;
      return [of(1, 100), of(5, 1)];
    };
    assert.deepEqual(sizes('Min'), [2, 3]);
    assert.deepEqual(sizes('Max'), [3, 2]);
    assert.deepEqual(sizes('Disabled'), [1, 5]);
  });
});

describe('stabilization', () => {
  const at = (...list: readonly (readonly [number, number])[]): History => ({
    ...NOTHING,
    recommendations: list.map(([replicas, minutes]) => ({ replicas, at: NOW - minutes * MINUTE })),
  });
  const plain: readonly (readonly [string, History, number, number])[] = [
    ['nothing', at(), 5, 5],
    ['higher ones', at([4, 2], [5, 1]), 3, 5],
    ['lower ones', at([1, 2], [2, 1]), 3, 3],
    ['old ones', at([10, 10], [9, 9]), 3, 3],
    ['old and new ones', at([10, 10], [9, 9], [5, 2], [4, 1]), 3, 5],
  ];
  for (const [name, history, desired, stabilized] of plain)
    it(`looks back at ${name} without a behavior`, () => {
      const sizes = { ...base, spec: specOf([1, 100]), current: 100, desired, history };
      const { able, replicas } = normalize(sizes);
      assert.equal(replicas, stabilized);
      assert.equal(able, stabilized === desired ? 'ReadyForNewScale' : 'ScaleDownStabilized');
    });

  const windows: readonly (readonly [
    string,
    History,
    current: number,
    desired: number,
    seconds: readonly [up: number, down: number],
    stabilized: number,
  ])[] = [
    ['down from nothing', at(), 100, 5, [0, 0], 5],
    ['down', at([4, 2], [5, 1]), 100, 3, [0, 180], 5],
    ['up', at([4, 2], [5, 1]), 1, 7, [300, 0], 4],
    ['down at once', at([1, 2], [2, 1]), 100, 3, [300, 0], 3],
    ['up at once', at([4, 2], [5, 1]), 1, 3, [0, 300], 3],
    ['down past old ones', at([10, 10], [9, 9]), 100, 3, [0, 0], 3],
    ['up past old ones', at([10, 10], [9, 9]), 1, 100, [0, 0], 100],
    ['down past some', at([10, 10], [9, 9], [5, 2], [4, 1]), 100, 3, [0, 180], 5],
    ['up past some', at([10, 100], [9, 3], [5, 2], [6, 1]), 1, 100, [300, 0], 5],
    ['not up on the way down', at([2, 100], [3, 3]), 2, 1, [300, 300], 2],
    ['not down on the way up', at([2, 100], [1, 3]), 2, 3, [300, 300], 2],
  ];
  for (const [name, history, current, desired, [up, down], stabilized] of windows)
    it(`goes ${name} with a behavior`, () => {
      const free: Rules = [1000, 60, 0, 0];
      const behavior = { scaleUp: rules(free, up), scaleDown: rules(free, down) };
      const spec = specOf([0, 1000], behavior);
      const { able, replicas } = normalize({ ...base, spec, current, desired, history });
      assert.equal(replicas, stabilized);
      const held = desired >= current ? 'ScaleUpStabilized' : 'ScaleDownStabilized';
      assert.equal(able, stabilized === desired ? 'ReadyForNewScale' : held);
    });

  it("takes the flag's window for a behavior without one", () => {
    const spec = specOf([1, 100], { scaleUp: rules([4, 15, 0, 0], 0) });
    const sizes = { ...base, spec, current: 5, desired: 2, history: at([5, 4]) };
    assert.equal(normalize(sizes).replicas, 5);
    assert.equal(normalize({ ...sizes, options: optionsOf(3 * MINUTE) }).replicas, 2);
  });
});

describe('the memory of an autoscaler', () => {
  it('keeps what a window still needs, equal proposals once', () => {
    const spec = specOf([1, 10]);
    let history = NOTHING;
    const say = (desired: number, minute: number) => {
      const now = NOW + minute * MINUTE;
      history = remember({ ...base, spec, current: 1, desired, history, now });
      return history.recommendations.map(({ at, replicas }) => [replicas, (at - NOW) / MINUTE]);
    };
    say(3, 0);
    say(3, 1);
    assert.deepEqual(say(4, 2), [
      [3, 1],
      [4, 2],
    ]);
    assert.deepEqual(say(3, 4), [
      [3, 1],
      [4, 2],
      [3, 4],
    ]);
    assert.deepEqual(say(3, 7), [
      [4, 2],
      [3, 7],
    ]);
    assert.deepEqual(say(2, 20), [[2, 20]]);
  });

  it('keeps changes for the longest period of a policy', () => {
    const change = (spec: HorizontalPodAutoscalerSpec, ago: readonly number[]) => {
      const changes = ago.map((seconds, i) => ({ by: i + 1, at: NOW - seconds * 1000 }));
      const next = rememberChange({ ...NOTHING, changes }, spec, 50, NOW);
      return next.changes.map(({ by }) => by);
    };
    const one = { scaleUp: rules([10, 60, 100, 30], 0), scaleDown: rules([1, 15, 0, 0]) };
    assert.deepEqual(change(specOf([1, 10]), [61]), [1]);
    assert.deepEqual(change(specOf([1, 10], one), [61]), [50]);
    assert.deepEqual(change(specOf([1, 10], one), [58]), [1, 50]);
    assert.deepEqual(change(specOf([1, 10], one), [61, 59]), [2, 50]);
  });

  it('is bounded', () => {
    const spec = specOf([1, 10], { scaleUp: rules([10, 1800, 0, 0], 3600) });
    let history = NOTHING;
    for (let i = 0; i < 2000; i++) {
      const now = NOW + i;
      history = remember({ ...base, spec, current: 1, desired: i % 2, history, now });
      history = rememberChange(history, spec, 1, now);
    }
    assert.equal(history.recommendations.length, MAX_AUTOSCALER_MEMORY);
    assert.equal(history.changes.length, MAX_AUTOSCALER_MEMORY);
  });
});
