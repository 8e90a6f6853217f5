// Rows of metrics (tables.yaml) as points of the text format.
import type { Family, Point } from '../../util/metrics/exposition.js';
import { workingSet, type Usage } from './usage.js';

export type Amounts = Readonly<Record<string, number | string | undefined>>;

/** Name, type, quantity, divisor, help, labels. */
export type Row = readonly [
  string,
  Family['type'],
  string,
  number,
  string,
  Readonly<Record<string, string>>,
];

/** The counts of a group with what follows from them. */
export const counted = ({ sample }: Usage): Amounts => ({
  ...sample,
  workingSet: workingSet(sample),
});

/** No point where the amount is not known. */
export function pointsOf(
  [, , quantity, divisor, , more]: Row,
  amounts: Amounts,
  labels: Readonly<Record<string, string>>,
  at: number,
): Point[] {
  const value = amounts[quantity];
  return typeof value === 'number'
    ? [{ value: value / divisor, labels: { ...labels, ...more }, at }]
    : [];
}
