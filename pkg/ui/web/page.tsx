// Parts of every page: its heading, which gets the focus after navigation, and the choice of a
// namespace.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { KINDS } from './catalog.js';
import { user } from './connection.js';
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

/** A part of the page that is loaded when it is first shown. */
function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return (props: Props) => {
    const loaded = useSignal<ComponentType<Props> | undefined>(undefined);
    useEffect(() => void load().then((it) => (loaded.value = it)), []);
    return loaded.value ? <loaded.value {...props} /> : <p class="empty">{word('loading')}</p>;
  };
}
export const LazyEditor = lazy<EditorProps>(async () => (await import('./editor.js')).Editor);
export const LazyPolicies = lazy(async () => (await import('./policies-view.js')).Policies);
export const LazyTerminal = lazy(async () => (await import('./terminal.js')).Terminal);
