// One object: its YAML, its events, and the logs of pods.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { KINDS, pathOf, type Kind } from './catalog.js';
import { lines, request } from './connection.js';
import { yaml } from './format.js';
import { TableView } from './table-view.js';
import { word } from './words.js';

interface AnyObject {
  kind: string;
  metadata: { name: string; namespace?: string; uid: string; managedFields?: unknown };
  spec?: { containers?: { name: string }[]; initContainers?: { name: string }[] };
}

const NO_FILTER = { value: '' } as never;
const MAX_LOG_LINES = 5000;
const RETRY_MS = 1000;

export function ObjectView({
  kind,
  namespace,
  name,
}: {
  kind: Kind;
  namespace: string;
  name: string;
}) {
  const object = useSignal<AnyObject | undefined>(undefined);
  const failure = useSignal('');
  const tab = useSignal<'object' | 'logs' | 'events'>('object');
  const path = pathOf(kind, namespace, name);
  useEffect(() => {
    const stop = new AbortController();
    void follow(
      kind,
      namespace,
      name,
      stop.signal,
      (next) => (object.value = next),
      (text) => (failure.value = text),
    );
    return () => stop.abort();
  }, [path]);
  const found = object.value;
  const isPod = kind.resource === 'pods' && kind.group === '';
  return (
    <section class="object">
      <h2>
        <a href="#" onClick={(e) => (e.preventDefault(), history.back())} class="back">
          {word('back')}
        </a>
        <small>{kind.kind}</small> {name}
      </h2>
      {failure.value && (
        <p class="error" role="alert">
          {failure.value}
        </p>
      )}
      <nav class="tabs">
        {(['object', ...(isPod ? (['logs'] as const) : []), 'events'] as const).map((t) => (
          <button
            key={t}
            type="button"
            aria-pressed={tab.value === t}
            onClick={() => (tab.value = t)}
          >
            {word(t)}
          </button>
        ))}
      </nav>
      {found && tab.value === 'object' && (
        <pre class="yaml">
          {yaml({ ...found, metadata: { ...found.metadata, managedFields: undefined } }).replace(
            /^ *managedFields: undefined\n/m,
            '',
          )}
        </pre>
      )}
      {found && tab.value === 'logs' && <Logs path={path} pod={found} />}
      {found && tab.value === 'events' && (
        <TableView
          kind={KINDS.events}
          namespace={namespace || 'default'}
          filter={NO_FILTER}
          query={{ fieldSelector: `involvedObject.uid=${found.metadata.uid}` }}
        />
      )}
    </section>
  );
}

/** Gets the object and then watches it. */
async function follow(
  kind: Kind,
  namespace: string,
  name: string,
  signal: AbortSignal,
  show: (o: AnyObject | undefined) => void,
  fail: (text: string) => void,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const first = (await (
        await request(pathOf(kind, namespace, name), { signal })
      ).json()) as AnyObject & { metadata: { resourceVersion: string } };
      show(first);
      fail('');
      failures = 0;
      if (!kind.canWatch) return;
      const query = new URLSearchParams({
        watch: 'true',
        fieldSelector: `metadata.name=${name}`,
        resourceVersion: first.metadata.resourceVersion,
      });
      for await (const line of lines(
        await request(`${pathOf(kind, namespace)}?${query}`, { signal }),
      )) {
        const event = JSON.parse(line) as { type: string; object: AnyObject };
        if (event.type === 'ERROR') break;
        if (event.type === 'DELETED') return fail(`${name}: deleted`);
        show(event.object);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (failures++ > 0) fail((error as Error).message);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function Logs({ path, pod }: { path: string; pod: AnyObject }) {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map(
    (c) => c.name,
  );
  const container = useSignal(containers[0] ?? '');
  const text = useSignal<string[]>([]);
  const isFollowing = useSignal(true);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    text.value = [];
    const run = async () => {
      const query = new URLSearchParams({
        container: container.value,
        follow: 'true',
        tailLines: '500',
      });
      const pending: string[] = [];
      let scheduled = false;
      for await (const line of lines(
        await request(`${path}/log?${query}`, { accept: '*/*', signal: stop.signal }),
      )) {
        pending.push(line);
        if (scheduled) continue;
        scheduled = true;
        requestAnimationFrame(() => {
          scheduled = false;
          text.value = [...text.value, ...pending.splice(0)].slice(-MAX_LOG_LINES);
        });
      }
    };
    run().catch((error: Error) => {
      if (!stop.signal.aborted) text.value = [...text.value, error.message];
    });
    return () => stop.abort();
  }, [path, container.value]);
  useEffect(() => {
    if (isFollowing.value) end.current?.scrollIntoView();
  }, [text.value]);
  return (
    <div class="logs">
      <div class="tools">
        <label>
          {word('container')}{' '}
          <select
            value={container.value}
            onChange={(e) => (container.value = e.currentTarget.value)}
          >
            {containers.map((c) => (
              <option key={c}>{c}</option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={isFollowing.value}
            onChange={(e) => (isFollowing.value = e.currentTarget.checked)}
          />{' '}
          {word('follow')}
        </label>
      </div>
      <pre>
        {text.value.join('\n')}
        <div ref={end} />
      </pre>
    </div>
  );
}
