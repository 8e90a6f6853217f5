// The contract with the machine for usage: the counters of a group of processes, of its network and
// of file systems. machine-stats.ts reads the kernel, hollow-stats.ts computes. A count that the
// kernel does not give is absent, never zero.
import type { ObservedPod } from '../types/observed.js';
import type { Pod } from '../../apis/core/v1/types.js';

type Cpu = 'cpu' | 'cpuUser' | 'cpuSystem' | 'shares' | 'quota' | 'period';
type Throttling = 'periods' | 'throttledPeriods' | 'throttled';
type Memory = 'memory' | 'memoryPeak' | 'memoryFailures' | 'memoryLimit' | 'oomKills';
type Pages = 'cache' | 'rss' | 'mapped' | 'activeFile' | 'inactiveFile' | 'kernel';
type Paging = 'pageFaults' | 'majorPageFaults' | 'swap' | 'swapLimit';
type Tasks = 'threads' | 'threadsMax' | 'processes';
/** Times are in nanoseconds, amounts in bytes; `shares`, `quota` and `period` are cgroup v1's. */
export type Quantity = Cpu | Throttling | Memory | Pages | Paging | Tasks;

export type Sample = { [quantity in Quantity]?: number | undefined };

export interface DeviceIo {
  /** '/dev/sda'. */
  device: string;
  readBytes: number;
  writeBytes: number;
  reads: number;
  writes: number;
}

export interface Usage {
  /** Path below the hierarchies; '/' is the machine. */
  cgroup: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
  sample: Sample;
  io: readonly DeviceIo[];
}

export type Direction = 'receive' | 'transmit';
type Counted = 'bytes' | 'packets' | 'errors' | 'packets_dropped';
export type Interface = { name: string } & Record<`${Direction}_${Counted}`, number>;

export interface FileSystem {
  device: string;
  at: number;
  capacity: number;
  available: number;
  inodes: number;
  inodesFree: number;
}

export interface VolumeUsage {
  name: string;
  usedBytes: number;
  fs: FileSystem;
}

/** Usage on disk, which takes a walk through directories. */
export interface PodDisk {
  volumes: readonly VolumeUsage[];
  /** Bytes of the log of each container. */
  logs: ReadonlyMap<string, number>;
  /** Bytes of the rest of the pod's directory. */
  otherBytes: number;
}

/** 'resources' has CPU, memory and swap only: the counts of a scrape every few seconds. */
export type Depth = 'resources' | 'all';

export interface StatsHost {
  node(depth: Depth): Promise<Usage>;
  /** All pods together. */
  pods(): Promise<Usage | undefined>;
  pod(pod: Pod, observed: ObservedPod, depth: Depth): Promise<Usage | undefined>;
  container(pod: Pod, id: string, depth: Depth): Promise<Usage | undefined>;
  /** Bytes of each container's writable layer, by id. */
  writableLayers(): Promise<ReadonlyMap<string, number>>;
  /** The interfaces of a pod with a network of its own, or of the node. */
  network(pod: Pod | undefined, sandboxId: string): Promise<readonly Interface[]>;
  disk(pod: Pod, observed: ObservedPod): Promise<PodDisk | undefined>;
  /** The file systems of the kubelet's directories and of images. */
  fileSystems(): Promise<{ node?: FileSystem; image?: FileSystem & { usedBytes: number } }>;
  machine: { cpus: number; memoryBytes: number; swapBytes: number; bootAt: number };
}

/** Upstream: usage less the file pages that were not used for a while, not below 0. */
export const workingSet = ({ memory, inactiveFile = 0 }: Sample): number | undefined =>
  memory === undefined ? undefined : Math.max(0, memory - inactiveFile);
