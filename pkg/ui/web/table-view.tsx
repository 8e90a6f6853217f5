// A table of any kind, sorted and filtered. Only the visible rows are rendered, so that ten
// thousand rows cost as much as thirty.
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { pathOf, type Kind } from './catalog.js';
import { age, readiness, tone } from './format.js';
import { openTable, type Column, type LiveTable, type Row } from './live-table.js';
import { now } from './now.js';
import { word } from './words.js';

const ROW_HEIGHT = 34;
const MARGIN_ROWS = 10;

export interface TableViewProps {
  kind: Kind;
  namespace: string;
  filter: ReadonlySignal<string>;
  query?: Record<string, string>;
  /** Maximum number of rows, newest first; for the overview. */
  most?: number;
}

function useTable(kind: Kind, namespace: string, query: Record<string, string>): LiveTable {
  const path = pathOf(kind, kind.namespaced ? namespace : '');
  const id = path + JSON.stringify(query);
  const table = useMemo(() => openTable(path, query), [id]);
  useEffect(() => () => table.close(), [table]);
  return table;
}

const isEvents = (kind: Kind): boolean => kind.resource === 'events';
const seenAt = (row: Row): string =>
  row.object.lastTimestamp ?? row.object.eventTime ?? row.object.metadata.creationTimestamp ?? '';

/** The text of a cell; ages advance without an update of the row. */
function cellText(kind: Kind, column: Column, row: Row, index: number): string {
  if (column.name === 'Age') return age(row.object.metadata.creationTimestamp, now.value);
  if (column.name === 'Last Seen' && isEvents(kind)) return age(seenAt(row), now.value);
  const cell = row.cells[index];
  return cell === null || cell === undefined ? '' : String(cell);
}

function compare(a: Row, b: Row, column: number): number {
  const [x, y] = [a.cells[column], b.cells[column]];
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  return String(x ?? '').localeCompare(String(y ?? ''), undefined, { numeric: true });
}

export function TableView({ kind, namespace, filter, query = {}, most }: TableViewProps) {
  const table = useTable(
    kind,
    namespace,
    isEvents(kind) ? { ...query, includeObject: 'Object' } : query,
  );
  const sort = useSignal<{ column: number; down: boolean }>({ column: -1, down: false });
  const rows = useComputed(() => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (row: Row) => {
      const text = [row.object.metadata.namespace ?? '', ...row.cells].join(' ').toLowerCase();
      return words.every((w) => text.includes(w));
    };
    const kept = words.length ? table.rows.value.filter(matches) : [...table.rows.value];
    const { column, down } = sort.value;
    const name = table.columns.value[column]?.name;
    if (column < 0 && isEvents(kind)) kept.sort((a, b) => seenAt(b).localeCompare(seenAt(a)));
    else if (name === 'Age')
      kept.sort((a, b) =>
        (b.object.metadata.creationTimestamp ?? '').localeCompare(
          a.object.metadata.creationTimestamp ?? '',
        ),
      );
    else if (column >= 0) kept.sort((a, b) => compare(a, b, column));
    else kept.sort((a, b) => a.key.localeCompare(b.key));
    if (down) kept.reverse();
    return most ? kept.slice(0, most) : kept;
  });
  const columns = table.columns.value
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !column.priority);
  const withNamespace = kind.namespaced && !namespace;
  return (
    <section class="table">
      {table.error.value && (
        <p class="error" role="alert">{`${word('lost')}: ${table.error.value}`}</p>
      )}
      <Rows {...{ kind, table, rows, columns, withNamespace, sort }} />
      {!most && (
        <p class="count">
          {table.loading.value
            ? word('loading')
            : `${rows.value.length} ${word('of')} ${table.rows.value.length}`}
        </p>
      )}
    </section>
  );
}

interface RowsProps {
  kind: Kind;
  table: LiveTable;
  rows: ReadonlySignal<Row[]>;
  columns: { column: Column; index: number }[];
  withNamespace: boolean;
  sort: { value: { column: number; down: boolean } };
}

function Rows({ kind, table, rows, columns, withNamespace, sort }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = box.current?.clientHeight ?? 900;
  const first = Math.max(0, Math.floor(top.value / ROW_HEIGHT) - MARGIN_ROWS);
  const last = Math.min(
    rows.value.length,
    Math.ceil((top.value + height) / ROW_HEIGHT) + MARGIN_ROWS,
  );
  const shown = rows.value.slice(first, last);
  const order = (index: number) =>
    (sort.value = { column: index, down: sort.value.column === index && !sort.value.down });
  if (!rows.value.length)
    return <p class="empty">{table.loading.value ? word('loading') : word('nothing')}</p>;
  return (
    <div class="scroll" ref={box} onScroll={(e) => (top.value = e.currentTarget.scrollTop)}>
      <table>
        <thead>
          <tr>
            {withNamespace && <th>Namespace</th>}
            {columns.map(({ column, index }) => (
              <th
                key={column.name}
                aria-sort={
                  sort.value.column === index
                    ? sort.value.down
                      ? 'descending'
                      : 'ascending'
                    : 'none'
                }
              >
                <button type="button" onClick={() => order(index)}>
                  {column.name}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr style={{ height: first * ROW_HEIGHT }} />}
          {shown.map((row) => (
            <tr key={row.key}>
              {withNamespace && <td>{row.object.metadata.namespace}</td>}
              {columns.map(({ column, index }) => (
                <td key={column.name} title={cellText(kind, column, row, index)}>
                  <Cell {...{ kind, column, row, index }} />
                </td>
              ))}
            </tr>
          ))}
          {last < rows.value.length && (
            <tr style={{ height: (rows.value.length - last) * ROW_HEIGHT }} />
          )}
        </tbody>
      </table>
    </div>
  );
}

function Cell({
  kind,
  column,
  row,
  index,
}: {
  kind: Kind;
  column: Column;
  row: Row;
  index: number;
}) {
  const text = cellText(kind, column, row, index);
  if (index === 0 && !isEvents(kind)) return <a href={objectAddress(kind, row)}>{text}</a>;
  const mood = ['Status', 'Type', 'Reason', 'Phase'].includes(column.name)
    ? tone(text)
    : column.name === 'Ready'
      ? readiness(text)
      : '';
  return mood ? <span class={`mark ${mood}`}>{text}</span> : <>{text}</>;
}

export function objectAddress(kind: Kind, row: Row): string {
  const { name, namespace = '-' } = row.object.metadata;
  return `#/object/${kind.group || 'core'}/${kind.version}/${kind.resource}/${namespace}/${encodeURIComponent(name)}`;
}
