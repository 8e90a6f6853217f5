// /metrics/cadvisor: the series of the node, of each pod and of each container, under cAdvisor's
// names and labels. (Upstream: containerPrometheusLabelsFunc of pkg/kubelet/server/server.go.)
import { expose, type Family, type Point } from '../../util/metrics/exposition.js';
import { counted, pointsOf, type Amounts, type Row } from './rows.js';
import type { PodSnapshot, Snapshot } from './snapshot.js';
import { CADVISOR_ROWS, DEVICE_ROWS, NETWORK_ROWS } from './tables.generated.js';
import type { FileSystem, Interface, Usage } from './usage.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

type Labels = Readonly<Record<string, string>>;
/** A series of one name: its labels, its time and the amounts of the row. */
type Subject = [Labels, number, Amounts];
/** A group of processes, and when it was started in milliseconds; absent: a pod. */
type Group = [Labels, Usage, started?: number];

const NODE: Labels = { container: '', id: '/', image: '', name: '', namespace: '', pod: '' };

/** v1's words for a quota and for no limit, as cAdvisor shows them. */
function specAmounts(usage: Usage): Amounts {
  const { quota = 0, periods, throttledPeriods, throttled, ...sample } = usage.sample;
  const limits = {
    ...(sample.memory !== undefined && { memoryLimit: sample.memoryLimit ?? 0 }),
    ...(sample.threads !== undefined && { threadsMax: sample.threadsMax ?? 0 }),
  };
  const isBound = quota > 0;
  const bound = isBound ? { quota, periods, throttledPeriods, throttled } : {};
  return counted({ ...usage, sample: { ...sample, ...limits, ...bound } });
}

function podSubjects(pod: PodSnapshot, image: (FileSystem & { usedBytes: number }) | undefined) {
  const { identity, sandboxId, containers, network } = pod;
  const labels = { ...NODE, namespace: identity.namespace, pod: identity.name };
  const id = pod.usage?.cgroup ?? '';
  const groups: Group[] = pod.usage ? [[{ ...labels, id }, pod.usage]] : [];
  const devices: Subject[] = [];
  for (const { seen, usage, writableBytes } of containers) {
    const own = {
      ...labels,
      container: seen.name,
      id: usage.cgroup,
      image: seen.image,
      name: seen.id,
    };
    groups.push([own, usage, seen.startedAt]);
    if (writableBytes !== undefined && image)
      devices.push([
        { ...own, device: image.device },
        usage.at,
        { ...image, usedBytes: writableBytes },
      ]);
  }
  const sandbox = { ...labels, id: `${id}/${sandboxId}`, name: sandboxId };
  return { groups, devices, network: network.map((one) => [sandbox, one] as const) };
}

/** Rows of one name, such as those of two kinds of failures, make one family. */
function families(rows: readonly Row[], subjects: readonly Subject[]): Family[] {
  const byName = new Map<string, Family & { points: Point[] }>();
  for (const row of rows) {
    const [name, type, , , help] = row;
    const fresh = () => ({ name: `container_${name}`, type, help, points: [] });
    const family = getOrInsert(byName, name, fresh);
    for (const [labels, at, amounts] of subjects)
      family.points.push(...pointsOf(row, amounts, labels, at));
  }
  return [...byName.values()];
}

const machine = (name: string, help: string, value: number): Family => ({
  name: `machine_${name}`,
  help,
  type: 'gauge',
  points: [{ value }],
});

export function cadvisorMetrics(snapshot: Snapshot): string {
  const { node, kubepods, fs } = snapshot;
  const { bootAt, cpus, memoryBytes, swapBytes } = snapshot.machine;
  const groups: Group[] = [[NODE, node, bootAt]];
  if (kubepods) groups.push([{ ...NODE, id: kubepods.cgroup }, kubepods]);
  const network: (readonly [Labels, Interface])[] = snapshot.network.map((one) => [NODE, one]);
  // The images often lie on the kubelet's own device.
  const disks = new Map(
    [fs.image, fs.node].flatMap((disk) => (disk ? [[disk.device, disk] as const] : [])),
  );
  const devices = [...disks.values()].map((disk): Subject => {
    const usedBytes = disk.capacity - disk.available;
    return [{ ...NODE, device: disk.device }, disk.at, { ...disk, usedBytes }];
  });
  for (const pod of snapshot.pods) {
    const found = podSubjects(pod, fs.image);
    groups.push(...found.groups);
    devices.push(...found.devices);
    network.push(...found.network);
  }
  for (const [labels, { at, io }] of groups)
    for (const { device, ...counts } of io) devices.push([{ ...labels, device }, at, counts]);
  const subjects = groups.map(([labels, usage, started]): Subject => [
    labels,
    usage.at,
    { ...specAmounts(usage), at: Math.floor(usage.at / 1000) * 1000, started },
  ]);
  const interfaces = network.map(([labels, { name, ...counts }]): Subject => [
    { ...labels, interface: name },
    node.at,
    counts,
  ]);
  return expose([
    ...families(CADVISOR_ROWS, subjects),
    ...families(NETWORK_ROWS, interfaces),
    ...families(DEVICE_ROWS, devices),
    machine('cpu_cores', 'Number of logical CPU cores.', cpus),
    machine('memory_bytes', 'Amount of memory installed on the machine.', memoryBytes),
    machine('swap_bytes', 'Amount of swap memory available on the machine.', swapBytes),
  ]);
}
