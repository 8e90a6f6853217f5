// The first page: the health of each group of objects, the things that need attention with their
// reasons, the nodes, and the latest events.
import { useMemo } from 'preact/hooks';
import { findingsOf, judge, type Around, type Finding } from './attention.js';
import { CONTROLLERS, isServed, KINDS, objectPath } from './catalog.js';
import type { Tone } from './format.js';
import type { Kind } from './kind.js';
import { useLive, type Live } from './live.js';
import { link, setting } from './navigation.js';
import { now } from './now.js';
import { Namespace, Title } from './page.js';
import { Failure, TableView, tableOf } from './table-view.js';
import { word, type WordName } from './words.js';

const MOST_FINDINGS = 30;
const MOODS = ['good', 'busy', 'bad'] as const;

/** The groups of the overview, each with the kinds that it counts. */
const GROUPS: readonly { title: WordName; path: string; kinds: readonly Kind[] }[] = [
  { title: 'nodes', path: '/nodes', kinds: [KINDS.nodes] },
  { title: 'pods', path: '/pods', kinds: [KINDS.pods] },
  { title: 'controllers', path: '/controllers', kinds: [...CONTROLLERS, KINDS.jobs] },
  { title: 'services', path: '/services', kinds: [KINDS.services, KINDS.claims] },
];
const COUNTED = GROUPS.flatMap(({ kinds }) => kinds);

type Judged = ReturnType<typeof judge>;

const cellsOf = ({ columns, rows }: Live, column: string): [string, string][] => {
  const at = columns.value.findIndex(({ name }) => name === column);
  return rows.value.map((row) => [row.key, String(row.cells[at] ?? '')]);
};

function useJudged(namespace: string): { lists: Live[]; judged: Judged[] } {
  const lists = COUNTED.map((kind) => useLive(tableOf(kind, namespace)));
  const endpoints = useLive(tableOf(KINDS.endpoints, namespace));
  const nodes = lists[COUNTED.indexOf(KINDS.nodes)]!;
  const minute = Math.floor(now.value / 60_000);
  const around: Around = useMemo(
    () => ({
      now: now.peek(),
      deadNodes: new Set(
        cellsOf(nodes, 'Status')
          .filter(([, status]) => /NotReady|Unknown/.test(status))
          .map(([name]) => name),
      ),
      served: endpoints.columns.value.length
        ? new Set(
            cellsOf(endpoints, 'Endpoints')
              .filter(([, addresses]) => addresses && addresses !== '<none>')
              .map(([key]) => key),
          )
        : undefined,
    }),
    [nodes.rows.value, endpoints.rows.value, endpoints.columns.value, minute],
  );
  const judged = lists.map(({ columns, rows }, index) =>
    useMemo(() => {
      const kind = COUNTED[index]!;
      // The Deployment stands for its ReplicaSets.
      const own = rows.value.filter(
        ({ object }) => kind !== KINDS.replicaSets || !object.metadata.ownerReferences,
      );
      return judge(kind.resource, columns.value, own, around);
    }, [columns.value, rows.value, around]),
  );
  return { lists, judged };
}

type TileProps = { title: string; address: string; lists: Live[]; judged: Judged };

function Tile({ title, address, lists, judged }: TileProps) {
  const counts = MOODS.map((mood) => judged.filter(({ verdict }) => verdict.mood === mood).length);
  const failed = lists.find(({ failure }) => failure.value && failure.value.code !== 404);
  const known = judged.length > 0 || lists.some(({ failure }) => !failure.value);
  return (
    <article class="tile">
      <h2>
        <a href={address}>{title}</a>
      </h2>
      <p class="big">
        {lists.some(({ loading }) => loading.value) ? '…' : known ? judged.length : '–'}
      </p>
      <div class="bar" aria-hidden="true">
        {MOODS.map((mood, index) => (
          <i key={mood} class={mood} style={{ flexGrow: String(counts[index]) }} />
        ))}
      </div>
      <p class="note">
        {MOODS.map((mood, index) =>
          counts[index] ? (
            <span key={mood} class={mood}>{`${counts[index]} ${word(mood)}`}</span>
          ) : null,
        )}
      </p>
      {failed && <Failure live={failed} />}
    </article>
  );
}

export function Item({ finding, kind }: { finding: Finding; kind: Kind }) {
  const { row, reason, detail, count, mood, resource } = finding;
  const { name, namespace } = row.object.metadata;
  return (
    <li class={mood as Tone}>
      <span class="subject">
        <small>{kind.kind}</small>{' '}
        <a href={link(objectPath(kind, row.object.metadata))}>
          {namespace ? `${namespace}/${name}` : name}
        </a>
        {count > 1 && resource !== 'nodes' && <b>{` ×${count}`}</b>}
      </span>
      <span>
        {word(reason!)}
        {detail && `: ${detail}`}
        {count > 1 && resource === 'nodes' && `, ${count - 1} ${word('podsOnIt')}`}
      </span>
    </li>
  );
}

function Attention({ lists, judged }: { lists: Live[]; judged: Judged[] }) {
  const findings = useMemo(
    () =>
      findingsOf(
        judged.flatMap((list, index) =>
          list.map((one) => ({ ...one, resource: COUNTED[index]!.resource })),
        ),
      ),
    judged,
  );
  const isLoading = lists.some(({ loading }) => loading.value);
  const isPartial = lists.some(({ failure }) => (failure.value?.code ?? 404) !== 404);
  const well = isPartial ? 'allSeenWell' : 'allWell';
  return (
    <section class="attention" aria-labelledby="attention">
      <h2 id="attention">{word('attention')}</h2>
      {findings.length ? (
        <ul>
          {findings.slice(0, MOST_FINDINGS).map((finding) => (
            <Item
              key={`${finding.resource} ${finding.row.key} ${finding.reason}`}
              finding={finding}
              kind={COUNTED.find(({ resource }) => resource === finding.resource)!}
            />
          ))}
        </ul>
      ) : (
        <p class="empty">{word(isLoading ? 'loading' : well)}</p>
      )}
      {findings.length > MOST_FINDINGS && (
        <p class="count">{`${findings.length - MOST_FINDINGS} ${word('more')}`}</p>
      )}
    </section>
  );
}

export function Overview() {
  const namespace = setting('namespace');
  return <Health key={namespace} namespace={namespace} />;
}

function Health({ namespace }: { namespace: string }) {
  const { lists, judged } = useJudged(namespace);
  return (
    <>
      <Title text={word('overview')} />
      <div class="tools">
        <Namespace />
      </div>
      <div class="tiles">
        {GROUPS.map(({ title, path, kinds }) => {
          const indexes = kinds.filter(isServed).map((kind) => COUNTED.indexOf(kind));
          const own = indexes.filter((i) => COUNTED[i] !== KINDS.claims);
          return (
            <Tile
              key={path}
              title={word(title)}
              address={link(path)}
              lists={own.map((i) => lists[i]!)}
              judged={own.flatMap((i) => judged[i]!)}
            />
          );
        })}
      </div>
      <Attention lists={lists} judged={judged} />
      <h2>{word('nodes')}</h2>
      <TableView kind={KINDS.nodes} namespace="" most={50} />
      <h2>{word('recentEvents')}</h2>
      <TableView kind={KINDS.events} namespace={namespace} most={15} />
    </>
  );
}
