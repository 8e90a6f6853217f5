// 860 questions to the scheduler, answered by upstream's formulas a second time
// (test/support/scheduler-formulas.ts): which nodes can run the pod, what each plugin gives them,
// and that the decision is one of the best. A seed makes each question, so that a failure names it.
import assert from 'node:assert/strict';
import type {
  Container,
  Node,
  Pod,
  PodAffinityTerm,
  PodSpec,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from '../../pkg/apis/core/v1/types.js';
import { selectorFromMap } from '../../pkg/apimachinery/labels/selector.js';
import { Cache } from '../../pkg/scheduler/cache.js';
import { decide } from '../../pkg/scheduler/decide.js';
import { podInfo } from '../../pkg/scheduler/framework/pod-info.js';
import type { Snapshot } from '../../pkg/scheduler/framework/snapshot.js';
import type { Filter } from '../../pkg/scheduler/framework/framework.js';
import { volumeLister } from '../support/storage-objects.js';
import { PLUGINS } from '../../pkg/scheduler/plugins/registry.js';
import { virtualEnv } from '../support/virtual-env.js';
import { answerOf, type Question } from '../support/scheduler-formulas.js';

const QUESTIONS = 860;
const HOST = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const MIB = 2 ** 20;

function maker(seed: number) {
  const { random } = virtualEnv(seed);
  const upTo = (n: number): number => Math.floor(random.next() * n);
  const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)]!;
  const maybe = <T>(share: number, make: () => T): T | undefined =>
    random.next() < share ? make() : undefined;
  const some = <T>(most: number, make: (index: number) => T): T[] =>
    Array.from({ length: upTo(most + 1) }, (_, index) => make(index));

  const app = () => ({ app: oneOf(['a', 'b', 'c']) });
  const selector = () =>
    oneOf([
      { matchLabels: app() },
      { matchLabels: app() },
      { matchExpressions: [{ key: 'app', operator: oneOf(['In', 'NotIn']), values: ['a', 'b'] }] },
      { matchExpressions: [{ key: 'tier', operator: oneOf(['Exists', 'DoesNotExist']) }] },
      {},
    ]);
  const topologyKey = () => oneOf([HOST, ZONE, ZONE, 'rack']);
  const expression = () =>
    oneOf([
      { key: 'disk', operator: oneOf(['In', 'NotIn']), values: ['ssd'] },
      { key: 'disk', operator: oneOf(['Exists', 'DoesNotExist']) },
      { key: 'size', operator: oneOf(['Gt', 'Lt']), values: ['4'] },
    ]);
  const expressions = () => ({ matchExpressions: [expression(), ...some(1, expression)] });
  const term = (): PodAffinityTerm => ({
    topologyKey: topologyKey(),
    labelSelector: selector(),
    ...oneOf([
      {},
      {},
      {},
      { namespaces: ['other'] },
      { namespaceSelector: { matchLabels: { team: 'x' } } },
      { namespaceSelector: {} },
    ]),
  });
  const weighted = () => ({ weight: 1 + upTo(100), podAffinityTerm: term() });
  const toleration = (): Toleration =>
    oneOf<Toleration>([
      { operator: 'Exists' },
      { key: 'soft', operator: 'Exists', effect: 'PreferNoSchedule' },
      { key: 'hard', operator: 'Equal', value: 'x' },
      { key: 'hard', value: 'y', effect: 'NoSchedule' },
    ]);
  const container = (index: number): Container => ({
    name: `c${index}`,
    image: oneOf(['app', 'app:2', 'registry.example.com:5000/base', 'none']),
    resources: {
      requests: {
        ...maybe(0.6, () => ({ cpu: oneOf(['100m', '250m', '1', '1500m']) })),
        ...maybe(0.6, () => ({ memory: oneOf(['64Mi', '333Mi', '1Gi', '3Gi']) })),
      },
    },
  });
  const spread = (): TopologySpreadConstraint => ({
    topologyKey: topologyKey(),
    maxSkew: 1 + upTo(3),
    whenUnsatisfiable: oneOf(['ScheduleAnyway', 'ScheduleAnyway', 'DoNotSchedule']),
    labelSelector: selector(),
    ...maybe(0.3, () => ({ nodeAffinityPolicy: oneOf(['Honor', 'Ignore']) })),
    ...maybe(0.3, () => ({ nodeTaintsPolicy: oneOf(['Honor', 'Ignore']) })),
    ...maybe(0.2, () => ({ matchLabelKeys: ['tier'] })),
  });

  function affinity(share: number): PodSpec['affinity'] {
    const pair = (hard: number) => ({
      ...maybe(hard, () => ({
        requiredDuringSchedulingIgnoredDuringExecution: [term(), ...some(1, term)],
      })),
      ...maybe(share, () => ({
        preferredDuringSchedulingIgnoredDuringExecution: [weighted(), ...some(1, weighted)],
      })),
    });
    return { podAffinity: pair(share / 1.5), podAntiAffinity: pair(share / 4) };
  }

  const pod = (name: string, share: number): Pod => {
    const spec: PodSpec = {
      containers: [container(0), ...some(1, (index) => container(index + 1))],
      affinity: affinity(share)!,
    };
    const inits = some(2, (index) => ({
      ...container(index),
      name: `i${index}`,
      ...maybe(0.4, () => ({ restartPolicy: 'Always' })),
    }));
    if (inits.length) spec.initContainers = inits;
    const labels = { ...app(), ...maybe(0.5, () => ({ tier: oneOf(['x', 'y']) })) };
    const namespace = oneOf(['default', 'default', 'other']);
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec };
  };

  const taint = (): Taint =>
    oneOf<Taint>([
      { key: 'soft', effect: 'PreferNoSchedule' },
      { key: 'softer', value: 'z', effect: 'PreferNoSchedule' },
      { key: 'hard', value: 'x', effect: 'NoSchedule' },
      { key: 'hard', value: 'y', effect: 'NoExecute' },
    ]);
  const node = (name: string): Node => {
    const labels = {
      [HOST]: name,
      ...maybe(0.8, () => ({ [ZONE]: oneOf(['z1', 'z2', 'z3']) })),
      ...maybe(0.5, () => ({ rack: oneOf(['r1', 'r2']) })),
      ...maybe(0.5, () => ({ disk: oneOf(['ssd', 'hdd']) })),
      ...maybe(0.5, () => ({ size: String(upTo(9)) })),
    };
    // Upstream takes the size of an image from whichever node told of the image first.
    const held = ['app:latest', 'app:2', 'registry.example.com:5000/base:latest'].map(
      (one, index) => ({ names: [one], sizeBytes: (index * 417 + 30) * MIB }),
    );
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      spec: {
        ...maybe(0.4, () => ({ taints: [taint(), ...some(1, taint)] })),
        ...maybe(0.05, () => ({ unschedulable: true })),
      },
      status: {
        allocatable: {
          cpu: oneOf(['2', '4', '7500m']),
          memory: oneOf(['4Gi', '8Gi', '13Gi']),
          pods: oneOf(['3', '110', '110']),
        },
        images: held.filter(() => random.next() < 0.4),
      },
    };
  };

  function question(): Question {
    const nodes = [node('n0'), ...some(8, (index) => node(`n${index + 1}`))];
    const placed = some(12, (index) => {
      const made = pod(`old-${index}`, 0.3);
      const ends = maybe(0.1, () => ({ deletionTimestamp: '2024-01-01T00:00:00Z' }));
      return {
        ...made,
        metadata: { ...made.metadata, ...ends },
        spec: { ...made.spec, nodeName: oneOf(nodes).metadata.name },
      };
    });
    const wanted = pod('new', 0.4);
    const { spec } = wanted;
    spec.tolerations = some(2, toleration);
    if (random.next() < 0.2) spec.nodeSelector = { disk: 'ssd' };
    spec.affinity!.nodeAffinity = {
      ...maybe(0.2, () => ({
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [expressions(), ...some(1, expressions)],
        },
      })),
      ...maybe(0.5, () => ({
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1 + upTo(100), preference: expressions() },
          { weight: 1 + upTo(100), preference: expressions() },
        ],
      })),
    };
    // Each key and effect once, as validation has it.
    const constraints = maybe(0.5, () => [spread(), ...some(1, spread)]) ?? [];
    if (constraints.length) spec.topologySpreadConstraints = constraints;
    const owner = maybe(0.5, app);
    return {
      pod: wanted,
      nodes,
      placed,
      namespaces: { default: { team: 'y' }, other: { team: 'x' } },
      ...(owner ? { owner } : {}),
    };
  }
  return { question, random };
}

function clusterOf({ nodes, placed, namespaces, owner }: Question): Snapshot {
  const cache = new Cache();
  for (const node of nodes) cache.setNode(node);
  for (const pod of placed) cache.setPod(pod);
  return {
    nodes: cache.nodes,
    topology: cache.topology,
    images: cache.images,
    namespaces: new Map(Object.entries(namespaces)),
    volumes: volumeLister(),
    claimUsers: cache.claimUsers,
    nominatedBefore: () => [],
    withPodsOn: (_pods, _node, body) => body(),
    defaultSelector: () => owner && selectorFromMap(owner),
  };
}

const totalOf = (scores: Record<string, number>): number =>
  Object.values(scores).reduce((sum, score) => sum + score, 0);

describe("the scheduler's answers", function () {
  this.timeout(60_000);

  it(`equal those of upstream's formulas in ${QUESTIONS} questions`, () => {
    const seen = { without: 0, several: 0, plugins: new Set<string>() };
    for (let seed = 1; seed <= QUESTIONS; seed++) {
      const { question: make, random } = maker(seed);
      const question = make();
      const expected = answerOf(question);
      const cluster = clusterOf(question);
      const pod = podInfo(question.pod);
      const filters = PLUGINS.flatMap(
        (plugin) => plugin.prepareFilter?.(pod, cluster) ?? [],
      ) as Filter[];
      const feasible = [...cluster.nodes.values()].filter((node) =>
        filters.every((refuses) => !refuses(node)),
      );
      assert.deepEqual(
        feasible.map(({ name }) => name),
        [...expected.keys()],
        `seed ${seed}: the nodes that can run the pod`,
      );
      for (const plugin of PLUGINS) {
        if (!plugin.weight) continue;
        const scorer = plugin.prepareScore?.(pod, cluster, feasible);
        const scores = feasible.map((node) => scorer?.score(node) ?? 0);
        scorer?.normalize?.(scores);
        const mine = scores.map((score) => score * plugin.weight!);
        const theirs = [...expected.values()].map((all) => all[plugin.name]!);
        // A plugin that gives all nodes one score changes no decision, and may leave itself out.
        if (!scorer && new Set(theirs).size < 2) continue;
        assert.deepEqual(mine, theirs, `seed ${seed}: ${plugin.name}`);
        if (new Set(mine).size > 1) seen.plugins.add(plugin.name);
      }
      const decision = decide(pod, cluster, { plugins: PLUGINS, random, start: 0 });
      if (expected.size === 0) {
        assert.equal(decision.node, undefined, `seed ${seed}: no node`);
        seen.without++;
        continue;
      }
      if (expected.size > 1) seen.several++;
      const best = Math.max(...[...expected.values()].map(totalOf));
      assert.equal(
        totalOf(expected.get(decision.node ?? '') ?? {}),
        best,
        `seed ${seed}: the decision`,
      );
    }
    assert.ok(seen.without > 50 && seen.several > 300, JSON.stringify(seen));
    assert.equal(seen.plugins.size, 7, 'each plugin distinguished nodes');
  });
});
