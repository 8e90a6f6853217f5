import assert from 'node:assert/strict';
import type { DaemonSet, DaemonSetSpec } from '../../apis/apps/v1/types.js';
import type { Node, Pod, PodSpec, Taint } from '../../apis/core/v1/types.js';
import { timestamp } from '../../util/env/env.js';
import { nodeFit } from './node.js';
import { planDaemons, planDaemonStatus, type DaemonInput } from './plan.js';
import { daemonPod, nodeOf } from './pod.js';

const NOW = Date.UTC(2026, 0, 2);
const node = (name: string, labels: Record<string, string> = {}, taints: Taint[] = []): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec: { taints },
});
const set = (spec: Partial<DaemonSetSpec> = {}, podSpec: Partial<PodSpec> = {}): DaemonSet => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'd', namespace: 'n', uid: 'u', generation: 2 },
  spec: {
    selector: { matchLabels: { app: 'd' } },
    template: { spec: { containers: [], ...podSpec } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    ...spec,
  },
});
interface Shape {
  hash?: string;
  ready?: boolean;
  phase?: string;
  deleting?: boolean;
}
const pod = (
  name: string,
  on: string,
  { deleting = false, hash = 'new', phase = 'Running', ready = true }: Shape = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    uid: name,
    labels: { 'controller-revision-hash': hash },
    creationTimestamp: timestamp(NOW),
    ...(deleting ? { deletionTimestamp: timestamp(NOW) } : {}),
  },
  spec: { containers: [], nodeName: on },
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
const nodes = [node('a'), node('b'), node('c')];
const input = (pods: Pod[], of: Partial<DaemonInput> = {}): DaemonInput => ({
  set: set(),
  hash: 'new',
  nodes,
  pods,
  now: NOW,
  ...of,
});
const plan = (pods: Pod[], of: Partial<DaemonInput> = {}) => {
  const { create, finished, remove } = planDaemons(input(pods, of));
  return {
    create,
    remove: remove.map(({ metadata }) => metadata.name),
    finished: finished.map(({ metadata }) => metadata.name),
  };
};

describe('daemon set plan', () => {
  it('keeps one pod on every node that fits', () => {
    assert.deepEqual(plan([pod('1', 'a')]), { create: ['b', 'c'], remove: [], finished: [] });
    assert.deepEqual(
      plan([
        pod('1', 'a'),
        pod('2', 'a'),
        pod('3', 'b', { phase: 'Failed' }),
        pod('4', 'c', { deleting: true }),
      ]),
      { create: [], remove: ['2'], finished: ['3'] },
    );
    const picky = set({}, { nodeSelector: { disk: 'ssd' } });
    assert.deepEqual(
      plan([pod('1', 'b')], { set: picky, nodes: [node('a', { disk: 'ssd' }), node('b')] }),
      { create: ['a'], remove: ['1'], finished: [] },
    );
  });

  it('deletes pending pods for a node that is gone', () => {
    const waiting = daemonPod(set(), 'gone', 'new') as Pod;
    waiting.metadata.name = 'w';
    assert.equal(nodeOf(waiting), 'gone');
    assert.deepEqual(plan([waiting], { nodes: [] }).remove, ['w']);
  });

  it('obeys taints: NoSchedule repels new pods, NoExecute deletes running ones', () => {
    const spec = { containers: [] };
    const tainted = (key: string, effect: string) =>
      nodeFit(spec, node('a', {}, [{ key, effect }]));
    assert.deepEqual(tainted('x', 'NoSchedule'), { shouldRun: false, mayStay: true });
    assert.deepEqual(tainted('x', 'NoExecute'), { shouldRun: false, mayStay: false });
    assert.deepEqual(tainted('x', 'PreferNoSchedule'), { shouldRun: true, mayStay: true });
    assert.deepEqual(tainted('node.kubernetes.io/unschedulable', 'NoSchedule'), {
      shouldRun: true,
      mayStay: true,
    });
    assert.deepEqual(tainted('node.kubernetes.io/network-unavailable', 'NoSchedule'), {
      shouldRun: false,
      mayStay: true,
    });
    assert.ok(
      nodeFit(
        { ...spec, hostNetwork: true },
        node('a', {}, [{ key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' }]),
      ).shouldRun,
    );
  });

  it('obeys required node affinity', () => {
    const spec = (operator: string, values: string[]) => ({
      containers: [],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator, values }] }],
          },
        },
      },
    });
    assert.ok(nodeFit(spec('In', ['x', 'y']), node('a', { zone: 'y' })).shouldRun);
    assert.ok(!nodeFit(spec('NotIn', ['y']), node('a', { zone: 'y' })).shouldRun);
    assert.ok(nodeFit(spec('Gt', ['3']), node('a', { zone: '4' })).shouldRun);
  });

  it('rolls an update within maxUnavailable', () => {
    const old = { hash: 'old' };
    assert.deepEqual(plan([pod('1', 'a', old), pod('2', 'b', old), pod('3', 'c', old)]).remove, [
      '1',
    ]);
    assert.deepEqual(
      plan([pod('1', 'a', { ready: false }), pod('2', 'b', old), pod('3', 'c', old)]).remove,
      [],
      'the first new one is not ready',
    );
    assert.deepEqual(
      plan([pod('1', 'a'), pod('2', 'b', { ...old, ready: false }), pod('3', 'c', old)]).remove,
      ['2'],
      'an unready one costs nothing',
    );
    const half = set({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } },
    });
    assert.deepEqual(
      plan([pod('1', 'a', old), pod('2', 'b', old), pod('3', 'c', old)], { set: half }).remove,
      ['1', '2'],
    );
    assert.deepEqual(
      plan([pod('1', 'a', old), pod('2', 'b', old), pod('3', 'c', old)], {
        set: set({ updateStrategy: { type: 'OnDelete' } }),
      }).remove,
      [],
    );
  });

  it('rolls by surge: creates the new pod first', () => {
    const surge = set({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    const old = { hash: 'old' };
    const all = [pod('1', 'a', old), pod('2', 'b', old), pod('3', 'c', old)];
    assert.deepEqual(plan(all, { set: surge }), { create: ['a'], remove: [], finished: [] });
    assert.deepEqual(plan([...all, pod('4', 'a', { ready: false })], { set: surge }), {
      create: [],
      remove: [],
      finished: [],
    });
    assert.deepEqual(plan([...all, pod('4', 'a')], { set: surge }), {
      create: ['b'],
      remove: ['1'],
      finished: [],
    });
  });

  it('computes the status', () => {
    const pods = [pod('1', 'a'), pod('2', 'b', { ready: false, hash: 'old' }), pod('3', 'x')];
    const { status } = planDaemonStatus(
      input(pods, { nodes: [...nodes, node('x', {}, [{ key: 'k', effect: 'NoSchedule' }])] }),
    );
    assert.deepEqual(status, {
      currentNumberScheduled: 2,
      desiredNumberScheduled: 3,
      numberMisscheduled: 1,
      numberReady: 1,
      observedGeneration: 2,
      updatedNumberScheduled: 1,
      numberAvailable: 1,
      numberUnavailable: 2,
    });
    const slow = planDaemonStatus(input([pod('1', 'a')], { set: set({ minReadySeconds: 15 }) }));
    assert.deepEqual([slow.status.numberAvailable, slow.checkAgainInMs], [undefined, 5_000]);
  });
});
