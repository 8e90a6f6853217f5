// Metrics as rows of a table.
import type { Counter, Gauge, Histogram, Metrics } from '../env/env.js';

type Row =
  | readonly [kind: 'counter' | 'gauge', name: string, help: string, labels?: readonly string[]]
  | readonly [
      kind: 'histogram',
      name: string,
      help: string,
      labels: readonly string[],
      buckets: readonly number[],
    ];

export type Registered<T> = {
  readonly [K in keyof T]: T[K] extends readonly ['counter', ...unknown[]]
    ? Counter
    : T[K] extends readonly ['gauge', ...unknown[]]
      ? Gauge
      : Histogram;
};

/** The metrics of the table, under the names of its rows. */
export function registered<T extends Readonly<Record<string, Row>>>(
  metrics: Metrics,
  table: T,
): Registered<T> {
  const entries = Object.entries(table).map(([key, row]) => {
    const [kind, name, help, labels = []] = row;
    return kind === 'histogram'
      ? [key, metrics.histogram(name, help, row[4]!, labels)]
      : [key, metrics[kind](name, help, labels)];
  });
  return Object.fromEntries(entries) as Registered<T>;
}
