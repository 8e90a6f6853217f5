// Clients that write, read and watch a few ConfigMaps through any server, and record their
// operations and observations.
import type { HttpClient, Json, Reply } from './http-client.js';
import type {
  Change,
  Get,
  List,
  Operation,
  Outcome,
  Seen,
  WatchRecord,
  WatchStep,
  Write,
} from './history.js';

const PATH = '/api/v1/namespaces/default/configmaps';
const CALL_MS = 6_000;
/** A watch without events for this long is abandoned, because its server may be paused. */
const WATCH_IDLE_MS = 2_500;
/** Selects the objects of the test; the server publishes its own authority in every namespace. */
const SELECTOR = 'labelSelector=test%3Dreliability';

export interface Recorder {
  readonly operations: Operation[];
  readonly statuses: Map<number, number>;
  /** The next position in the order of calls and responses. */
  tick(): number;
}

export function createRecorder(): Recorder {
  let moment = 0;
  return { operations: [], statuses: new Map(), tick: () => ++moment };
}

export const seenOf = (object: Json): Seen => ({
  revision: Number(object.metadata.resourceVersion),
  uid: String(object.metadata.uid),
  data: object.data as Record<string, string>,
});
const itemsOf = (items: readonly Json[]): Map<string, Seen> =>
  new Map(items.map((item) => [String(item.metadata.name), seenOf(item)]));

interface ClientOptions {
  name: string;
  servers: readonly HttpClient[];
  keys: readonly string[];
  recorder: Recorder;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** Performs operations one after the other until abort. */
export async function runClient(options: ClientOptions, signal: AbortSignal): Promise<void> {
  const known = new Map<string, Json>();
  for (let count = 0; !signal.aborted; count++) {
    const { random, keys } = options;
    const key = keys[Math.floor(random() * keys.length)]!;
    const dice = random();
    if (dice < 0.25) await get(options, key, known);
    else if (dice < 0.37) await list(options);
    else await write(options, key, `${options.name}-${count}`, known, dice);
    await new Promise((resolve) => setTimeout(resolve, random() * 20));
  }
}

async function ask(
  options: ClientOptions,
  method: string,
  path: string,
  body?: unknown,
  contentType?: string,
): Promise<Reply> {
  const server = options.servers[Math.floor(options.random() * options.servers.length)]!;
  const reply = await server.call(method, path, body, CALL_MS, contentType);
  const { statuses } = options.recorder;
  statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
  return reply;
}

async function get(options: ClientOptions, key: string, known: Map<string, Json>): Promise<void> {
  const { recorder, name: client } = options;
  const start = recorder.tick();
  const { status, json } = await ask(options, 'GET', `${PATH}/${key}`);
  if (status !== 200 && status !== 404) return;
  if (status === 200) known.set(key, json);
  recorder.operations.push({
    client,
    kind: 'get',
    key,
    start,
    end: recorder.tick(),
    seen: status === 200 ? seenOf(json) : undefined,
  } satisfies Get);
}

async function list(options: ClientOptions): Promise<void> {
  const { recorder, name: client, random } = options;
  const dice = random();
  const fresh = dice < 0.7;
  // Lists the newest state, the newest state in pages, or any state.
  const query = dice < 0.35 ? '' : dice < 0.7 ? '&limit=2' : '&resourceVersion=0';
  const start = recorder.tick();
  const items: Json[] = [];
  let revision = 0;
  let next = '';
  do {
    const { status, json } = await ask(
      options,
      'GET',
      `${PATH}?${SELECTOR}${query}${next && `&continue=${next}`}`,
    );
    if (status !== 200) return;
    // Pages of one list from different servers have the same revision.
    if (revision && Number(json.metadata.resourceVersion) !== revision)
      throw new Error('pages of one listing are of different revisions');
    revision = Number(json.metadata.resourceVersion);
    items.push(...(json.items as Json[]));
    next = (json.metadata.continue as string | undefined) ?? '';
  } while (next);
  recorder.operations.push({
    client,
    kind: 'list',
    fresh,
    start,
    end: recorder.tick(),
    revision,
    items: itemsOf(items),
  } satisfies List);
}

function outcomeOf({ status, json }: Reply, kind: Write['kind']): Outcome {
  if (status === 200 || status === 201) {
    return kind === 'delete'
      ? { type: 'ok', uid: String(json.details?.uid) }
      : { type: 'ok', revision: Number(json.metadata.resourceVersion) };
  }
  if (status === 404) return { type: 'missing' };
  if (status === 409) return { type: json.reason === 'AlreadyExists' ? 'exists' : 'conflict' };
  return { type: 'unknown' };
}

async function write(
  options: ClientOptions,
  key: string,
  id: string,
  known: Map<string, Json>,
  dice: number,
): Promise<void> {
  const { recorder, name: client } = options;
  const old = known.get(key);
  const labels = { test: 'reliability' };
  const fields = { id, [client]: id };
  let kind: Write['kind'] = 'patch';
  if (!old || dice < 0.5) kind = 'create';
  else if (dice < 0.72) kind = 'update';
  else if (dice > 0.92) kind = 'delete';
  const start = recorder.tick();
  let reply: Reply;
  if (kind === 'create')
    reply = await ask(options, 'POST', PATH, { metadata: { name: key, labels }, data: fields });
  else if (kind === 'update')
    reply = await ask(options, 'PUT', `${PATH}/${key}`, {
      ...old,
      data: { ...old.data, ...fields },
    });
  else if (kind === 'patch')
    reply = await ask(
      options,
      'PATCH',
      `${PATH}/${key}`,
      { data: fields },
      'application/merge-patch+json',
    );
  else reply = await ask(options, 'DELETE', `${PATH}/${key}`);
  const outcome = outcomeOf(reply, kind);
  if (outcome.type === 'ok' && kind !== 'delete') known.set(key, reply.json);
  if (outcome.type === 'missing' || (kind === 'delete' && outcome.type === 'ok')) known.delete(key);
  const base = kind === 'update' ? { base: Number(old.metadata.resourceVersion) } : {};
  recorder.operations.push({
    client,
    kind,
    key,
    id,
    start,
    end: recorder.tick(),
    fields,
    outcome,
    ...base,
  });
}

/**
 * Lists and watches until abort. Each connection goes to another server and resumes where the last
 * one ended.
 */
export async function runWatcher(
  options: ClientOptions,
  record: { client: string; steps: WatchStep[] } & WatchRecord,
  signal: AbortSignal,
): Promise<void> {
  const { servers, random } = options;
  let revision = 0;
  while (!signal.aborted) {
    const server = servers[Math.floor(random() * servers.length)]!;
    if (!revision) {
      const { status, json } = await server.call('GET', `${PATH}?${SELECTOR}`, undefined, CALL_MS);
      if (status !== 200) continue;
      revision = Number(json.metadata.resourceVersion);
      record.steps.push({ type: 'list', revision, items: itemsOf(json.items as Json[]) });
    }
    const take = ({ type, object }: Json) => {
      if (type === 'ERROR') {
        // 410 means that the revision is too old: list again. After other errors: resume.
        if (object.code === 410) revision = 0;
        return;
      }
      revision = Number(object.metadata.resourceVersion);
      if (type === 'BOOKMARK') record.steps.push({ type, revision });
      else record.steps.push({ type, key: String(object.metadata.name), seen: seenOf(object) });
    };
    const seconds = 1 + Math.floor(random() * 4);
    await server.watch(
      `${PATH}?watch=1&${SELECTOR}&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${revision}`,
      take,
      signal,
      WATCH_IDLE_MS,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The change of an object of the test in the log of the store. */
export function changeOf(key: string, value: Uint8Array, revision: number, uid: string): Change {
  if (!value.length) return { revision, key, uid };
  const object = JSON.parse(new TextDecoder().decode(value)) as Json;
  return {
    revision,
    key,
    uid: String(object.metadata.uid),
    data: object.data as Record<string, string>,
  };
}
