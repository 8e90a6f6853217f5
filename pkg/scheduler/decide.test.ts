import assert from 'node:assert/strict';
import type { Node, Pod } from '../apis/core/v1/types.js';
import { selectorFromMap } from '../apimachinery/labels/selector.js';
import { SeededRandom } from '../../test/support/virtual-env.js';
import { volumeLister } from '../../test/support/storage-objects.js';
import { Cache } from './cache.js';
import { decide, nodesToFind } from './decide.js';
import { podInfo } from './framework/pod-info.js';
import type { Snapshot } from './framework/snapshot.js';
import { PLUGINS } from './plugins/registry.js';

type Partially<T> = { [K in keyof T]?: T[K] extends object | undefined ? Partially<T[K]> : T[K] };

function node(
  name: string,
  extra: { labels?: Record<string, string>; spec?: Node['spec']; cpu?: string; pods?: string } = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...extra.labels } },
    spec: extra.spec ?? {},
    status: { allocatable: { cpu: extra.cpu ?? '2', memory: '4Gi', pods: extra.pods ?? '110' } },
  };
}

function pod(
  name: string,
  spec: Partially<Pod['spec']> = {},
  labels: Record<string, string> = {},
): Pod {
  const full = { containers: [{ name: 'c', image: 'i' }], ...spec } as Pod['spec'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: full,
  };
}

const requests = (cpu: string, memory = '64Mi') =>
  ({
    containers: [{ name: 'c', resources: { requests: { cpu, memory } } }],
  }) as unknown as Partially<Pod['spec']>;

function clusterOf(
  nodes: Node[],
  placed: [Pod, string][] = [],
  own: Record<string, string> = {},
  namespaces: Record<string, Record<string, string>> = {},
): { cache: Cache; snapshot: Snapshot } {
  const cache = new Cache();
  for (const n of nodes) cache.setNode(n);
  for (const [p, nodeName] of placed) cache.setPod({ ...p, spec: { ...p.spec, nodeName } });
  const defaultSelector = () => (Object.keys(own).length ? selectorFromMap(own) : undefined);
  return {
    cache,
    snapshot: {
      nodes: cache.nodes,
      topology: cache.topology,
      images: cache.images,
      defaultSelector,
      volumes: volumeLister(),
      claimUsers: cache.claimUsers,
      namespaces: new Map(Object.entries(namespaces)),
      nominatedBefore: () => [],
      withPodsOn: (_pods, _node, body) => body(),
    },
  };
}

function ask(p: Pod, snapshot: Snapshot, start = 0) {
  return decide(podInfo(p), snapshot, { plugins: PLUGINS, random: new SeededRandom(7), start });
}

const message = (p: Pod, nodes: Node[], placed: [Pod, string][] = []): string => {
  const decision = ask(p, clusterOf(nodes, placed).snapshot);
  assert.equal(decision.node, undefined, `expected no node, got ${decision.node}`);
  return (decision as { message: string }).message;
};

describe('scheduler decide', () => {
  it("says why no node fits, in upstream's words", () => {
    const tainted = node('b', {
      spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] },
    });
    const cordoned = node('c', { spec: { unschedulable: true } });
    assert.equal(message(pod('p'), []), 'no nodes available to schedule pods');
    assert.equal(
      message(pod('p', requests('4')), [node('a'), tainted, cordoned]),
      '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {k: v}, 1 node(s) were unschedulable.',
    );
    assert.equal(
      message(pod('p', { nodeName: 'x' }), [node('a')]),
      "0/1 nodes are available: 1 node(s) didn't match the requested node name.",
    );
    assert.equal(
      message(pod('p', { nodeSelector: { disk: 'ssd' } }), [node('a'), node('b')]),
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
    );
    assert.equal(
      message(pod('p'), [node('a', { pods: '1' })], [[pod('q'), 'a']]),
      '0/1 nodes are available: 1 Too many pods.',
    );
  });

  it('uses a host port once on a node', () => {
    const spec = {
      containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 8080 }] }],
    };
    const text = message(pod('p', spec), [node('a')], [[pod('q', spec), 'a']]);
    assert.equal(
      text,
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    );
    const udp = {
      containers: [
        { name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 8080, protocol: 'UDP' }] },
      ],
    };
    assert.equal(
      ask(pod('p', udp), clusterOf([node('a')], [[pod('q', spec), 'a']]).snapshot).node,
      'a',
    );
  });

  it('respects taints, tolerations and the operators of node affinity', () => {
    const tainted = node('b', {
      spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] },
      labels: { rack: '7' },
    });
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'rack', operator: 'Gt', values: ['5'] }] },
          ],
        },
      },
    };
    const tolerations = [{ key: 'k', operator: 'Exists' }];
    assert.equal(
      ask(pod('p', { affinity, tolerations }), clusterOf([node('a'), tainted]).snapshot).node,
      'b',
    );
  });

  it('prefers the emptier node, and counts init containers and overhead', () => {
    const placed: [Pod, string][] = [[pod('q', requests('1500m', '3Gi')), 'a']];
    assert.equal(
      ask(pod('p', requests('100m')), clusterOf([node('a'), node('b')], placed).snapshot).node,
      'b',
    );
    const heavy = {
      containers: [{ name: 'c', resources: { requests: { cpu: '100m' } } }],
      initContainers: [
        { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '500m' } } },
        { name: 'i', resources: { requests: { cpu: '1' } } },
      ],
      overhead: { cpu: '250m' },
    } as unknown as Partially<Pod['spec']>;
    assert.equal(podInfo(pod('p', heavy)).requests.milliCpu, 1750);
  });

  it('subtracts exactly after a request that a double cannot hold exactly', () => {
    const { cache } = clusterOf([node('a')]);
    const { requested } = cache.nodes.get('a')!;
    cache.assume(podInfo(pod('small', requests('100m', '3'))), 'a');
    cache.assume(podInfo(pod('huge', requests('100m', '7Ei'))), 'a');
    cache.forget('default/huge');
    assert.deepEqual([requested.milliCpu, requested.memory], [100, 3]);
    cache.forget('default/small');
    assert.deepEqual([requested.milliCpu, requested.memory], [0, 0]);
  });

  it('spreads the pods of a controller over nodes', () => {
    const labels = { app: 'web' };
    const { cache, snapshot } = clusterOf([node('a'), node('b'), node('c')], [], labels);
    const used = new Map<string, number>();
    for (let i = 0; i < 9; i++) {
      const p = pod(`p${i}`, {}, labels);
      const decision = ask(p, snapshot, i);
      assert.ok(decision.node);
      cache.assume(podInfo(p), decision.node);
      used.set(decision.node, (used.get(decision.node) ?? 0) + 1);
    }
    assert.deepEqual([...used.values()], [3, 3, 3]);
  });

  it('enforces DoNotSchedule constraints, and rejects nodes without the label', () => {
    const spec = {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'web' } },
        },
      ],
    };
    const labels = { app: 'web' };
    const nodes = [
      node('a', { labels: { zone: 'x' } }),
      node('b', { labels: { zone: 'y' }, spec: { unschedulable: true } }),
      node('c'),
    ];
    assert.equal(
      message(pod('p', spec, labels), nodes, [[pod('q', {}, labels), 'a']]),
      "0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label), 1 node(s) were unschedulable.",
    );
  });

  it('enforces pod affinity and anti-affinity, of the pod and of placed pods', () => {
    const term = {
      labelSelector: { matchLabels: { app: 'db' } },
      topologyKey: 'kubernetes.io/hostname',
    };
    const far = {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    };
    const near = {
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    };
    const db: [Pod, string] = [pod('db', {}, { app: 'db' }), 'a'];
    const nodes = [node('a'), node('b')];
    assert.equal(ask(pod('p', far), clusterOf(nodes, [db]).snapshot).node, 'b');
    assert.equal(ask(pod('p', near), clusterOf(nodes, [db]).snapshot).node, 'a');
    assert.equal(
      message(pod('p', near), nodes),
      "0/2 nodes are available: 2 node(s) didn't match pod affinity rules.",
    );
    // The first pod of a group with affinity to itself is scheduled.
    assert.ok(ask(pod('p', near, { app: 'db' }), clusterOf(nodes).snapshot).node);
    const hater: [Pod, string] = [pod('h', far), 'a'];
    assert.equal(ask(pod('p', {}, { app: 'db' }), clusterOf(nodes, [hater]).snapshot).node, 'b');
    assert.equal(
      message(pod('p', {}, { app: 'db' }), [node('a')], [hater]),
      "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
    );
  });

  it('selects other namespaces by their labels', () => {
    const term = (namespaceSelector: object, namespaces?: string[]) => ({
      labelSelector: { matchLabels: { app: 'db' } },
      topologyKey: 'kubernetes.io/hostname',
      namespaceSelector,
      ...(namespaces ? { namespaces } : {}),
    });
    const far = (namespaceSelector: object, namespaces?: string[]) => ({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [term(namespaceSelector, namespaces)],
        },
      },
    });
    const elsewhere = (
      name: string,
      labels: Record<string, string> = {},
      spec: Partially<Pod['spec']> = {},
    ): Pod => ({ ...pod(name, spec, labels), metadata: { name, namespace: 'shop', labels } });
    const all = { shop: { team: 'a' }, default: { team: 'b' } };
    const refused = (asked: Pod, placed: Pod) =>
      ask(asked, clusterOf([node('a')], [[placed, 'a']], {}, all).snapshot).node === undefined;
    const db = elsewhere('db', { app: 'db' });
    assert.equal(refused(pod('p', far({ matchLabels: { team: 'a' } })), db), true);
    assert.equal(refused(pod('p', far({ matchLabels: { team: 'b' } })), db), false);
    assert.equal(
      refused(
        pod(
          'p',
          far({ matchExpressions: [{ key: 'team', operator: 'In', values: ['c'] }] }, ['shop']),
        ),
        db,
      ),
      true,
      'the term selects namespaces by name and by label',
    );
    assert.equal(refused(pod('p', far({})), db), true, 'an empty selector matches every namespace');
    // A namespace selector excludes the pod's own namespace unless the selector matches it.
    assert.equal(
      refused(pod('p', far({ matchLabels: { team: 'a' } })), pod('db', {}, { app: 'db' })),
      false,
    );
    // The same for the terms of placed pods.
    assert.equal(refused(db, pod('h', far({ matchLabels: { team: 'a' } }))), true);
    assert.equal(refused(db, pod('h', far({ matchLabels: { team: 'b' } }))), false);
  });

  it('searches part of a large cluster', () => {
    assert.deepEqual([10, 100, 1000, 10_000].map(nodesToFind), [10, 100, 420, 500]);
  });

  it('keeps topology counts equal to a full count while pods are added and removed', () => {
    const random = new SeededRandom(3);
    const nodes = ['a', 'b', 'c'].map((n) => node(n, { labels: { zone: n === 'c' ? 'y' : 'x' } }));
    const { cache } = clusterOf(nodes);
    const question = {
      namespaces: new Set(['default']),
      selector: selectorFromMap({ app: 'web' }),
      topologyKey: 'zone',
      withTerminating: true,
    };
    cache.topology.counter(question);
    const live = new Map<string, Pod>();
    for (let i = 0; i < 500; i++) {
      const name = `p${Math.floor(random.next() * 30)}`;
      const p = { ...pod(name, {}, { app: random.next() < 0.5 ? 'web' : 'other' }) };
      p.spec = { ...p.spec, nodeName: 'abc'[Math.floor(random.next() * 3)]! };
      if (random.next() < 0.3 && live.has(name)) {
        cache.removePod(live.get(name)!);
        live.delete(name);
      } else {
        cache.setPod(p);
        live.set(name, p);
      }
      if (i % 50 === 0) cache.setNode(node('c', { labels: { zone: i % 100 ? 'y' : 'x' } }));
    }
    const expected = new Map<string, number>();
    for (const p of live.values()) {
      if (p.metadata.labels!.app !== 'web') continue;
      const zone = cache.nodes.get(p.spec.nodeName!)!.label('zone')!;
      expected.set(zone, (expected.get(zone) ?? 0) + 1);
    }
    assert.deepEqual(cache.topology.counter(question).counts, expected);
    assert.equal(
      [...cache.nodes.values()].reduce((n, x) => n + x.pods.size, 0),
      live.size,
    );
  });
});

describe('spreading over domains that change', () => {
  const spread = {
    topologySpreadConstraints: [
      {
        topologyKey: 'zone',
        maxSkew: 1,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'a' } },
      },
    ],
  } as unknown as Partially<Pod['spec']>;
  const zoned = (name: string, zone: string): Node => node(name, { labels: { zone } });
  const app = (name: string): Pod => pod(name, spread, { app: 'a' });

  it('counts a zone from the moment a node has its label', () => {
    const placed: [Pod, string][] = [[app('p1'), 'n1']];
    const { cache, snapshot } = clusterOf([zoned('n1', 'a'), zoned('n2', 'a')], placed);
    assert.ok(ask(app('p2'), snapshot).node);
    cache.setNode(zoned('n2', 'b'));
    assert.equal(ask(app('p2'), snapshot).node, 'n2');
    cache.setNode(zoned('n3', 'c'));
    cache.setPod({ ...app('p2'), spec: { ...app('p2').spec, nodeName: 'n2' } });
    assert.equal(ask(app('p3'), snapshot).node, 'n3');
    cache.removeNode('n3');
    assert.ok(ask(app('p3'), snapshot).node);
  });

  it('does not count the pods of nodes that the pod may not use', () => {
    const blue = { ...spread, nodeSelector: { color: 'blue' } } as Partially<Pod['spec']>;
    const placed: [Pod, string][] = [[app('p1'), 'n1']];
    const nodes = [
      node('n1', { labels: { zone: 'a' } }),
      node('n2', { labels: { zone: 'a', color: 'blue' } }),
      node('n3', { labels: { zone: 'b', color: 'blue' } }),
    ];
    const { snapshot } = clusterOf(nodes, placed);
    const chosen = new Set(
      [0, 1, 2].map((at) => ask(pod('q', blue, { app: 'a' }), snapshot, at).node),
    );
    assert.ok([...chosen].every((name) => name === 'n2' || name === 'n3'));
  });
});
