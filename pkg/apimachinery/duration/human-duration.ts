// Ages in kubectl's format (k8s.io/apimachinery/pkg/util/duration HumanDuration).

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24;
const YEAR = 365 * DAY;

const joined = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;

/**
 * Two to three significant digits of a span: '5s', '3m20s', '47h', '12d', '2y10d'. Negative spans
 * of more than a second, which only clock skew makes, give '<invalid>'.
 */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  const minutes = Math.trunc(seconds / MINUTE);
  if (minutes < 10) return joined(minutes, 'm', seconds % MINUTE, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(seconds / HOUR);
  if (hours < 8) return joined(hours, 'h', minutes % 60, 'm');
  if (hours < 2 * DAY) return `${hours}h`;
  if (hours < 8 * DAY) return joined(Math.trunc(hours / DAY), 'd', hours % DAY, 'h');
  if (hours < 2 * YEAR) return `${Math.trunc(hours / DAY)}d`;
  const years = Math.trunc(hours / YEAR);
  if (hours < 8 * YEAR) return joined(years, 'y', Math.trunc(hours / DAY) % 365, 'd');
  return `${years}y`;
}

/** Age of a metav1.Time at `now` (milliseconds); '<unknown>' when it is absent or unreadable. */
export function ageSince(timestamp: string | undefined, now: number): string {
  const then = timestamp ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now - then);
}
