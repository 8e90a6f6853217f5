import assert from 'node:assert/strict';
import type { StatefulSet, StatefulSetSpec, StatefulSetStatus } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { timestamp } from '../../util/env/env.js';
import { claimsOf, ordinalOf, statefulPod } from './identity.js';
import { planStatefulSet, planStatefulStatus, type StatefulInput } from './plan.js';

const NOW = Date.UTC(2026, 0, 2);
const set = (spec: Partial<StatefulSetSpec> = {}, status?: StatefulSetStatus): StatefulSet => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'w', namespace: 'n', uid: 'u', generation: 1 },
  spec: {
    replicas: 3,
    serviceName: 's',
    selector: { matchLabels: { app: 'w' } },
    template: { spec: { containers: [] } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    ...spec,
  },
  ...(status ? { status } : {}),
});
interface Shape {
  ready?: boolean;
  deleting?: boolean;
  revision?: string;
  phase?: string;
}
const pod = (
  ordinal: number,
  { deleting = false, phase = 'Running', ready = true, revision = 'new' }: Shape = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `w-${ordinal}`,
    labels: { 'controller-revision-hash': revision },
    ...(deleting ? { deletionTimestamp: timestamp(NOW) } : {}),
  },
  spec: { containers: [] },
  status: {
    phase,
    conditions: [
      {
        type: 'Ready',
        status: ready ? 'True' : 'False',
        lastTransitionTime: timestamp(NOW - 10_000),
      },
    ],
  },
});
const input = (pods: Pod[], of: StatefulSet = set()): StatefulInput => ({
  set: of,
  pods,
  currentRevision: 'old',
  updateRevision: 'new',
  now: NOW,
});
const plan = (pods: Pod[], of?: StatefulSet) => {
  const { create, remove } = planStatefulSet(input(pods, of));
  return {
    create: create.map(({ ordinal, revision }) => `${ordinal}:${revision}`),
    remove: remove.map((r) => `${r.pod.metadata.name}:${r.why}`),
  };
};
const parallel = { podManagementPolicy: 'Parallel' };

describe('stateful set plan', () => {
  it('creates in order, each pod when the pods before it are ready', () => {
    assert.deepEqual(plan([]), { create: ['0:new'], remove: [] });
    assert.deepEqual(plan([pod(0, { ready: false })]), { create: [], remove: [] });
    assert.deepEqual(plan([pod(0)]), { create: ['1:new'], remove: [] });
    assert.deepEqual(plan([pod(0), pod(2)]), { create: ['1:new'], remove: [] });
    assert.deepEqual(plan([pod(0, { ready: false })], set(parallel)).create, ['1:new', '2:new']);
    assert.deepEqual(plan([], set({ ordinals: { start: 5 } })).create, ['5:new']);
  });

  it('replaces a finished pod, and waits for a terminating pod', () => {
    assert.deepEqual(plan([pod(0, { phase: 'Failed' })]), { create: [], remove: ['w-0:finished'] });
    assert.deepEqual(plan([pod(0, { deleting: true })]), { create: [], remove: [] });
  });

  it('scales down from the highest, one at a time', () => {
    const two = set({ replicas: 1 });
    assert.deepEqual(plan([pod(0), pod(1), pod(2)], two).remove, ['w-2:scaled']);
    assert.deepEqual(plan([pod(0), pod(1), pod(2, { deleting: true })], two).remove, []);
    assert.deepEqual(
      plan([pod(0), pod(1, { ready: false }), pod(2, { ready: false })], two).remove,
      [],
      'waits for the lowest unhealthy one',
    );
    assert.deepEqual(
      plan([pod(0, { ready: false }), pod(1), pod(2)], two).remove,
      [],
      'what stays comes first',
    );
    assert.deepEqual(plan([pod(0), pod(1), pod(2)], set({ replicas: 1, ...parallel })).remove, [
      'w-2:scaled',
      'w-1:scaled',
    ]);
  });

  it('updates from the highest down to the partition, one at a time', () => {
    const old = { revision: 'old' };
    assert.deepEqual(plan([pod(0, old), pod(1, old), pod(2, old)]).remove, ['w-2:updated']);
    assert.deepEqual(plan([pod(0, old), pod(1, old), pod(2)]).remove, ['w-1:updated']);
    assert.deepEqual(
      plan([pod(0, old), pod(1, old), pod(2, { ready: false })], set(parallel)).remove,
      [],
    );
    const partition = set({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    });
    assert.deepEqual(plan([pod(0, old), pod(1, old), pod(2)], partition), {
      create: [],
      remove: [],
    });
    assert.deepEqual(
      plan([pod(0, old)], partition).create,
      ['1:old'],
      'below the partition the old template lives on',
    );
    assert.deepEqual(
      plan([pod(0, old), pod(1, old), pod(2, old)], set({ updateStrategy: { type: 'OnDelete' } }))
        .remove,
      [],
    );
  });

  it('waits until a pod has been ready for minReadySeconds', () => {
    const next = planStatefulSet(input([pod(0)], set({ minReadySeconds: 15 })));
    assert.deepEqual([next.create, next.checkAgainInMs], [[], 5_000]);
  });

  it('computes the status, and detects a complete update', () => {
    const half = planStatefulStatus(
      input([pod(0, { revision: 'old' }), pod(1), pod(2, { ready: false })]),
    ).status;
    assert.deepEqual(
      [
        half.replicas,
        half.readyReplicas,
        half.currentReplicas,
        half.updatedReplicas,
        half.currentRevision,
      ],
      [3, 2, 1, 2, 'old'],
    );
    const over = planStatefulStatus(input([pod(0), pod(1), pod(2)])).status;
    assert.deepEqual(
      [over.currentReplicas, over.updatedReplicas, over.currentRevision],
      [3, 3, 'new'],
    );
    assert.ok(!planStatefulStatus(input([pod(0), pod(1), pod(2)], set({}, over))).changed);
  });
});

describe('stateful identity', () => {
  const claimed = set({
    volumeClaimTemplates: [
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
    ],
  });
  it('gives a pod its names and its claims', () => {
    const { metadata, spec } = statefulPod(
      claimed,
      {
        spec: {
          containers: [],
          volumes: [
            { name: 'data', emptyDir: {} },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
      'w-abc',
      2,
    );
    assert.deepEqual(
      [
        metadata.name,
        spec.hostname,
        spec.subdomain,
        metadata.labels?.['apps.kubernetes.io/pod-index'],
      ],
      ['w-2', 'w-2', 's', '2'],
    );
    assert.deepEqual(spec.volumes, [
      { name: 'data', persistentVolumeClaim: { claimName: 'data-w-2' } },
      { name: 'tmp', emptyDir: {} },
    ]);
    assert.deepEqual(
      claimsOf(claimed, 2).map((claim) => [claim.metadata.name, claim.metadata.labels]),
      [['data-w-2', { app: 'w' }]],
    );
  });

  it('recognizes its pods by name', () => {
    const named = (name: string) => ordinalOf(set(), { ...pod(0), metadata: { name } });
    assert.deepEqual(['w-0', 'w-12', 'w-01', 'x-1', 'w', 'w-1-2'].map(named), [
      0,
      12,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
