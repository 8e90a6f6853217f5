// Scenarios of several requests with the answers of kube-apiserver 1.32: definitions of kinds and
// their objects, policies and webhooks. A scenario has a name of its own, which takes the place of
// PLACE.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Json } from '../support/recording.js';
import type { HookServer, Review } from './hooks.js';
import type { Answer, Session } from './session.js';

interface Step {
  m?: string;
  /** Waits until the admission configurations are obeyed. */
  ready?: string;
  p: string;
  b?: Json;
  h?: Record<string, string>;
  /** Keeps the answer under this name. */
  as?: string;
  /** The part of the answer that counts. */
  pick?: string | string[];
  /** Repeats the request until its answer is so. */
  until?: { status?: number; has?: string; lacks?: string; ms?: number };
  /** The definition that the step writes does not get its kinds served. */
  nowait?: boolean;
  watch?: boolean;
}

export interface ScenarioAnswer {
  status: number;
  object?: Json;
  reason?: string;
  message?: string;
  causes?: { field?: string; reason?: string; message?: string }[];
  about?: Json[];
  text?: string;
  warnings?: string;
  /** The reviews that webhooks got meanwhile. */
  reviews?: Json[];
}

export interface Scenario {
  topic: string;
  id: string;
  /** The scenario has a namespace, with these fields of its metadata. */
  ns?: Json;
  /** The answers of webhooks, by name. */
  hooks?: Json;
  /** Conversions may come in any number. */
  once?: boolean;
  steps: Step[];
  answers: (ScenarioAnswer | null)[];
}

/** As long as the names that take its place, so that columns in texts stay true. */
const PLACE = 'zzrunzzz';

/** Waiting for something to come takes this long at most. */
const PATIENCE_MS = 40_000;
const POLL_MS = 20;

export const readScenarios = (file: string): Scenario[] =>
  gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Scenario);

const LETTERS = 'abcdefghijkmnpqrstuvwyz';

function nameOf(id: string): string {
  const digest = createHash('sha256').update(id).digest();
  return `x${[...digest.subarray(0, 7)].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}

const DAY_MS = 86_400_000;
const DAYS = [-1, 0, 1].map((day) =>
  new Date(Date.now() + day * DAY_MS).toISOString().slice(0, 10),
);
/** Values that differ from run to run get a name. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/selfType\d+/g, 'selfTypeN'],
  [/\([0-9a-f]{40,} \.\.\.\)/g, '(HEX ...)'],
  [/resourceVersion: "\d+"/g, 'resourceVersion: "RV"'],
  [new RegExp(`\\b(${DAYS.join('|')})T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z`, 'g'), 'TIME'],
  [/\bgen-[a-z0-9]{5}\b/g, 'gen-X'],
  [/(resourceVersion\\?":\\?")\d+/g, '$1RV'],
  [/in scheme "[^"]*"/g, 'in scheme "SCHEME"'],
  [/\bkube-api-access-\w{5}/g, 'kube-api-access-X'],
  [/\b10\.96\.\d+\.\d+\b/g, 'CLUSTERIP'],
];
/** The port of the webhooks and their authority, once the server of hooks runs. */
let hookPort = 0;
let hookCa = '';

/** Names the webhooks of the answers that are compared. */
export function nameHooks({ port, caBundle }: HookServer): void {
  hookPort = port;
  hookCa = caBundle;
}
/** Generated ids appear beside this word, others in the values of scenarios. */
const ID = /uid/i;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const NAMED: Readonly<Record<string, string>> = {
  resourceVersion: 'RV',
  storageVersionHash: 'HASH',
  continue: 'CONTINUE',
};

/** Lists without an order, by the names of their items. */
const UNORDERED: Readonly<Record<string, (item: Json) => string>> = {
  managedFields: ({ manager, operation, subresource, apiVersion }) =>
    JSON.stringify([manager, operation, subresource, apiVersion]),
  conditions: ({ type }) => String(type),
  resources: (item) => String(item?.name ?? item?.resource),
};

function plainText(text: string, name: string): string {
  const own = text
    .replaceAll(`127.0.0.1:${hookPort}`, '127.0.0.1:HOOK')
    .replace(/127\.0\.0\.1:\d+->/g, '127.0.0.1:PORT->')
    .replaceAll(hookCa || '\0', 'CA')
    .replaceAll(name, PLACE)
    .replaceAll(`X${name.slice(1)}`, `Z${PLACE.slice(1)}`);
  const made = ID.test(own) ? own.replace(UUID, 'UID') : own;
  return VARYING.reduce((result, [pattern, word]) => result.replace(pattern, word), made);
}

const AGE = /^(\d+[ydhms])+$/;

function plain(value: Json, name: string, key = ''): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => plain(item, name));
    const order = UNORDERED[key];
    return order ? items.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)) : items;
  }
  if (typeof value === 'object' && value !== null) {
    const isTable = value.kind === 'Table' && Array.isArray(value.rows);
    const rows = (list: Json[]): Json[] =>
      list.map((row) => ({
        ...row,
        cells: (row.cells ?? []).map((cell: Json) =>
          typeof cell === 'string' && AGE.test(cell) ? 'AGE' : cell,
        ),
      }));
    return Object.fromEntries(
      Object.keys(value as object)
        .toSorted()
        .map((member) => [
          plainText(member, name),
          plain(
            isTable && member === 'rows' ? rows(value.rows as Json[]) : value[member],
            name,
            member,
          ),
        ]),
    );
  }
  if (typeof value !== 'string' || value === '') return value;
  if (key === 'uid') return value === 'admin' ? value : 'UID';
  return NAMED[key] ?? plainText(value, name);
}

const at = (value: Json, path: readonly string[]): Json =>
  path.reduce<Json>((inner, key) => inner?.[key], value);

function operationsOf(paths: Json, isOwn: (text: string) => boolean): Json {
  const found: Json = {};
  for (const [path, item] of Object.entries((paths ?? {}) as Record<string, Json>))
    for (const [verb, operation] of Object.entries((isOwn(path) ? item : {}) as Json))
      if ((operation as Json)?.operationId) found[`${verb} ${path}`] = summary(operation);
  return found;
}

const summary = (operation: Json): Json => ({
  id: operation.operationId,
  action: operation['x-kubernetes-action'],
  gvk: operation['x-kubernetes-group-version-kind'],
  consumes: operation.consumes,
  accepts: Object.keys((operation.requestBody?.content ?? {}) as object),
  codes: Object.keys((operation.responses ?? {}) as object),
});

/** The part of a body that a step asks for. */
function picked(body: Json, how: Step['pick'], name: string): Json {
  if (Array.isArray(how))
    return at(
      body,
      how.map((key) => key.replaceAll(PLACE, name)),
    );
  const isOwn = (text: string): boolean => text.includes(name);
  const own = (members: Json): Json =>
    Object.fromEntries(Object.entries((members ?? {}) as object).filter(([key]) => isOwn(key)));
  switch (how) {
    case 'definitions':
      return { definitions: own(body.definitions) };
    case 'schemas':
      return { schemas: own(body.components?.schemas) };
    case 'operations':
      return operationsOf(body.paths, isOwn);
    case 'group':
      return [
        ...(body.items ?? []).filter((item: Json) => isOwn(item.metadata?.name ?? '')),
        ...(body.groups ?? []).filter((group: Json) => isOwn(group.name)),
      ];
    case 'keys':
      return Object.keys((body.paths ?? {}) as object)
        .filter(isOwn)
        .toSorted();
    case 'names':
      return (body.items ?? []).map((item: Json) => item.metadata.name);
    default:
      return body;
  }
}

/** Integers beyond a double's precision are compared as texts. */
const exact = (text: string): string =>
  text.replace(/([:[,]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"#$2"');

function tryParse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answerOf({ status, text, warning }: Answer, name: string, step: Step): ScenarioAnswer {
  const noted = warning ? { warnings: plainText(warning, name) } : {};
  const body = tryParse(exact(text));
  const lines =
    step.watch && body ? [body] : text.split('\n').filter(Boolean).map(exact).map(tryParse);
  if (body === undefined || step.watch) {
    if (lines.length === 0 || lines.includes(undefined))
      return { status, text: plainText(text.slice(0, 600), name), ...noted };
    const events = lines.filter(({ type }) => type !== 'BOOKMARK');
    return { status, object: events.map((event) => plain(event, name)), ...noted };
  }
  if (status >= 400 && body.kind === 'Status') {
    const { reason, message, details } = plain(body, name);
    const causes = details?.causes ? { causes: details.causes } : {};
    const about = ['name', 'group', 'kind', 'retryAfterSeconds'].map((key) => details?.[key]);
    return { status, reason, message, ...causes, about, ...noted };
  }
  const key = Array.isArray(step.pick) ? step.pick.at(-1) : undefined;
  const part = step.pick === undefined ? body : picked(body, step.pick, name);
  return { status, object: plain(part ?? null, name, key), ...noted };
}

async function until(isDone: () => Promise<boolean>, ms = PATIENCE_MS): Promise<void> {
  const limit = Date.now() + ms;
  while (!(await isDone()) && Date.now() < limit)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** Waits until discovery names the kind in the served versions of a definition. */
async function served(session: Session, { spec }: Json): Promise<void> {
  const { group, names, versions = [] } = spec;
  for (const { name, served: isServed } of versions)
    if (isServed)
      await until(async () => {
        const { status, text } = await session.send('GET', `/apis/${group}/${name}`, undefined);
        return status === 200 && text.includes(`"${names.plural}"`);
      });
}

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Changes of a served definition show nowhere but in the answers to come. */
const SETTLE_MS = 100;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The manager of plain writes has the client's name. */
const CLIENT = { 'user-agent': 'corpus/1' };

const REGISTRATION = '/apis/admissionregistration.k8s.io/v1';
const CONFIGURATIONS = [
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
].map((resource) => `${REGISTRATION}/${resource}`);

/** A read waits until the caches are as new as the store, and admission reads the same caches. */
const configured = (session: Session): Promise<unknown> =>
  Promise.all(CONFIGURATIONS.map((path) => session.send('GET', path, undefined)));

/** Mutating reviews in their order, then validating ones by name: those come side by side. */
function reviewsOf(reviews: readonly Review[], name: string, step: Step, once: boolean): Json[] {
  const isValidating = ({ hook }: Review): boolean => hook.startsWith('v');
  const validating = reviews.filter(isValidating).sort((a, b) => (a.hook < b.hook ? -1 : 1));
  const all = [...reviews.filter((review) => !isValidating(review)), ...validating];
  const shown = all.map((review) => plain(review, name));
  if (!once) return shown;
  if (step.m !== 'GET' || !step.p.includes('/v2/')) return [];
  return [...new Map(shown.map((review) => [JSON.stringify(review), review])).values()];
}

/** Sends the requests of a scenario; its objects go again. */
export async function runScenario(
  session: Session,
  hookServer: HookServer,
  scenario: Scenario,
): Promise<(ScenarioAnswer | null)[]> {
  const name = nameOf(scenario.id);
  const hooks = hookServer.scenario(name, PLACE, scenario.hooks);
  const kept: Record<string, Json> = {};
  const filled = (text: string): string =>
    text
      .replaceAll(PLACE, name)
      .replaceAll('@CA@', hookServer.caBundle)
      .replaceAll('@HOOK@', hooks.url)
      .replace(/@\{(\w+)\.([^}]+)\}/g, (_, key: string, path: string) =>
        String(at(kept[key], path.split('.')) ?? ''),
      );
  const filledJson = (value: Json): Json =>
    typeof value === 'string' ? filled(value) : JSON.parse(filled(JSON.stringify(value)));
  if (scenario.ns)
    await createNamespace(session, name, scenario.ns === true ? {} : filledJson(scenario.ns));
  const answers: (ScenarioAnswer | null)[] = [];
  const made = new Set<string>();
  for (const step of scenario.steps) {
    if (step.m === undefined) {
      await (step.ready ? configured(session) : pause(SETTLE_MS));
      answers.push(null);
      continue;
    }
    const path = filled(step.p);
    const body = step.b === undefined ? undefined : filledJson(step.b);
    const headers = { ...CLIENT, ...(step.h ? filledJson(step.h) : {}) };
    hooks.take();
    const send = (): Promise<Answer> => session.send(step.m!, path, body, headers);
    let answer = await send();
    const { until: wish } = step;
    if (wish)
      await until(async () => {
        const { status, text } = answer;
        const isDone =
          (!wish.status || status === wish.status) &&
          (!wish.has || text.includes(filled(wish.has))) &&
          (!wish.lacks || !text.includes(filled(wish.lacks)));
        if (!isDone) answer = await send();
        return isDone;
      }, wish.ms);
    const shown = tryParse(answer.text);
    if (step.as) kept[step.as] = shown;
    const isWrite = step.m !== 'GET' && !path.includes('dryRun=');
    if (isWrite && shown?.kind === 'CustomResourceDefinition' && path.startsWith(DEFINITIONS)) {
      made.add(`${DEFINITIONS}/${shown.metadata.name}`);
      if (step.m !== 'DELETE' && !step.nowait) await served(session, shown);
      if (answer.status === 200) await pause(SETTLE_MS);
    }
    if (isWrite && CONFIGURATIONS.includes(path)) made.add(`${path}/${shown?.metadata?.name}`);
    const reviews = reviewsOf(hooks.take(), name, step, scenario.once ?? false);
    answers.push({ ...answerOf(answer, name, step), ...(reviews.length ? { reviews } : {}) });
  }
  // Configurations go first, because their webhooks would be asked about the rest.
  for (const path of [...made].sort()) await session.send('DELETE', path, undefined);
  hooks.end();
  return answers;
}

async function createNamespace(session: Session, name: string, fields: Json): Promise<void> {
  const post = (path: string, metadata: Json): Promise<Answer> =>
    session.send('POST', path, { metadata }, CLIENT);
  await post('/api/v1/namespaces', { name, ...fields });
  await post(`/api/v1/namespaces/${name}/serviceaccounts`, { name: 'default' });
}

/** Go's print-out of a bad value that is a struct, list or map is not compared. */
function withoutGoValues(text: string): string {
  const start =
    /(?:Invalid|Duplicate|Unsupported) value: (?!["\d{-])(?=[&*[(a-zA-Z][\w.&*[\]()/ ]*(?:interface \{\})?\{)/g;
  let out = '';
  let from = 0;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const end = endOfValue(text, start.lastIndex);
    out += `${text.slice(from, start.lastIndex)}V`;
    from = end;
    start.lastIndex = end;
  }
  return out + text.slice(from);
}

/** The end of a Go literal, whose braces and quotes are balanced. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let i = from; i < text.length; i++) {
    const sign = text[i];
    if (isQuoted) {
      if (sign === '\\') i++;
      else if (sign === '"') isQuoted = false;
    } else if (sign === '"') isQuoted = true;
    else if (sign === '{') depth++;
    else if (sign === '}' && --depth === 0 && text[i + 1] !== '{') return i + 1;
  }
  return text.length;
}

const shapeOf = (text = ''): string => withoutGoValues(text.replace(/0x[0-9a-f]{6,}/g, 'PTR'));

const sorted = (items: readonly unknown[]): string =>
  JSON.stringify(items.map((item) => JSON.stringify(item)).toSorted());

/** Absent members equal nulls. */
function differingPath(want: Json, got: Json, path = ''): string | undefined {
  if (want === got || ((want ?? null) === null && (got ?? null) === null)) return undefined;
  const isPair =
    typeof want === 'object' &&
    typeof got === 'object' &&
    want &&
    got &&
    Array.isArray(want) === Array.isArray(got);
  if (!isPair) return `${path}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`;
  for (const key of new Set([...Object.keys(want as object), ...Object.keys(got as object)])) {
    const found = differingPath(want[key], got[key], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first thing that differs; undefined when the answers are equal. */
export function differenceOf(want: ScenarioAnswer, got: ScenarioAnswer): string | undefined {
  if (want.status !== got.status)
    return `status ${got.status} ${got.message ?? ''}, not ${want.status} ${want.message ?? ''}`;
  if (want.status >= 400 && want.object === undefined) {
    const causes = (answer: ScenarioAnswer): string =>
      sorted((answer.causes ?? []).map(({ field, reason }) => [field, reason]));
    if (causes(want) !== causes(got)) return `causes ${causes(got)}, not ${causes(want)}`;
    const texts = ({ causes: list, message, text, reason, about }: ScenarioAnswer): string =>
      JSON.stringify([
        list ? sorted(list.map((cause) => shapeOf(cause.message))) : shapeOf(message ?? text),
        reason,
        (about ?? []).map((item) => item ?? null),
      ]);
    if (texts(want) !== texts(got)) return `texts ${texts(got)}, not ${texts(want)}`;
  } else if ((want.text ?? '') !== (got.text ?? '')) return `text ${got.text}, not ${want.text}`;
  else {
    const found = differingPath(want.object, got.object);
    if (found !== undefined) return `object ${found}`;
  }
  const [wanted, found] = [want.warnings ?? '', got.warnings ?? ''];
  if (wanted !== found) return `warnings ${found}, not ${wanted}`;
  const review = differingPath(want.reviews ?? [], got.reviews ?? []);
  return review === undefined ? undefined : `reviews ${review}`;
}
