// The usage of the node and of its pods at one moment, from which each endpoint makes its answer.
import type { Pod } from '../../apis/core/v1/types.js';
import { sleep, type Clock } from '../../util/env/env.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { CPU_RATE_WINDOW } from '../limits.js';
import type { ObservedContainer, ObservedPod, PodIdentity } from '../types/observed.js';
import type { Depth, Interface, PodDisk, StatsHost, Usage } from './usage.js';

export interface ContainerSnapshot {
  seen: ObservedContainer;
  usage: Usage;
  writableBytes?: number;
}

export interface PodSnapshot {
  pod: Pod;
  identity: PodIdentity;
  sandboxId: string;
  /** Absent: the runtime removes the pod's group just now. */
  usage?: Usage;
  containers: ContainerSnapshot[];
  network: readonly Interface[];
  disk?: PodDisk;
}

export interface Snapshot {
  node: Usage;
  /** Of all pods. */
  kubepods?: Usage;
  network: readonly Interface[];
  fs: Awaited<ReturnType<StatsHost['fileSystems']>>;
  machine: StatsHost['machine'];
  pods: PodSnapshot[];
  /** Nanoseconds of CPU a second; absent at the first look. */
  cpuRate: (usage: Usage) => number | undefined;
}

interface CollectorDeps {
  clock: Clock;
  host: StatsHost;
  pods(): { pod: Pod; observed: ObservedPod }[];
}

const POD_BATCH = 8;

/** One collection of a depth runs at a time: scrapers that come together share its result. */
export function statsCollector(deps: CollectorDeps): (depth: Depth) => Promise<Snapshot> {
  const { host } = deps;
  let rates = new Map<string, { at: number; cpu: number; rate?: number }>();
  const running = new Map<Depth, Promise<Snapshot>>();

  const cpuRate = ({ cgroup, at, sample: { cpu = 0 } }: Usage): number | undefined => {
    const last = rates.get(cgroup);
    if (last && at - last.at < CPU_RATE_WINDOW) return last.rate;
    const isNew = !last || cpu < last.cpu;
    const rate = isNew ? undefined : Math.round(((cpu - last.cpu) * 1000) / (at - last.at));
    rates.set(cgroup, { at, cpu, ...(rate !== undefined && { rate }) });
    return rate;
  };

  /** Groups that are gone leave no memory behind. */
  const forget = (snapshot: Snapshot): void => {
    const known = [
      snapshot.node,
      snapshot.kubepods,
      ...snapshot.pods.flatMap((p) => [p.usage, ...p.containers.map(({ usage }) => usage)]),
    ].map((usage) => usage?.cgroup);
    const kept = new Set(known);
    rates = new Map([...rates].filter(([cgroup]) => kept.has(cgroup)));
  };

  async function ofPod(
    { pod, observed }: { pod: Pod; observed: ObservedPod },
    depth: Depth,
    layers: ReadonlyMap<string, number>,
  ): Promise<PodSnapshot> {
    const isFull = depth === 'all';
    const sandboxId = observed.sandboxes.find(({ ready }) => ready)?.id ?? '';
    const containers: ContainerSnapshot[] = [];
    for (const seen of observed.containers) {
      if (seen.state !== 'running') continue;
      const usage = await host.container(pod, seen.id, depth);
      const writableBytes = layers.get(seen.id);
      if (usage)
        containers.push({ seen, usage, ...(writableBytes !== undefined && { writableBytes }) });
    }
    const [usage, network, disk] = await Promise.all([
      host.pod(pod, observed, depth),
      isFull && sandboxId ? host.network(pod, sandboxId) : [],
      isFull ? host.disk(pod, observed) : undefined,
    ]);
    return {
      pod,
      identity: observed,
      sandboxId,
      containers,
      network,
      ...(usage && { usage }),
      ...(disk && { disk }),
    };
  }

  async function collect(depth: Depth): Promise<Snapshot> {
    const isFull = depth === 'all';
    const [layers, node, kubepods, network, fs] = await Promise.all([
      isFull ? host.writableLayers().catch(() => new Map<string, number>()) : new Map(),
      host.node(depth),
      isFull ? host.pods() : undefined,
      isFull ? host.network(undefined, '') : [],
      isFull ? host.fileSystems() : {},
    ]);
    const pods: PodSnapshot[] = [];
    const all = deps.pods().filter(({ observed }) => observed.containers.length);
    for (let at = 0; at < all.length; at += POD_BATCH) {
      const batch = all.slice(at, at + POD_BATCH);
      pods.push(...(await Promise.all(batch.map((one) => ofPod(one, depth, layers)))));
      // Files of control groups are read synchronously; other work goes on between the batches.
      await sleep(deps.clock, 0);
    }
    const { machine } = host;
    const snapshot: Snapshot = { node, network, fs, machine, pods, cpuRate };
    if (kubepods) snapshot.kubepods = kubepods;
    if (isFull) forget(snapshot);
    return snapshot;
  }

  return (depth) => {
    return getOrInsert(running, depth, () => collect(depth).finally(() => running.delete(depth)));
  };
}
