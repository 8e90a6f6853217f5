// What this machine is: the numbers and names of a Node's status.
import { readFile, statfs } from 'node:fs/promises';
import os from 'node:os';
import type { NodeFacts } from '../node/node-status.js';
import type { Runtime } from '../runtime/runtime.js';

export const KUBELET_VERSION = 'v1.32.0';

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', ia32: '386' };

const line = (file: string) => readFile(file, 'utf8').then((t) => t.trim(), () => '');

async function osImage(): Promise<string> {
  const text = await line('/etc/os-release');
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? 'Linux';
}

export async function machineFacts(runtime: Runtime, root: string): Promise<NodeFacts> {
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
    memoryAvailableBytes: await availableMemory(),
    diskBytes,
    diskFreeFraction: disk && disk.blocks ? disk.bavail / disk.blocks : 1,
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
    images: images.map((i) => ({ names: [...i.repoDigests, ...i.repoTags], sizeBytes: i.sizeBytes })),
  };
}

async function availableMemory(): Promise<number> {
  const match = /^MemAvailable:\s+(\d+) kB/m.exec(await line('/proc/meminfo'));
  return match ? Number(match[1]) * 1024 : os.freemem();
}
