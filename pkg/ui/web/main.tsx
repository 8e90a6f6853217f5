// The page: a menu, one view chosen by the address, and the sign-in form when the server asks for
// it.
import { computed, signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { catalog, KINDS, loadCatalog, pathOf, type Kind } from './catalog.js';
import { adoptTokenFromAddress, needsToken, setToken } from './connection.js';
import { openTable } from './live-table.js';
import { ObjectView } from './object-view.js';
import { Overview } from './overview.js';
import { TableView } from './table-view.js';
import { word } from './words.js';

adoptTokenFromAddress();

const address = signal(location.hash.slice(1) || '/');
addEventListener('hashchange', () => (address.value = location.hash.slice(1) || '/'));

const namespace = signal('');
const filter = signal('');

const CONTROLLERS: readonly Kind[] = [
  KINDS.replicationControllers,
  KINDS.deployments,
  KINDS.replicaSets,
  KINDS.daemonSets,
  KINDS.statefulSets,
];

/** The menu: address, title, and the kinds that the view shows one below the other. */
const MENU = [
  { path: '/', title: word('overview'), kinds: [] },
  { path: '/nodes', title: word('nodes'), kinds: [KINDS.nodes] },
  { path: '/pods', title: word('pods'), kinds: [KINDS.pods] },
  { path: '/controllers', title: word('controllers'), kinds: CONTROLLERS },
  { path: '/services', title: word('services'), kinds: [KINDS.services, KINDS.endpoints] },
  { path: '/events', title: word('events'), kinds: [KINDS.events] },
] as const;

const served = (kind: Kind): boolean =>
  !catalog.value.length ||
  catalog.value.some((k) => k.group === kind.group && k.resource === kind.resource);

function NamespaceChoice() {
  const table = useMemo(() => openTable(pathOf(KINDS.namespaces)), []);
  const names = computed(() => table.rows.value.map((r) => r.object.metadata.name).sort());
  return (
    <select
      aria-label="namespace"
      value={namespace.value}
      onChange={(e) => (namespace.value = e.currentTarget.value)}
    >
      <option value="">{word('allNamespaces')}</option>
      {names.value.map((n) => (
        <option key={n}>{n}</option>
      ))}
    </select>
  );
}

function Kinds({ kinds }: { kinds: readonly Kind[] }) {
  return (
    <>
      <div class="tools">
        {kinds.some((k) => k.namespaced) && <NamespaceChoice />}
        <input
          type="search"
          placeholder={word('filter')}
          aria-label={word('filter')}
          value={filter.value}
          onInput={(e) => (filter.value = e.currentTarget.value)}
        />
      </div>
      {kinds.filter(served).map((kind) => (
        <div key={kind.resource} class={kinds.length > 1 ? 'part' : 'whole'}>
          {kinds.length > 1 && <h2>{kind.kind}</h2>}
          <TableView kind={kind} namespace={namespace.value} filter={filter} />
        </div>
      ))}
    </>
  );
}

function View() {
  const path = address.value;
  const [, what, group, version, resource, ns, name] = path.split('/').map(decodeURIComponent);
  if (what === 'object' && name) {
    const kind = catalog.value.find(
      (k) => (k.group || 'core') === group && k.version === version && k.resource === resource,
    );
    if (!kind) return <p class="empty">{word('loading')}</p>;
    return <ObjectView key={path} kind={kind} namespace={ns === '-' ? '' : ns!} name={name} />;
  }
  if (what === 'kind') {
    const kind = catalog.value.find(
      (k) => (k.group || 'core') === group && k.version === version && k.resource === resource,
    );
    return kind ? <Kinds key={path} kinds={[kind]} /> : <p class="empty">{word('loading')}</p>;
  }
  const entry = MENU.find((m) => m.path === path);
  return entry?.kinds.length ? <Kinds key={path} kinds={entry.kinds} /> : <Overview />;
}

function SignIn() {
  const token = useSignal('');
  const submit = (event: Event) => {
    event.preventDefault();
    setToken(token.value);
    location.reload();
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <h2>{word('notSignedIn')}</h2>
      <p>{word('howToSignIn')}</p>
      <input
        type="password"
        aria-label={word('token')}
        placeholder={word('token')}
        value={token.value}
        onInput={(e) => (token.value = e.currentTarget.value)}
      />
      <button type="submit">{word('signIn')}</button>
    </form>
  );
}

function App() {
  useEffect(() => {
    loadCatalog().catch((error: unknown) => console.error(error));
  }, [needsToken.value]);
  return (
    <>
      <aside>
        <h1>
          <img src="icon.svg" alt="" width="28" height="28" /> Wheelhouse
        </h1>
        <nav>
          {MENU.map((m) => (
            <a
              key={m.path}
              href={`#${m.path}`}
              aria-current={address.value === m.path ? 'page' : undefined}
            >
              {m.title}
            </a>
          ))}
        </nav>
        <label class="all">
          {word('everything')}
          <select value="" onChange={(e) => (location.hash = e.currentTarget.value)}>
            <option value="">…</option>
            {catalog.value.map((k) => {
              const path = `/kind/${k.group || 'core'}/${k.version}/${k.resource}`;
              return (
                <option key={path} value={path}>
                  {k.group ? `${k.kind} (${k.group})` : k.kind}
                </option>
              );
            })}
          </select>
        </label>
      </aside>
      <main>{needsToken.value ? <SignIn /> : <View />}</main>
    </>
  );
}

render(<App />, document.getElementById('app')!);
