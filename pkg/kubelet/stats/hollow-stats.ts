// Usage of a hollow node: its containers' sum. No Node API.
import type { Clock } from '../../util/env/env.js';
import type { ContainerStats, Runtime } from '../runtime/runtime.js';
import { POD_UID_LABEL } from '../types/labels.js';
import type { StatsHost, Usage } from './usage.js';

export function hollowStats(
  clock: Clock,
  runtime: Runtime,
  machine: { cpus: number; memoryBytes: number },
): StatsHost {
  const bootAt = clock.now();
  const sumOf = (cgroup: string, found: readonly ContainerStats[]): Usage => {
    const sum = (value: (stats: ContainerStats) => number) =>
      found.reduce((total, stats) => total + value(stats), 0);
    const memory = sum((s) => s.memoryWorkingSetBytes);
    const sample = { cpu: sum((s) => s.cpuNanoSeconds), memory, rss: memory, swap: 0 };
    return { cgroup, at: clock.now(), sample, io: [] };
  };
  const of = async (cgroup: string, keep: (stats: ContainerStats) => boolean) => {
    const found = (await runtime.stats()).filter(keep);
    return found.length ? sumOf(cgroup, found) : undefined;
  };
  return {
    machine: { ...machine, swapBytes: 0, bootAt },
    node: async () => sumOf('/', await runtime.stats()),
    pods: () => of('/kubepods', () => true),
    pod: (_pod, { uid }) =>
      of(`/kubepods/pod${uid}`, ({ labels }) => labels[POD_UID_LABEL] === uid),
    container: (pod, id) =>
      of(`/kubepods/pod${pod.metadata.uid}/${id}`, (stats) => stats.id === id),
    writableLayers: () => Promise.resolve(new Map()),
    network: () => Promise.resolve([]),
    disk: () => Promise.resolve(undefined),
    fileSystems: () => Promise.resolve({}),
  };
}
