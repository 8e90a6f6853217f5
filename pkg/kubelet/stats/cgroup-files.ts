// The counters of a control group, from the files of cgroup v1 (a hierarchy for each controller) or
// v2 (one tree). Upstream: cAdvisor and runc's libcontainer/cgroups. The kernel makes these files
// when they are read, without a disk, so that a synchronous read costs less than a task.
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { CGROUP_V1, CGROUP_V2 } from './tables.generated.js';
import type { DeviceIo, Quantity, Sample } from './usage.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

export const CGROUP_MOUNT = '/sys/fs/cgroup';
/** Version 1 reports more than this, the largest multiple of a page, where there is no limit. */
const UNLIMITED = 2 ** 62;

type Place = readonly [file: string, key?: string, factor?: number];
type Places = Partial<Record<Quantity, Place>>;

const RESOURCES: readonly Quantity[] = ['cpu', 'memory', 'inactiveFile', 'swap', 'memoryLimit'];

export interface CgroupReader {
  isV2: boolean;
  /** Empty for a group that does not exist. */
  read(cgroup: string, depth: 'resources' | 'all'): Sample;
  io(cgroup: string): DeviceIo[];
  /** The ids of the group's own processes. */
  processes(cgroup: string): number[];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Absent: no number, such as the "max" of a limit that is not set. */
function numberIn(text: string, [, key, factor = 1]: Place): number | undefined {
  let digits: string | undefined = text;
  if (key !== undefined) {
    const at = text.startsWith(`${key} `) ? 0 : text.indexOf(`\n${key} `) + 1;
    if (at === 0 && !text.startsWith(`${key} `)) return undefined;
    digits = text.slice(at + key.length + 1).split('\n', 1)[0];
  }
  const value = /^-?\d+$/.test(digits!.trim()) ? Number(digits) : undefined;
  return value === undefined || value >= UNLIMITED ? undefined : value * factor;
}

/** v2's weights and quotas in v1's words, as container_spec_cpu_* has them. */
function specOfV2(read: (file: string) => string | undefined): Sample {
  const weight = Number(read('cpu.weight') ?? Number.NaN);
  const [quota, period] = (read('cpu.max') ?? '').trim().split(' ').map(Number);
  return {
    ...(!Number.isNaN(weight) && { shares: Math.floor(2 + ((weight - 1) * 262_142) / 9999) }),
    ...(quota && { quota }),
    ...(period && { period }),
  };
}

const devices = new Map<string, string>();

/** '/dev/vda' for '253:0'; the numbers themselves for what is no block device. */
export const deviceOf = (number: string): string =>
  getOrInsert(devices, number, () => {
    try {
      return `/dev/${path.basename(readlinkSync(`/sys/dev/block/${number}`))}`;
    } catch {
      return number;
    }
  });

const KINDS = { rbytes: 'readBytes', wbytes: 'writeBytes', rios: 'reads', wios: 'writes' } as const;
const V1_IO = [
  ['blkio/blkio.throttle.io_service_bytes', { Read: 'readBytes', Write: 'writeBytes' }],
  ['blkio/blkio.throttle.io_serviced', { Read: 'reads', Write: 'writes' }],
] as const;

/** Both forms as [device, kind, count]: "8:0 Read 512" and "8:0 rbytes=512 wbytes=0". */
function ioLines(isV2: boolean, read: (file: string) => string | undefined) {
  const lines = (file: string) => (read(file) ?? '').split('\n').map((line) => line.split(' '));
  if (isV2)
    return lines('io.stat').flatMap(([device = '', ...pairs]) =>
      pairs.map((pair) => {
        const [name = '', count] = pair.split('=');
        return [device, KINDS[name as keyof typeof KINDS], Number(count)] as const;
      }),
    );
  return V1_IO.flatMap(([file, kinds]) =>
    lines(file).map(
      ([device = '', kind, count]) =>
        [device, kinds[kind as keyof typeof kinds], Number(count)] as const,
    ),
  );
}

/** Reads the hierarchies below `mount`. */
export function cgroupReader(mount = CGROUP_MOUNT): CgroupReader {
  const isV2 = existsSync(path.join(mount, 'cgroup.controllers'));
  const places: Places = isV2 ? CGROUP_V2 : CGROUP_V1;
  const all = Object.keys(places) as Quantity[];
  const fileOf = (cgroup: string, place: string): string =>
    isV2
      ? path.join(mount, cgroup, place)
      : path.join(mount, path.dirname(place), cgroup, path.basename(place));
  const processes = (cgroup: string) =>
    (textOf(fileOf(cgroup, isV2 ? 'cgroup.procs' : 'memory/cgroup.procs')) ?? '')
      .split('\n')
      .filter(Boolean)
      .map(Number);
  return {
    isV2,
    processes,

    read(cgroup, depth) {
      const texts = new Map<string, string | undefined>();
      const read = (file: string) => {
        if (!texts.has(file)) texts.set(file, textOf(fileOf(cgroup, file)));
        return texts.get(file);
      };
      const sample: Sample = {};
      for (const quantity of depth === 'all' ? all : RESOURCES) {
        const place = places[quantity];
        const text = place && read(place[0]);
        const value = text === undefined ? undefined : numberIn(text, place!);
        if (value !== undefined) sample[quantity] = value;
      }
      if (depth !== 'all') return sample;
      if (sample.threads !== undefined) sample.processes = processes(cgroup).length;
      return isV2 ? { ...sample, ...specOfV2(read) } : sample;
    },

    io(cgroup) {
      const found = new Map<string, DeviceIo>();
      for (const [number, kind, count] of ioLines(isV2, (file) => textOf(fileOf(cgroup, file)))) {
        if (!kind || Number.isNaN(count)) continue;
        const device = deviceOf(number);
        const fresh = () => ({ device, readBytes: 0, writeBytes: 0, reads: 0, writes: 0 });
        getOrInsert(found, device, fresh)[kind] += count;
      }
      return [...found.values()];
    },
  };
}
