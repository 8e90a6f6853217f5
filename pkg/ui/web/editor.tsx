// YAML that is edited or created. The server tries each change first (dry run), and the visitor
// sees the difference before anything is written.
import { useSignal } from '@preact/signals';
import { applyPatch, structuredPatch } from 'diff';
import { useEffect } from 'preact/hooks';
import { catalog } from './catalog.js';
import { ApiError, request } from './connection.js';
import { Problem } from './dialog.js';
import { draftOf, objectsOf, type Draft } from './drafts.js';
import { pathOf } from './kind.js';
import type { EditorProps } from './page.js';
import { word } from './words.js';

const YAML = 'application/yaml';
/** Larger differences are not computed. */
const MOST_EDITS = 2000;
const MOST_TRIES = 3;
const MARKS: Record<string, 'ins' | 'del'> = { '+': 'ins', '-': 'del' };

const difference = (before: string, after: string) =>
  structuredPatch('', '', before, after, '', '', { context: 3, maxEditLength: MOST_EDITS });

function Diff({ before, after }: { before: string; after: string }) {
  const patch = difference(before, after);
  if (patch?.hunks.length === 0) return <p>{word('noChange')}</p>;
  return (
    <pre class="diff" tabIndex={0} aria-label={word('changes')}>
      {patch?.hunks.map(({ lines, oldStart }) => (
        <div key={oldStart}>
          {lines.map((line, at) => {
            const Mark = MARKS[line[0]!] ?? 'span';
            return <Mark key={at}>{`${line}\n`}</Mark>;
          })}
        </div>
      )) ?? after}
    </pre>
  );
}

/** Where the object is created. Throws when the server does not serve its kind. */
function pathFor(object: ReturnType<typeof objectsOf>[number], chosen: string): string {
  const [version, group = ''] = object.apiVersion.split('/').reverse();
  const kind = catalog.value?.find((one) => one.group === group && one.kind === object.kind);
  if (!kind) throw new Error(`${word('noSuchKind')}: ${object.apiVersion} ${object.kind}`);
  const namespace = kind.namespaced ? object.namespace || chosen || 'default' : '';
  return pathOf({ ...kind, version: encodeURIComponent(version!) }, namespace);
}

type Change = { name: string; after: Draft };

export function Editor({ kind, namespace, name }: EditorProps) {
  const draft = useSignal('');
  /** The object that the draft began with. */
  const base = useSignal<Draft | undefined>(undefined);
  const theirs = useSignal<Draft | undefined>(undefined);
  const review = useSignal<Change[]>([]);
  const saved = useSignal('');
  const problem = useSignal<Error | undefined>(undefined);
  const isBusy = useSignal(false);
  const path = pathOf(kind, namespace, name);
  const toDraft = async (answer: Response): Promise<Draft> =>
    draftOf(await answer.text(), !name || kind.subresources.includes('status'));
  const read = async (): Promise<Draft> => toDraft(await request(path, { accept: YAML }));
  const begin = (from: Draft, text = from.text): void => {
    [base.value, draft.value, theirs.value, review.value] = [from, text, undefined, []];
  };
  const work = async (what: () => Promise<void>): Promise<void> => {
    [isBusy.value, problem.value] = [true, undefined];
    await what().catch((error: Error) => (problem.value = error));
    isBusy.value = false;
  };
  useEffect(() => {
    const version = kind.group ? `${kind.group}/${kind.version}` : kind.version;
    const place = kind.namespaced ? `  namespace: ${namespace || 'default'}\n` : '';
    if (name) void work(async () => begin(await read()));
    else draft.value = `apiVersion: ${version}\nkind: ${kind.kind}\nmetadata:\n  name: \n${place}`;
  }, []);

  const send = async (isTrial: boolean): Promise<Change[]> => {
    const changes: Change[] = [];
    const objects = objectsOf(draft.value, base.value);
    for (const [at, object] of objects.entries()) {
      const query = `fieldValidation=Strict${isTrial ? '&dryRun=All' : ''}`;
      const call = { method: name ? 'PUT' : 'POST', body: object.text, type: YAML, accept: YAML };
      const to = name ? path : pathFor(object, namespace);
      const after = await toDraft(await request(`${to}?${query}`, call));
      changes.push({ name: object.name, after });
      if (isTrial) continue;
      saved.value = `${word('saved')}: ${changes.map((change) => change.name).join(', ')}`;
      // When the next one fails, only those that are left are sent again.
      if (!name)
        draft.value = objects
          .slice(at + 1)
          .map(({ text }) => text)
          .join('---\n');
    }
    return changes;
  };
  /** A change by others of what the visitor does not see, such as the status, is no conflict. */
  const sendTo = async (isTrial: boolean, tries = MOST_TRIES): Promise<Change[]> => {
    try {
      return await send(isTrial);
    } catch (error) {
      if (!base.value || !tries || !(error instanceof ApiError && error.code === 409)) throw error;
      const now = await read();
      if (now.uid === base.value.uid && now.text === base.value.text) {
        base.value = now;
        return sendTo(isTrial, tries - 1);
      }
      [theirs.value, review.value] = [now, []];
      throw error;
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void work(async () => {
      saved.value = '';
      if (!review.value.length) return void (review.value = await sendTo(true));
      const [first] = await sendTo(false);
      review.value = [];
      if (name) begin(first!.after);
    });
  };
  const [mine, other] = [draft.value, theirs.value];
  /** Their change and the visitor's are one text where they do not touch. */
  const join = (from: Draft): void => {
    const patch = difference(base.value!.text, mine);
    begin(from, (patch && applyPatch(from.text, patch)) || mine);
  };
  return (
    <form class="editor" onSubmit={submit}>
      <textarea
        aria-label={word('object')}
        spellcheck={false}
        value={mine}
        readOnly={isBusy.value}
        onInput={(e) => ([draft.value, review.value] = [e.currentTarget.value, []])}
      />
      {problem.value && <Problem error={problem.value} />}
      {other && (
        <section aria-label={word('theirChanges')}>
          <h2>{word('theirChanges')}</h2>
          <Diff before={base.value!.text} after={other.text} />
          <button type="button" onClick={() => join(other)}>
            {word('keepText')}
          </button>
        </section>
      )}
      {review.value.map((change, at) => (
        <section key={at} aria-label={change.name}>
          <h2>{change.name}</h2>
          <Diff before={base.value?.text ?? ''} after={change.after.text} />
        </section>
      ))}
      <div class="tools">
        <button type="submit" class="primary" disabled={isBusy.value || !!other}>
          {word(review.value.length ? 'apply' : 'review')}
        </button>
        <span role="status">{saved.value}</span>
      </div>
    </form>
  );
}
