// Parts of every page: its heading, which gets the focus after navigation, and the choice of a
// namespace.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { KINDS } from './catalog.js';
import { user } from './connection.js';
import type { Editor } from './editor.js';
import type { Kind } from './kind.js';
import { useLive } from './live.js';
import { change, setting } from './navigation.js';
import { tableOf } from './table-view.js';
import { word } from './words.js';

let isFirst = true;

export function Title({ text, kind }: { text: string; kind?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${kind ? `${kind} ` : ''}${text} – Wheelhouse`;
    // The first page starts where the browser starts.
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [text, kind]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {kind && <small>{kind}</small>} {text}
    </h1>
  );
}

const USED = 'wheelhouse.namespace';

/** The namespace of a service account's name, else the one that was used last. */
const ownNamespace = (): string =>
  /^system:serviceaccount:([^:]+):/.exec(user.value?.username ?? '')?.[1] ??
  localStorage.getItem(USED) ??
  '';

/** A visitor who may not list the namespaces types the name of one. */
export function Namespace() {
  const live = useLive(tableOf(KINDS.namespaces, ''));
  const names = live.rows.value.map(({ key }) => key).sort();
  const chosen = setting('namespace');
  const choose = (namespace: string) => {
    if (namespace) localStorage.setItem(USED, namespace);
    change({ namespace });
  };
  const mustType = live.failure.value?.code === 403;
  const own = ownNamespace();
  useEffect(() => {
    if (mustType && !chosen && own) change({ namespace: own });
  }, [mustType, own, chosen]);
  const label = word('namespace');
  if (mustType)
    return (
      <input
        aria-label={label}
        placeholder={label}
        value={chosen}
        onChange={(e) => choose(e.currentTarget.value.trim())}
      />
    );
  return (
    <select aria-label={label} value={chosen} onChange={(e) => choose(e.currentTarget.value)}>
      <option value="">{word('allNamespaces')}</option>
      {[...new Set([...names, ...(chosen ? [chosen] : [])])].map((n) => (
        <option key={n} value={n}>
          {n}
        </option>
      ))}
    </select>
  );
}

/** Without a name the editor creates objects. */
export type EditorProps = { kind: Kind; namespace: string; name?: string };

/** The editor, loaded when the first is shown. */
export function LazyEditor(props: EditorProps) {
  const loaded = useSignal<typeof Editor | undefined>(undefined);
  useEffect(() => void import('./editor.js').then((it) => (loaded.value = it.Editor)), []);
  return loaded.value ? <loaded.value {...props} /> : <p class="empty">{word('loading')}</p>;
}
