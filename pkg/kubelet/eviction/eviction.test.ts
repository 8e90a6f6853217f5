import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import { MemoryLog, virtualEnv } from '../../../test/support/virtual-env.js';
import { EvictionManager, type EvictionDeps } from './eviction-manager.js';
import { evictionMessage, rank, type Candidate, type Usage } from './rank.js';
import {
  DEFAULT_EVICTION_HARD,
  isMet,
  parseThresholds,
  type Observations,
  type Threshold,
} from './thresholds.js';

const MI = 2 ** 20;
const GI = 2 ** 30;
const memory = (available: number): Observations => ({
  'memory.available': { available, capacity: 8 * GI },
});
const [LOW_MEMORY] = parseThresholds(['memory.available<100Mi']) as [Threshold];
const [LOW_DISK] = parseThresholds(['nodefs.available<10%']) as [Threshold];

function pod(
  name: string,
  { request, priority, grace }: { request?: string; priority?: number; grace?: number } = {},
): Pod {
  const resources = request
    ? { resources: { requests: { memory: request, 'ephemeral-storage': request } } }
    : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name },
    spec: {
      containers: [{ name: 'c', image: 'i', ...resources }],
      ...(priority === undefined ? {} : { priority }),
      ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
    },
  };
}

const using = (bytes: number): Usage => ({ total: bytes, containers: new Map([['c', bytes]]) });
const candidate = (p: Pod, bytes: number): Candidate => ({ pod: p, usage: using(bytes) });
const order = (candidates: Candidate[], threshold = LOW_MEMORY) =>
  rank(candidates, threshold).map((c) => c.pod.metadata.name);

describe('eviction thresholds', () => {
  it('are parsed in upstream syntax', () => {
    const [first, , third] = parseThresholds(DEFAULT_EVICTION_HARD.split(','));
    assert.deepEqual(
      [first?.signal, first?.percentage, third?.signal, third?.quantity],
      ['imagefs.available', 0.15, 'memory.available', 100 * MI],
    );
    assert.deepEqual(parseThresholds(['nodefs.available<0%']), [], 'zero turns a threshold off');
    assert.equal(
      parseThresholds(['memory.available<1Gi'], { 'memory.available': 90_000 })[0]?.graceMs,
      90_000,
    );
  });

  it('are refused if invalid', () => {
    assert.throws(
      () => parseThresholds(['memory.available']),
      /invalid eviction threshold syntax memory.available/,
    );
    assert.throws(() => parseThresholds(['pods<3']), /unsupported eviction signal pods/);
    assert.throws(() => parseThresholds(['nodefs.available<101%']), /must be between 0% and 100%/);
    assert.throws(() => parseThresholds(['memory.available<-1Mi']), /must be positive/);
    assert.throws(
      () => parseThresholds(['memory.available<1Gi'], {}),
      /grace period must be specified/,
    );
    assert.throws(
      () => parseThresholds(['memory.available<1Gi', 'memory.available<2Gi']),
      /duplicate/,
    );
  });

  it('are met below their amount, not at it', () => {
    assert.deepEqual(
      [memory(99 * MI), memory(100 * MI), {}].map((seen) => isMet(LOW_MEMORY, seen)),
      [true, false, false],
    );
    const disk = (available: number): Observations => ({
      'nodefs.available': { available, capacity: 1000 },
    });
    assert.deepEqual(
      [99, 100].map((free) => isMet(LOW_DISK, disk(free))),
      [true, false],
    );
  });
});

describe('eviction order', () => {
  it('is by usage above the request, then priority, then the excess over the request', () => {
    const within = candidate(pod('within', { request: '1Gi', priority: -5 }), 500 * MI);
    const little = candidate(pod('little'), 10 * MI);
    const much = candidate(pod('much', { request: '100Mi' }), 300 * MI);
    const important = candidate(pod('important', { priority: 100 }), 900 * MI);
    assert.deepEqual(order([within, little, important, much]), [
      'much',
      'little',
      'important',
      'within',
    ]);
    assert.deepEqual(order([important, within, much, little], LOW_DISK), [
      'much',
      'little',
      'important',
      'within',
    ]);
  });

  it('includes sidecars and overhead in the request', () => {
    const sidecar = {
      name: 's',
      restartPolicy: 'Always',
      resources: { requests: { memory: '1Gi' } },
    };
    const helped = pod('helped', { request: '100Mi' });
    helped.spec.initContainers = [sidecar];
    const heavy = pod('heavy', { request: '100Mi' });
    heavy.spec.overhead = { memory: '1Gi' };
    const overheadAlone = pod('overheadAlone');
    overheadAlone.spec.overhead = { memory: '1Gi' };
    const plain = candidate(pod('plain', { request: '1Gi' }), 1025 * MI);
    const others = [helped, heavy, overheadAlone].map((p) => candidate(p, 1023 * MI));
    assert.deepEqual(order([...others, plain]), ['overheadAlone', 'plain', 'helped', 'heavy']);
    const usage = { total: 2 * GI, containers: new Map([['s', 2 * GI]]) };
    assert.match(
      evictionMessage({ pod: helped, usage }, LOW_MEMORY, { available: 0, capacity: GI }),
      /Container s was using 2Gi, request is 1Gi, has larger consumption of memory\. $/,
    );
  });

  it('names the threshold, the available amount and the usage in the message', () => {
    const seen = { available: 50 * MI, capacity: 8 * GI };
    assert.equal(
      evictionMessage(candidate(pod('p', { request: '10Mi' }), 20 * MI), LOW_MEMORY, seen),
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. Container c was using 20Mi, request is 10Mi, has larger consumption of memory. ',
    );
    assert.equal(
      evictionMessage(candidate(pod('p'), 0), LOW_DISK, { available: GI, capacity: 20 * GI }),
      'The node was low on resource: ephemeral-storage. Threshold quantity: 2Gi, available: 1Gi. ',
    );
  });
});

describe('eviction manager', () => {
  const critical = pod('critical', { priority: 2_000_000_000 });
  function world(
    thresholds: readonly Threshold[],
    pods: Pod[],
    change: Partial<EvictionDeps> = {},
  ) {
    const env = virtualEnv(1);
    const log = new MemoryLog();
    const evicted: string[] = [];
    const state = { seen: memory(GI), reclaimed: 0 };
    const manager = new EvictionManager({
      clock: env.clock,
      log,
      thresholds,
      transitionPeriod: 300_000,
      maxPodGrace: 5,
      observe: () => Promise.resolve(state.seen),
      pods: () => pods,
      usage: (_of, list) =>
        Promise.resolve(new Map(list.map((p, at) => [p.metadata.uid!, using((at + 1) * MI)]))),
      storage: () => Promise.resolve(new Map()),
      reclaimDisk: () => Promise.resolve(void state.reclaimed++),
      evict: (p, grace, { reason }) => evicted.push(`${reason} ${p.metadata.name} ${grace}`),
      ended: () => true,
      evicted: () => {},
      ...change,
    });
    return { env, manager, state, evicted };
  }

  it('evicts one non-critical pod per cycle and keeps the condition for the transition period', async () => {
    const { env, manager, state, evicted } = world([LOW_MEMORY], [critical, pod('a'), pod('b')]);
    await manager.synchronize();
    assert.deepEqual([evicted, manager.pressure], [[], { memory: false, disk: false }]);
    state.seen = memory(MI);
    await manager.synchronize();
    assert.deepEqual([evicted, manager.pressure], [['Evicted b 0'], { memory: true, disk: false }]);
    state.seen = memory(GI);
    await env.clock.advance(299_000);
    await manager.synchronize();
    assert.deepEqual(manager.pressure, { memory: true, disk: false });
    await env.clock.advance(2000);
    await manager.synchronize();
    assert.deepEqual([evicted.length, manager.pressure], [1, { memory: false, disk: false }]);
  });

  it('rejects new pods under pressure if they would increase it', async () => {
    const { manager, state } = world([LOW_MEMORY, LOW_DISK], [critical]);
    const tolerant: Pod = {
      ...pod('tolerant'),
      spec: {
        ...pod('tolerant').spec,
        tolerations: [
          { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
        ],
      },
    };
    const all = [pod('best-effort'), pod('burstable', { request: '1Mi' }), tolerant, critical];
    const refused = () => all.map((p) => manager.refusal(p)?.message);
    await manager.synchronize();
    assert.deepEqual(refused(), [undefined, undefined, undefined, undefined]);
    state.seen = memory(MI);
    await manager.synchronize();
    const message = 'The node had condition: [MemoryPressure]. ';
    assert.deepEqual(refused(), [message, undefined, undefined, undefined]);
    state.seen = { ...memory(MI), 'nodefs.available': { available: 0, capacity: 100 } };
    await manager.synchronize();
    const both = 'The node had condition: [MemoryPressure DiskPressure]. ';
    assert.deepEqual(refused(), [both, both, both, undefined]);
  });

  it('reclaims unused images before it evicts for disk pressure', async () => {
    const { manager, state, evicted } = world([LOW_DISK], [pod('a')], {});
    const disk = (available: number): Observations => ({
      'nodefs.available': { available, capacity: 100 },
    });
    state.seen = disk(5);
    const helps = world([LOW_DISK], [pod('a')], {
      reclaimDisk: () => Promise.resolve(void (helps.state.seen = disk(50))),
    });
    helps.state.seen = disk(5);
    await helps.manager.synchronize();
    assert.deepEqual([helps.evicted, helps.manager.pressure.disk], [[], true]);
    await manager.synchronize();
    assert.deepEqual([evicted, state.reclaimed], [['Evicted a 0'], 1]);
  });

  it('waits for the grace period of a soft threshold and gives the pod a grace period', async () => {
    const soft = parseThresholds(['memory.available<1Gi'], { 'memory.available': 60_000 });
    const { env, manager, state, evicted } = world(soft, [pod('a', { grace: 30 })]);
    state.seen = memory(500 * MI);
    await manager.synchronize();
    await env.clock.advance(30_000);
    state.seen = memory(2 * GI);
    await manager.synchronize();
    state.seen = memory(500 * MI);
    await manager.synchronize();
    await env.clock.advance(59_000);
    await manager.synchronize();
    assert.deepEqual(evicted, [], 'the threshold was not met in between');
    await env.clock.advance(1000);
    await manager.synchronize();
    assert.deepEqual(evicted, ['Evicted a 5']);
  });

  it('evicts pods that exceed their own storage limits without pressure', async () => {
    const limited = (name: string, limit: string, volumes: Pod['spec']['volumes'] = []): Pod => ({
      ...pod(name),
      spec: {
        volumes,
        containers: [
          { name: 'c', image: 'i', resources: { limits: { 'ephemeral-storage': limit } } },
        ],
      },
    });
    const volume = [{ name: 'scratch', emptyDir: { sizeLimit: '10Mi' } }];
    const pods = [
      pod('free'),
      limited('fits', '1Gi', volume),
      limited('large', '100Mi'),
      { ...pod('volume'), spec: { ...pod('volume').spec, volumes: volume } },
    ];
    const use = (total: number, scratch = 0) => ({
      ...using(total),
      emptyDirs: new Map([['scratch', scratch]]),
    });
    const messages: string[] = [];
    const { manager, evicted } = world([LOW_MEMORY], pods, {
      storage: () =>
        Promise.resolve(
          new Map([
            ['fits', use(GI, 10 * MI)],
            ['large', use(101 * MI)],
            ['volume', use(GI, 11 * MI)],
          ]),
        ),
      evicted: (_pod, _signal, message) => void messages.push(message),
    });
    assert.equal((await manager.synchronize())?.metadata.name, 'volume');
    assert.deepEqual(evicted, ['Evicted large 0', 'Evicted volume 0']);
    assert.deepEqual(messages, [
      'Pod ephemeral local storage usage exceeds the total limit of containers 100Mi. ',
      'Usage of EmptyDir volume "scratch" exceeds the limit "10Mi". ',
    ]);
    assert.deepEqual(manager.pressure, { memory: false, disk: false });
  });

  it('waits for the last evicted pod to terminate before the next eviction', async () => {
    let ended = false;
    const pods = [pod('a'), pod('b')];
    const { env, manager, state, evicted } = world([LOW_MEMORY], pods, { ended: () => ended });
    state.seen = memory(0);
    const stop = new AbortController();
    const running = manager.run(stop.signal);
    const pass = async (ms: number) => {
      for (let at = 0; at < ms; at += 500) {
        await env.clock.advance(500);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await pass(20_000);
    assert.deepEqual(evicted, ['Evicted b 0']);
    pods.pop();
    ended = true;
    await pass(5000);
    assert.ok(evicted.includes('Evicted a 0'));
    stop.abort();
    await pass(10_000);
    await running;
  });
});
