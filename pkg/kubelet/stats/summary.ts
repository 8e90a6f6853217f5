// /stats/summary: usage of the node and its pods as one document. (Upstream:
// k8s.io/kubelet/pkg/apis/stats/v1alpha1, pkg/kubelet/stats/cri_stats_provider.go.)
import type { PodSnapshot, Snapshot } from './snapshot.js';
import { workingSet, type FileSystem, type Interface, type Usage } from './usage.js';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Leaves out what is not known. */
const known = (fields: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function usageOf({
  usage,
  cpuRate,
  memory,
}: { usage: Usage; memory?: number } & Pick<Snapshot, 'cpuRate'>) {
  const { sample } = usage;
  const time = iso(usage.at);
  const limit = sample.memoryLimit ?? memory;
  const working = workingSet(sample);
  return {
    cpu: known({ time, usageNanoCores: cpuRate(usage), usageCoreNanoSeconds: sample.cpu }),
    memory: known({
      time,
      availableBytes:
        limit === undefined || working === undefined ? undefined : Math.max(0, limit - working),
      usageBytes: sample.memory,
      workingSetBytes: working,
      rssBytes: sample.rss,
      pageFaults: sample.pageFaults,
      majorPageFaults: sample.majorPageFaults,
    }),
    swap: known({ time, swapUsageBytes: sample.swap }),
  };
}

function networkOf(at: number, interfaces: readonly Interface[]): object {
  const shown = interfaces.map((one) => ({
    name: one.name,
    rxBytes: one.receive_bytes,
    rxErrors: one.receive_errors,
    txBytes: one.transmit_bytes,
    txErrors: one.transmit_errors,
  }));
  if (!shown.length) return {};
  const first = shown.find(({ name }) => name === 'eth0') ?? shown[0];
  return { network: { time: iso(at), ...first, interfaces: shown } };
}

const fsOf = (fs: FileSystem | undefined, usedBytes?: number): object | undefined =>
  fs && {
    time: iso(fs.at),
    availableBytes: fs.available,
    capacityBytes: fs.capacity,
    usedBytes: usedBytes ?? fs.capacity - fs.available,
    inodesFree: fs.inodesFree,
    inodes: fs.inodes,
    ...(usedBytes === undefined && { inodesUsed: fs.inodes - fs.inodesFree }),
  };

function podOf(snapshot: Snapshot, one: PodSnapshot): object {
  const { pod, identity, usage, containers, disk, network } = one;
  const { cpuRate, fs } = snapshot;
  const at = usage?.at ?? snapshot.node.at;
  const claims = new Map(
    (pod.spec.volumes ?? []).map(({ name, persistentVolumeClaim: claim }) => [name, claim]),
  );
  const layers = containers.reduce((sum, { writableBytes = 0 }) => sum + writableBytes, 0);
  const logs = [...(disk?.logs.values() ?? [])].reduce((sum, bytes) => sum + bytes, 0);
  return known({
    podRef: { name: identity.name, namespace: identity.namespace, uid: identity.uid },
    startTime: pod.status?.startTime ?? iso(Math.min(...containers.map((c) => c.seen.startedAt))),
    containers: containers.map((container) =>
      known({
        name: container.seen.name,
        startTime: iso(container.seen.startedAt),
        ...usageOf({ usage: container.usage, cpuRate }),
        rootfs: fsOf(fs.image, container.writableBytes ?? 0),
        logs: fsOf(fs.node, disk?.logs.get(container.seen.name) ?? 0),
      }),
    ),
    ...(usage && usageOf({ usage, cpuRate })),
    ...networkOf(at, network),
    volume: disk?.volumes.map(({ name, fs: own, usedBytes }) => {
      const claim = claims.get(name)?.claimName;
      const pvcRef = claim && { name: claim, namespace: identity.namespace };
      return { ...fsOf(own, usedBytes), name, ...(pvcRef && { pvcRef }) };
    }),
    'ephemeral-storage': disk && fsOf(fs.node, layers + logs + disk.otherBytes),
    process_stats:
      usage?.sample.threads === undefined ? undefined : { process_count: usage.sample.threads },
  });
}

export function summary(snapshot: Snapshot, nodeName: string): object {
  const { node, kubepods, machine, fs, cpuRate } = snapshot;
  const startTime = iso(machine.bootAt);
  const { threads, threadsMax } = node.sample;
  return {
    node: known({
      nodeName,
      systemContainers: kubepods
        ? [{ name: 'pods', startTime, ...usageOf({ usage: kubepods, cpuRate }) }]
        : undefined,
      startTime,
      ...usageOf({ usage: node, memory: machine.memoryBytes, cpuRate }),
      ...networkOf(node.at, snapshot.network),
      fs: fsOf(fs.node),
      runtime: fs.image && { imageFs: fsOf(fs.image, fs.image.usedBytes) },
      rlimit:
        threads === undefined
          ? undefined
          : known({ time: iso(node.at), maxpid: threadsMax, curproc: threads }),
    }),
    pods: snapshot.pods.filter((pod) => pod.containers.length).map((pod) => podOf(snapshot, pod)),
  };
}
