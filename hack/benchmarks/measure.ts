// A measure and its presentation. Tests never measure speed.
import { table } from '../cluster/output.js';

export interface Measure {
  name: string;
  value: number;
  unit: 's' | 'ms' | 'us' | 'MB' | '%' | '/s' | 'Gbit/s' | 's/Gbit';
  /**
   * The result of the best-known comparable program, where it was measured
   * (hack/benchmarks/README.md).
   */
  peer?: { name: string; value: number };
}

export interface Benchmark {
  name: string;
  about: string;
  /** The benchmark takes minutes and must be named to run. */
  isLong?: boolean;
  run(signal: AbortSignal): Promise<Measure[]>;
}

const HIGHER_IS_BETTER = new Set<Measure['unit']>(['/s', 'Gbit/s']);

/** Ratio to the peer; below 1 is worse. */
export function ratioOf({ value, unit, peer }: Measure): number | undefined {
  if (!peer || value <= 0 || peer.value <= 0) return undefined;
  return HIGHER_IS_BETTER.has(unit) ? value / peer.value : peer.value / value;
}

const digits = (value: number): string =>
  value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 0.1
        ? value.toFixed(2)
        : value.toFixed(3);

export function renderTable(measures: readonly Measure[]): string {
  const rows = [['MEASURE', 'VALUE', 'UNIT', 'PEER', 'RATIO']];
  for (const m of measures) {
    const ratio = ratioOf(m);
    rows.push([
      m.name,
      digits(m.value),
      m.unit,
      m.peer ? `${digits(m.peer.value)} (${m.peer.name})` : '-',
      ratio === undefined ? '-' : `${digits(ratio)}x`,
    ]);
  }
  return table(rows);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
