import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import { planReplicas, planStatus, rankForDeletion, type StatusInput } from './plan.js';

const NOW = Date.UTC(2026, 0, 2);
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

interface Shape {
  node?: string;
  phase?: string;
  /** Seconds since it became ready. */
  ready?: number;
  age?: number;
  restarts?: number;
  cost?: string;
  labels?: Record<string, string>;
}

const pod = (
  name: string,
  { age = 1000, cost, labels = {}, node, phase = 'Running', ready, restarts = 0 }: Shape = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    uid: name,
    labels,
    creationTimestamp: ago(age),
    ...(cost ? { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } } : {}),
  },
  spec: { containers: [], ...(node ? { nodeName: node } : {}) },
  status: {
    phase,
    conditions:
      ready === undefined
        ? []
        : [{ type: 'Ready', status: 'True', lastTransitionTime: ago(ready) }],
    containerStatuses: [
      { name: 'c', image: '', imageID: '', ready: ready !== undefined, restartCount: restarts },
    ],
  },
});

const names = (pods: readonly Pod[]): string[] => pods.map(({ metadata }) => metadata.name);

describe('replica set plan', () => {
  it('creates missing pods, at most a burst', () => {
    assert.deepEqual(planReplicas(3, [pod('a')], [], NOW), { create: 2, remove: [] });
    assert.equal(planReplicas(5000, [], [], NOW).create, 500);
    assert.deepEqual(planReplicas(1, [pod('a')], [], NOW), { create: 0, remove: [] });
  });

  it('deletes by rank, one criterion after the other', () => {
    const cases: [string, Pod, Pod][] = [
      ['unassigned', pod('x', { phase: 'Pending' }), pod('a', { node: 'n', phase: 'Pending' })],
      ['pending', pod('x', { node: 'n', phase: 'Pending' }), pod('a', { node: 'n' })],
      [
        'unknown before running',
        pod('x', { node: 'n', phase: 'Unknown' }),
        pod('a', { node: 'n' }),
      ],
      ['not ready', pod('x', { node: 'n' }), pod('a', { node: 'n', ready: 5 })],
      ['cheap', pod('x', { node: 'n', ready: 5, cost: '-10' }), pod('a', { node: 'n', ready: 5 })],
      [
        'ready for a shorter time',
        pod('x', { node: 'n', ready: 5 }),
        pod('a', { node: 'n', ready: 500 }),
      ],
      [
        'restarted more',
        pod('x', { node: 'n', ready: 5, restarts: 3 }),
        pod('a', { node: 'n', ready: 5, restarts: 1 }),
      ],
      [
        'younger',
        pod('x', { node: 'n', ready: 5, age: 10 }),
        pod('a', { node: 'n', ready: 5, age: 900 }),
      ],
    ];
    for (const [why, first, second] of cases) {
      assert.deepEqual(names(rankForDeletion([second, first], [], NOW)), ['x', 'a'], why);
      assert.deepEqual(names(rankForDeletion([first, second], [], NOW)), ['x', 'a'], why);
    }
  });

  it('deletes pods that share a node with others first', () => {
    const pods = [
      pod('a', { node: 'n1', ready: 9 }),
      pod('b', { node: 'n2', ready: 9 }),
      pod('c', { node: 'n2', ready: 9 }),
    ];
    assert.equal(planReplicas(2, pods, pods, NOW).remove[0]!.spec.nodeName, 'n2');
    assert.deepEqual(
      names(
        planReplicas(
          2,
          pods,
          [...pods, pod('sibling', { node: 'n1' }), pod('other', { node: 'n1' })],
          NOW,
        ).remove,
      ),
      ['a'],
    );
  });

  it('ignores a deletion cost that is not a number', () => {
    const pods = [pod('a', { node: 'n', cost: 'cheap' }), pod('b', { node: 'n', cost: '-1' })];
    assert.deepEqual(names(rankForDeletion(pods, [], NOW)), ['b', 'a']);
  });
});

describe('replica set status', () => {
  const input = (more: Partial<StatusInput>): StatusInput => ({
    generation: 2,
    replicas: 3,
    minReadySeconds: 0,
    templateLabels: { app: 'x' },
    pods: [],
    failure: undefined,
    old: undefined,
    now: NOW,
    ...more,
  });

  it('counts pods, and computes when the next becomes available', () => {
    const pods = [
      pod('a', { ready: 100, labels: { app: 'x', more: 'y' } }),
      pod('b', { ready: 4 }),
      pod('c', { ready: 7 }),
      pod('d'),
    ];
    const plan = planStatus(input({ pods, minReadySeconds: 10 }));
    assert.deepEqual(plan.status, {
      replicas: 4,
      fullyLabeledReplicas: 1,
      readyReplicas: 3,
      availableReplicas: 1,
      observedGeneration: 2,
    });
    assert.equal(plan.checkAgainInMs, 3000);
    assert.equal(plan.changed, true);
  });

  it('writes nothing when nothing changed', () => {
    const old = planStatus(input({ pods: [pod('a', { ready: 1 })] })).status;
    assert.equal(planStatus(input({ pods: [pod('b', { ready: 1 })], old })).changed, false);
    assert.equal(planStatus(input({ pods: [pod('b')], old })).changed, true);
    assert.equal(
      planStatus(input({ pods: [pod('b', { ready: 1 })], old, generation: 3 })).changed,
      true,
    );
    assert.equal(
      planStatus(input({ old: { replicas: 0, observedGeneration: 2 } })).changed,
      false,
      'absent counts are zero',
    );
  });

  it('reports a failure once and removes the condition after success', () => {
    const failure = { reason: 'FailedCreate' as const, error: new Error('quota') };
    const failed = planStatus(input({ failure, old: { replicas: 0, observedGeneration: 2 } }));
    assert.deepEqual(failed.status.conditions, [
      {
        type: 'ReplicaFailure',
        status: 'True',
        lastTransitionTime: '2026-01-02T00:00:00Z',
        reason: 'FailedCreate',
        message: 'quota',
      },
    ]);
    assert.equal(
      planStatus(input({ failure: { ...failure, error: new Error('again') }, old: failed.status }))
        .changed,
      false,
    );
    const healed = planStatus(input({ old: failed.status }));
    assert.equal(healed.changed, true);
    assert.equal(healed.status.conditions, undefined);
  });
});
