// The first page: how much of everything there is, how it fares, and what happened last.
import { useComputed } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { KINDS, pathOf, type Kind } from './catalog.js';
import { readiness, tone, type Tone } from './format.js';
import { openTable, type Row } from './live-table.js';
import { TableView, objectAddress } from './table-view.js';
import { word } from './words.js';

const NO_FILTER = { value: '' } as never;

function columnIndex(columns: { name: string }[], name: string): number {
  return columns.findIndex((c) => c.name === name);
}

/** A tile: a count, and a mark per object, coloured by its state. */
function Tile({ kind, title, address, column }: { kind: Kind; title: string; address: string; column: string }) {
  const table = useMemo(() => openTable(pathOf(kind)), [kind]);
  useEffect(() => () => table.close(), [table]);
  const moods = useComputed(() => {
    const index = columnIndex(table.columns.value, column);
    const mood = (row: Row): Tone => {
      const text = String(row.cells[index] ?? '');
      return tone(text) || readiness(text) || 'good';
    };
    return table.rows.value.map((row) => ({ row, mood: mood(row) }));
  });
  const good = moods.value.filter((m) => m.mood === 'good').length;
  return (
    <article class="tile">
      <h3><a href={address}>{title}</a></h3>
      <p class="big">{table.loading.value ? '…' : table.rows.value.length}</p>
      <p class="dots">
        {moods.value.slice(0, 200).map(({ row, mood }) => (
          <a key={row.key} class={`dot ${mood}`} href={objectAddress(kind, row)} title={row.key} aria-label={row.key} />
        ))}
      </p>
      <p class="note">{`${good} ${kind.resource === 'pods' ? word('running') : word('reachable')}`}</p>
      {table.error.value && <p class="error" role="alert">{table.error.value}</p>}
    </article>
  );
}

export function Overview() {
  return (
    <section>
      <div class="tiles">
        <Tile kind={KINDS.nodes} title={word('nodes')} address="#/nodes" column="Status" />
        <Tile kind={KINDS.pods} title={word('pods')} address="#/pods" column="Status" />
        <Tile kind={KINDS.replicationControllers} title={word('controllers')} address="#/controllers" column="Ready" />
        <Tile kind={KINDS.services} title={word('services')} address="#/services" column="Type" />
      </div>
      <h2>{word('nodes')}</h2>
      <TableView kind={KINDS.nodes} namespace="" filter={NO_FILTER} most={50} />
      <h2>{word('recentEvents')}</h2>
      <TableView kind={KINDS.events} namespace="" filter={NO_FILTER} most={15} />
    </section>
  );
}
