// /stats/summary: CPU and memory usage of the node and its pods, from the runtime's counters.
import os from 'node:os';
import type { Clock } from '../../util/env/env.js';
import type { Kubelet } from '../kubelet.js';
import type { ContainerStats, Runtime } from '../runtime/runtime.js';
import { POD_NAME_LABEL, POD_NAMESPACE_LABEL, POD_UID_LABEL } from '../types/labels.js';

interface StatsDeps {
  env: { clock: Clock };
  runtime: Runtime;
  kubelet: Kubelet;
  nodeName: string;
}

const iso = (nanoseconds: number) => new Date(nanoseconds / 1e6).toISOString();

function containerStats(s: ContainerStats): object {
  const time = iso(s.timestamp);
  return {
    name: s.name,
    startTime: time,
    cpu: { time, usageCoreNanoSeconds: s.cpuNanoSeconds },
    memory: { time, workingSetBytes: s.memoryWorkingSetBytes, usageBytes: s.memoryUsageBytes },
    rootfs: { time, usedBytes: s.writableLayerBytes },
  };
}

export async function summary(deps: StatsDeps): Promise<object> {
  const pods = new Map<string, ContainerStats[]>();
  for (const stats of await deps.runtime.stats()) {
    const uid = stats.labels[POD_UID_LABEL];
    if (uid) pods.set(uid, [...(pods.get(uid) ?? []), stats]);
  }
  const time = new Date(deps.env.clock.now()).toISOString();
  const usedCpu =
    os.cpus().reduce((sum, c) => sum + c.times.user + c.times.sys + c.times.nice + c.times.irq, 0) *
    1e6;
  const used = os.totalmem() - os.freemem();
  return {
    node: {
      nodeName: deps.nodeName,
      startTime: new Date(deps.env.clock.now() - os.uptime() * 1000).toISOString(),
      cpu: { time, usageCoreNanoSeconds: usedCpu },
      memory: { time, workingSetBytes: used, usageBytes: used, availableBytes: os.freemem() },
    },
    pods: [...pods.entries()].map(([uid, list]) => ({
      podRef: {
        name: list[0]!.labels[POD_NAME_LABEL],
        namespace: list[0]!.labels[POD_NAMESPACE_LABEL],
        uid,
      },
      startTime: iso(Math.min(...list.map((s) => s.timestamp))),
      cpu: { time, usageCoreNanoSeconds: list.reduce((n, s) => n + s.cpuNanoSeconds, 0) },
      memory: { time, workingSetBytes: list.reduce((n, s) => n + s.memoryWorkingSetBytes, 0) },
      containers: list.map(containerStats),
    })),
  };
}
