// The first page: the number of objects of each kind, their health, and the latest events.
import { useComputed } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { KINDS, pathOf, type Kind } from './catalog.js';
import { tone, type Tone } from './format.js';
import { openTable, type Row } from './live-table.js';
import { TableView, objectAddress } from './table-view.js';
import { word } from './words.js';

const MOST_DOTS = 200;
const NO_FILTER = { value: '' } as never;

/** Derives the health of an object from the cells of its row, by column name. */
type HealthOf = (cell: (column: string) => string) => Tone;

const byStatus: HealthOf = (cell) => tone(cell('Status')) || 'good';
const byReplicas: HealthOf = (cell) => (cell('Desired') === cell('Ready') ? 'good' : 'busy');
const alwaysGood: HealthOf = () => 'good';

/** A tile: a count and a dot for each object, coloured by its health. */
function Tile({
  kind,
  title,
  address,
  mood,
}: {
  kind: Kind;
  title: string;
  address: string;
  mood: HealthOf;
}) {
  const table = useMemo(() => openTable(pathOf(kind)), [kind]);
  useEffect(() => () => table.close(), [table]);
  const moods = useComputed(() => {
    const at = new Map(table.columns.value.map((c, index) => [c.name, index]));
    return table.rows.value.map((row: Row) => ({
      row,
      mood: mood((column) => String(row.cells[at.get(column) ?? -1] ?? '')),
    }));
  });
  const good = moods.value.filter((m) => m.mood === 'good').length;
  return (
    <article class="tile">
      <h3>
        <a href={address}>{title}</a>
      </h3>
      <p class="big">{table.loading.value ? '…' : table.rows.value.length}</p>
      <p class="dots">
        {moods.value.slice(0, MOST_DOTS).map(({ row, mood: is }) => (
          <a
            key={row.key}
            class={`dot ${is}`}
            href={objectAddress(kind, row)}
            title={row.key}
            aria-label={row.key}
          />
        ))}
      </p>
      <p class="note">{`${good} ${kind.resource === 'pods' ? word('running') : word('reachable')}`}</p>
      {table.error.value && (
        <p class="error" role="alert">
          {table.error.value}
        </p>
      )}
    </article>
  );
}

export function Overview() {
  return (
    <section>
      <div class="tiles">
        <Tile kind={KINDS.nodes} title={word('nodes')} address="#/nodes" mood={byStatus} />
        <Tile kind={KINDS.pods} title={word('pods')} address="#/pods" mood={byStatus} />
        <Tile
          kind={KINDS.replicationControllers}
          title={word('controllers')}
          address="#/controllers"
          mood={byReplicas}
        />
        <Tile
          kind={KINDS.services}
          title={word('services')}
          address="#/services"
          mood={alwaysGood}
        />
      </div>
      <h2>{word('nodes')}</h2>
      <TableView kind={KINDS.nodes} namespace="" filter={NO_FILTER} most={50} />
      <h2>{word('recentEvents')}</h2>
      <TableView kind={KINDS.events} namespace="" filter={NO_FILTER} most={15} />
    </section>
  );
}
