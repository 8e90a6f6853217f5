// Formats values for the page.

export type Tone = 'good' | 'bad' | 'busy' | '';

const GOOD = /^(Running|Ready|Active|Bound|Normal|Available|Completed|Succeeded|True)$/;
const BAD = /(Error|Err|BackOff|Failed|NotReady|Warning|Unknown|Evicted|Lost|OOMKilled|False)/;
const BUSY =
  /(Pending|Creating|Terminating|Init:|SchedulingDisabled|SchedulingGated|Waiting|Progressing)/;

/** The colour of a pod's column Status: each word that is not known is the reason of an error. */
export function podTone(status: string): Tone {
  if (GOOD.test(status)) return 'good';
  return /^(Pending|ContainerCreating|PodInitializing|Init:\d+\/\d+|Terminating|SchedulingGated)$/.test(
    status,
  )
    ? 'busy'
    : 'bad';
}

/** The colour of a status word; '' for other texts. */
export function tone(text: string): Tone {
  if (BAD.test(text)) return 'bad';
  if (BUSY.test(text)) return 'busy';
  return GOOD.test(text) ? 'good' : '';
}

/** The colour of a text like 1/2: good when both numbers are equal. */
export function readiness(text: string): Tone {
  const found = /^(\d+)\/(\d+)$/.exec(text);
  if (!found) return '';
  return found[1] === found[2] ? 'good' : 'busy';
}

const YEAR_S = 365 * 86_400;
const SECONDS: Record<string, number> = { y: YEAR_S, d: 86_400, h: 3600, m: 60, s: 1 };
const DURATION = /^(?:\d+[ydhms])+$/;

function seconds(text: string): number {
  if (!DURATION.test(text)) return NaN;
  return [...text.matchAll(/(\d+)([ydhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * SECONDS[unit!]!,
    0,
  );
}

const SUFFIXES = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const QUANTITY = /^(-?\d+(?:\.\d+)?)(?:(m|k|M|G|T|P|E|)|([KMGTPE])i)$/;

function quantity(text: string): number {
  const [, digits, decimal, binary] = QUANTITY.exec(text) ?? [];
  if (digits === undefined) return NaN;
  return binary
    ? Number(digits) * 1024 ** ('KMGTPE'.indexOf(binary) + 1)
    : Number(digits) * 1000 ** (SUFFIXES.indexOf(decimal!) - 1);
}

/**
 * How the cells of a column are ordered: as durations or quantities when all are such, else as
 * texts with their numbers in order. Empty cells come last.
 */
export function orderOf(cells: readonly unknown[]): (a: unknown, b: unknown) => number {
  const isEmpty = (cell: unknown): boolean =>
    cell === null || cell === undefined || (typeof cell === 'string' && /^(<\w+>|)$/.test(cell));
  const full = cells.filter((cell) => !isEmpty(cell)).map(String);
  const measure = [seconds, quantity].find((of) => full.every((text) => !Number.isNaN(of(text))));
  return (a, b) => {
    const [noA, noB] = [isEmpty(a), isEmpty(b)];
    if (noA || noB) return Number(noA) - Number(noB);
    return measure
      ? measure(String(a)) - measure(String(b))
      : String(a).localeCompare(String(b), undefined, { numeric: true });
  };
}
