// The samples of a kubelet's /metrics/resource. Pure; linear in the text.
import { getOrInsert } from '../util/map/get-or-insert.js';

export interface Sample {
  /** Milliseconds since the Unix epoch. */
  at: number;
  cpuSeconds: number;
  memoryBytes: number;
  /** Milliseconds since the Unix epoch; absent: unknown. */
  startedAt?: number;
}

/** By 'namespace/pod', then by container; those of the node itself are under two empty names. */
export type Samples = Map<string, Map<string, Sample>>;

const SERIES: Readonly<Record<string, keyof Sample>> = {
  node_cpu_usage_seconds_total: 'cpuSeconds',
  node_memory_working_set_bytes: 'memoryBytes',
  container_cpu_usage_seconds_total: 'cpuSeconds',
  container_memory_working_set_bytes: 'memoryBytes',
  container_start_time_seconds: 'startedAt',
};

const LABEL = /(\w+)="([^"\\]*)"/g;

const isWhole = (sample: Partial<Sample>): sample is Sample =>
  sample.at !== undefined && sample.cpuSeconds !== undefined && sample.memoryBytes !== undefined;

/**
 * Lines that are no such series are skipped; a pod of which one container lacks CPU or memory is
 * left out, because its sum would be too small.
 */
export function parseSamples(text: string, scrapedAt: number): Samples {
  const all = new Map<string, Map<string, Partial<Sample>>>();
  for (const line of text.split('\n')) {
    const found = /^([a-z_]+)(?:\{(.*)\})? (\S+)(?: (\d+))?$/.exec(line);
    const field = found && SERIES[found[1]!];
    const value = Number(found?.[3]);
    if (!field || !Number.isFinite(value)) continue;
    const labels = new Map([...(found[2] ?? '').matchAll(LABEL)].map(([, name, of]) => [name, of]));
    const key = labels.size ? `${labels.get('namespace')}/${labels.get('pod')}` : '';
    const name = labels.get('container') ?? '';
    const samples = getOrInsert(all, key, () => new Map<string, Partial<Sample>>());
    const sample = getOrInsert(samples, name, () => ({}));
    sample[field] = field === 'startedAt' ? value * 1000 : value;
    if (field === 'cpuSeconds') sample.at = found[4] ? Number(found[4]) : scrapedAt;
  }
  for (const [key, samples] of all) if (![...samples.values()].every(isWhole)) all.delete(key);
  return all as Samples;
}
