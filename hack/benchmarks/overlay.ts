// The pod network by backend (streams, packets, leases) and the proxy's table with ten thousand
// services.
import { randomBytes } from 'node:crypto';
import type { ServiceModel } from '../../pkg/proxy/model.js';
import { TABLE, type LayoutSettings } from '../../pkg/proxy/nftables/layout.js';
import { renderService } from '../../pkg/proxy/nftables/render.js';
import { TableState } from '../../pkg/proxy/nftables/table.js';
import { openNft, type Nft } from '../../pkg/system/nftables/nftables.js';
import { createNetns, deleteNetns } from '../../pkg/system/netns/netns.js';
import { quantile, type Benchmark, type Measure } from './measure.js';
import { leases } from './overlay-leases.js';
import { packets } from './overlay-packets.js';
import { NATIVE } from './overlay-pair.js';
import { streams } from './overlay-streams.js';
import { policies } from './policies.js';
import { runProxy, type ProxyRun } from './proxy-lab.js';

const SERVICES = 10_000;
/** Loads per size. */
const COLD_ROUNDS = 5;
const CHANGES = 50;
/** Starts of kube-proxy. */
const PROGRAM_ROUNDS = 5;

function service(at: number, endpoints: number): ServiceModel {
  const cluster = Array.from({ length: endpoints }, (_, n) => ({
    ip: `10.244.${at % 250}.${n + 1}`,
    port: 8080,
    local: false,
  }));
  const ports = [{ name: '', protocol: 'tcp' as const, port: 80, cluster, local: [], any: true }];
  const shared = {
    externalIPs: [],
    loadBalancerIPs: [],
    sourceRanges: [],
    internalLocal: false,
    externalLocal: false,
  };
  return { key: `bench/s${at}`, clusterIP: `10.100.${at >> 8}.${at & 255}`, ports, ...shared };
}

/** Seconds to render and load a table that does not exist yet, and the services behind it. */
async function cold(
  nft: Nft,
  settings: LayoutSettings,
  services: number,
): Promise<{ seconds: number; state: TableState }> {
  await nft.deleteTable('ip', TABLE);
  const state = new TableState(settings);
  const began = performance.now();
  for (let at = 0; at < services; at++)
    state.setPart(`bench/s${at}`, renderService(service(at, 2), settings));
  await nft.apply(state.full());
  return { seconds: (performance.now() - began) / 1000, state };
}

async function proxy(): Promise<Measure[]> {
  const netns = await createNetns(`whb${randomBytes(2).toString('hex')}-p`);
  try {
    const nft = openNft({ netns: netns.path, nativeDir: NATIVE });
    const settings: LayoutSettings = {
      family: 4,
      clusterCidr: '10.244.0.0/16',
      masqueradeAll: false,
      nodePorts: { type: 'set' },
    };
    const [few, many]: [number[], number[]] = [[], []];
    for (let round = 0; round < COLD_ROUNDS; round++) {
      many.push((await cold(nft, settings, 3 * SERVICES)).seconds);
      few.push((await cold(nft, settings, SERVICES)).seconds);
    }
    const { state } = await cold(nft, settings, SERVICES);
    const changes: number[] = [];
    for (let n = 0; n < CHANGES; n++) {
      const from = performance.now();
      state.setPart('bench/s7', renderService(service(7, 2 + (n % 3)), settings));
      await nft.apply(state.flush());
      changes.push(performance.now() - from);
    }
    return [
      {
        name: '10,000 services x 2 endpoints, cold',
        value: quantile(few, 0.5),
        unit: 's',
        peer: { name: 'upstream nftables layout', value: 31 },
      },
      { name: '30,000 services x 2 endpoints, cold', value: quantile(many, 0.5), unit: 's' },
      {
        name: 'one change among 10,000 services',
        value: quantile(changes, 0.5),
        unit: 'ms',
        peer: { name: 'upstream nftables layout', value: 179 },
      },
    ];
  } finally {
    await deleteNetns(netns.name);
  }
}

/** kube-proxy as a process, with a stand-in for the API server. */
async function program(): Promise<Measure[]> {
  const runs: ProxyRun[] = [];
  for (let round = 0; round < PROGRAM_ROUNDS; round++) runs.push(await runProxy(SERVICES, CHANGES));
  const changes = runs.flatMap((run) => run.changes);
  const median = (of: (run: ProxyRun) => number) => quantile(runs.map(of), 0.5);
  return [
    {
      name: 'kube-proxy from start to 10,000 services in the kernel, lists included',
      value: median((run) => run.startSeconds),
      unit: 's',
    },
    { name: 'CPU of kube-proxy for that', value: median((run) => run.cpuSeconds), unit: 's' },
    {
      name: 'one change from API event to kernel, 10,000 services, median',
      value: quantile(changes, 0.5),
      unit: 'ms',
    },
    {
      name: 'one change from API event to kernel, 10,000 services, p99',
      value: quantile(changes, 0.99),
      unit: 'ms',
    },
    {
      name: 'kube-proxy and its helpers, resident, 10,000 services',
      value: median((run) => run.bytes + run.childBytes) / 1e6,
      unit: 'MB',
    },
  ];
}

export const overlay: Benchmark = {
  name: 'overlay',
  about: 'pod network and services: streams, packets and peers per backend, and the service table',
  run: async () => [
    ...(await streams()),
    ...(await packets()),
    ...(await leases()),
    ...(await proxy()),
    ...(await program()),
    ...(await policies()),
  ],
};
