// The whole cluster: its time to start, its idle cost, and the time to start and delete pods. One
// node, started and removed by hack/up and hack/down under a separate name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODES, PODS } from '../../pkg/apis/resource-types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type { Client } from '../../pkg/client/client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';
import { exec } from '../../pkg/system/exec.js';
import { sleep } from '../../pkg/util/env/env.js';
import { layoutOf, ROOT } from '../cluster/layout.js';
import type { ClusterRecord } from '../cluster/record.js';
import { statusOf, type ClusterStatus } from '../cluster/cluster-status.js';
import { quantile, type Benchmark, type Measure } from './measure.js';

const NAME = 'bench';
const IDLE_SECONDS = 20;
const SETTLE_SECONDS = 20;
const SEQUENTIAL_PODS = 15;
const BURST_PODS = 30;
const START_LIMIT_MS = 600_000;
const IMAGE = 'busybox:1';

const env = realEnv('bench', 'error');

export const cluster: Benchmark = {
  name: 'cluster',
  about: 'start, idle cost and pod latency of a one-node cluster',
  run,
};

async function run(signal: AbortSignal): Promise<Measure[]> {
  await hack('down', signal);
  const started = performance.now();
  const up = hack('up', signal, ['--nodes', '1']);
  try {
    const ready = untilReady(started, signal);
    await up;
    const measures: Measure[] = [
      {
        name: 'start to node Ready',
        value: (await ready) / 1000,
        unit: 's',
        peer: { name: 'k3s 1.21', value: 16.6 },
      },
      { name: 'start to add-ons ready', value: (performance.now() - started) / 1000, unit: 's' },
    ];
    measures.push(...(await idle(signal)));
    const client = createClient(await loadKubeconfig(layoutOf(NAME).kubeconfig), env);
    try {
      measures.push(...(await pods(client, signal)));
    } finally {
      await client.close();
    }
    return measures;
  } finally {
    await up.catch(() => '');
    await hack('down', new AbortController().signal);
  }
}

function hack(command: 'up' | 'down', signal: AbortSignal, words: string[] = []): Promise<string> {
  return exec([join(ROOT, 'hack', command), '--name', NAME, ...words], {
    timeoutMs: START_LIMIT_MS,
    signal,
  });
}

/** Milliseconds from `started` until the node is Ready. */
async function untilReady(started: number, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      const client = createClient(await loadKubeconfig(layoutOf(NAME).kubeconfig), env);
      try {
        for (;;) {
          const { items } = await client.list(NODES, { signal });
          const isReady = items.some((n) =>
            n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
          );
          if (isReady) return performance.now() - started;
          await sleep(env.clock, 50, signal);
        }
      } finally {
        await client.close();
      }
    } catch (error) {
      if (signal.aborted || performance.now() - started > START_LIMIT_MS) throw error;
      await sleep(env.clock, 50, signal);
    }
  }
}

const record = (): ClusterRecord =>
  JSON.parse(readFileSync(layoutOf(NAME).record, 'utf8')) as ClusterRecord;

async function idle(signal: AbortSignal): Promise<Measure[]> {
  await sleep(env.clock, SETTLE_SECONDS * 1000, signal);
  const before = await statusOf(record());
  await sleep(env.clock, IDLE_SECONDS * 1000, signal);
  const after = await statusOf(record());
  const each = after.processes.flatMap((p): { name: string; pss: number; cpu: number }[] => {
    const old = before.processes.find((b) => b.service === p.service && b.pid === p.pid);
    if (!old || p.pssBytes === undefined) return [];
    return [{ name: p.service, pss: p.pssBytes / 1e6, cpu: cpuPercent(old, p) }];
  });
  const sum = (pick: (row: (typeof each)[number]) => number, rows = each) =>
    rows.reduce((n, row) => n + pick(row), 0);
  const ours = each.filter((row) => row.name !== 'etcd' && !row.name.endsWith('containerd'));
  return [
    ...each.flatMap((row): Measure[] => [
      { name: `idle memory of ${row.name}`, value: row.pss, unit: 'MB' },
      { name: `idle CPU of ${row.name}`, value: row.cpu, unit: '%' },
    ]),
    { name: 'idle memory, all of ours', value: sum((r) => r.pss, ours), unit: 'MB' },
    {
      name: 'idle memory, without etcd',
      value: sum(
        (r) => r.pss,
        each.filter((r) => r.name !== 'etcd'),
      ),
      unit: 'MB',
      peer: { name: 'k3s 1.21', value: 535 },
    },
    {
      name: 'idle CPU of a core, without etcd',
      value: sum(
        (r) => r.cpu,
        each.filter((r) => r.name !== 'etcd'),
      ),
      unit: '%',
      peer: { name: 'k3s 1.21', value: 2.8 },
    },
  ];
}

type Process = ClusterStatus['processes'][number];

function cpuPercent(before: Process, after: Process): number {
  const seconds = (after.uptimeSeconds ?? 0) - (before.uptimeSeconds ?? 0);
  return (((after.cpuSeconds ?? 0) - (before.cpuSeconds ?? 0)) / seconds) * 100;
}

async function pods(client: Client, signal: AbortSignal): Promise<Measure[]> {
  const created: number[] = [];
  const deleted: number[] = [];
  for (let i = 0; i < SEQUENTIAL_PODS; i++) {
    created.push(await createPods(client, [`one-${i}`], signal));
    deleted.push(await deletePod(client, `one-${i}`, signal));
  }
  const names = Array.from({ length: BURST_PODS }, (_, i) => `burst-${i}`);
  const burst = await createPods(client, names, signal);
  return [
    {
      name: 'pod create to Ready, p50',
      value: quantile(created, 0.5) / 1000,
      unit: 's',
      peer: { name: 'kubelet 1.32', value: 1.0 },
    },
    { name: 'pod create to Ready, p90', value: quantile(created, 0.9) / 1000, unit: 's' },
    {
      name: 'pod delete with 1 s grace, p50',
      value: quantile(deleted, 0.5) / 1000,
      unit: 's',
      peer: { name: 'kubelet 1.32', value: 2.0 },
    },
    {
      name: `${BURST_PODS} pods at once, all Ready`,
      value: burst / 1000,
      unit: 's',
      peer: { name: 'kubelet 1.32', value: 6.1 },
    },
  ];
}

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;

/** Milliseconds from the first create until a watcher has seen all pods Ready. */
async function createPods(client: Client, names: string[], signal: AbortSignal): Promise<number> {
  const stop = new AbortController();
  const { metadata } = await client.list(PODS, { namespace: 'default', limit: 1 });
  const waiting = new Set(names);
  const events = client.watch(PODS, {
    namespace: 'default',
    resourceVersion: metadata.resourceVersion!,
    signal: AbortSignal.any([signal, stop.signal]),
  });
  const started = performance.now();
  const containers = [{ name: 'main', image: IMAGE, command: ['sleep', '3600'] }];
  const creates = names.map((name) =>
    client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers, terminationGracePeriodSeconds: 1 },
    }),
  );
  for await (const { object } of events) {
    if (isReady(object)) waiting.delete(object.metadata.name);
    if (waiting.size === 0) break;
  }
  const took = performance.now() - started;
  stop.abort();
  await Promise.all(creates);
  return took;
}

async function deletePod(client: Client, name: string, signal: AbortSignal): Promise<number> {
  const { metadata } = await client.list(PODS, { namespace: 'default', limit: 1 });
  const started = performance.now();
  const fieldSelector = `metadata.name=${name}`;
  const events = client.watch(PODS, {
    namespace: 'default',
    fieldSelector,
    resourceVersion: metadata.resourceVersion!,
    signal,
  });
  await client.delete(PODS, { namespace: 'default', name });
  for await (const { type } of events) if (type === 'DELETED') break;
  return performance.now() - started;
}
