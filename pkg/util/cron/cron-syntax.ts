// The syntax of cron schedules, with the error texts of robfig/cron v3 (parser.go), which upstream
// uses. croner computes the times and accepts more: names of weekdays in ranges, 7 for Sunday.
import { parseDuration } from '../duration/go-duration.js';

interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];
export const CRON_MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const EVERY = '@every ';
const ZONE = /^(?:CRON_)?TZ=\S* +/;

/** A number, or the text of what is wrong. */
function parseNumber(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}

function parseNumberOrName(text: string, { min, names }: Bounds): number | string {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  return index < 0 ? parseNumber(text) : index + min;
}

function rangeError(expression: string, bounds: Bounds): string | undefined {
  const [range = '', stepText, ...slashes] = expression.split('/');
  const [low = '', high, ...hyphens] = range.split('-');
  let [start, end]: [number | string, number | string] = [bounds.min, bounds.max];
  if (low !== '*' && low !== '?') {
    start = parseNumberOrName(low, bounds);
    if (typeof start === 'string') return start;
    if (hyphens.length) return `too many hyphens: ${expression}`;
    end = high === undefined ? start : parseNumberOrName(high, bounds);
    if (typeof end === 'string') return end;
  }
  if (slashes.length) return `too many slashes: ${expression}`;
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (typeof step === 'string') return step;
  // 'N/S' means 'N-max/S'.
  if (stepText !== undefined && high === undefined) end = bounds.max;
  if (start < bounds.min)
    return `beginning of range (${start}) below minimum (${bounds.min}): ${expression}`;
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${expression}`;
  if (start > end)
    return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
  return step === 0 ? `step of range should be a positive number: ${expression}` : undefined;
}

function descriptorError(text: string): string | undefined {
  if (Object.hasOwn(CRON_MACROS, text)) return undefined;
  if (!text.startsWith(EVERY)) return `unrecognized descriptor: ${text}`;
  try {
    parseDuration(text.slice(EVERY.length));
    return undefined;
  } catch (error) {
    return `failed to parse duration ${text}: ${(error as Error).message}`;
  }
}

/** Says why `text` is no schedule; undefined for a good one. */
export function cronError(text: string): string | undefined {
  const spec = text.replace(ZONE, '');
  if (spec === '') return 'empty spec string';
  if (spec.startsWith('@')) return descriptorError(spec);
  const fields = spec.split(/\s+/).filter(Boolean);
  if (fields.length !== FIELDS.length)
    return `expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, bounds] of FIELDS.entries()) {
    for (const expression of fields[index]!.split(',').filter(Boolean)) {
      const error = rangeError(expression, bounds);
      if (error) return error;
    }
  }
  return undefined;
}
