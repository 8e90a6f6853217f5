// Two samples of each node and container, and the usage that follows from them. (Upstream:
// metrics-server pkg/storage.) Pure.
//
// Invariant: a usage comes from two samples of the same run of a container.
import { FRESH_CONTAINER } from './limits.js';
import type { Sample, Samples } from './samples.js';

interface Window {
  last: Sample;
  previous?: Sample;
}

export interface Usage {
  /** Milliseconds since the Unix epoch, of the later sample. */
  at: number;
  /** Milliseconds between the samples. */
  window: number;
  /** Cores. */
  cpu: number;
  memoryBytes: number;
}

/** The usage of a pod, or of a node as of one container without a name. */
export interface TotalUsage extends Pick<Usage, 'at' | 'window'> {
  containers: { name: string; usage: Usage }[];
}

/** The window after a further sample. */
export function advance(known: Window | undefined, next: Sample, resolution: number): Window {
  const age = next.at - (next.startedAt ?? 0);
  if (next.startedAt !== undefined && age >= FRESH_CONTAINER && age < resolution)
    return { last: next, previous: { ...next, at: next.startedAt, cpuSeconds: 0 } };
  const isSameRun = known && (next.startedAt ?? 0) < known.last.at;
  if (!isSameRun) return { last: next };
  return next.at > known.last.at ? { last: next, previous: known.last } : { ...known, last: next };
}

export function usageOf({ last, previous }: Window): Usage | undefined {
  // A counter that goes back belongs to another run.
  if (!previous || last.at <= previous.at || last.cpuSeconds < previous.cpuSeconds)
    return undefined;
  const window = last.at - previous.at;
  const cpu = ((last.cpuSeconds - previous.cpuSeconds) * 1000) / window;
  return { at: last.at, window, cpu, memoryBytes: last.memoryBytes };
}

export class UsageStore {
  /** When each node was seen last. */
  private readonly nodes = new Map<string, number>();
  /** By the name of a node, or by 'namespace/name' of a pod. */
  private readonly known = new Map<
    string,
    { node: string; seenAt: number; windows: Map<string, Window> }
  >();

  /** `resolution`: milliseconds between two rounds of scrapes. */
  constructor(private readonly resolution: number) {}

  put(node: string, samples: Samples, seenAt: number): void {
    this.nodes.set(node, seenAt);
    for (const [pod, containers] of samples) {
      const before = this.known.get(pod || node)?.windows;
      const windows = [...containers].map(
        ([name, sample]) => [name, advance(before?.get(name), sample, this.resolution)] as const,
      );
      this.known.set(pod || node, { node, seenAt, windows: new Map(windows) });
    }
  }

  /**
   * Forgets nodes that `keep` does not name, or that have been silent since `oldest`, and all that
   * their last samples lack.
   */
  prune(keep: ReadonlySet<string>, oldest: number): void {
    for (const [name, seenAt] of this.nodes)
      if (!keep.has(name) || seenAt < oldest) this.nodes.delete(name);
    for (const [key, { node, seenAt }] of this.known)
      if (this.nodes.get(node) !== seenAt) this.known.delete(key);
  }

  /** A pod is known when the usage of all of its containers is. */
  get(key: string): TotalUsage | undefined {
    const windows = [...(this.known.get(key)?.windows ?? [])];
    const containers = windows.flatMap(([name, window]) => {
      const usage = usageOf(window);
      return usage ? [{ name, usage }] : [];
    });
    if (!containers.length || containers.length < windows.length) return undefined;
    const { at, window } = containers.reduce((a, b) => (b.usage.at < a.usage.at ? b : a)).usage;
    return { at, window, containers };
  }

  /** Whether the usage of any node is known. */
  get hasNodes(): boolean {
    return [...this.nodes.keys()].some((name) => this.get(name) !== undefined);
  }
}
