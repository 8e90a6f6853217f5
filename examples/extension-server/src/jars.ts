// The objects, in memory, with resource versions, watches, and the tables that `kubectl get` shows.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { refusal } from './refusal.js';

const API = { apiVersion: 'pantry.example.com/v1', kind: 'Jar' };
const MAX_EVENTS = 1000;

interface Jar {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid?: string;
    resourceVersion?: string;
    creationTimestamp?: string;
    [member: string]: unknown;
  };
  spec?: { content?: unknown; grams?: unknown };
}

export interface Call {
  namespace: string;
  name: string;
  query: URLSearchParams;
  isTable: boolean;
}

type Verb = 'create' | 'delete' | 'get' | 'list' | 'patch' | 'update' | 'watch';
interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  version: number;
  object: Jar;
}

const VERBS: Record<string, Verb> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** JSON merge patch (RFC 7386). */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out = new Map(Object.entries(typeof target === 'object' && target ? target : {}));
  for (const [key, value] of Object.entries(patch))
    if (value === null) out.delete(key);
    else out.set(key, merge(out.get(key), value));
  return Object.fromEntries(out);
}

function table(jars: Jar[], version: number, withColumns = true): object {
  const column = (name: string, type: string, description: string) => ({
    name,
    type,
    format: name === 'Name' ? 'name' : '',
    description,
    priority: 0,
  });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: String(version) },
    columnDefinitions: withColumns
      ? [
          column('Name', 'string', 'Name of the jar.'),
          column('Content', 'string', 'The food.'),
          column('Grams', 'integer', 'Weight of the food.'),
        ]
      : [],
    rows: jars.map((jar) => ({
      cells: [jar.metadata.name, jar.spec?.content, jar.spec?.grams ?? null],
      object: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: jar.metadata,
      },
    })),
  };
}

export function createJars() {
  const stored = new Map<string, Jar>();
  const events: Change[] = [];
  const watchers = new Set<(change: Change) => void>();
  let version = 0;

  function record(type: Change['type'], jar: Jar): Jar {
    version++;
    const object = { ...jar, metadata: { ...jar.metadata, resourceVersion: String(version) } };
    const key = `${jar.metadata.namespace}/${jar.metadata.name}`;
    if (type === 'DELETED') stored.delete(key);
    else stored.set(key, object);
    const change = { type, version, object };
    events.push(change);
    if (events.length > MAX_EVENTS) events.shift();
    for (const tell of watchers) tell(change);
    return object;
  }

  function checked(value: unknown, { namespace, name }: Call): Jar {
    const jar = value as Partial<Jar> | undefined;
    const { metadata } = jar ?? {};
    if (jar?.apiVersion !== API.apiVersion || jar.kind !== API.kind || !metadata?.name)
      throw refusal(400, 'BadRequest', 'the body is not a Jar with a name');
    if (name && metadata.name !== name)
      throw refusal(400, 'BadRequest', 'the name differs from that of the URL');
    if (typeof jar.spec?.content !== 'string')
      throw refusal(422, 'Invalid', `Jar "${metadata.name}" is invalid: spec.content: Required`);
    return { ...API, metadata: { ...metadata, name: metadata.name, namespace }, spec: jar.spec };
  }

  function find({ namespace, name }: Call): Jar {
    const found = stored.get(`${namespace}/${name}`);
    if (!found) throw refusal(404, 'NotFound', `jars.pantry.example.com "${name}" not found`);
    return found;
  }

  const select = ({ namespace, query }: Call): Jar[] => {
    const name = /^metadata\.name=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
    return [...stored.values()].filter(
      ({ metadata }) =>
        (!namespace || metadata.namespace === namespace) && (!name || metadata.name === name),
    );
  };

  function replace(call: Call, value: unknown): Jar {
    const old = find(call);
    const jar = checked(value, call);
    const { resourceVersion } = jar.metadata;
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion)
      throw refusal(
        409,
        'Conflict',
        'the object has been modified; please apply your changes to the latest version and try again',
      );
    const { uid, creationTimestamp } = old.metadata;
    return record('MODIFIED', { ...jar, metadata: { ...jar.metadata, uid, creationTimestamp } });
  }

  const ACTIONS: Record<Exclude<Verb, 'watch'>, (call: Call, body: unknown) => Jar | Jar[]> = {
    create(call, body) {
      const jar = checked(body, call);
      const { name } = jar.metadata;
      if (stored.has(`${call.namespace}/${name}`))
        throw refusal(409, 'AlreadyExists', `jars.pantry.example.com "${name}" already exists`);
      const creationTimestamp = new Date().toISOString().replace(/\.\d+/, '');
      return record('ADDED', {
        ...jar,
        metadata: { ...jar.metadata, uid: randomUUID(), creationTimestamp },
      });
    },
    get: find,
    list: select,
    update: replace,
    patch: (call, body) => replace(call, merge(find(call), body)),
    delete: (call) => record('DELETED', find(call)),
  };

  return {
    verbOf(method: string, name: string, isWatch: boolean): Verb {
      if (method === 'GET') return isWatch ? 'watch' : name ? 'get' : 'list';
      const verb = VERBS[method];
      if (!verb || (verb === 'create') !== !name)
        throw refusal(405, 'MethodNotAllowed', 'the server does not allow this method');
      return verb;
    },
    run(verb: Exclude<Verb, 'watch'>, call: Call, body: unknown): object {
      const result = ACTIONS[verb](call, body);
      const isList = Array.isArray(result);
      if (call.isTable) return table(isList ? result : [result], version);
      if (!isList) return result;
      const metadata = { resourceVersion: String(version) };
      return { ...API, kind: 'JarList', metadata, items: result };
    },
    /** Sends changes after a resource version; without a version, the present objects first. */
    watch(call: Call, answer: ServerResponse): void {
      answer.writeHead(200, { 'content-type': 'application/json' });
      let isFirst = true;
      const tell = ({ type, object }: Pick<Change, 'type' | 'object'>): void => {
        const { namespace, name } = object.metadata;
        const wanted = /^metadata\.name=(.*)$/.exec(call.query.get('fieldSelector') ?? '')?.[1];
        if ((call.namespace && namespace !== call.namespace) || (wanted && wanted !== name)) return;
        const shown = call.isTable ? table([object], version, isFirst) : object;
        isFirst = false;
        answer.write(`${JSON.stringify({ type, object: shown })}\n`);
      };
      const from = Number(call.query.get('resourceVersion') ?? 0);
      const oldest = events[0]?.version ?? version + 1;
      if (!from) for (const object of stored.values()) tell({ type: 'ADDED', object });
      else if (from + 1 < oldest && from < version) {
        const { status } = refusal(410, 'Expired', 'too old resource version');
        return void answer.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
      } else for (const event of events) if (event.version > from) tell(event);
      watchers.add(tell);
      answer.flushHeaders();
      const seconds = Number(call.query.get('timeoutSeconds') ?? 1800);
      const timer = setTimeout(() => answer.end(), seconds * 1000);
      answer.once('close', () => {
        clearTimeout(timer);
        watchers.delete(tell);
      });
    },
  };
}
