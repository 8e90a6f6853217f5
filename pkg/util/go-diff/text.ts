// Structured text that prints on one line where it fits, and otherwise on many (go-cmp's
// report_text.go).

/** ' ' equal, '-' removed, '+' inserted, '' unknown. */
export type Mode = '' | ' ' | '-' | '+';

interface Wrap {
  kind: 'wrap';
  prefix: string;
  value: Text;
  suffix: string;
}
interface Line {
  kind: 'line';
  text: string;
}
export interface Record {
  mode?: Mode;
  key?: string;
  value: Text;
  noComma?: boolean;
  comment?: Stats;
}
export interface List {
  kind: 'list';
  records: Record[];
}
export type Text = Wrap | Line | List;

const COUNTS = ['identical', 'removed', 'inserted', 'modified'] as const;
export type Stats = { name: string } & { [K in (typeof COUNTS)[number]]: number };

const MAX_COLUMNS = 80;
/** go-cmp mixes in spaces that do not break, so that nobody relies on its output. */
const NBSP = '\u00a0';

export const line = (text: string): Line => ({ kind: 'line', text });
export const wrap = (prefix: string, value: Text, suffix = ''): Wrap => {
  return { kind: 'wrap', prefix, value, suffix };
};
export const NIL = line('nil');
const ELLIPSIS = line('...');

export const noStats = (name: string): Stats => ({
  name,
  identical: 0,
  removed: 0,
  inserted: 0,
  modified: 0,
});
export const differencesOf = ({ removed, inserted, modified }: Stats): number =>
  removed + inserted + modified;

export function addStats(a: Stats, b: Stats): Stats {
  const sum = { ...a };
  for (const label of COUNTS) sum[label] += b[label];
  return sum;
}

/** '5 identical fields', '1 removed and 2 inserted elements'. */
function statsText(stats: Stats): string {
  const counts = COUNTS.filter((label) => stats[label] > 0);
  const total = counts.reduce((sum, label) => sum + stats[label], 0);
  const name = total > 1 ? `${stats.name}s`.replace(/ys$/, 'ies') : stats.name;
  const texts = counts.map((label) => `${stats[label]} ${label}`);
  const last = texts.pop() ?? '';
  if (!texts.length) return `${last} ${name}`;
  return texts.length === 1
    ? `${texts[0]} and ${last} ${name}`
    : `${texts.join(', ')}, and ${last} ${name}`;
}

const isEllipsis = (text: Text): boolean => text.kind === 'line' && text.text === ELLIPSIS.text;

export function appendEllipsis(list: List, stats?: Stats): void {
  const last = list.records.at(-1);
  if (!last || !isEllipsis(last.value)) {
    list.records.push({ value: ELLIPSIS, noComma: true, ...(stats && { comment: stats }) });
  } else if (stats) last.comment = last.comment ? addStats(last.comment, stats) : stats;
}

/** The length of the text on one line. */
export function lengthOf(text: Text): number {
  if (text.kind === 'line') return text.text.length;
  if (text.kind === 'wrap') return text.prefix.length + lengthOf(text.value) + text.suffix.length;
  const { records } = text;
  const separators = Math.max(records.length - 1, 0) * 2;
  return records.reduce(
    (sum, { key = '', value }) => sum + key.length + (key ? 2 : 0) + lengthOf(value),
    separators,
  );
}

export const equalTexts = (a: Text, b: Text): boolean => JSON.stringify(a) === JSON.stringify(b);

const both = (outer: Mode, inner: Mode | undefined): Mode => inner || outer;
const isMarked = (mode: Mode | undefined): boolean => mode === '-' || mode === '+';

/** The text on one line, and the node with every part that fits on a line turned into one. */
function compact(text: Text, mode: Mode): [string, Text] {
  if (text.kind === 'line') return [text.text, text];
  if (text.kind === 'wrap') {
    const [inner, value] = compact(text.value, mode);
    const all = `${text.prefix}${inner}${text.suffix}`;
    return [all, value.kind === 'line' ? line(all) : { ...text, value }];
  }
  let many = false;
  const parts: string[] = [];
  const records = text.records.map((record) => {
    const [inner, value] = compact(record.value, both(mode, record.mode));
    if (isMarked(record.mode) || value.kind !== 'line' || record.comment) many = true;
    parts.push(record.key ? `${record.key}: ${inner}` : inner);
    return { ...record, value };
  });
  const all = parts.join(', ');
  if (isMarked(mode) && all.length > MAX_COLUMNS) many = true;
  return [all, many ? { ...text, records } : line(all)];
}

const indent = (depth: number, mode: Mode): string =>
  `${isMarked(mode) ? mode : NBSP}${NBSP}${'\t'.repeat(depth)}`;

/** Blanks that bring neighbours to the length of the longest; `skip` ends a neighbourhood. */
function paddings(
  records: readonly Record[],
  skip: (record: Record) => boolean,
  length: (record: Record) => number,
): number[] {
  const result = records.map(() => 0);
  let from = 0;
  const close = (to: number): void => {
    const longest = Math.max(0, ...records.slice(from, to).map(length));
    for (let at = from; at < to; at++) result[at] = longest - length(records[at]!);
    from = to + 1;
  };
  for (const [at, record] of records.entries()) if (skip(record)) close(at);
  close(records.length);
  return result;
}

/** Several short elements on each line. */
function expandSimple(lines: readonly string[], mode: Mode, depth: number): string {
  let batch = '';
  let out = '';
  const emit = (): void => {
    if (batch) out += `\n${indent(depth + 1, mode)}${batch.replace(/ +$/, '')}`;
    batch = '';
  };
  for (const text of lines) {
    if (batch.length + text.length + 2 > MAX_COLUMNS) emit();
    batch += `${text}, `;
  }
  emit();
  return `${out}\n${indent(depth, mode)}`;
}

const lineOf = ({ value }: Record): string => (value.kind === 'line' ? value.text : '');

function expand(text: Text, mode: Mode, depth: number): string {
  if (text.kind === 'line') return text.text;
  if (text.kind === 'wrap') return `${text.prefix}${expand(text.value, mode, depth)}${text.suffix}`;
  const { records } = text;
  const isLine = ({ value }: Record): boolean => value.kind === 'line';
  if (records.length && records.every((r) => !r.mode && !r.key && isLine(r) && !r.comment))
    return expandSimple(records.map(lineOf), mode, depth);
  const keys = paddings(
    records,
    (record) => !record.key || !isLine(record),
    ({ key = '' }) => key.length,
  );
  const values = paddings(
    records,
    (record) => !isLine(record) || isEllipsis(record.value) || !record.comment,
    (record) => lineOf(record).length,
  );
  const body = records.map((record, at) => {
    const own = both(mode, record.mode);
    const key = record.key ? `${record.key}: ` : '';
    const value = expand(record.value, own, depth + 1);
    const comment = record.comment ? ` // ${statsText(record.comment)}` : '';
    return `\n${indent(depth + 1, own)}${key}${' '.repeat(keys[at]!)}${value}${record.noComma ? '' : ','}${' '.repeat(values[at]!)}${comment}`;
  });
  return `${body.join('')}\n${indent(depth, mode)}`;
}

/** The whole text with a line break at its end. */
export const print = (text: Text): string =>
  `${indent(0, '')}${expand(compact(text, '')[1], '', 0)}\n`;
