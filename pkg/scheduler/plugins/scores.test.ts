// The numbers follow from upstream's formulas by hand; none is read off this code.
import assert from 'node:assert/strict';
import type { Node, Pod, TopologySpreadConstraint } from '../../apis/core/v1/types.js';
import { selectorFromMap } from '../../apimachinery/labels/selector.js';
import { Cache } from '../cache.js';
import type { Filter, Plugin } from '../framework/framework.js';
import { podInfo } from '../framework/pod-info.js';
import type { Snapshot } from '../framework/snapshot.js';
import { volumeLister } from '../../../test/support/storage-objects.js';
import { balancedAllocation } from './balanced-allocation.js';
import { imageLocality, normalizedImageName } from './image-locality.js';
import { interPodAffinity } from './inter-pod-affinity.js';
import { nodeAffinity } from './node-affinity.js';
import { nodeResourcesFit } from './node-resources-fit.js';
import { podTopologySpread } from './pod-topology-spread.js';
import { taintToleration } from './taint-toleration.js';

const HOST = 'kubernetes.io/hostname';
const MIB = 2 ** 20;

function node(name: string, labels: Record<string, string> = {}, more: object = {}): Node {
  const { spec, status } = more as Partial<Node>;
  const allocatable = { cpu: '4', memory: '8Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { [HOST]: name, ...labels } },
    spec: spec ?? {},
    status: { allocatable, ...status },
  };
}

let number = 0;
function pod(labels: Record<string, string>, spec: object = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${number++}`, namespace: 'default', labels },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec } as Pod['spec'],
  };
}

function cluster(nodes: Node[], placed: [Pod, string][] = [], own?: Record<string, string>) {
  const cache = new Cache();
  for (const n of nodes) cache.setNode(n);
  for (const [p, nodeName] of placed) cache.setPod({ ...p, spec: { ...p.spec, nodeName } });
  const snapshot: Snapshot = {
    nodes: cache.nodes,
    topology: cache.topology,
    images: cache.images,
    namespaces: new Map(),
    volumes: volumeLister(),
    claimUsers: cache.claimUsers,
    nominatedBefore: () => [],
    withPodsOn: (_pods, _node, body) => body(),
    defaultSelector: () => own && selectorFromMap(own),
  };
  return { cache, snapshot };
}

function scores(plugin: Plugin, p: Pod, { snapshot }: { snapshot: Snapshot }): number[] {
  const nodes = [...snapshot.nodes.values()];
  const scorer = plugin.prepareScore!(podInfo(p), snapshot, nodes)!;
  const all = nodes.map((n) => scorer.score(n));
  scorer.normalize?.(all);
  return all;
}

function accepting(p: Pod, { snapshot }: { snapshot: Snapshot }): string[] {
  const filter = podTopologySpread.prepareFilter!(podInfo(p), snapshot) as Filter;
  return [...snapshot.nodes.values()].filter((n) => !filter(n)).map((n) => n.name);
}

const resources = (cpu: string, memory: string) => ({
  containers: [{ name: 'c', image: 'i', resources: { requests: { cpu, memory } } }],
});

describe('scores of the scheduler', () => {
  it('count the least allocated, with default requests for containers without', () => {
    const nodes = [
      node('empty'),
      node('used'),
      node('without-memory', {}, { status: { allocatable: { cpu: '4', pods: '9' } } }),
    ];
    const c = cluster(nodes, [[pod({}, resources('1', '1Gi')), 'used']]);
    assert.deepEqual(scores(nodeResourcesFit, pod({}), c), [97, 78, 97]);
  });

  it('balance cpu and memory, also for pods without requests', () => {
    const nodes = [
      node('empty'),
      node('used'),
      node('without-memory', {}, { status: { allocatable: { cpu: '4', pods: '9' } } }),
    ];
    const c = cluster(nodes, [[pod({}, resources('1', '1Gi')), 'used']]);
    assert.deepEqual(scores(balancedAllocation, pod({}), c), [100, 93, 100]);
    // (1.5 - 1)/2 of the cpu, and half of the memory is requested: |0.375 - 0.5|/2.
    assert.deepEqual(
      scores(balancedAllocation, pod({}, resources('1500m', '4Gi')), c),
      [93, 100, 100],
    );
  });

  it('prefer images that are there and wide-spread', () => {
    const holds = (...images: [string, number][]) => ({
      status: { images: images.map(([n, size]) => ({ names: [n], sizeBytes: size * MIB })) },
    });
    const c = cluster([
      node('a', {}, holds(['app:latest', 400], ['base:1', 400])),
      node('b', {}, holds(['base:1', 400])),
      node('c', {}, holds(['base:1', 400])),
    ]);
    const image = (...names: string[]) =>
      pod({}, { containers: names.map((name) => ({ name: 'c', image: name })) });
    assert.deepEqual(scores(imageLocality, image('app'), c), [11, 0, 0]);
    assert.deepEqual(scores(imageLocality, image('base:1'), c), [38, 38, 38]);
    // 533 MiB of at most 2000, and 400 of 2000.
    assert.deepEqual(scores(imageLocality, image('app', 'base:1'), c), [25, 19, 19]);
    assert.equal(
      imageLocality.prepareScore!(podInfo(image('other')), c.snapshot, []),
      undefined,
      'no node holds the image',
    );
    c.cache.setNode(node('a'));
    c.cache.removeNode('b');
    assert.deepEqual([...c.snapshot.images], [['base:1', { sizeBytes: 400 * MIB, nodes: 1 }]]);
    assert.deepEqual(['a', 'r:5000/a', 'r:5000/a:1', 'a@sha256:0'].map(normalizedImageName), [
      'a:latest',
      'r:5000/a:latest',
      'r:5000/a:1',
      'a@sha256:0',
    ]);
  });

  it('scale taints, node affinity and pod affinity to 100', () => {
    const soft = (...keys: string[]) => ({
      spec: { taints: keys.map((key) => ({ key, effect: 'PreferNoSchedule' })) },
    });
    const nodes = [
      node('a', { rank: '1' }, soft('k')),
      node('b', { rank: '2' }, soft('k', 'l', 'm')),
      node('c'),
    ];
    const placed: [Pod, string][] = [
      [pod({ app: 'x' }), 'a'],
      [pod({ app: 'y' }), 'b'],
    ];
    const c = cluster(nodes, placed);
    assert.deepEqual(scores(taintToleration, pod({}), c), [67, 0, 100]);
    const preference = (rank: string, weight: number) => ({
      weight,
      preference: { matchExpressions: [{ key: 'rank', operator: 'In', values: [rank] }] },
    });
    const nodeTerms = [preference('1', 7), preference('2', 30)];
    const byNodes = {
      nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: nodeTerms },
    };
    assert.deepEqual(scores(nodeAffinity, pod({}, { affinity: byNodes }), c), [23, 100, 0]);
    const near = (app: string, weight: number) => ({
      weight,
      podAffinityTerm: { topologyKey: HOST, labelSelector: { matchLabels: { app } } },
    });
    const podTerms = [near('x', 100), near('y', 29)];
    const byPods = { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: podTerms } };
    // 100·(29/100) is 28.999… in doubles, and upstream cuts it off.
    assert.deepEqual(scores(interPodAffinity, pod({}, { affinity: byPods }), c), [100, 28, 0]);
  });

  it('spread over zones with rounded sums, and by default over hosts and zones', () => {
    const nodes = [
      node('a1', { zone: 'a', 'topology.kubernetes.io/zone': 'a' }),
      node('a2', { zone: 'a', 'topology.kubernetes.io/zone': 'a' }),
      node('b1', { zone: 'b', 'topology.kubernetes.io/zone': 'b' }),
      node('nowhere'),
    ];
    const web = (): Pod => pod({ app: 'web' });
    const c = cluster(
      nodes,
      ['a1', 'a1', 'a2', 'b1'].map((name): [Pod, string] => [web(), name]),
      { app: 'web' },
    );
    const spread = {
      topologyKey: 'zone',
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { app: 'web' } },
    };
    // Zone a: round(3·ln 4) = 4, zone b: round(ln 4) = 1.
    assert.deepEqual(
      scores(podTopologySpread, pod({ app: 'web' }, { topologySpreadConstraints: [spread] }), c),
      [25, 25, 100, 0],
    );
    // Hosts weigh ln 6, zones ln 5 (one domain is "no zone"); skews add 2 and 4:
    // round(2·1.79 + 2 + 3·1.61 + 4) = 14, 13, 9, and without a zone 2.
    assert.deepEqual(scores(podTopologySpread, web(), c), [14, 21, 50, 100]);
  });
});

describe('topology spread constraints', () => {
  const zone = (
    name: string,
    value: string,
    more: Record<string, string> = {},
    spec: object = {},
  ) => node(name, { zone: value, ...more }, { spec });
  const dedicated = { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] };
  const on = (name: string, times: number): [Pod, string][] =>
    Array.from({ length: times }, () => [pod({ app: 'web', version: '1' }), name]);
  const spread = (more: Partial<TopologySpreadConstraint> = {}): TopologySpreadConstraint => ({
    topologyKey: 'zone',
    maxSkew: 1,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'web' } },
    ...more,
  });
  const asking = (constraints: TopologySpreadConstraint[], spec: object = {}): Pod =>
    pod({ app: 'web', version: '2' }, { topologySpreadConstraints: constraints, ...spec });

  it('count only nodes that the policies let the pod use', () => {
    const nodes = [
      zone('full', '1'),
      zone('tainted', '1', { disk: 'ssd' }, dedicated),
      zone('s1', '1', { disk: 'ssd' }),
      zone('s2', '2', { disk: 'ssd' }),
    ];
    const c = cluster(nodes, [...on('full', 5), ...on('tainted', 3), ...on('s2', 1)]);
    const ssd = { nodeSelector: { disk: 'ssd' } };
    const both = { nodeTaintsPolicy: 'Honor' };
    assert.deepEqual(accepting(asking([spread(both)], ssd), c), ['full', 'tainted', 's1']);
    assert.deepEqual(accepting(asking([spread()], ssd), c), ['s2'], 'taints are ignored');
    assert.deepEqual(
      accepting(asking([spread({ ...both, nodeAffinityPolicy: 'Ignore' })], ssd), c),
      ['s2'],
    );
    const tolerations = [{ key: 'dedicated', operator: 'Exists' }];
    assert.deepEqual(accepting(asking([spread(both)], { ...ssd, tolerations }), c), ['s2']);
    const zones = accepting(asking([spread({ ...both, topologyKey: HOST })], ssd), c);
    assert.deepEqual(zones, ['full', 'tainted', 's1'], 'domains of uncounted nodes hold none');
  });

  it('count a node only with the keys of all constraints', () => {
    const nodes = [zone('bare', '1'), zone('a', '1', { rack: 'r' }), zone('b', '2', { rack: 'q' })];
    const c = cluster(nodes, [...on('bare', 3), ...on('b', 1)]);
    assert.deepEqual(accepting(asking([spread(), spread({ topologyKey: 'rack' })]), c), ['a']);
  });

  it('narrow the selector by label keys, and need the wanted domains', () => {
    const c = cluster([zone('a', '1'), zone('b', '2')], on('a', 2));
    assert.deepEqual(accepting(asking([spread()]), c), ['b']);
    assert.deepEqual(accepting(asking([spread({ matchLabelKeys: ['version'] })]), c), ['a', 'b']);
    assert.deepEqual(accepting(asking([spread({ matchLabelKeys: ['none'] })]), c), ['b']);
    const even = cluster([zone('a', '1'), zone('b', '2')], [...on('a', 1), ...on('b', 1)]);
    assert.deepEqual(accepting(asking([spread({ minDomains: 2 })]), even), ['a', 'b']);
    assert.deepEqual(accepting(asking([spread({ minDomains: 3 })]), even), []);
  });

  it('count no pods with an empty or absent selector', () => {
    const c = cluster([zone('a', '1'), zone('b', '2')], on('a', 2));
    assert.deepEqual(accepting(asking([spread({ labelSelector: {} })]), c), ['a', 'b']);
    const { labelSelector: _, ...absent } = spread({ matchLabelKeys: ['app'] });
    assert.deepEqual(accepting(asking([absent]), c), ['a', 'b']);
  });
});
