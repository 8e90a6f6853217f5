// RFC 3339 times in the two forms that objects carry: whole seconds (metav1.Time) and microseconds
// (metav1.MicroTime), always in UTC.

const CANONICAL_TIME =
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/;
const RFC3339 =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]+))?(Z|[-+][0-9]{2}:[0-9]{2})$/;

/** Seconds and nanoseconds since 1970; undefined when `text` is not RFC 3339. */
export function parseTime(text: string): { seconds: number; nanos: number } | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const millis = Date.parse(`${match[1]}T${match[2]}${match[4]}`);
  if (Number.isNaN(millis)) return undefined;
  return { seconds: millis / 1000, nanos: Number((match[3] ?? '').slice(0, 9).padEnd(9, '0')) };
}

/** '2024-01-02T03:04:05Z' */
export const formatTime = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(/\.[0-9]+Z$/, 'Z');

/** '2024-01-02T03:04:05.000006Z' */
export function formatMicroTime(seconds: number, nanos: number): string {
  const micros = String(Math.floor(nanos / 1000)).padStart(6, '0');
  return formatTime(seconds).replace(/Z$/, `.${micros}Z`);
}

/** The seconds of Go's longest Duration, 292 years. */
const MAX_DURATION = 9_223_372_036;

/**
 * The seconds of an int64 field as a number to calculate with. The field is a bigint beyond 2^53;
 * amounts beyond Go's longest Duration count as that, so that sums with times stay times.
 */
export const durationSeconds = (field: number | bigint): number =>
  Math.max(-MAX_DURATION, Math.min(MAX_DURATION, Number(field)));

/** The stored form of a metav1.Time; undefined for other texts. */
export function normalizeTime(text: string): string | undefined {
  if (CANONICAL_TIME.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : text;
  const time = parseTime(text);
  return time && formatTime(time.seconds);
}

/** Go's layout of a MicroTime has exactly six digits of a second. */
const SIX_DIGITS = /[.,][0-9]{6}(?![0-9])/;

/** The stored form of a metav1.MicroTime; undefined for other texts. */
export function normalizeMicroTime(text: string): string | undefined {
  const time = SIX_DIGITS.test(text) ? parseTime(text) : undefined;
  return time && formatMicroTime(time.seconds, time.nanos);
}

/** The parts of a time: the layout's element and the digits or sign that it reads. */
const ELEMENTS: readonly (readonly [element: string, pattern: RegExp, range?: RegExp])[] = [
  ['2006', /^[0-9]{4}/],
  ['-', /^-/],
  ['01', /^[0-9]{2}/, /^(0[1-9]|1[0-2])$/],
  ['-', /^-/],
  ['02', /^[0-9]{2}/],
  ['T', /^T/],
  ['15', /^[0-9]{2}/, /^([01][0-9]|2[0-3])$/],
  [':', /^:/],
  ['04', /^[0-9]{2}/, /^[0-5][0-9]$/],
  [':', /^:/],
  ['05', /^[0-9]{2}/, /^[0-5][0-9]$/],
];
const RANGES: Readonly<Record<string, string>> = {
  '01': 'month',
  '15': 'hour',
  '04': 'minute',
  '05': 'second',
};
const ZONE = /^(Z|[-+][0-9]{2}:[0-9]{2})/;

/** Go's complaint about a time that normalizeTime or normalizeMicroTime refuses (time.Parse). */
export function timeProblem(text: string, micro: boolean): string {
  const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
  const shown = JSON.stringify(text);
  const missing = (rest: string, element: string): string =>
    `parsing time ${shown} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`;
  let rest = text;
  for (const [element, pattern, range] of ELEMENTS) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return missing(rest, element);
    if (range && !range.test(found))
      return `parsing time ${shown}: ${RANGES[element]} out of range`;
    rest = rest.slice(found.length);
  }
  const fraction = (micro ? /^[.,][0-9]{1,6}/ : /^[.,][0-9]+/).exec(rest)?.[0];
  if (micro && (fraction?.length ?? 0) < '.000000'.length) return missing(rest, '.000000');
  rest = rest.slice(fraction?.length ?? 0);
  const zone = ZONE.exec(rest)?.[0];
  if (zone === undefined) return missing(rest, 'Z07:00');
  rest = rest.slice(zone.length);
  return rest
    ? `parsing time ${shown}: extra text: ${JSON.stringify(rest)}`
    : `parsing time ${shown}: day out of range`;
}
