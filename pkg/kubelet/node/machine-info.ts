// Capacity and identity of this machine, for the status of its Node.
import type { StatsFs } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import os from 'node:os';
import type { Observations } from '../eviction/thresholds.js';
import type { Runtime } from '../runtime/runtime.js';
import type { MachineInfo } from './node-status.js';

export const KUBELET_VERSION = 'v1.32.0';

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', ia32: '386' };

const line = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).trim();

async function osImage(): Promise<string> {
  const text = await line('/etc/os-release');
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? 'Linux';
}

export async function machineInfo(runtime: Runtime, root: string): Promise<MachineInfo> {
  const [disk, machineID, systemUUID, bootID, image, version, images] = await Promise.all([
    statfs(root).catch(() => undefined),
    line('/etc/machine-id'),
    line('/sys/class/dmi/id/product_uuid'),
    line('/proc/sys/kernel/random/boot_id'),
    osImage(),
    runtime.version().catch(() => undefined),
    runtime.images().catch(() => []),
  ]);
  const diskBytes = disk ? disk.blocks * disk.bsize : 0;
  return {
    cpus: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    diskBytes,
    info: {
      machineID,
      systemUUID: systemUUID || machineID,
      bootID,
      kernelVersion: os.release(),
      osImage: image,
      containerRuntimeVersion: `${version?.runtimeName ?? runtime.name}://${version?.runtimeVersion ?? 'Unknown'}`,
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: KUBELET_VERSION,
      operatingSystem: 'linux',
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
    },
    images: images.map((i) => ({
      names: [...i.repoDigests, ...i.repoTags],
      sizeBytes: i.sizeBytes,
    })),
  };
}

/** Observations for the eviction manager, without file systems that cannot be read. */
export async function observePressure(runtime: Runtime, root: string): Promise<Observations> {
  const mountpoint = (await runtime.imageFs().catch(() => []))[0]?.mountpoint || root;
  const [nodefs, imagefs] = await Promise.all(
    [root, mountpoint].map((folder) => statfs(folder).catch(() => undefined)),
  );
  const space = (disk: StatsFs) => ({
    available: disk.bavail * disk.bsize,
    capacity: disk.blocks * disk.bsize,
  });
  const inodes = (disk: StatsFs) => ({ available: disk.ffree, capacity: disk.files });
  return {
    'memory.available': { available: await availableMemory(), capacity: os.totalmem() },
    ...(nodefs && { 'nodefs.available': space(nodefs), 'nodefs.inodesFree': inodes(nodefs) }),
    ...(imagefs && { 'imagefs.available': space(imagefs), 'imagefs.inodesFree': inodes(imagefs) }),
  };
}

async function availableMemory(): Promise<number> {
  const match = /^MemAvailable:\s+(\d+) kB/m.exec(await line('/proc/meminfo'));
  return match ? Number(match[1]) * 1024 : os.freemem();
}

/** Whether the kernel enforces AppArmor profiles. */
export async function isAppArmorEnabled(): Promise<boolean> {
  const text = await readFile('/sys/module/apparmor/parameters/enabled', 'utf8').catch(() => '');
  return text.startsWith('Y');
}
