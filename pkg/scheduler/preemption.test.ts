import assert from 'node:assert/strict';
import type { Node, Pod } from '../apis/core/v1/types.js';
import { selectorFromMap } from '../apimachinery/labels/selector.js';
import { SeededRandom } from '../../test/support/virtual-env.js';
import { Cache } from './cache.js';
import { decide } from './decide.js';
import { podInfo } from './framework/pod-info.js';
import type { Snapshot } from './framework/snapshot.js';
import { volumeLister } from '../../test/support/storage-objects.js';
import { Nominations } from './nominations.js';
import { PLUGINS } from './plugins/registry.js';
import { preempt, type Budget } from './preemption.js';

interface Wish {
  cpu?: string;
  priority?: number;
  labels?: Record<string, string>;
  start?: string;
  spec?: Partial<Pod['spec']>;
  status?: Pod['status'];
  leaving?: boolean;
}

const node = (name: string, spec: Node['spec'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  spec,
  status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110' } },
});

function pod(
  name: string,
  {
    cpu = '1',
    priority = 0,
    labels = {},
    start,
    spec = {},
    status = {},
    leaving = false,
  }: Wish = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      labels,
      ...(leaving ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
      priority,
      ...spec,
    },
    status: { ...status, ...(start ? { startTime: start } : {}) },
  };
}

function simulation(nodes: Node[], placed: Record<string, Pod[]>) {
  const cache = new Cache();
  const nominations = new Nominations();
  for (const n of nodes) cache.setNode(n);
  for (const [nodeName, pods] of Object.entries(placed))
    for (const p of pods) cache.setPod({ ...p, spec: { ...p.spec, nodeName } });
  const cluster: Snapshot = {
    nodes: cache.nodes,
    topology: cache.topology,
    images: cache.images,
    namespaces: new Map(),
    volumes: volumeLister(),
    claimUsers: cache.claimUsers,
    nominatedBefore: (p, name) => nominations.nominatedBefore(p, name),
    withPodsOn: (pods, name, body) =>
      cache.simulate((w) => (pods.forEach((p) => w.add(p, name)), body())),
    defaultSelector: () => undefined,
  };
  const shape = () =>
    JSON.stringify(
      [...cache.nodes.values()].map((n) => [n.name, [...n.pods.keys()].sort(), n.requested]),
    );
  const ask = (p: Pod) =>
    decide(podInfo(p), cluster, { plugins: PLUGINS, random: new SeededRandom(1), start: 0 });
  const answer = (p: Pod, budgets: Budget[] = []) => {
    const before = shape();
    const decision = ask(p);
    assert.equal(decision.node, undefined);
    const got = preempt(podInfo(p), {
      cache,
      cluster,
      plugins: PLUGINS,
      rejections: 'rejections' in decision ? decision.rejections : new Map(),
      budgets,
      start: 0,
    });
    assert.equal(shape(), before, 'the simulation is undone');
    return got;
  };
  const victims = (p: Pod, budgets: Budget[] = []) => {
    const { candidate } = answer(p, budgets);
    return (
      candidate &&
      `${candidate.node}: ${candidate.victims.map((v) => v.pod.metadata.name).join(' ')}`
    );
  };
  const why = (p: Pod) => (answer(p) as { message?: string }).message;
  return { cache, nominations, ask, answer, victims, why };
}

const budget = (
  labels: Record<string, string>,
  allowed: number,
  disrupted: string[] = [],
): Budget => ({
  namespace: 'default',
  selector: selectorFromMap(labels),
  allowed,
  disrupted: new Set(disrupted),
});

describe('preemption', () => {
  it('chooses the fewest and least important pods of lower priority', () => {
    const { victims } = simulation([node('a')], {
      a: [
        pod('low', { priority: 1 }),
        pod('lower', { priority: 0, cpu: '500m' }),
        pod('small', { priority: 0, cpu: '400m', start: '2026-01-01T00:00:00Z' }),
      ],
    });
    assert.equal(victims(pod('p', { priority: 10 })), 'a: small lower');
    assert.equal(victims(pod('p', { priority: 10, cpu: '2' })), 'a: low small lower');
    assert.equal(victims(pod('p', { priority: 10, cpu: '500m' })), 'a: lower');
  });

  it('never chooses pods of the same or higher priority', () => {
    const { why, victims } = simulation([node('a'), node('b')], {
      a: [pod('x', { priority: 5, cpu: '2' })],
      b: [pod('y', { priority: 9, cpu: '2' })],
    });
    assert.equal(
      why(pod('p', { priority: 5 })),
      'preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    );
    assert.equal(victims(pod('p', { priority: 6 })), 'a: x');
  });

  it('skips nodes on which preemption cannot help', () => {
    const tainted = node('b', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] });
    const { why } = simulation([node('a'), tainted], {
      a: [pod('x', { cpu: '2', priority: 50 })],
      b: [pod('y', { cpu: '2' })],
    });
    assert.equal(
      why(pod('p', { priority: 10 })),
      'preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    );
    assert.equal(
      why(pod('p', { priority: 10, spec: { preemptionPolicy: 'Never' } })),
      'preemption: not eligible due to preemptionPolicy=Never.',
    );
    assert.equal(
      why(pod('p', { priority: 10, cpu: '3' })),
      'preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    );
  });

  it('violates disruption budgets last, within a node and among nodes', () => {
    const web = { app: 'web' };
    const guarded = pod('guarded', { labels: web, start: '2026-01-02T00:00:00Z' });
    const one = simulation([node('a')], {
      a: [guarded, pod('free', { start: '2026-01-01T00:00:00Z' })],
    });
    assert.equal(
      one.victims(pod('p', { priority: 1 })),
      'a: guarded',
      'the younger pod is deleted',
    );
    assert.equal(one.victims(pod('p', { priority: 1 }), [budget(web, 0)]), 'a: free');
    assert.equal(
      one.victims(pod('p', { priority: 1 }), [budget(web, 0, ['guarded'])]),
      'a: guarded',
      'the budget already counts its disruption',
    );
    assert.equal(one.victims(pod('p', { priority: 1 }), [budget(web, 1)]), 'a: guarded');
    const two = simulation([node('a'), node('b')], {
      a: [pod('x', { cpu: '2', labels: web })],
      b: [pod('y', { cpu: '2', priority: 5 })],
    });
    assert.equal(two.victims(pod('p', { priority: 10 })), 'a: x');
    assert.equal(two.victims(pod('p', { priority: 10 }), [budget(web, 0)]), 'b: y');
    const last = simulation([node('a')], { a: [pod('x', { cpu: '2', labels: web })] });
    assert.equal(
      last.victims(pod('p', { priority: 10 }), [budget(web, 0)]),
      'a: x',
      'when there is no other choice',
    );
  });

  it('prefers the node with the least important victims', () => {
    const nodes = ['a', 'b', 'c'].map((n) => node(n));
    const lowest = simulation(nodes, {
      a: [pod('a1', { priority: 3, cpu: '2' })],
      b: [pod('b1', { priority: 2, cpu: '2' })],
      c: [pod('c1', { priority: 4, cpu: '2' })],
    });
    assert.equal(lowest.victims(pod('p', { priority: 10, cpu: '2' })), 'b: b1');
    const fewest = simulation(nodes, {
      a: [pod('a1'), pod('a2')],
      b: [pod('b1', { cpu: '2' })],
      c: [pod('c1'), pod('c2')],
    });
    assert.equal(fewest.victims(pod('p', { priority: 10, cpu: '2' })), 'b: b1');
    const youngest = simulation(nodes, {
      a: [pod('a1', { cpu: '2', start: '2026-01-01T00:00:00Z' })],
      b: [pod('b1', { cpu: '2', start: '2026-01-02T00:00:00Z' })],
      c: [pod('c1', { cpu: '2', start: '2026-01-01T12:00:00Z' })],
    });
    assert.equal(youngest.victims(pod('p', { priority: 10 })), 'b: b1');
  });

  it('deletes pods that hold a host port or that anti-affinity rejects', () => {
    const port = {
      containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 80 }] }],
    };
    assert.equal(
      simulation([node('a')], { a: [pod('x', { spec: port }), pod('y')] }).victims(
        pod('p', { priority: 1, spec: port }),
      ),
      'a: x',
    );
    const far = {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {
              labelSelector: { matchLabels: { app: 'db' } },
              topologyKey: 'kubernetes.io/hostname',
            },
          ],
        },
      },
    };
    assert.equal(
      simulation([node('a')], {
        a: [pod('db', { labels: { app: 'db' }, cpu: '100m' }), pod('y', { cpu: '100m' })],
      }).victims(pod('p', { priority: 1, spec: far })),
      'a: db',
    );
  });

  it('waits for terminating victims, and reserves the node for the nominated pod', () => {
    const { nominations, answer, ask } = simulation([node('a')], {
      a: [pod('x', { cpu: '2', leaving: true })],
    });
    const waiting = pod('p', { priority: 10, cpu: '2', status: { nominatedNodeName: 'a' } });
    assert.deepEqual(answer(waiting), {
      candidate: undefined,
      message: 'preemption: not eligible due to a terminating pod on the nominated node.',
      keepsNomination: true,
    });
    const after = simulation([node('a'), node('b')], {
      b: [pod('z', { cpu: '1900m', priority: 100 })],
    });
    after.nominations.set(podInfo(waiting), 'a');
    assert.equal(
      after.ask(pod('thief', { priority: 9 })).node,
      undefined,
      'node a is reserved against pods of lower priority',
    );
    assert.equal(after.ask(pod('chief', { priority: 11 })).node, 'a');
    assert.equal(after.ask(waiting).node, 'a');
    assert.deepEqual(
      after.nominations
        .nominatedAfter(podInfo(pod('chief', { priority: 11 })), 'a')
        .map((p) => p.key),
      ['default/p'],
    );
    assert.deepEqual(
      [nominations.nodeOf('default/p'), ask(pod('q', { cpu: '100m' })).node],
      [undefined, undefined],
    );
  });

  it('chooses enough victims, no more, and only of lower priority, in random clusters', () => {
    const random = new SeededRandom(11);
    const below = (n: number) => Math.floor(random.next() * n);
    let found = 0;
    for (let round = 0; round < 300; round++) {
      const names = ['a', 'b', 'c', 'd'].slice(0, 1 + below(4));
      const placed = Object.fromEntries(
        names.map((name) => [
          name,
          Array.from({ length: 1 + below(6) }, (_, at) =>
            pod(`${name}${at}`, {
              cpu: `${100 * (1 + below(8))}m`,
              priority: below(5),
              labels: { app: `${below(3)}` },
            }),
          ),
        ]),
      );
      const w = simulation(
        names.map((name) => node(name)),
        placed,
      );
      const asking = pod('p', { cpu: `${100 * (1 + below(20))}m`, priority: below(6) });
      if (w.ask(asking).node) continue;
      const { candidate } = w.answer(asking, [
        budget({ app: '0' }, below(2)),
        budget({ app: '1' }, below(3)),
      ]);
      const lesser = Object.entries(placed).flatMap(([name, pods]) =>
        pods.filter((p) => p.spec.priority! < asking.spec.priority!).map((p) => [name, p] as const),
      );
      if (!candidate) {
        for (const [name, p] of lesser)
          w.cache.removePod({ ...p, spec: { ...p.spec, nodeName: name } });
        assert.equal(w.ask(asking).node, undefined, `round ${round}: preemption was possible`);
        continue;
      }
      found++;
      const fitsWithout = (victims: readonly { key: string }[]) =>
        w.cache.simulate(
          (hand) => (
            victims.forEach((v) => hand.remove(v.key)),
            w.ask(asking).node === candidate.node
          ),
        );
      assert.ok(candidate.victims.every((v) => v.priority < asking.spec.priority!));
      assert.ok(fitsWithout(candidate.victims), `round ${round}: too few victims`);
      for (const spared of candidate.victims)
        assert.ok(
          !fitsWithout(candidate.victims.filter((v) => v !== spared)),
          `round ${round}: too many victims`,
        );
    }
    assert.ok(found > 50, `${found} preemptions`);
  });
});
