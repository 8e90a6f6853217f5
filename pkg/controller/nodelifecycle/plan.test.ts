import assert from 'node:assert/strict';
import type { Node, Pod, Taint, Toleration } from '../../apis/core/v1/types.js';
import { evictionTime } from '../tainteviction/plan.js';
import { areAllDown, countZones, evictionRate, planTaints, planUnknownConditions } from './plan.js';

const NOW = Date.UTC(2026, 0, 2);
const AT = '2026-01-02T00:00:00Z';

const node = (
  name: string,
  conditions: Record<string, string>,
  spec: Partial<Node['spec']> = {},
): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec,
  status: {
    conditions: Object.entries(conditions).map(([type, status]) => ({
      type,
      status,
      lastHeartbeatTime: '2026-01-01T23:00:00Z',
    })),
  },
});
const show = (taints: Taint[] | undefined): string[] | undefined =>
  taints?.map(({ effect, key }) => `${key.split('/')[1]}:${effect}`);

describe('node lifecycle plan', () => {
  it('sets every condition of a silent kubelet to Unknown, once', () => {
    const conditions = planUnknownConditions(
      node('n', { Ready: 'True', MemoryPressure: 'Unknown' }),
      NOW,
    );
    assert.deepEqual(
      conditions.map(({ reason, type }) => [type, reason]),
      [
        ['Ready', 'NodeStatusUnknown'],
        ['DiskPressure', 'NodeStatusNeverUpdated'],
        ['PIDPressure', 'NodeStatusNeverUpdated'],
      ],
    );
    assert.deepEqual(conditions[0], {
      type: 'Ready',
      status: 'Unknown',
      lastTransitionTime: AT,
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastHeartbeatTime: '2026-01-01T23:00:00Z',
    });
    assert.deepEqual(
      planUnknownConditions(
        node('n', {
          Ready: 'Unknown',
          MemoryPressure: 'Unknown',
          DiskPressure: 'Unknown',
          PIDPressure: 'Unknown',
        }),
        NOW,
      ),
      [],
    );
  });

  it('adds and removes its own taints by condition, never those of others', () => {
    const foreign = { key: 'dedicated', effect: 'NoExecute' };
    const down = planTaints(
      node(
        'n',
        { Ready: 'Unknown', DiskPressure: 'True' },
        { taints: [foreign], unschedulable: true },
      ),
      'allowed',
      NOW,
    );
    assert.deepEqual(
      show(down),
      [
        undefined,
        'unreachable:NoSchedule',
        'disk-pressure:NoSchedule',
        'unschedulable:NoSchedule',
        'unreachable:NoExecute',
      ].map((t) => t ?? 'undefined:NoExecute'),
    );
    assert.equal(down![1]!.timeAdded, AT);
    const up = planTaints(node('n', { Ready: 'True' }, { taints: down! }), 'allowed', NOW);
    assert.deepEqual(up, [foreign]);
    assert.equal(
      planTaints(node('n', { Ready: 'True' }, { taints: [foreign] }), 'allowed', NOW),
      undefined,
    );
  });

  it('replaces not-ready by unreachable', () => {
    const first = planTaints(node('n', { Ready: 'False' }), 'allowed', NOW)!;
    const then = planTaints(node('n', { Ready: 'Unknown' }, { taints: first }), 'held', NOW);
    assert.deepEqual(show(then), ['unreachable:NoSchedule', 'unreachable:NoExecute']);
  });

  it('rate-limits the NoExecute taint but not the NoSchedule taint', () => {
    const taints = planTaints(node('n', { Ready: 'Unknown' }), 'held', NOW);
    assert.deepEqual(show(taints), ['unreachable:NoSchedule']);
  });

  it('takes the NoExecute taint back when evictions stop, and gives it a new time later', () => {
    const silent = (taints: Taint[]) => node('n', { Ready: 'Unknown' }, { taints });
    const begun = planTaints(silent([]), 'allowed', NOW)!;
    const stopped = planTaints(silent(begun), 'stopped', NOW)!;
    assert.deepEqual(show(stopped), ['unreachable:NoSchedule']);
    assert.equal(planTaints(silent(stopped), 'held', NOW), undefined);
    const again = planTaints(silent(stopped), 'allowed', NOW + 60_000)!;
    assert.equal(again.at(-1)!.timeAdded, '2026-01-02T00:01:00Z');
  });

  it('evicts slower the more of a zone is down, and not at all when all zones are down', () => {
    const rates = {
      nodeEvictionRate: 0.1,
      secondaryNodeEvictionRate: 0.01,
      unhealthyZoneThreshold: 0.55,
      largeClusterSizeThreshold: 50,
    };
    const rate = (ready: number, notReady: number, other = 1) => {
      const nodes = [
        ...Array.from({ length: ready }, () => node('r', { Ready: 'True' })),
        ...Array.from({ length: notReady }, () => node('d', { Ready: 'Unknown' })),
        ...Array.from({ length: other }, () => ({
          ...node('o', { Ready: 'True' }),
          metadata: { name: 'o', labels: { 'topology.kubernetes.io/zone': 'z' } },
        })),
      ];
      const zones = countZones(nodes);
      return areAllDown(zones) ? 0 : evictionRate(zones.get('/')!, rates);
    };
    assert.equal(rate(2, 1), 0.1);
    assert.equal(rate(1, 2), 0.1, 'two nodes are no outage');
    assert.equal(rate(1, 3), 0);
    assert.equal(rate(20, 80), 0.01);
    assert.equal(rate(0, 3, 0), 0);
    assert.equal(rate(0, 3), 0.1, 'another zone lives');
  });
});

describe('taint eviction plan', () => {
  const taint = (key: string, secondsAgo = 0): Taint => ({
    key,
    effect: 'NoExecute',
    timeAdded: new Date(NOW - secondsAgo * 1000).toISOString(),
  });
  const at = (tolerations: Toleration[], ...taints: Taint[]): number | undefined => {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [], tolerations },
    };
    const time = evictionTime(pod, taints, NOW);
    return time === undefined ? undefined : (time - NOW) / 1000;
  };

  it('is immediate without a toleration, never with an unlimited toleration', () => {
    assert.equal(at([], taint('k')), 0);
    assert.equal(at([{ key: 'k', operator: 'Exists', effect: 'NoSchedule' }], taint('k')), 0);
    assert.equal(at([{ operator: 'Exists' }], taint('k')), undefined);
    assert.equal(at([], { key: 'k', effect: 'NoSchedule' }), undefined);
  });

  it('counts tolerationSeconds from timeAdded', () => {
    assert.equal(
      at([{ key: 'k', operator: 'Exists', tolerationSeconds: 300 }], taint('k', 100)),
      200,
    );
    assert.equal(
      at([{ key: 'k', operator: 'Exists', tolerationSeconds: 60 }], taint('k', 100)),
      -40,
    );
    assert.equal(
      at(
        [
          { key: 'k', operator: 'Exists', tolerationSeconds: 300 },
          { operator: 'Exists', tolerationSeconds: 30 },
        ],
        taint('k'),
        taint('l'),
      ),
      30,
    );
  });

  it('compares values for Equal', () => {
    const valued = { ...taint('k'), value: 'v' };
    assert.equal(at([{ key: 'k', value: 'v' }], valued), undefined);
    assert.equal(at([{ key: 'k', value: 'w' }], valued), 0);
    assert.equal(at([{ key: 'k' }], valued), 0);
  });
});
