// The buttons for actions, and the dialog before each action: it names the objects and what will
// happen, does the work one object after the other, and shows the answers.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { escapeFieldValue } from '../../apimachinery/fields/selector.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { isLostByDrain, outlastsDrain } from '../../component-helpers/drain.js';
import { ACTIONS } from './actions.generated.js';
import { callOf, revisionsOf, type Action, type Kept, type Revision } from './actions.js';
import { KINDS } from './catalog.js';
import { ApiError, request } from './connection.js';
import { pathOf, type Kind } from './kind.js';
import { keyOf, until } from './live.js';
import { now } from './now.js';
import { actionsOn } from './rights.js';
import { word, type WordName } from './words.js';

type Asked = { action: Action; kind: Kind; objects: readonly ApiObject[] };

const toneOf = ({ isDestructive }: Action): string => (isDestructive ? 'destructive' : 'plain');
const asked = signal<Asked | undefined>(undefined);
const EVICT = ACTIONS.find(({ name }) => name === 'evict')!;

/** Buttons for all that the visitor may do to the objects. */
export function Acts({ kind, objects }: Omit<Asked, 'action'>) {
  return actionsOn(kind, objects).map((action) => {
    const ask = () => (asked.value = { action, kind, objects });
    return (
      <button key={action.name} type="button" class={toneOf(action)} onClick={ask}>
        {word(action.name)}
      </button>
    );
  });
}

export function Dialog() {
  return asked.value ? <Act {...asked.value} /> : null;
}

const EXPLAINED: Record<number, WordName> = { 403: 'forbidden', 409: 'conflict', 429: 'budget' };

/** An error as the server tells it, with its causes by field. */
export function Problem({ error }: { error: Error }) {
  const { code, causes } = error instanceof ApiError ? error : { code: 0, causes: [] };
  return (
    <div class="error" role="alert">
      {EXPLAINED[code] && <p>{word(EXPLAINED[code])}</p>}
      <p>{error.message}</p>
      {causes.map(({ field, message }) => (
        <p key={field + message}>
          <code>{field}</code> {message}
        </p>
      ))}
    </div>
  );
}

const readJson = async <T,>(path: string): Promise<T> => (await (await request(path)).json()) as T;

interface Workload extends ApiObject {
  spec?: { replicas?: number; selector: { matchLabels?: Record<string, string> } };
}

export const selectorOf = ({ spec }: Workload): string =>
  Object.entries(spec?.selector.matchLabels ?? {})
    .map((label) => label.join('='))
    .join();

async function historyOf(kind: Kind, object: Workload): Promise<Revision[]> {
  const query = new URLSearchParams({ labelSelector: selectorOf(object) });
  const resource = kind.resource === 'deployments' ? 'replicasets' : 'controllerrevisions';
  const path = pathOf({ ...kind, resource }, object.metadata.namespace);
  return revisionsOf(object, (await readJson<{ items: Kept[] }>(`${path}?${query}`)).items);
}

/** The pods that the end of a node concerns. */
async function podsOn({ metadata: { name } }: ApiObject): Promise<Pod[]> {
  const query = new URLSearchParams({ fieldSelector: `spec.nodeName=${escapeFieldValue(name)}` });
  const { items } = await readJson<{ items: Pod[] }>(`/api/v1/pods?${query}`);
  return items.filter((pod) => !outlastsDrain(pod));
}

const isRisky = (pod: Pod): boolean =>
  isLostByDrain(pod) || !!pod.spec.volumes?.some(({ emptyDir }) => emptyDir);

async function attempt(action: Action, kind: Kind, object: ApiObject, input = {}) {
  const { path, ...call } = callOf(action, kind, object, input);
  return request(path, call).then(
    () => true,
    (error: Error) => error,
  );
}

function Act({ action, kind, objects }: Asked) {
  const [first] = objects as [Workload];
  const isDrain = action.name === 'drain';
  /** The objects by uid; true for those that are done. */
  const answers = useSignal<ReadonlyMap<string, [ApiObject, boolean | Error]>>(new Map());
  const isBusy = useSignal(true);
  const revisions = useSignal<Revision[]>([]);
  const box = useRef<HTMLDialogElement>(null);
  const stop = useMemo(() => new AbortController(), []);
  const answer = (object: ApiObject, is: boolean | Error = false) =>
    (answers.value = new Map(answers.value).set(object.metadata.uid!, [object, is]));
  /** Does work while the buttons rest. */
  const work = async (what: () => Promise<void>): Promise<void> => {
    isBusy.value = true;
    await what().catch((error: Error) => answer(first, error));
    isBusy.value = false;
  };
  useEffect(() => {
    const dialog = box.current!;
    dialog.showModal();
    for (const object of objects) answer(object);
    void work(async () => {
      if (action.asks === 'revision') revisions.value = await historyOf(kind, first);
      if (isDrain) for (const pod of await podsOn(first)) answer(pod);
    });
    return () => (stop.abort(), dialog.close());
  }, []);

  /** Evicts the pods, and tries again what their budgets refuse, until none is left. */
  const empty = async (): Promise<void> => {
    answer(first, await attempt(action, kind, first));
    while (answers.value.get(first.metadata.uid!)?.[1] === true) {
      const pods = await podsOn(first);
      for (const [uid, [object]] of answers.value)
        if (!pods.some(({ metadata }) => metadata.uid === uid)) answer(object, true);
      if (!pods.length) return;
      const unseen = pods.filter((pod) => isRisky(pod) && !answers.value.has(pod.metadata.uid!));
      for (const pod of unseen) answer(pod);
      if (unseen.length) throw new Error(word('drainLoses'));
      for (const pod of pods) {
        if (stop.signal.aborted) return;
        const isLeaving = pod.metadata.deletionTimestamp || (await attempt(EVICT, KINDS.pods, pod));
        answer(pod, isLeaving instanceof Error && isLeaving);
      }
      const tick = now.peek();
      await until(() => now.value !== tick);
    }
  };
  const each = async (form: FormData): Promise<void> => {
    const replicas = Number(form.get('value'));
    const content = revisions.value.find(({ number }) => number === replicas)?.content;
    const input = {
      replicas,
      content,
      image: form.get('value'),
      fresh: `debugger-${Date.now().toString(36)}`,
      now: new Date().toISOString().replace(/\.\d+/, ''),
    };
    for (const [object, is] of answers.value.values())
      if (is !== true && !stop.signal.aborted)
        answer(object, await attempt(action, kind, object, input));
  };
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void work(async () => {
      await (isDrain ? empty() : each(form));
      if ([...answers.value.values()].every(([, is]) => is === true)) box.current?.close();
    });
  };
  const all = [...answers.value];
  const risky = all
    .flatMap(([, [object]]) =>
      isDrain && object !== first && isRisky(object as Pod) ? [keyOf(object)] : [],
    )
    .join(', ');
  const replicas = String(first.spec?.replicas ?? '');
  const title = isDrain ? first.metadata.name : `${objects.length} × ${kind.kind}`;
  return (
    <dialog ref={box} aria-labelledby="asked" onClose={() => (asked.value = undefined)}>
      <form onSubmit={submit}>
        <h2 id="asked">{`${word(action.name)}: ${title}`}</h2>
        <p>{word(`${action.name}Says` as WordName)}</p>
        <ul class="objects">
          {all.map(([uid, [object, is]]) => (
            <li key={uid}>
              {keyOf(object)} {is === true && '✓'}
              {is instanceof Error && <Problem error={is} />}
            </li>
          ))}
        </ul>
        {action.asks && (
          <label>
            {word(action.asks)}{' '}
            {action.asks === 'replicas' ? (
              <input type="number" name="value" min="0" required defaultValue={replicas} />
            ) : action.asks === 'image' ? (
              <input name="value" required autoComplete="off" />
            ) : (
              <select name="value" required>
                {revisions.value.map(({ number }) => (
                  <option key={number}>{number}</option>
                ))}
              </select>
            )}
          </label>
        )}
        {risky && (
          <label key={risky} class="error">
            <input type="checkbox" required /> {`${word('drainLoses')}: ${risky}`}
          </label>
        )}
        <div class="tools">
          <span role="status">
            {`${all.filter(([, [, is]]) => is === true).length} / ${all.length} ${word('done')}`}
          </span>
          <button type="button" onClick={() => box.current!.close()}>
            {word('cancel')}
          </button>
          <button type="submit" class={toneOf(action)} disabled={isBusy.value}>
            {word(action.name)}
          </button>
        </div>
      </form>
    </dialog>
  );
}
