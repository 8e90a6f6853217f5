// Families of series in the Prometheus text format, for answers that are made anew at each scrape:
// their series come and go with containers, and have times of their own.
import { labelsText } from './durations.js';

export interface Point {
  value: number;
  labels?: Readonly<Record<string, string>>;
  /** Milliseconds since the Unix epoch. */
  at?: number;
}

export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  points: readonly Point[];
}

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function line(name: string, { value, labels, at }: Point): string {
  const shown = labelsText(labels ?? {});
  return `${name}${shown && `{${shown}}`} ${value}${at === undefined ? '' : ` ${Math.floor(at)}`}\n`;
}

/** Families without points are left out. */
export const expose = (families: readonly Family[]): string =>
  families
    .filter(({ points }) => points.length)
    .map(
      ({ name, help, type, points }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${points.map((p) => line(name, p)).join('')}`,
    )
    .join('');
