// A table of any kind, sorted and filtered. Only the visible rows are rendered, so that ten
// thousand rows cost as much as thirty.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ageSince } from '../../apimachinery/duration/human-duration.js';
import type { Event } from '../../apis/core/v1/types.js';
import { objectPath } from './catalog.js';
import { orderOf, podTone, readiness, tone, type Tone } from './format.js';
import { pathOf, type Kind } from './kind.js';
import { Acts } from './dialog.js';
import { useLive, type Column, type Live, type Row, type Source } from './live.js';
import { change, link, setting } from './navigation.js';
import { now } from './now.js';
import { actionsOn } from './rights.js';
import { word } from './words.js';

const ROW_HEIGHT = 34;
const MARGIN_ROWS = 10;
const FIRST_HEIGHT = 900;

const isEvents = (kind: Kind): boolean => kind.resource === 'events';

/** The list of a kind as a table. Events bring the whole object, because their times are in it. */
export const tableOf = (
  kind: Kind,
  namespace: string,
  query: Record<string, string> = {},
): Source => ({
  path: pathOf(kind, kind.namespaced ? namespace : ''),
  query: isEvents(kind) ? { ...query, includeObject: 'Object' } : query,
  form: 'table',
  canWatch: kind.canWatch,
});

const bornAt = (row: Row): string => row.object.metadata.creationTimestamp ?? '';
const seenAt = (row: Row): string => {
  const { series, lastTimestamp, eventTime } = row.object as Event;
  return series?.lastObservedTime ?? (lastTimestamp || eventTime || bornAt(row));
};

/** The time behind a column of ages. */
const timeOf = (kind: Kind, column: string): ((row: Row) => string) | undefined => {
  if (column === 'Age') return bornAt;
  return column === 'Last Seen' && isEvents(kind) ? seenAt : undefined;
};

/** The text of a cell; ages advance without an update of the row. */
function cellText(kind: Kind, column: Column, row: Row, index: number): string {
  const time = timeOf(kind, column.name)?.(row);
  if (time === undefined) return String(row.cells[index] ?? '');
  // The server's clock may be ahead.
  return ageSince(time, Math.max(now.value, Date.parse(time)));
}

const searched = new WeakMap<Row, string>();
function searchText(row: Row): string {
  let text = searched.get(row);
  if (text === undefined) {
    text = [row.object.metadata.namespace ?? '', ...row.cells].join(' ').toLowerCase();
    searched.set(row, text);
  }
  return text;
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** `sort` is the name of a column; a '-' before it turns the order. */
function arrange(kind: Kind, { columns, rows }: Live, filter: string, sort: string): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows.value.filter((row) => words.every((w) => searchText(row).includes(w)));
  const name = sort.replace(/^-/, '') || (isEvents(kind) ? 'Last Seen' : '');
  const column = columns.value.findIndex((c) => c.name === name);
  const time = timeOf(kind, name);
  if (time) kept.sort((a, b) => byText(time(b), time(a)));
  else if (column < 0)
    kept.sort(name === 'Namespace' || !name ? (a, b) => byText(a.key, b.key) : () => 0);
  else {
    const order = orderOf(kept.map((row) => row.cells[column]));
    kept.sort((a, b) => order(a.cells[column], b.cells[column]));
  }
  return sort.startsWith('-') ? kept.reverse() : kept;
}

/** The reason why a list cannot be shown, with a way to try again. */
export function Failure({ live }: { live: Live }) {
  const failure = live.failure.value;
  if (!failure) return null;
  const lead = failure.code === 403 ? word('refusedList') : word('lost');
  return (
    <p class="error" role="alert">
      {`${failure.code === 404 ? '' : `${lead}: `}${failure.message}`}{' '}
      <button type="button" onClick={() => live.retry()}>
        {word('retry')}
      </button>
    </p>
  );
}

interface TableViewProps {
  kind: Kind;
  /** '' for all. */
  namespace: string;
  query?: Record<string, string>;
  /** Maximum number of rows; the filter and the order of the address do not apply. */
  most?: number | undefined;
}

export function TableView({ kind, namespace, query, most }: TableViewProps) {
  const source = tableOf(kind, namespace, query);
  // A new list starts at its top.
  return <Table key={JSON.stringify(source)} {...{ kind, namespace, source, most }} />;
}

function Table({ kind, namespace, source, most }: TableViewProps & { source: Source }) {
  const live = useLive(source);
  const [filter, sort] = most ? ['', ''] : [setting('filter'), setting('sort')];
  const rows = useMemo(
    () => arrange(kind, live, filter, sort).slice(0, most),
    [live.rows.value, live.columns.value, filter, sort],
  );
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  // The visitor acts on nothing that is out of sight, and on no other object of the same name.
  const isChosen = ({ object }: Row): boolean => chosen.value.has(uidOf(object));
  const objects = rows.filter(isChosen).map(({ object }) => object);
  const needsNamespace = live.failure.value?.code === 403 && kind.namespaced && !namespace;
  return (
    <section class="table">
      <Failure live={live} />
      {needsNamespace && <p class="empty">{word('chooseNamespace')}</p>}
      {live.columns.value.length > 0 && (
        <Rows
          {...{ kind, live, rows, chosen }}
          withNamespace={kind.namespaced && !namespace}
          fixed={!!most}
        />
      )}
      {!rows.length && !live.failure.value && (
        <p class="empty">{live.loading.value ? word('loading') : word('nothing')}</p>
      )}
      {!most && rows.length > 0 && (
        <p class="count">{`${rows.length} ${word('of')} ${live.rows.value.length}`}</p>
      )}
      {objects.length > 0 && (
        <div class="tools" role="group" aria-label={word('chosen')}>
          <span role="status">{`${objects.length} ${word('chosen')}`}</span>
          <Acts {...{ kind, objects }} />
        </div>
      )}
    </section>
  );
}

const uidOf = ({ metadata }: Row['object']): string => metadata.uid ?? '';

interface RowsProps {
  kind: Kind;
  live: Live;
  rows: Row[];
  /** The uids of the objects that the visitor marked. */
  chosen: Signal<ReadonlySet<string>>;
  withNamespace: boolean;
  /** The order cannot be changed. */
  fixed: boolean;
}

/** The height of an element in view, and where its content is scrolled to. */
function useWindow() {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(FIRST_HEIGHT);
  useEffect(() => {
    const observer = new ResizeObserver(() => (height.value = box.current?.clientHeight ?? 0));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  return { box, top, height };
}

function Rows({ kind, live, rows, chosen, withNamespace, fixed }: RowsProps) {
  const { box, top, height } = useWindow();
  const columns = live.columns.value
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !column.priority);
  // Rows may have gone since the last scroll.
  const start = Math.min(Math.floor(top.value / ROW_HEIGHT), rows.length - 1);
  const first = Math.max(0, start - MARGIN_ROWS);
  const last = Math.min(
    rows.length,
    Math.ceil((top.value + height.value) / ROW_HEIGHT) + MARGIN_ROWS,
  );
  const shown = rows.slice(first, last);
  const able = (some: readonly Row[]): Row[] =>
    fixed || isEvents(kind) ? [] : some.filter(({ object }) => actionsOn(kind, [object])[0]);
  const canAct = new Set(able(shown));
  const mark = (some: readonly Row[], isChosen: boolean) => {
    const next = new Set(chosen.value);
    for (const { object } of able(some)) next[isChosen ? 'add' : 'delete'](uidOf(object));
    chosen.value = next;
  };
  const isMarked = ({ object }: Row): boolean => chosen.value.has(uidOf(object));
  return (
    <div
      class="scroll"
      ref={box}
      role="region"
      aria-label={kind.kind}
      tabIndex={0}
      onScroll={(e) => (top.value = e.currentTarget.scrollTop)}
    >
      <table aria-label={kind.kind} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {canAct.size > 0 && (
              <th scope="col">
                <input
                  type="checkbox"
                  aria-label={word('all')}
                  checked={rows.every(isMarked)}
                  onChange={(e) => mark(rows, e.currentTarget.checked)}
                />
              </th>
            )}
            {withNamespace && <Head name="Namespace" text={word('namespace')} fixed={fixed} />}
            {columns.map(({ column: { name } }) => (
              <Head key={name} name={name} text={name} fixed={fixed} />
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: `${first * ROW_HEIGHT}px` }} />}
          {shown.map((row, at) => (
            <tr key={row.key} aria-rowindex={first + at + 2}>
              {canAct.size > 0 && (
                <td>
                  {canAct.has(row) && (
                    <input
                      type="checkbox"
                      aria-label={row.key}
                      checked={isMarked(row)}
                      onChange={(e) => mark([row], e.currentTarget.checked)}
                      onKeyDown={moveByArrow}
                    />
                  )}
                </td>
              )}
              {withNamespace && <td>{row.object.metadata.namespace}</td>}
              {columns.map(({ column, index }) => (
                <Cell key={column.name} {...{ kind, column, row, index }} />
              ))}
            </tr>
          ))}
          {last < rows.length && (
            <tr aria-hidden="true" style={{ height: `${(rows.length - last) * ROW_HEIGHT}px` }} />
          )}
        </tbody>
      </table>
    </div>
  );
}

/** The arrow keys go from box to box. */
function moveByArrow({ key, currentTarget }: KeyboardEvent & { currentTarget: HTMLElement }) {
  const row = currentTarget.closest('tr')!;
  const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[key];
  next?.querySelector('input')?.focus();
}

function Head({ name, text, fixed }: { name: string; text: string; fixed: boolean }) {
  if (fixed) return <th scope="col">{text}</th>;
  const sort = setting('sort');
  const order = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none';
  const next = order === 'none' ? name : order === 'ascending' ? `-${name}` : '';
  return (
    <th scope="col" aria-sort={order}>
      <button type="button" onClick={() => change({ sort: next })}>
        {text}
      </button>
    </th>
  );
}

const COLOURED = new Set(['Status', 'Type', 'Reason', 'Phase']);

function toneOf(kind: Kind, column: string, text: string): Tone {
  if (column === 'Ready') return readiness(text);
  if (!COLOURED.has(column)) return '';
  return kind.resource === 'pods' && !kind.group ? podTone(text) : tone(text);
}

type CellProps = { kind: Kind; column: Column; row: Row; index: number };

function Cell({ kind, column, row, index }: CellProps) {
  const text = cellText(kind, column, row, index);
  const isLink = index === 0 && !isEvents(kind);
  const mood = isLink ? '' : toneOf(kind, column.name, text);
  return (
    <td title={text}>
      {isLink ? (
        <a href={link(objectPath(kind, row.object.metadata))}>{text}</a>
      ) : (
        <span class={mood && `mark ${mood}`}>{text}</span>
      )}
    </td>
  );
}
