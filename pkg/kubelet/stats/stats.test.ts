import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import { VirtualClock } from '../../../test/support/virtual-env.js';
import { nothingObserved, type ObservedContainer, type ObservedPod } from '../types/observed.js';
import { cadvisorMetrics } from './cadvisor-metrics.js';
import { resourceMetrics } from './resource-metrics.js';
import { statsCollector, type Snapshot } from './snapshot.js';
import { summary } from './summary.js';
import type { Sample, StatsHost, Usage } from './usage.js';

const AT = 1_700_000_000_000;
const MIB = 2 ** 20;

const container = (name: string, more: Partial<ObservedContainer> = {}) =>
  ({
    id: `${name}-id`,
    name,
    state: 'running',
    startedAt: AT - 60_000,
    image: 'i:1',
    ...more,
  }) as ObservedContainer;

function podOf(name: string, containers: ObservedContainer[]): { pod: Pod; observed: ObservedPod } {
  const identity = { uid: `${name}-uid`, name, namespace: 'ns' };
  const claim = { name: 'data', persistentVolumeClaim: { claimName: 'mine' } };
  const pod = { metadata: identity, spec: { containers: [], volumes: [claim] } } as unknown as Pod;
  const sandbox = { id: 'box', ready: true } as ObservedPod['sandboxes'][number];
  return { pod, observed: { ...nothingObserved(identity), sandboxes: [sandbox], containers } };
}

function setup(samples: Record<string, Sample>, pods = [podOf('web', [container('c')])]) {
  const clock = new VirtualClock(AT);
  let calls = 0;
  const usage = (cgroup: string): Promise<Usage | undefined> => {
    calls++;
    const sample = samples[cgroup];
    const io = [{ device: '/dev/vda', readBytes: 1, writeBytes: 2, reads: 3, writes: 4 }];
    return Promise.resolve(sample && { cgroup, at: clock.now(), sample, io });
  };
  const fs = { device: '/d', at: AT, capacity: 100, available: 60, inodes: 10, inodesFree: 4 };
  const eth0 = Object.fromEntries(
    ['receive', 'transmit'].flatMap((direction) =>
      ['bytes', 'packets', 'errors', 'packets_dropped'].map((kind, at) => [
        `${direction}_${kind}`,
        at + 1,
      ]),
    ),
  );
  const host: StatsHost = {
    machine: { cpus: 2, memoryBytes: 1000 * MIB, swapBytes: 0, bootAt: AT - 3_600_000 },
    node: async () => (await usage('/'))!,
    pods: () => usage('/kubepods'),
    pod: (pod) => usage(`/kubepods/${pod.metadata.uid}`),
    container: (pod, id) => usage(`/kubepods/${pod.metadata.uid}/${id}`),
    writableLayers: () => Promise.resolve(new Map([['c-id', 17]])),
    network: () => Promise.resolve([{ name: 'eth0', ...eth0 } as never]),
    disk: () =>
      Promise.resolve({
        volumes: [{ name: 'data', usedBytes: 5, fs }],
        logs: new Map([['c', 3]]),
        otherBytes: 2,
      }),
    fileSystems: () => Promise.resolve({ node: fs, image: { ...fs, usedBytes: 9 } }),
  };
  const collect = statsCollector({ clock, host, pods: () => pods });
  return {
    clock,
    calls: () => calls,
    async collect(depth: 'resources' | 'all' = 'all'): Promise<Snapshot> {
      const found = collect(depth);
      const done = found.then(() => true);
      while (!(await Promise.race([done, clock.advance(0).then(() => false)])));
      return found;
    },
    both: () => [collect('all'), collect('all')] as const,
  };
}

const SAMPLES: Record<string, Sample> = {
  '/': { cpu: 90e9, memory: 500 * MIB, inactiveFile: 100 * MIB, swap: 0 },
  '/kubepods': { cpu: 9e9, memory: 50 * MIB },
  '/kubepods/web-uid': { cpu: 5e9, memory: 20 * MIB, inactiveFile: 30 * MIB, threads: 4 },
  '/kubepods/web-uid/c-id': {
    cpu: 4e9,
    memory: 10 * MIB,
    inactiveFile: MIB,
    memoryLimit: 64 * MIB,
    quota: -1,
    periods: 9,
    pageFaults: 6,
  },
};

/** Every line must be a comment or a series as Prometheus reads it. */
function series(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.trimEnd().split('\n')) {
    if (/^# (HELP|TYPE) [a-z_]+ \S/.test(line)) continue;
    const match = /^([a-z_0-9]+(?:\{[^}]*\})?) (-?[0-9.e+]+(?: \d+)?)$/.exec(line);
    assert.ok(match, line);
    assert.ok(!found.has(match[1]!), `${match[1]} twice`);
    found.set(match[1]!, match[2]!);
  }
  return found;
}

describe('the usage of a node', () => {
  it('is served to metrics servers', async () => {
    const found = series(resourceMetrics(await setup(SAMPLES).collect('resources')));
    assert.deepEqual(Object.fromEntries(found), {
      node_cpu_usage_seconds_total: '90 1700000000000',
      node_memory_working_set_bytes: `${400 * MIB} 1700000000000`,
      node_swap_usage_bytes: '0 1700000000000',
      'container_cpu_usage_seconds_total{container="c",pod="web",namespace="ns"}':
        '4 1700000000000',
      'container_memory_working_set_bytes{container="c",pod="web",namespace="ns"}': `${9 * MIB} 1700000000000`,
      'pod_cpu_usage_seconds_total{pod="web",namespace="ns"}': '5 1700000000000',
      'pod_memory_working_set_bytes{pod="web",namespace="ns"}': '0 1700000000000',
      'container_start_time_seconds{container="c",pod="web",namespace="ns"}': '1699999940',
      resource_scrape_error: '0',
    });
    assert.deepEqual(Object.fromEntries(series(resourceMetrics(undefined))), {
      resource_scrape_error: '1',
    });
  });

  it("is served under cAdvisor's names", async () => {
    const found = series(cadvisorMetrics(await setup(SAMPLES).collect()));
    const at = ' 1700000000000';
    const own =
      'container="c",id="/kubepods/web-uid/c-id",image="i:1",name="c-id",namespace="ns",pod="web"';
    const pod = 'container="",id="/kubepods/web-uid",image="",name="",namespace="ns",pod="web"';
    const box =
      'container="",id="/kubepods/web-uid/box",image="",name="box",namespace="ns",pod="web"';
    const root = 'container="",id="/",image="",name="",namespace="",pod=""';
    for (const [name, value] of [
      [`container_cpu_usage_seconds_total{${own},cpu="total"}`, `4${at}`],
      [`container_cpu_usage_seconds_total{${pod},cpu="total"}`, `5${at}`],
      [`container_cpu_usage_seconds_total{${root},cpu="total"}`, `90${at}`],
      [`container_memory_working_set_bytes{${own}}`, `${9 * MIB}${at}`],
      [
        `container_memory_failures_total{${own},failure_type="pgfault",scope="hierarchy"}`,
        `6${at}`,
      ],
      [`container_spec_memory_limit_bytes{${own}}`, `${64 * MIB}${at}`],
      [`container_spec_memory_limit_bytes{${pod}}`, `0${at}`],
      [`container_start_time_seconds{${own}}`, `1699999940${at}`],
      [`container_network_receive_bytes_total{${box},interface="eth0"}`, `1${at}`],
      [`container_network_transmit_packets_dropped_total{${box},interface="eth0"}`, `4${at}`],
      [`container_fs_usage_bytes{${own},device="/d"}`, `17${at}`],
      [`container_fs_limit_bytes{${root},device="/d"}`, `100${at}`],
      [`container_fs_reads_bytes_total{${own},device="/dev/vda"}`, `1${at}`],
      ['machine_memory_bytes', String(1000 * MIB)],
    ])
      assert.equal(found.get(name!), value, name);
    // A quota of -1 is none.
    assert.equal(found.get(`container_cpu_cfs_periods_total{${own}}`), undefined);
    assert.equal(found.get(`container_spec_cpu_quota{${own}}`), undefined);
  });

  it('is served as a summary, with rates once there are two looks', async () => {
    const samples = structuredClone(SAMPLES);
    const node = setup(samples);
    type Shown = {
      node: { cpu: object; memory: object; fs: object };
      pods: Record<string, unknown>[];
    };
    const look = async () => summary(await node.collect(), 'n1') as Shown;
    const first = await look();
    assert.deepEqual(first.node.cpu, {
      time: '2023-11-14T22:13:20.000Z',
      usageCoreNanoSeconds: 90e9,
    });
    assert.deepEqual(first.node.memory, {
      time: '2023-11-14T22:13:20.000Z',
      availableBytes: 600 * MIB,
      usageBytes: 500 * MIB,
      workingSetBytes: 400 * MIB,
    });
    const [pod] = first.pods;
    assert.deepEqual(pod!['podRef'], { name: 'web', namespace: 'ns', uid: 'web-uid' });
    const [volume] = pod!['volume'] as Record<string, unknown>[];
    assert.deepEqual(
      [volume!['usedBytes'], volume!['pvcRef']],
      [5, { name: 'mine', namespace: 'ns' }],
    );
    assert.equal((pod!['ephemeral-storage'] as { usedBytes: number }).usedBytes, 17 + 3 + 2);
    assert.deepEqual(pod!['process_stats'], { process_count: 4 });

    await node.clock.advance(10_000);
    samples['/'] = { ...samples['/'], cpu: 95e9 };
    assert.equal((await look()).node.cpu['usageNanoCores' as never], 500_000_000);
    // Too soon for another rate; the last one stays.
    await node.clock.advance(1000);
    samples['/'] = { ...samples['/'], cpu: 99e9 };
    assert.equal((await look()).node.cpu['usageNanoCores' as never], 500_000_000);
    // The group was made anew.
    await node.clock.advance(10_000);
    samples['/'] = { ...samples['/'], cpu: 1e9 };
    assert.ok(!('usageNanoCores' in (await look()).node.cpu));
  });

  it('leaves out containers that do not run and groups that are gone', async () => {
    const pods = [
      podOf('web', [container('c'), container('done', { state: 'exited' }), container('new')]),
      podOf('none', []),
    ];
    const { pods: found } = await setup(SAMPLES, pods).collect();
    assert.deepEqual(
      found.map(({ containers }) => containers.map(({ seen }) => seen.name)),
      [['c']],
    );
  });

  it('is read once for scrapers that come together', async () => {
    const node = setup(SAMPLES);
    const [one, other] = node.both();
    assert.equal(one, other);
    await node.clock.advance(0);
    await one;
    assert.equal(node.calls(), 4);
  });
});
