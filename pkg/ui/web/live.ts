// Live lists: a collection is listed in pages and then watched over a WebSocket, because browsers
// open six HTTP/1.1 connections to a host but many more WebSockets. Views of one collection share
// its list. Changes are shown together, a few times a second. Nothing is open while the tab is
// hidden.
import { effect, signal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { ApiError, askedBecause, openSocket, request, visible } from './connection.js';

export type Column = { name: string; type: string; priority: number };

export interface Row {
  key: string;
  /** Empty in the form 'object'. */
  cells: (string | number | boolean | null)[];
  object: ApiObject;
}

export interface Live {
  columns: Signal<Column[]>;
  rows: Signal<Row[]>;
  /** The last error, until the collection was read again. */
  failure: Signal<{ code: number; message: string } | undefined>;
  loading: Signal<boolean>;
  retry(): void;
}

export interface Source {
  path: string;
  /** May contain selectors. */
  query?: Record<string, string>;
  /** 'table': the columns of `kubectl get` with the metadata; 'object': whole objects. */
  form: 'table' | 'object';
  canWatch: boolean;
}

interface List {
  metadata: { resourceVersion: string; continue?: string };
  columnDefinitions?: Column[];
  rows?: Omit<Row, 'key'>[];
  items?: ApiObject[];
}

const ACCEPT = {
  table: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  object: 'application/json',
};
const PROTOCOL = { table: 'table.wheelhouse.io', object: 'object.wheelhouse.io' };
const PAGE = 500;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
const SHOW_MS = 150;
/** A list that nobody shows is kept for the way back to its page. */
const LINGER_MS = 5000;
/** The server will answer the same until somebody changes something. */
const FINAL = new Set([401, 403, 404, 405]);

const shared = new Map<string, { live: Live; users: number; stop: AbortController }>();

// Nothing that a visitor may see stays for the next one.
askedBecause.subscribe((because) => {
  if (!because) return;
  for (const { stop } of shared.values()) stop.abort();
  shared.clear();
});

/** The live list of a source, for as long as the component is shown. */
export function useLive(source: Source): Live {
  const id = JSON.stringify(source);
  const entry = useMemo(() => {
    const found = shared.get(id) ?? { ...openLive(source), users: 0 };
    shared.set(id, found);
    found.users++;
    return found;
  }, [id]);
  useEffect(
    () => () => {
      entry.users--;
      setTimeout(() => {
        if (entry.users || shared.get(id) !== entry) return;
        shared.delete(id);
        entry.stop.abort();
      }, LINGER_MS);
    },
    [entry],
  );
  return entry.live;
}

export const keyOf = ({ metadata: { namespace, name } }: ApiObject): string =>
  namespace ? `${namespace}/${name}` : name;

const rowsOf = (part: List, form: Source['form'], object?: ApiObject): Row[] => {
  const rows =
    form === 'table'
      ? (part.rows ?? [])
      : (object ? [object] : (part.items ?? [])).map((item) => ({ cells: [], object: item }));
  return rows.map((row) => {
    delete row.object.metadata.managedFields;
    return { key: keyOf(row.object), ...row };
  });
};

/** Resolves when the condition holds. */
export function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = effect(() => {
      if (!holds()) return;
      queueMicrotask(() => end());
      resolve();
    });
  });
}

function openLive({ path, query = {}, form, canWatch }: Source): {
  live: Live;
  stop: AbortController;
} {
  const stop = new AbortController();
  let wake = (): void => {};
  const live: Live = {
    columns: signal<Column[]>([]),
    rows: signal<Row[]>([]),
    failure: signal(undefined),
    loading: signal(true),
    retry: () => wake(),
  };
  let rows = new Map<string, Row>();
  let shownAt = -Infinity;
  let isWaiting = false;
  const show = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    const wait = shownAt + SHOW_MS - performance.now();
    setTimeout(
      () =>
        requestAnimationFrame(() => {
          isWaiting = false;
          shownAt = performance.now();
          live.rows.value = [...rows.values()];
        }),
      Math.max(0, wait),
    );
  };
  const address = (more: Record<string, string>): string =>
    `${path}?${new URLSearchParams({ ...query, ...more })}`;
  const take = (part: List): void => {
    if (part.columnDefinitions?.length) live.columns.value = part.columnDefinitions;
  };

  const list = async (): Promise<string> => {
    // The first list grows on the screen; later ones replace the rows when they are complete.
    const next = live.loading.value ? rows : new Map<string, Row>();
    let more: Record<string, string> = { limit: String(PAGE) };
    for (;;) {
      const init = { accept: ACCEPT[form], signal: stop.signal };
      const part = (await (await request(address(more), init)).json()) as List;
      take(part);
      for (const row of rowsOf(part, form)) next.set(row.key, row);
      if (!part.metadata.continue) {
        rows = next;
        live.rows.value = [...rows.values()];
        live.loading.value = false;
        live.failure.value = undefined;
        return part.metadata.resourceVersion;
      }
      more = { limit: String(PAGE), continue: part.metadata.continue };
      show();
    }
  };

  /**
   * Resolves with the version to resume from, or '' when the list must be read again, and whether
   * the connection was useful.
   */
  const watch = (from: string): Promise<{ version: string; worked: boolean }> =>
    new Promise((resolve) => {
      let version = from;
      let openedAt = Infinity;
      const more = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from };
      const socket = openSocket(address(more), PROTOCOL[form]);
      const close = (): void => socket.close();
      const unwatch = effect(() => {
        if (!visible.value) close();
      });
      stop.signal.addEventListener('abort', close);
      socket.onopen = () => (openedAt = performance.now());
      socket.onmessage = ({ data }) => {
        const { type, object } = JSON.parse(data as string) as {
          type: string;
          object: List & ApiObject;
        };
        if (type === 'ERROR') return ((version = ''), close());
        version = object.metadata.resourceVersion || version;
        if (type === 'BOOKMARK') return;
        take(object);
        for (const row of rowsOf(object, form, object))
          if (type === 'DELETED') rows.delete(row.key);
          else rows.set(row.key, row);
        show();
      };
      socket.onclose = () => {
        unwatch();
        stop.signal.removeEventListener('abort', close);
        const worked = performance.now() - openedAt > 1000 || !visible.peek();
        resolve({ version: openedAt === Infinity && visible.peek() ? '' : version, worked });
      };
    });

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
      wake = () => (clearTimeout(timer), resolve());
    });

  const run = async (): Promise<void> => {
    let version = '';
    let failures = 0;
    while (!stop.signal.aborted) {
      await until(() => visible.value && !askedBecause.value);
      if (stop.signal.aborted) return;
      let wait = Math.min(FIRST_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS);
      try {
        version ||= await list();
        const ended = canWatch ? await watch(version) : { version: '', worked: false };
        version = ended.version;
        failures = ended.worked ? 0 : failures + 1;
        if (ended.worked) wait = 0;
      } catch (error) {
        if (stop.signal.aborted) return;
        const { code = 0, message } = error as Partial<ApiError> & Error;
        version = '';
        // The first failure is retried silently, because a restarting proxy needs no message.
        if (failures++ > 0 || code) {
          live.failure.value = { code, message };
          live.loading.value = false;
        }
        if (FINAL.has(code) && !askedBecause.value) wait = Infinity;
      }
      if (wait) await pause(wait);
    }
  };
  stop.signal.addEventListener('abort', () => wake());
  void run();
  return { live, stop };
}
