// The memory of the API server at the size of a large cluster: 150,000 pods, 30,000 of them of
// realistic size, and 10,000 watchers. A run takes minutes and up to 2 GB of disk for etcd, so it
// must be named to run.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PODS } from '../../pkg/apis/resource-types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import { sleep } from '../../pkg/util/env/env.js';
import { realEnv } from '../../pkg/system/env.js';
import { usageOf } from '../cluster/processes.js';
import { load, NAMESPACE, podOf, prepare } from './apiserver.js';
import { openLab, type Lab } from './apiserver-lab.js';
import { gather } from './crowd.js';
import type { Benchmark, Measure } from './measure.js';

const LARGE_PODS = 30_000;
const SMALL_PODS = 120_000;
/** Watchers of all pods, and as many watchers that each select one node's pods. */
const CROWD = { watchers: 5_000, connections: 100 };
const CHANGES = 50;
const ETCD_FLAGS = ['--quota-backend-bytes=8589934592', '--snapshot-count=10000'];
const REST_MS = 5_000;

export const apiserverScale: Benchmark = {
  name: 'apiserver-scale',
  about: `memory of the API server with ${LARGE_PODS + SMALL_PODS} pods and ${2 * CROWD.watchers} watchers`,
  isLong: true,
  run,
};

const path = `/api/v1/namespaces/${NAMESPACE}/pods`;

function smallPod(): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 's-', namespace: NAMESPACE } as Pod['metadata'],
    spec: { containers: [{ name: 'main', image: 'example.org/web:1' }] },
  };
}

/** The peak of resident memory. */
function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

async function run(signal: AbortSignal): Promise<Measure[]> {
  const lab = await openLab(signal, ETCD_FLAGS);
  const measures: Measure[] = [];
  const memory = async (what: string): Promise<void> => {
    await sleep(realEnv('bench', 'error').clock, REST_MS, signal);
    measures.push({ name: `memory, ${what}`, value: usageOf(lab.pid)!.rssBytes / 1e6, unit: 'MB' });
  };
  try {
    await prepare(lab);
    await create(lab, signal, podOf({ generateName: 'p-' }), LARGE_PODS);
    await memory(`${LARGE_PODS} pods of real size`);
    const last = await create(lab, signal, smallPod(), SMALL_PODS);
    await memory(`and ${SMALL_PODS} small`);
    measures.push({ name: 'CREATE of a small pod, server CPU', value: last, unit: 'us' });
    measures.push(...(await lists(lab, signal)));
    await memory('after listing all');
    measures.push({ name: 'memory, the most so far', value: peakBytes(lab.pid) / 1e6, unit: 'MB' });
    measures.push({
      name: 'start to ready with all of them',
      value: (await lab.restart()) / 1000,
      unit: 's',
    });
    await memory('started with all of them');
    measures.push(...(await watched(lab, signal, memory)));
    measures.push({
      name: 'memory, the most since the start',
      value: peakBytes(lab.pid) / 1e6,
      unit: 'MB',
    });
    return measures;
  } finally {
    await lab.stop();
  }
}

async function create(lab: Lab, signal: AbortSignal, pod: Pod, count: number): Promise<number> {
  const body = join(lab.folder, 'pod.json');
  writeFileSync(body, JSON.stringify(pod));
  return (
    await load(lab, signal, {
      phase: 'fill',
      path,
      count,
      connections: 4,
      streams: 16,
      headers: ['content-type: application/json'],
      body,
    })
  ).cpuUs;
}

async function lists(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const all = await load(lab, signal, {
    phase: 'list-all',
    path: `${path}?resourceVersion=0`,
    count: 8,
    connections: 4,
    streams: 1,
  });
  const page = await load(lab, signal, {
    phase: 'list-page',
    path: `${path}?limit=500`,
    count: 100,
    connections: 2,
    streams: 1,
  });
  return [
    { name: 'LIST of all, 4 at once, server CPU', value: all.cpuUs / 1000, unit: 'ms' },
    { name: 'LIST of a page of 500, server CPU', value: page.cpuUs, unit: 'us' },
  ];
}

async function watched(
  lab: Lab,
  signal: AbortSignal,
  memory: (what: string) => Promise<void>,
): Promise<Measure[]> {
  const { resourceVersion } = (await lab.client.list(PODS, { namespace: NAMESPACE, limit: 1 }))
    .metadata;
  const watch = `${path}?watch=true&resourceVersion=${resourceVersion}`;
  const ca = join(lab.folder, 'ca.crt');
  const ofNodes = await gather(
    lab.port,
    `${watch}&fieldSelector=spec.nodeName%3Dnode-{n}`,
    ca,
    CROWD,
  );
  const ofAll = await gather(lab.port, watch, ca, CROWD);
  try {
    await memory(`and ${2 * CROWD.watchers} watchers`);
    const before = usageOf(lab.pid)!.cpuSeconds;
    await ofAll.delivered(CHANGES, async () => {
      for (let i = 0; i < CHANGES; i++) {
        signal.throwIfAborted();
        await lab.client.patch(
          PODS,
          { namespace: NAMESPACE, name: 'target' },
          { metadata: { annotations: { note: `change ${i}` } } },
          { type: 'merge' },
        );
      }
    });
    const eventUs = ((usageOf(lab.pid)!.cpuSeconds - before) * 1e6) / (CHANGES * CROWD.watchers);
    await memory(`and ${CHANGES} changes to half of them`);
    return [
      {
        name: `watch event, ${CROWD.watchers} watchers on ${CROWD.connections} connections, server CPU`,
        value: eventUs,
        unit: 'us',
      },
    ];
  } finally {
    await ofAll.end();
    await ofNodes.end();
  }
}
