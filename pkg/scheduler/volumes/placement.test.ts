import assert from 'node:assert/strict';
import type { Node, PersistentVolumeClaim, Pod } from '../../apis/core/v1/types.js';
import type { CSINode } from '../../apis/storage/v1/types.js';
import { SeededRandom } from '../../../test/support/virtual-env.js';
import {
  claim,
  refTo,
  storageClass,
  volume,
  volumeLister,
} from '../../../test/support/storage-objects.js';
import { Cache } from '../cache.js';
import { decide } from '../decide.js';
import { podInfo } from '../framework/pod-info.js';
import type { Snapshot } from '../framework/snapshot.js';
import { preempt } from '../preemption.js';
import { PLUGINS } from '../plugins/registry.js';

const node = (name: string, labels: Record<string, string> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  spec: {},
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '20' } },
});
const pod = (name: string, claims: string[], spec: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns', uid: `uid-${name}` },
  spec: {
    containers: [{ name: 'c', image: 'i' }],
    volumes: claims.map((claimName, at) => ({
      name: `v${at}`,
      persistentVolumeClaim: { claimName },
    })),
    ...spec,
  },
});
const LATE = storageClass('late', { volumeBindingMode: 'WaitForFirstConsumer' });
const DISK = storageClass('disk', {
  ...LATE,
  metadata: { name: 'disk' },
  provisioner: 'example.com/disk',
});
const late = (name: string, size = '1Gi', metadata: object = {}) =>
  claim(name, size, { storageClassName: 'late' }, metadata);
const disk = (name: string, metadata: object = {}) =>
  claim(name, '1Gi', { storageClassName: 'disk' }, metadata);
const on = (name: string, size: string, host: string, spec: object = {}) =>
  volume(name, size, {
    storageClassName: 'late',
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] },
        ],
      },
    },
    ...spec,
  });
const bound = (name: string, to: string, spec: object = {}): PersistentVolumeClaim =>
  claim(
    name,
    '1Gi',
    { volumeName: to, ...spec },
    { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
  );

interface Question {
  nodes?: Node[];
  placed?: [Pod, string][];
  objects?: Parameters<typeof volumeLister>[0];
}

function clusterOf({ nodes = [node('a'), node('b')], placed = [], objects }: Question) {
  const cache = new Cache();
  for (const one of nodes) cache.setNode(one);
  for (const [p, nodeName] of placed) cache.setPod({ ...p, spec: { ...p.spec, nodeName } });
  const cluster: Snapshot = {
    nodes: cache.nodes,
    topology: cache.topology,
    images: cache.images,
    namespaces: new Map(),
    volumes: volumeLister(objects),
    claimUsers: cache.claimUsers,
    nominatedBefore: () => [],
    withPodsOn: (_pods, _node, body) => body(),
    defaultSelector: () => undefined,
  };
  return { cache, cluster };
}

/** The node, or the message after 'are available: '. */
function ask(p: Pod, question: Question): string {
  const { cluster } = clusterOf(question);
  const options = { plugins: PLUGINS, random: new SeededRandom(3), start: 0 };
  const decision = decide(podInfo(p), cluster, options);
  return decision.node ?? decision.message.replace(/^0\/\d nodes are available: /, '');
}

describe('the volumes of a pod', () => {
  it('must all be known, and are the reason of every node when they are not', () => {
    const cases: [string, string, PersistentVolumeClaim?][] = [
      ['not found', 'persistentvolumeclaim "c" not found.'],
      ['immediate', 'pod has unbound immediate PersistentVolumeClaims.', claim('c', '1Gi')],
      [
        'named, and so the matter of the binder',
        'pod has unbound immediate PersistentVolumeClaims.',
        claim('c', '1Gi', { storageClassName: 'late', volumeName: 'v' }),
      ],
      [
        'lost',
        'persistentvolumeclaim "c" bound to non-existent persistentvolume "v".',
        { ...bound('c', 'v'), status: { phase: 'Lost' } },
      ],
      [
        'leaving',
        'persistentvolumeclaim "c" is being deleted.',
        claim('c', '1Gi', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      ],
    ];
    for (const [what, expected, one] of cases)
      assert.equal(
        ask(pod('p', ['c']), { objects: { classes: [LATE], claims: one ? [one] : [] } }),
        expected,
        what,
      );
  });

  it('of an ephemeral claim wait for its controller, and refuse the claim of another', () => {
    const template = { volumeClaimTemplate: { spec: {} } };
    const p = pod('p', [], { volumes: [{ name: 'v', ephemeral: template }] });
    assert.equal(
      ask(p, {}),
      'waiting for ephemeral volume controller to create the persistentvolumeclaim "p-v".',
    );
    assert.equal(
      ask(p, { objects: { claims: [bound('p-v', 'v')] } }),
      'PVC ns/p-v was not created for pod ns/p (pod is not owner).',
    );
  });

  it('that are bound bring the pod to their node', () => {
    const objects = { claims: [bound('c', 'v')], volumes: [on('v', '1Gi', 'b')] };
    assert.equal(ask(pod('p', ['c']), { objects }), 'b');
    const elsewhere = { claims: [bound('c', 'v')], volumes: [on('v', '1Gi', 'z')] };
    assert.equal(
      ask(pod('p', ['c']), { objects: elsewhere }),
      '2 node(s) had volume node affinity conflict.',
    );
    assert.equal(
      ask(pod('p', ['c']), { objects: { claims: [bound('c', 'v')] } }),
      '2 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s).',
    );
  });

  it('that wait are found on one node for all claims, the smallest claim first', () => {
    const claims = [late('big', '5Gi'), late('small', '1Gi')];
    const find = (...volumes: ReturnType<typeof volume>[]) =>
      ask(pod('p', ['big', 'small']), { objects: { classes: [LATE], claims, volumes } });
    const none = "node(s) didn't find available persistent volumes to bind.";
    assert.equal(find(on('v', '9Gi', 'a'), on('w', '9Gi', 'b')), `2 ${none}`, 'one each');
    assert.equal(find(on('v', '9Gi', 'a'), on('w', '1Gi', 'b')), `2 ${none}`);
    assert.equal(find(on('v', '9Gi', 'a'), on('w', '5Gi', 'b'), on('x', '1Gi', 'b')), 'b');
    const other = refTo(late('other'));
    assert.equal(
      find(on('w', '5Gi', 'b', { claimRef: other }), on('x', '1Gi', 'b')),
      `2 ${none}`,
      'taken',
    );
    // The same claim twice is one claim.
    const twice = { classes: [LATE], claims: [late('c')], volumes: [on('v', '1Gi', 'a')] };
    assert.equal(ask(pod('p', ['c', 'c']), { objects: twice }), 'a');
  });

  it('that are reserved for a claim are the only ones for it', () => {
    const c = disk('c');
    const reserved = on('v', '1Gi', 'b', { storageClassName: 'disk', claimRef: refTo(c, false) });
    const free = on('w', '1Gi', 'a', { storageClassName: 'disk' });
    const objects = { classes: [DISK], claims: [c], volumes: [free, reserved] };
    assert.equal(ask(pod('p', ['c']), { objects }), 'b');
    assert.match(
      ask(pod('p', ['c']), { nodes: [node('a')], objects }),
      /didn't find available persistent volumes/,
    );
  });

  it('are made where the class allows, and where they were asked for before', () => {
    const zone = (name: string) => ({ 'topology.kubernetes.io/zone': name });
    const nodes = [node('a', zone('1')), node('b', zone('2'))];
    const expression = { key: 'topology.kubernetes.io/zone', values: ['2', '3'] };
    const limited = { ...DISK, allowedTopologies: [{ matchLabelExpressions: [expression] }] };
    const made = (c: PersistentVolumeClaim, storage = DISK, only = nodes) =>
      ask(pod('p', ['c']), { nodes: only, objects: { classes: [storage], claims: [c] } });
    assert.equal(made(disk('c'), limited), 'b');
    assert.match(made(disk('c'), limited, [nodes[0]!]), /^1 node\(s\) didn't find available/);
    assert.equal(made(disk('c'), DISK, [nodes[0]!]), 'a');
    const chosen = { annotations: { 'volume.kubernetes.io/selected-node': 'a' } };
    assert.equal(made(disk('c', chosen)), 'a');
    assert.match(made(disk('c', chosen), DISK, [nodes[1]!]), /^1 node\(s\) didn't find available/);
  });

  it('of the mode ReadWriteOncePod serve one pod, which a higher priority can replace', () => {
    const only = { accessModes: ['ReadWriteOncePod'] };
    const objects = { claims: [bound('c', 'v', only)], volumes: [volume('v', '1Gi')] };
    const question: Question = { placed: [[pod('first', ['c']), 'a']], objects };
    assert.equal(
      ask(pod('p', ['c']), question),
      '2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.',
    );
    assert.match(ask(pod('p', ['c']), { objects }), /^[ab]$/);
    const { cache, cluster } = clusterOf(question);
    const higher = podInfo(pod('p', ['c'], { priority: 5 }));
    const input = {
      cache,
      cluster,
      plugins: PLUGINS,
      rejections: new Map(),
      budgets: [],
      start: 0,
    };
    const { candidate } = preempt(higher, input);
    assert.deepEqual([candidate?.node, candidate?.victims[0]?.key], ['a', 'ns/first']);
    assert.equal(cluster.claimUsers.get('ns/c'), 1, 'the simulation undid itself');
  });

  it('stay in their zones', () => {
    const zone = (name: string) => ({ 'topology.kubernetes.io/zone': name });
    const nodes = [node('a', zone('1')), node('b', zone('2'))];
    const labelled = (labels: Record<string, string>) => ({
      claims: [bound('c', 'v')],
      volumes: [volume('v', '1Gi', {}, { labels })],
    });
    const find = (labels: Record<string, string>, among = nodes) =>
      ask(pod('p', ['c']), { nodes: among, objects: labelled(labels) });
    assert.equal(find(zone('2')), 'b');
    assert.equal(find(zone('2__3')), 'b');
    assert.equal(find({ 'failure-domain.beta.kubernetes.io/zone': '1' }), 'a');
    assert.equal(find(zone('3')), '2 node(s) had no available volume zone.');
    assert.equal(find(zone('3'), [node('x')]), 'x', 'a cluster without zones');
  });

  it('are at most as many as the driver can hold on the node', () => {
    const csi = (name: string, handle: string) =>
      volume(name, '1Gi', { csi: { driver: 'example.com/disk', volumeHandle: handle } });
    const limits = (count: number): CSINode[] => [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSINode',
        metadata: { name: 'a' },
        spec: { drivers: [{ name: 'example.com/disk', nodeID: 'a', allocatable: { count } }] },
      },
    ];
    const claims = [bound('c', 'v'), bound('d', 'w'), disk('new')];
    const find = (claimName: string, count: number) =>
      ask(pod('p', [claimName]), {
        nodes: [node('a')],
        placed: [[pod('q', ['c']), 'a']],
        objects: {
          claims,
          volumes: [csi('v', '1'), csi('w', '2')],
          classes: [DISK],
          csiNodes: limits(count),
        },
      });
    assert.equal(find('d', 1), '1 node(s) exceed max volume count.');
    assert.equal(find('new', 1), '1 node(s) exceed max volume count.', 'not bound yet');
    assert.equal(find('c', 1), 'a', 'the volume is there already');
    assert.equal(find('d', 2), 'a');
  });
});
