// The page: a menu, one view chosen by the address, and the sign-in form when the server asks for
// it.
import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  catalog,
  CONTROLLERS,
  createPath,
  isServed,
  kindAt,
  kindPath,
  KINDS,
  loadCatalog,
} from './catalog.js';
import { askedBecause, hasToken, identify, signIn, signOut, user } from './connection.js';
import type { Kind } from './kind.js';
import { Dialog } from './dialog.js';
import { change, link, route, setting } from './navigation.js';
import { ObjectView } from './object-view.js';
import { Overview } from './overview.js';
import { LazyEditor, Namespace, Title } from './page.js';
import { may } from './rights.js';
import { TableView } from './table-view.js';
import { word } from './words.js';

/** The menu: address, title, and the kinds that the view shows one below the other. */
const MENU: readonly { path: string; title: string; kinds: readonly Kind[] }[] = [
  { path: '/', title: word('overview'), kinds: [] },
  { path: '/nodes', title: word('nodes'), kinds: [KINDS.nodes] },
  { path: '/pods', title: word('pods'), kinds: [KINDS.pods] },
  { path: '/controllers', title: word('controllers'), kinds: CONTROLLERS },
  { path: '/services', title: word('services'), kinds: [KINDS.services, KINDS.endpoints] },
  { path: '/events', title: word('events'), kinds: [KINDS.events] },
  { path: '/kinds', title: word('everything'), kinds: [] },
];

/** The menu entry of the page; pages of kinds and objects belong to the entry of their kind. */
function entryOf(path: string): string | undefined {
  const [, page, group, , resource] = path.split('/');
  if (page !== 'kind' && page !== 'create' && page !== 'object')
    return MENU.find((m) => m.path === path)?.path;
  const isOf = (kind: Kind): boolean =>
    (kind.group || 'core') === group && kind.resource === resource;
  return MENU.find(({ kinds }) => kinds.some(isOf))?.path ?? '/kinds';
}

function FilterField() {
  return (
    <input
      type="search"
      placeholder={word('filter')}
      aria-label={word('filter')}
      value={setting('filter')}
      onInput={(e) => change({ filter: e.currentTarget.value })}
    />
  );
}

function Kinds({ title, kinds }: { title: string; kinds: readonly Kind[] }) {
  const namespace = setting('namespace');
  const { group, resource } = kinds[0]!;
  const canCreate = may({ verb: 'create', group, resource }, namespace);
  return (
    <>
      <Title text={title} />
      <div class="tools">
        {kinds.some((k) => k.namespaced) && <Namespace />}
        <FilterField />
        {canCreate && <a href={link(createPath(kinds[0]!))}>{word('create')}</a>}
      </div>
      {kinds.filter(isServed).map((kind) => (
        <div key={kind.resource} class={kinds.length > 1 ? 'part' : 'whole'}>
          {kinds.length > 1 && <h2>{kind.kind}</h2>}
          <TableView kind={kind} namespace={kind.namespaced ? namespace : ''} />
        </div>
      ))}
    </>
  );
}

function AllKinds() {
  useEffect(() => void loadCatalog().catch(() => {}), []);
  const text = setting('filter').toLowerCase();
  const kinds = (catalog.value ?? []).filter((k) =>
    `${k.kind} ${k.resource} ${k.group}`.toLowerCase().includes(text),
  );
  return (
    <>
      <Title text={word('everything')} />
      <div class="tools">
        <FilterField />
      </div>
      <ul class="kinds">
        {kinds.map((k) => (
          <li key={kindPath(k)}>
            <a href={link(kindPath(k))}>{k.group ? `${k.kind} (${k.group})` : k.kind}</a>
          </li>
        ))}
      </ul>
      {!kinds.length && <p class="empty">{word(catalog.value ? 'nothing' : 'loading')}</p>}
    </>
  );
}

const Missing = ({ text }: { text: string }) => (
  <>
    <Title text={text} />
    <p>
      <a href={link('/')}>{word('overview')}</a>
    </p>
  </>
);

function View() {
  const { path, parts } = route.value;
  const [page, group, version, resource, namespace, name] = parts;
  if (page === 'kind' || page === 'create' || (page === 'object' && name)) {
    const kind = kindAt(group, version, resource);
    if (!kind)
      return catalog.value ? (
        <Missing text={word('noSuchKind')} />
      ) : (
        <p class="empty">{word('loading')}</p>
      );
    if (page === 'create')
      return (
        <section class="object">
          <Title text={kind.kind} kind={word('create')} />
          <LazyEditor key={path} kind={kind} namespace={setting('namespace')} />
        </section>
      );
    return page === 'kind' ? (
      <Kinds key={path} title={kind.kind} kinds={[kind]} />
    ) : (
      <ObjectView
        key={path}
        {...{ kind, name: name! }}
        namespace={namespace === '-' ? '' : namespace!}
      />
    );
  }
  if (path === '/') return <Overview />;
  if (path === '/kinds') return <AllKinds />;
  const entry = MENU.find((m) => m.path === path);
  return entry ? <Kinds key={path} {...entry} /> : <Missing text={word('noSuchPage')} />;
}

const ASKED = {
  unknown: 'askedUnknown',
  refused: 'askedRefused',
  ended: 'askedEnded',
  left: 'askedLeft',
} as const;

function SignIn({ because }: { because: keyof typeof ASKED }) {
  const token = useSignal('');
  const failure = useSignal('');
  const submit = (event: Event) => {
    event.preventDefault();
    failure.value = '';
    signIn(token.value).catch((error: Error) => (failure.value = error.message));
  };
  const title = word(because === 'refused' ? 'signIn' : ASKED[because]);
  return (
    <form class="sign-in" onSubmit={submit}>
      <Title text={title} />
      {(failure.value || because === 'refused') && (
        <p class="error" role="alert">
          {failure.value || word('askedRefused')}
        </p>
      )}
      <p>{word('howToSignIn')}</p>
      <input
        type="password"
        autoComplete="off"
        aria-label={word('token')}
        placeholder={word('token')}
        value={token.value}
        onInput={(e) => (token.value = e.currentTarget.value)}
      />
      <button type="submit">{word('signIn')}</button>
    </form>
  );
}

function Visitor() {
  if (!user.value) return null;
  const { username, groups = [] } = user.value;
  return (
    <p class="visitor">
      {word('signedInAs')} <b title={groups.join('\n')}>{username}</b>{' '}
      {hasToken() && (
        <button type="button" onClick={signOut}>
          {word('signOut')}
        </button>
      )}
    </p>
  );
}

function toContent(event: Event) {
  event.preventDefault();
  document.querySelector<HTMLElement>('main')!.focus();
}

function App() {
  const because = askedBecause.value;
  useEffect(() => {
    if (because) return;
    identify().catch(() => {});
    loadCatalog().catch((error: unknown) => console.error(error));
  }, [because]);
  const { path } = route.value;
  const here = entryOf(path);
  return (
    <>
      <a class="skip" href="#main" onClick={toContent}>
        {word('skip')}
      </a>
      <header>
        <a class="brand" href={link('/')}>
          <img src="icon.svg" alt="" width="28" height="28" /> Wheelhouse
        </a>
        <nav aria-label={word('menu')}>
          {MENU.map((m) => (
            <a
              key={m.path}
              href={link(m.path)}
              aria-current={here === m.path ? (path === m.path ? 'page' : 'true') : undefined}
            >
              {m.title}
            </a>
          ))}
        </nav>
        <Visitor />
      </header>
      <main id="main" tabIndex={-1}>
        {because ? <SignIn because={because} /> : <View />}
      </main>
      {!because && <Dialog />}
    </>
  );
}

render(<App />, document.getElementById('app')!);
