// The usage of a container as its cgroup counts it, of either cgroup version.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupOf, hierarchies } from '../../hack/cluster/cgroups.js';

export interface ContainerUsage {
  /** Cores between two times; `undefined`: outside of the time of the recording. */
  cores(from: number, to: number): number | undefined;
  /** Bytes, now. */
  workingSet(): number;
  stop(): void;
}

/** Records the CPU counter of a container on 'node-1' twice a second. */
export function recordUsage(cluster: string, pod: string, container: string): ContainerUsage {
  const group = findGroup(`${cgroupOf(cluster, 'node-1')}/kubepods`, pod, container);
  const points: { at: number; seconds: number }[] = [];
  const record = () => points.push({ at: Date.now(), seconds: cpuSeconds(group) });
  record();
  const timer = setInterval(record, 500);
  /** Between two points the counter grows evenly. */
  const counterAt = (at: number): number => {
    const after = points.findIndex((point) => point.at >= at);
    if (after < 1) return NaN;
    const [a, b] = [points[after - 1]!, points[after]!];
    return a.seconds + ((b.seconds - a.seconds) * (at - a.at)) / (b.at - a.at);
  };
  return {
    cores(from, to) {
      const cores = ((counterAt(to) - counterAt(from)) / (to - from)) * 1000;
      return Number.isNaN(cores) ? undefined : cores;
    },
    workingSet() {
      const stat = textOf(group, 'memory.stat');
      const inactive = numberIn(stat, 'total_inactive_file') || numberIn(stat, 'inactive_file');
      const usage = Number(textOf(group, 'memory.current', 'memory.usage_in_bytes'));
      return Math.max(0, usage - inactive);
    },
    stop: () => clearInterval(timer),
  };
}

function textOf(group: string, ...files: string[]): string {
  const paths = hierarchies().flatMap((top) => files.map((file) => join(top, group, file)));
  const path = paths.find((one) => existsSync(one));
  if (!path) throw new Error(`${group} has none of ${files.join(', ')}`);
  return readFileSync(path, 'utf8').trim();
}

const numberIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);

function cpuSeconds(group: string): number {
  const text = textOf(group, 'cpu.stat', 'cpuacct.usage');
  if (text.includes('usage_usec')) return numberIn(text, 'usage_usec') / 1e6;
  return Number(textOf(group, 'cpuacct.usage')) / 1e9;
}

/** The cgroup of a container below `parent`, in the folder of its pod. */
function findGroup(parent: string, pod: string, container: string): string {
  for (const top of hierarchies()) {
    const base = join(top, parent);
    if (!existsSync(base)) continue;
    const found = readdirSync(base, { recursive: true, encoding: 'utf8' }).find(
      (path) => path.includes(pod) && path.endsWith(container),
    );
    if (found) return join(parent, found);
  }
  throw new Error(`container ${container} of pod ${pod} has no cgroup`);
}
