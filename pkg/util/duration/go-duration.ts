// Durations in Go's text form ('1h2m3.5s'), which flags, query parameters and schedules use
// (time.ParseDuration and time.Duration.String). Go counts int64 nanoseconds; so does this file.

const NANOSECOND = 1n;
const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', NANOSECOND],
  ['us', MICROSECOND],
  ['\u00b5s', MICROSECOND], // micro sign
  ['\u03bcs', MICROSECOND], // Greek letter mu
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
]);

/** The magnitude of the least int64. */
const LIMIT = 1n << 63n;
/** Go counts no more digits of a fraction than fit in an int64. */
const FRACTION_LIMIT = (LIMIT - 1n) / 10n;
const TERM = /([0-9]*)(?:(\.)([0-9]*))?([^.0-9]*)/y;

/**
 * Nanoseconds of Go's duration syntax. Throws an Error with the text of Go's time.ParseDuration.
 */
export function parseNanoseconds(text: string): bigint {
  const invalid = () => new Error(`time: invalid duration ${quote(text)}`);
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  if (unsigned === '0') return 0n;
  if (unsigned === '') throw invalid();
  let total = 0n;
  TERM.lastIndex = 0;
  while (TERM.lastIndex < unsigned.length) {
    const [, whole = '', , fraction = '', name = ''] = TERM.exec(unsigned)!;
    if (whole === '' && fraction === '') throw invalid();
    // The bound on digits keeps the conversion linear; leading zeros are free, as in Go.
    const digits = whole.replace(/^0+/, '');
    if (digits.length > 19 || BigInt(digits) > LIMIT) throw invalid();
    if (name === '') throw new Error(`time: missing unit in duration ${quote(text)}`);
    const unit = UNITS.get(name);
    if (unit === undefined)
      throw new Error(`time: unknown unit ${quote(name)} in duration ${quote(text)}`);
    total += BigInt(digits) * unit + fractionOf(fraction, unit);
    if (total > LIMIT) throw invalid();
  }
  if (text.startsWith('-')) return -total;
  if (total === LIMIT) throw invalid();
  return total;
}

/** Go adds the fraction in float64; the same rounding gives the same nanosecond. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > FRACTION_LIMIT) break;
    value = value * 10n + BigInt(digit);
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/** Milliseconds, with a fraction, of Go's duration syntax. Throws as parseNanoseconds does. */
export const parseDuration = (text: string): number => Number(parseNanoseconds(text)) / 1e6;

/** Nanoseconds as Go's time.Duration.String writes them: '0s', '1.5ms', '1m20s', '-1h0m0s'. */
export function formatNanoseconds(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return '0s';
  if (size < MICROSECOND) return `${sign}${size}ns`;
  if (size < MILLISECOND) return `${sign}${decimal(size, MICROSECOND)}\u00b5s`;
  if (size < SECOND) return `${sign}${decimal(size, MILLISECOND)}ms`;
  const seconds = `${decimal(size % MINUTE, SECOND)}s`;
  if (size < MINUTE) return `${sign}${seconds}`;
  const minutes = `${(size / MINUTE) % 60n}m${seconds}`;
  return size < HOUR ? `${sign}${minutes}` : `${sign}${size / HOUR}h${minutes}`;
}

/** Milliseconds as Go's time.Duration.String writes them, rounded to a nanosecond. */
export const formatDuration = (milliseconds: number): string =>
  formatNanoseconds(BigInt(Math.round(milliseconds * 1e6)));

/** `value / unit` without zeros at the end of the fraction; `unit` is a power of ten. */
function decimal(value: bigint, unit: bigint): string {
  const fraction = String(unit + (value % unit))
    .slice(1)
    .replace(/0+$/, '');
  return fraction === '' ? `${value / unit}` : `${value / unit}.${fraction}`;
}

/** Go's own quoting in package time: bytes outside of printable ASCII become '\xNN'. */
function quote(text: string): string {
  let quoted = '';
  for (const byte of new TextEncoder().encode(text)) {
    if (byte === 0x22 || byte === 0x5c) quoted += `\\${String.fromCharCode(byte)}`;
    else if (byte < 0x20 || byte >= 0x80) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += String.fromCharCode(byte);
  }
  return `"${quoted}"`;
}
