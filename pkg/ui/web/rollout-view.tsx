// The rollout of a deployment: its replica sets as bars that move, and what it waits for.
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import { revisionOf } from './actions.js';
import { findingsOf, judge } from './attention.js';
import { KINDS, objectPath } from './catalog.js';
import { selectorOf } from './dialog.js';
import { pathOf } from './kind.js';
import { useLive } from './live.js';
import { link } from './navigation.js';
import { now } from './now.js';
import { Item } from './overview.js';
import { rolloutState, setsOf } from './rollout.js';
import { Failure, TableView, tableOf } from './table-view.js';
import { word, type WordName } from './words.js';

const SHOWN_EVENTS = 5;

const counts = (...all: [WordName, number | undefined][]): string =>
  all.map(([name, count = 0]) => `${word(name)} ${count}`).join(' · ');

/** `most`: the number of pods of a full bar. */
function Bar({ set, most }: { set: ReplicaSet; most: number }) {
  const { metadata, spec, status } = set;
  const { replicas = 0, readyReplicas: ready = 0, availableReplicas: available = 0 } = status ?? {};
  const parts = { good: available, busy: replicas - available, rest: most - replicas };
  return (
    <li>
      <a href={link(objectPath(KINDS.replicaSets, metadata))}>
        {`${word('revision')} ${revisionOf(set)}`}
      </a>{' '}
      <small>{spec.template?.spec?.containers.map(({ image }) => image).join(', ')}</small>
      <div class="bar" aria-hidden="true">
        {Object.entries(parts).map(([mood, count]) => (
          <i key={mood} class={mood} style={{ flexGrow: String(count) }} />
        ))}
      </div>
      <small>{counts(['pods', replicas], ['good', ready], ['availableCount', available])}</small>
    </li>
  );
}

/** The pods of the newest replica set that are not ready, and the latest events of the first. */
function Hindrances({ set: { metadata } }: { set: ReplicaSet }) {
  const { namespace = '', labels } = metadata;
  const query = { labelSelector: `pod-template-hash=${labels?.['pod-template-hash'] ?? ''}` };
  const { columns, rows } = useLive(tableOf(KINDS.pods, namespace, query));
  const around = { deadNodes: new Set<string>(), served: undefined, now: now.value };
  const judged = judge('pods', columns.value, rows.value, around);
  const findings = findingsOf(judged.map((one) => ({ ...one, resource: 'pods' })));
  if (!findings[0]) return null;
  const { uid } = findings[0].row.object.metadata;
  return (
    <section class="attention" aria-label={word('attention')}>
      <ul>
        {findings.map((finding) => (
          <Item key={finding.row.key} finding={finding} kind={KINDS.pods} />
        ))}
      </ul>
      <TableView
        kind={KINDS.events}
        namespace={namespace}
        query={{ fieldSelector: `involvedObject.uid=${uid}` }}
        most={SHOWN_EVENTS}
      />
    </section>
  );
}

export function Rollout({ deployment }: { deployment: Deployment }) {
  const { metadata, spec, status = {} } = deployment;
  const live = useLive({
    path: pathOf(KINDS.replicaSets, metadata.namespace),
    query: { labelSelector: selectorOf(deployment) },
    form: 'object',
    canWatch: true,
  });
  const sets = setsOf(
    deployment,
    live.rows.value.map(({ object }) => object as ReplicaSet),
  );
  const { mood, reason, detail, deadline } = rolloutState(deployment);
  const wanted = spec.replicas ?? 1;
  const most = Math.max(1, wanted, ...sets.map((set) => set.status?.replicas ?? 0));
  return (
    <div class="rollout">
      <p role="status" class={`mark ${mood}`}>
        {word(reason)}
        {detail && `: ${detail}`}
        {deadline && `. ${word('rolloutLate')}: ${deadline} s`}
      </p>
      <p>
        {counts(
          ['wantedCount', wanted],
          ['updatedCount', status.updatedReplicas],
          ['good', status.readyReplicas],
          ['availableCount', status.availableReplicas],
        )}
      </p>
      <Failure live={live} />
      <ul class="sets">
        {sets.map((set) => (
          <Bar key={set.metadata.uid} set={set} most={most} />
        ))}
      </ul>
      {mood !== 'good' && sets[0] && <Hindrances set={sets[0]} />}
    </div>
  );
}
