// A live list: the server's table (the columns of `kubectl get`), listed in pages and then watched.
// Changes within one frame are shown together, so a busy cluster costs one repaint per frame.
import { signal, type Signal } from '@preact/signals';
import { lines, request } from './connection.js';

export interface Column {
  name: string;
  type: string;
  priority: number;
}

export interface RowObject {
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
  };
  lastTimestamp?: string;
  eventTime?: string;
}

export interface Row {
  key: string;
  cells: (string | number | boolean | null)[];
  object: RowObject;
}

interface Table {
  kind: string;
  metadata: { resourceVersion: string; continue?: string };
  columnDefinitions?: Column[];
  rows?: { cells: Row['cells']; object: RowObject }[];
}

interface TableEvent {
  type: string;
  object: Table & { code?: number; message?: string };
}

export interface LiveTable {
  columns: Signal<Column[]>;
  rows: Signal<Row[]>;
  /** '' while the connection works. */
  error: Signal<string>;
  loading: Signal<boolean>;
  close(): void;
}

const ACCEPT = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const PAGE = 500;
const RETRY_MS = 2000;
const FIRST_RETRY_MS = 200;

/**
 * `query` may contain selectors. Events need `includeObject=Object`, because their times are in the
 * object.
 */
export function openTable(path: string, query: Record<string, string> = {}): LiveTable {
  const stop = new AbortController();
  const table = {
    columns: signal<Column[]>([]),
    rows: signal<Row[]>([]),
    error: signal(''),
    loading: signal(true),
  };
  const byKey = new Map<string, Row>();
  let scheduled = false;
  const show = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      table.rows.value = [...byKey.values()];
    });
  };
  const address = (more: Record<string, string>) =>
    `${path}?${new URLSearchParams({ ...query, ...more })}`;

  const list = async (): Promise<string> => {
    byKey.clear();
    let next = '';
    for (;;) {
      const more: Record<string, string> = {
        limit: String(PAGE),
        ...(next ? { continue: next } : {}),
      };
      const page = (await (
        await request(address(more), { accept: ACCEPT, signal: stop.signal })
      ).json()) as Table;
      if (page.columnDefinitions?.length) table.columns.value = page.columnDefinitions;
      for (const row of page.rows ?? [])
        byKey.set(keyOf(row.object), { key: keyOf(row.object), ...row });
      show();
      next = page.metadata.continue ?? '';
      table.loading.value = false;
      if (!next) return page.metadata.resourceVersion;
    }
  };

  /** Resolves with the resourceVersion to resume from, or '' when the list must be read again. */
  const watch = async (from: string): Promise<string> => {
    let version = from;
    const more = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from };
    const response = await request(address(more), { accept: ACCEPT, signal: stop.signal });
    table.error.value = '';
    for await (const line of lines(response)) {
      if (!line) continue;
      const event = JSON.parse(line) as TableEvent;
      if (event.type === 'ERROR') return '';
      version = event.object.metadata.resourceVersion || version;
      if (event.type === 'BOOKMARK') continue;
      for (const row of event.object.rows ?? []) {
        const key = keyOf(row.object);
        if (event.type === 'DELETED') byKey.delete(key);
        else byKey.set(key, { key, ...row });
      }
      show();
    }
    return version;
  };

  const run = async (): Promise<void> => {
    let version = '';
    let failures = 0;
    while (!stop.signal.aborted) {
      try {
        version = await watch(version || (await list()));
        failures = 0;
      } catch (error) {
        if (stop.signal.aborted) return;
        version = '';
        // The first failure is retried silently, because a restarting proxy needs no message.
        if (failures++ > 0) {
          table.error.value = (error as Error).message;
          table.loading.value = false;
        }
        await new Promise((resolve) =>
          setTimeout(resolve, failures > 1 ? RETRY_MS : FIRST_RETRY_MS),
        );
      }
    }
  };
  void run();
  return { ...table, close: () => stop.abort() };
}

function keyOf({ metadata }: RowObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}
