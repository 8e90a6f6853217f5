import { parseDuration } from '../../util/duration/go-duration.js';

/** Names of units; a longer name may begin with the last one of its row. */
const UNITS: readonly (readonly string[])[] = [
  ['ns', 'nano'],
  ['us', 'µs', 'micro'],
  ['ms', 'milli'],
  ['s', 'sec'],
  ['m', 'min'],
  ['h', 'hr', 'hour'],
  ['d', 'day'],
  ['w', 'wk', 'week'],
];

const isUnit = (unit: string): boolean =>
  UNITS.some((names) => names.includes(unit) || unit.startsWith(names.at(-1)!));

/** A number and a unit. The look behind keeps the search linear. */
const PART = /(?<![0-9])0*([0-9]+)\s*([A-Za-zµ]+)/g;
const LARGEST_INT = 2n ** 63n - 1n;
const LARGEST_DIGITS = 19;

const isInt64 = (digits: string): boolean =>
  digits.length <= LARGEST_DIGITS && BigInt(digits) <= LARGEST_INT;

/** Go's durations, or texts with numbers and units such as '2 weeks' (kube-openapi strfmt). */
export function isGoDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    const parts = [...text.matchAll(PART)];
    return (
      parts.every(([, amount]) => isInt64(amount!)) &&
      parts.some(([, , unit]) => isUnit(unit!.toLowerCase()))
    );
  }
}
