// Timestamps and durations: their texts in Go's forms, and the fields of a date in a time zone.
import { parseNanoseconds } from '../../util/duration/go-duration.js';
import { timestampInRange } from './arithmetic.js';
import { Duration, EvalError, type Timestamp, type Value } from './value.js';

const SECOND = 1_000_000_000n;
/** Go's time.ParseDuration: `1h30m`, `-1.5s`. Undefined when the text is none, or too long. */
export function durationOf(text: string): Duration | undefined {
  try {
    return new Duration(parseNanoseconds(text));
  } catch {
    return undefined;
  }
}

/** Seconds with a fraction: `90s`, `-1.5s`. */
export function durationText({ nanos }: Duration): string {
  const absolute = nanos < 0n ? -nanos : nanos;
  const fraction = String(absolute % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const sign = nanos < 0n ? '-' : '';
  return `${sign}${absolute / SECOND}${fraction ? `.${fraction}` : ''}s`;
}

const RFC3339 =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?(?:Z|([-+])([0-9]{2}):([0-9]{2}))$/;

/** Milliseconds since 1970 of a date in UTC; undefined when the calendar has no such date. */
function dateOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

/** Go's time.Parse of RFC 3339. Undefined when the text is none; an error out of range. */
export function parseTimestamp(text: string): Value | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hours, minutes, seconds] = match.slice(1, 7).map(Number) as number[];
  const date = dateOf(year!, month!, day!);
  if (date === undefined || hours! > 23 || minutes! > 59 || seconds! > 59) return undefined;
  const zoneHours = Number(match[9] ?? 0);
  const zoneMinutes = Number(match[10] ?? 0);
  if (zoneHours > 24 || zoneMinutes > 59) return undefined;
  const zone = (zoneHours * 60 + zoneMinutes) * (match[8] === '-' ? -1 : 1);
  const whole = BigInt(date / 1000 + hours! * 3600 + (minutes! - zone) * 60 + seconds!);
  const fraction = BigInt((match[7] ?? '').slice(0, 9).padEnd(9, '0'));
  return timestampInRange(whole * SECOND + fraction);
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

export const wholeSeconds = ({ nanos }: Timestamp): bigint => floorDivide(nanos, SECOND);

/** RFC 3339 in UTC, with as many digits of the second as it needs. */
export function timestampText(time: Timestamp): string {
  const seconds = wholeSeconds(time);
  const fraction = String(time.nanos - seconds * SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const date = new Date(Number(seconds) * 1000).toISOString().replace(/\.[0-9]+Z$/, '');
  return `${date.replace(/^\+00/, '')}${fraction ? `.${fraction}` : ''}Z`;
}

const OFFSET = /^([+-]?[0-9]+):([0-9]+)$/;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known) return known;
  // Go reads names of the zone database only, while Intl also reads offsets.
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(zone)) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
    return format;
  } catch {
    return undefined;
  }
}

/** The wall clock of a named zone, as milliseconds since 1970 of the same date in UTC. */
function wallClock(millis: number, format: Intl.DateTimeFormat): number {
  const parts = Object.fromEntries(format.formatToParts(millis).map((p) => [p.type, p.value]));
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
  date.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
  return date.getTime();
}

/** The date of a timestamp in a zone: a name, or an offset such as `-07:30`. */
function dateIn(time: Timestamp, zone: string): Date | EvalError {
  const millis = Number(wholeSeconds(time)) * 1000;
  if (zone === '' || zone === 'UTC') return new Date(millis);
  if (!zone.includes(':')) {
    const format = formatOf(zone);
    return format
      ? new Date(wallClock(millis, format))
      : new EvalError(`unknown time zone ${zone}`);
  }
  const match = OFFSET.exec(zone);
  if (!match) {
    const [hours = '', minutes = ''] = zone.split(':', 2);
    const wrong = /^[+-]?[0-9]+$/.test(hours) ? minutes : hours;
    return new EvalError(`strconv.Atoi: parsing "${wrong}": invalid syntax`);
  }
  const hours = Number(match[1]);
  const minutes = Number(match[2]);
  const offset = zone.startsWith('-') ? hours * 60 - minutes : hours * 60 + minutes;
  return new Date(millis + offset * 60_000);
}

const DAY = 86_400_000;

const FIELDS = {
  getFullYear: (date: Date) => date.getUTCFullYear(),
  getMonth: (date: Date) => date.getUTCMonth(),
  getDate: (date: Date) => date.getUTCDate(),
  getDayOfMonth: (date: Date) => date.getUTCDate() - 1,
  getDayOfWeek: (date: Date) => date.getUTCDay(),
  getDayOfYear: (date: Date) => {
    const start = new Date(date);
    start.setUTCMonth(0, 1);
    return Math.round((date.getTime() - start.getTime()) / DAY);
  },
  getHours: (date: Date) => date.getUTCHours(),
  getMinutes: (date: Date) => date.getUTCMinutes(),
  getSeconds: (date: Date) => date.getUTCSeconds(),
} as const;

export type DateField = keyof typeof FIELDS;
export const DATE_FIELDS = Object.keys(FIELDS) as DateField[];

export function dateField(field: DateField, time: Timestamp, zone: string): Value {
  const date = dateIn(time, zone);
  return date instanceof EvalError ? date : FIELDS[field](date);
}

/** The milliseconds within the second. */
export const millisOf = (time: Timestamp): number =>
  Number((time.nanos - wholeSeconds(time) * SECOND) / 1_000_000n);
