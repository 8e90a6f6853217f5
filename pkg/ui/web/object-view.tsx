// One object: its YAML, its events, and the logs of pods.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Deployment } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { KINDS, kindPath } from './catalog.js';
import { Acts } from './dialog.js';
import { pathOf } from './kind.js';
import { Logs } from './logs.js';
import { change, link, setting } from './navigation.js';
import { useObject, type ObjectName } from './object.js';
import { LazyEditor, LazyPolicies, LazyTerminal, Title } from './page.js';
import { may } from './rights.js';
import { Rollout } from './rollout-view.js';
import { Failure, TableView } from './table-view.js';
import { word } from './words.js';

export function ObjectView(props: ObjectName) {
  const { kind, namespace, name } = props;
  const { live, object, present } = useObject(props);
  const isPod = kind.resource === 'pods' && kind.group === '';
  const { group, resource } = kind;
  const mayExec = (verb: string): boolean =>
    isPod && may({ verb, group, resource, subresource: 'exec' }, namespace);
  const isEditable = may({ verb: 'update', group, resource }, namespace);
  const tabs = [
    'object',
    ...(group === 'apps' && resource === 'deployments' ? (['rollout'] as const) : []),
    ...(isPod ? (['logs', 'policies'] as const) : []),
    // A browser opens it with GET.
    ...(mayExec('create') && mayExec('get') ? (['terminal'] as const) : []),
    'events',
    ...(isEditable ? (['edit'] as const) : []),
  ] as const;
  const tab = tabs.find((t) => t === setting('tab')) ?? 'object';
  const isKnown = !live.loading.value && !live.failure.value;
  return (
    <section class="object">
      <p class="trail">
        <a href={link(kindPath(kind))}>{kind.kind}</a>
        {namespace && ` / ${namespace}`}
      </p>
      <Title text={name} kind={kind.kind} />
      {!present && <Failure live={live} />}
      {isKnown && !present && (
        <p class="error" role="alert">
          {word(object ? 'deleted' : 'noSuchObject')}
        </p>
      )}
      {!object && live.loading.value && <p class="empty">{word('loading')}</p>}
      {object && (
        <>
          {present && (
            <div class="tools" role="group" aria-label={word('actions')}>
              <Acts kind={kind} objects={[present]} />
            </div>
          )}
          <div class="tabs">
            {tabs.map((t) => (
              <button
                key={t}
                type="button"
                aria-pressed={tab === t}
                onClick={() => change({ tab: t === 'object' ? '' : t })}
              >
                {word(t)}
              </button>
            ))}
          </div>
          {tab === 'object' && <Yaml object={object} />}
          {tab === 'rollout' && <Rollout deployment={object as Deployment} />}
          {tab === 'edit' && <LazyEditor {...props} />}
          {tab === 'logs' && <Logs path={pathOf(kind, namespace, name)} pod={object as Pod} />}
          {tab === 'policies' && <LazyPolicies pod={object as Pod} />}
          {tab === 'terminal' && (
            <LazyTerminal path={pathOf(kind, namespace, name)} pod={object as Pod} />
          )}
          {tab === 'events' && (
            <TableView
              kind={KINDS.events}
              namespace={namespace}
              query={{ fieldSelector: `involvedObject.uid=${object.metadata.uid}` }}
            />
          )}
        </>
      )}
    </section>
  );
}

function Yaml({ object }: { object: ApiObject }) {
  const text = useSignal('');
  useEffect(() => {
    let isCurrent = true;
    import('../../apimachinery/codec/yaml-text.js').then(
      ({ toYaml }) => isCurrent && (text.value = toYaml(object)),
      (error: Error) => (text.value = error.message),
    );
    return () => (isCurrent = false);
  }, [object]);
  return (
    <pre class="yaml" tabIndex={0} aria-label={word('object')}>
      {text.value}
    </pre>
  );
}
