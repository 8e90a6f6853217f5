// Pod cgroups: a root per node (--cgroup-root), a group per QoS class, and a group per pod with the
// pod's requests and limits. Cgroup v1 and v2 in cgroupfs layout; with the systemd driver this file
// only computes names. The runtime creates the groups of containers, and parents that are missing.
import { access, mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pod } from '../../apis/core/v1/types.js';
import { podResources, type PodResources } from '../container/resources.js';
import { podQos } from '../../component-helpers/qos.js';

export interface CgroupOptions {
  /** '/', or a parent for this node only: '/wheelhouse/node1'. */
  root: string;
  driver: 'cgroupfs' | 'systemd';
  /** --pod-max-pids: processes and threads of a pod; absent: no bound but the node's. */
  podPids?: number;
}

const MOUNT = '/sys/fs/cgroup';

const present = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** The pod's cgroup path, which the CRI calls cgroup_parent. */
export function podCgroup(options: CgroupOptions, pod: Pod): string {
  const qos = podQos(pod);
  const uid = pod.metadata.uid!;
  if (options.driver === 'systemd') {
    const prefix = qos === 'Guaranteed' ? 'kubepods' : `kubepods-${qos.toLowerCase()}`;
    return `${prefix}-pod${uid.replaceAll('-', '_')}.slice`;
  }
  const folder = qos === 'Guaranteed' ? '' : qos.toLowerCase();
  return path.join('/', options.root, 'kubepods', folder, `pod${uid}`);
}

/** Systemd keeps the slice a-b.slice in a.slice. */
const slicePath = (slice: string): string => {
  const parts = slice.slice(0, -'.slice'.length).split('-');
  return `/${parts.map((_, at) => `${parts.slice(0, at + 1).join('-')}.slice`).join('/')}`;
};

/** Where the pod's group lies below each hierarchy. */
export const podCgroupPath = (options: CgroupOptions, pod: Pod): string =>
  options.driver === 'systemd' ? slicePath(podCgroup(options, pod)) : podCgroup(options, pod);

/** The group of one container or sandbox, which the runtime makes in the pod's. */
export const containerCgroup = (options: CgroupOptions, pod: Pod, id: string): string =>
  `${podCgroupPath(options, pod)}/${options.driver === 'systemd' ? `cri-containerd-${id}.scope` : id}`;

/** The group of all pods. */
export const podsCgroup = ({ driver, root }: CgroupOptions): string =>
  driver === 'systemd' ? '/kubepods.slice' : path.join('/', root, 'kubepods');

async function write(directory: string, file: string, value: string): Promise<void> {
  if (await present(path.join(directory, file))) await writeFile(path.join(directory, file), value);
}

async function applyV1(group: string, resources: PodResources, pids: string): Promise<void> {
  const { cpuShares, cpuPeriod, cpuQuota, memoryLimit } = resources;
  const values: readonly (readonly [
    controller: string,
    file: string,
    value: string | number | undefined,
  ])[] = [
    ['cpu', 'cpu.shares', cpuShares],
    ['cpu', 'cpu.cfs_period_us', cpuQuota && cpuPeriod],
    ['cpu', 'cpu.cfs_quota_us', cpuQuota],
    ['memory', 'memory.limit_in_bytes', memoryLimit],
    ['pids', 'pids.max', pids],
  ];
  for (const [controller, file, value] of values) {
    if (!(await present(path.join(MOUNT, controller)))) continue;
    const directory = path.join(MOUNT, controller, group);
    await mkdir(directory, { recursive: true });
    if (value) await write(directory, file, String(value));
  }
}

async function applyV2(group: string, resources: PodResources, pids: string): Promise<void> {
  let directory = MOUNT;
  for (const part of group.split('/').filter(Boolean)) {
    await write(directory, 'cgroup.subtree_control', '+cpu +memory +pids').catch(() => undefined);
    directory = path.join(directory, part);
    await mkdir(directory, { recursive: true });
  }
  const weight = Math.floor(1 + ((resources.cpuShares - 2) * 9999) / 262_142);
  await write(directory, 'pids.max', pids);
  await write(directory, 'cpu.weight', String(weight));
  if (resources.cpuQuota)
    await write(directory, 'cpu.max', `${resources.cpuQuota} ${resources.cpuPeriod}`);
  if (resources.memoryLimit) await write(directory, 'memory.max', String(resources.memoryLimit));
}

const isV2 = () => present(path.join(MOUNT, 'cgroup.controllers'));

export async function createPodCgroup(options: CgroupOptions, pod: Pod): Promise<void> {
  if (options.driver === 'systemd') return;
  const apply = (await isV2()) ? applyV2 : applyV1;
  await apply(podCgroup(options, pod), podResources(pod), String(options.podPids ?? 'max'));
}

async function removeTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory()) await removeTree(path.join(directory, entry.name));
  await rmdir(directory).catch(() => undefined);
}

/** Removes a pod's cgroup. `group`: its path, if known; otherwise every QoS class is searched. */
export async function removePodCgroup(
  options: CgroupOptions,
  uid: string,
  group?: string,
): Promise<void> {
  if (options.driver === 'systemd') return;
  const bases = (await isV2())
    ? [MOUNT]
    : (await readdir(MOUNT).catch(() => [])).map((c) => path.join(MOUNT, c));
  const classes = ['', 'burstable', 'besteffort'];
  const groups = group
    ? [group]
    : classes.map((qos) => path.join(options.root, 'kubepods', qos, `pod${uid}`));
  await Promise.all(bases.flatMap((base) => groups.map((g) => removeTree(path.join(base, g)))));
}
