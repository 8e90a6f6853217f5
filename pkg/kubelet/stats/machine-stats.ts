// Usage on this machine: control groups, network devices and file systems.
import { readFileSync } from 'node:fs';
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Pod } from '../../apis/core/v1/types.js';
import type { Clock } from '../../util/env/env.js';
import { containerCgroup, podCgroupPath, podsCgroup, type CgroupOptions } from '../host/cgroups.js';
import { diskBytes } from '../host/pod-usage.js';
import { logDirectory, podDirectory, type Layout } from '../layout.js';
import { DISK_USAGE_AGE, DISK_WALK_REST } from '../limits.js';
import type { Runtime } from '../runtime/runtime.js';
import { identityOf } from '../types/observed.js';
import { cgroupReader, deviceOf, type CgroupReader } from './cgroup-files.js';
import type { Depth, FileSystem, Interface, PodDisk, Sample, StatsHost, Usage } from './usage.js';
import { DEVICE_COLUMNS } from './tables.generated.js';

interface MachineStatsDeps {
  clock: Clock;
  runtime: Runtime;
  layout: Layout;
  cgroups: CgroupOptions;
  reader?: CgroupReader;
}

const read = (file: string) => readFile(file, 'utf8').catch(() => '');

/** Amounts of /proc/meminfo in bytes. */
export function memoryInfo(text: string): Record<string, number> {
  return Object.fromEntries(
    [...text.matchAll(/^([\w()]+):\s+(\d+) kB$/gm)].map(([, name, kb]) => [
      name!,
      Number(kb) * 1024,
    ]),
  );
}

/** Devices that repeat what others count (cAdvisor's ignored prefixes). */
const IGNORED_DEVICE = /^(lo$|veth|docker|nerdctl)/;

export function networkDevices(text: string): Interface[] {
  return [...text.matchAll(/^\s*([^\s:]+):\s*(.+)$/gm)]
    .filter(([, name]) => !IGNORED_DEVICE.test(name!))
    .map(([, name, counts]) => {
      const columns = counts!.trim().split(/\s+/).map(Number);
      const entries = Object.entries(DEVICE_COLUMNS).map(([key, at]) => [key, columns[at] ?? 0]);
      return { name: name!, ...Object.fromEntries(entries) } as Interface;
    });
}

async function fileSystem(folder: string, at: number): Promise<FileSystem | undefined> {
  const [found, own] = await Promise.all([statfs(folder), stat(folder)]).catch(() => []);
  if (!found || !own) return undefined;
  return {
    device: deviceOf(`${(own.dev >> 8) & 0xfff}:${(own.dev & 0xff) | ((own.dev >> 12) & 0xfff00)}`),
    at,
    capacity: found.blocks * found.bsize,
    available: found.bavail * found.bsize,
    inodes: found.files,
    inodesFree: found.ffree,
  };
}

/** The root group of cgroup v2 has no memory files; cAdvisor reads the machine's memory too. */
async function ofMachine(sample: Sample): Promise<Sample> {
  const info = memoryInfo(await read('/proc/meminfo'));
  const used = (total: string, free: string) => (info[total] ?? 0) - (info[free] ?? 0);
  return {
    ...sample,
    memory: sample.memory ?? used('MemTotal', 'MemFree'),
    inactiveFile: sample.inactiveFile ?? info['Inactive(file)'] ?? 0,
    swap: used('SwapTotal', 'SwapFree'),
  };
}

export function machineStats(deps: MachineStatsDeps): StatsHost {
  const { clock, runtime, layout, cgroups, reader = cgroupReader() } = deps;
  const walks = new Map<string, { until: number; disk: Promise<PodDisk> }>();
  const usage = (cgroup: string, depth: Depth): Usage | undefined => {
    const sample = reader.read(cgroup, depth);
    if (sample.cpu === undefined) return undefined;
    return { cgroup, at: clock.now(), sample, io: depth === 'all' ? reader.io(cgroup) : [] };
  };

  async function walk(pod: Pod, names: readonly string[]): Promise<PodDisk> {
    const identity = identityOf(pod);
    const root = podDirectory(layout, identity.uid);
    const known = new Set((pod.spec.volumes ?? []).map(({ name }) => name));
    const volumes: { name: string; usedBytes: number; fs: FileSystem }[] = [];
    for (const plugin of await readdir(path.join(root, 'volumes')).catch(() => []))
      for (const name of await readdir(path.join(root, 'volumes', plugin)).catch(() => [])) {
        const folder = path.join(root, 'volumes', plugin, name);
        const fs = known.has(name) ? await fileSystem(folder, clock.now()) : undefined;
        if (fs) volumes.push({ name, fs, usedBytes: await diskBytes(folder) });
      }
    const logs = new Map<string, number>();
    for (const name of names)
      logs.set(name, await diskBytes(path.join(logDirectory(layout, identity), name)));
    return { volumes, logs, otherBytes: await diskBytes(root) };
  }

  return {
    machine: {
      cpus: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      swapBytes: memoryInfo(readFileSync('/proc/meminfo', 'utf8'))['SwapTotal'] ?? 0,
      bootAt: clock.now() - os.uptime() * 1000,
    },

    async node(depth) {
      const found = usage(cgroups.root, depth);
      if (!found) throw new Error(`no control group ${cgroups.root}`);
      return cgroups.root === '/' ? { ...found, sample: await ofMachine(found.sample) } : found;
    },

    pods: () => Promise.resolve(usage(podsCgroup(cgroups), 'all')),

    pod: (pod, _observed, depth) => Promise.resolve(usage(podCgroupPath(cgroups, pod), depth)),

    container: (pod, id, depth) => Promise.resolve(usage(containerCgroup(cgroups, pod, id), depth)),

    async writableLayers() {
      const all = await runtime.stats();
      return new Map(all.map(({ id, writableLayerBytes }) => [id, writableLayerBytes]));
    },

    async network(pod, sandboxId) {
      if (!pod) return networkDevices(await read('/proc/self/net/dev'));
      if (pod.spec.hostNetwork) return [];
      const [pid] = reader.processes(containerCgroup(cgroups, pod, sandboxId));
      return pid === undefined ? [] : networkDevices(await read(`/proc/${pid}/net/dev`));
    },

    disk(pod, observed) {
      const now = clock.now();
      for (const [uid, { until }] of walks) if (now > until) walks.delete(uid);
      const known = walks.get(observed.uid);
      if (known) return known.disk;
      const names = [...new Set(observed.containers.map(({ name }) => name))];
      const entry = { until: Infinity, disk: walk(pod, names) };
      walks.set(observed.uid, entry);
      // A container can write many files: a long walk is repeated as much later.
      const rest = () => Math.max(DISK_USAGE_AGE, DISK_WALK_REST * (clock.now() - now));
      void entry.disk.finally(() => (entry.until = clock.now() + rest())).catch(() => {});
      return entry.disk;
    },

    async fileSystems() {
      const at = clock.now();
      const [image] = await runtime.imageFs().catch(() => []);
      const [node, images] = await Promise.all([
        fileSystem(layout.root, at),
        image?.mountpoint ? fileSystem(image.mountpoint, at) : undefined,
      ]);
      return {
        ...(node && { node }),
        ...(images && { image: { ...images, usedBytes: image!.usedBytes } }),
      };
    },
  };
}
