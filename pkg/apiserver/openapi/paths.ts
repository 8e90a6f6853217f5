// The paths of an OpenAPI document in the form of v2: collection, object and subresources of each
// resource, with the operations that its verbs allow. convert-v2.ts makes the form of v3.
import type { ResourceFacts, SubresourceFacts } from '../../apimachinery/schema/facts.js';
import { BODY_TYPES, plainGet } from './general-paths.js';
import { groupVersionPath, gvkOf, type Kind } from './group-version.js';
import { type ActionFacts, capital, groupWord, tagOf } from './names.js';
import { OPERATIONS } from './operations.generated.js';
import type { Json, SchemaWriter } from './schemas.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];
const STREAM_TYPES = ['application/json;stream=watch'];

interface Target {
  resource: ResourceFacts;
  subresource?: SubresourceFacts;
  /** True for paths inside one namespace. */
  namespaced: boolean;
}

const COLLECTION_VERBS = ['list', 'create', 'deletecollection'];
const OBJECT_VERBS = ['get', 'update', 'patch', 'delete'];

const string = (description: string): Json => ({ type: 'string', description });

export function pathsOf(resources: readonly ResourceFacts[], schemas: SchemaWriter): Json {
  const paths: Json = {};
  for (const resource of resources) {
    const root = `/${groupVersionPath(resource)}`;
    const { resource: plural, namespaced } = resource;
    const base = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
    const allowed = (verbs: string[]) => verbs.filter((verb) => resource.verbs.includes(verb));
    add(paths, base, { resource, namespaced }, allowed(COLLECTION_VERBS), schemas);
    add(paths, `${base}/{name}`, { resource, namespaced }, allowed(OBJECT_VERBS), schemas);
    if (namespaced && resource.verbs.includes('list'))
      add(paths, `${root}/${plural}`, { resource, namespaced: false }, ['list'], schemas);
    if (resource.verbs.includes('watch') && !schemas.isCustom(resource))
      addWatches(paths, resource, schemas);
    for (const subresource of resource.subresources ?? []) {
      const { name, verbs } = subresource;
      add(paths, `${base}/{name}/${name}`, { resource, subresource, namespaced }, verbs, schemas);
    }
  }
  return paths;
}

function add(
  paths: Json,
  path: string,
  target: Target,
  verbs: readonly string[],
  schemas: SchemaWriter,
): void {
  if (verbs.length === 0) return;
  const item: Json = {};
  for (const verb of verbs) {
    const facts = OPERATIONS.actions[verb];
    if (facts) item[facts.method] = operation(target, facts, path, schemas);
  }
  item['parameters'] = pathParameters(path);
  paths[path] = item;
}

/** The deprecated paths below /watch, which clients of old generators call. */
function addWatches(paths: Json, resource: ResourceFacts, schemas: SchemaWriter): void {
  const { namespaced, resource: plural, kind } = resource;
  const root = `/${groupVersionPath(resource)}/watch`;
  const word = `watch${groupWord(resource.group)}${capital(resource.version)}`;
  const own = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const scope = namespaced ? 'Namespaced' : '';
  const list = `watch individual changes to a list of ${kind}`;
  const forms: [path: string, action: string, operationId: string, description: string][] = [
    [own, 'watchlist', `${word}${scope}${kind}List`, list],
    [
      `${own}/{name}`,
      'watch',
      `${word}${scope}${kind}`,
      `watch changes to an object of kind ${kind}`,
    ],
  ];
  if (namespaced)
    forms.push([`${root}/${plural}`, 'watchlist', `${word}${kind}ListForAllNamespaces`, list]);
  const schema = schemas.reference(`${META}.WatchEvent`);
  const types = [...BODY_TYPES, ...STREAM_TYPES];
  for (const [path, action, operationId, description] of forms) {
    const facts = {
      tag: `${tagOf(resource.group)}_${resource.version}`,
      description: `${description}. deprecated: use the 'watch' parameter with a list operation instead.`,
      operationId,
    };
    const get = {
      ...plainGet(facts, ['*/*'], types, schema),
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvkOf(resource),
    };
    const queries = OPERATIONS.queries['list']!.map((name) =>
      parameter(name, 'query', OPERATIONS.query[name]!),
    );
    paths[path] = { get, parameters: [...pathParameters(path), ...queries] };
  }
}

/** The parameters in a path, and the one that all paths take. */
function pathParameters(path: string): Json[] {
  const named = ['name', 'namespace']
    .filter((name) => path.includes(`{${name}}`))
    .map((name) => parameter(name, 'path', string(`The object's ${name}.`)));
  return [...named, parameter('pretty', 'query', OPERATIONS.query['pretty']!)];
}

const parameter = (
  name: string,
  place: 'path' | 'query',
  { description, ...type }: Json,
): Json => ({
  name,
  in: place,
  description,
  ...(place === 'path' && { required: true }),
  uniqueItems: true,
  ...type,
});

function operation(target: Target, facts: ActionFacts, path: string, schemas: SchemaWriter): Json {
  const { resource, subresource } = target;
  const kind = {
    group: subresource?.group ?? resource.group,
    kind: subresource?.kind ?? resource.kind,
    version: subresource?.version ?? resource.version,
  };
  const isCustom = schemas.isCustom(resource);
  const connect = subresource?.kind.endsWith('Options') === true;
  const action = connect ? 'connect' : facts.action;
  const queries = connect || subresource?.name === 'log' ? [] : OPERATIONS.queries[facts.action]!;
  const body = connect ? undefined : bodySchema(facts.action, kind, schemas, isCustom);
  const parameters = queries.map((name) => parameter(name, 'query', OPERATIONS.query[name]!));
  return {
    tags: [`${tagOf(resource.group)}_${resource.version}`],
    description: `${facts.word} ${kind.kind}${subresource ? ` (${subresource.name} of ${resource.kind})` : ''}`,
    operationId: operationId(target, facts, path, connect),
    ...bodyOf(parameters, body, facts, connect, isCustom),
    responses: responses(
      facts.action,
      connect ? undefined : answerSchema(target, facts.action, kind, schemas),
      isCustom,
    ),
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': isCustom ? gvkOf(resource) : kind,
  };
}

function bodySchema(
  action: string,
  kind: Kind,
  schemas: SchemaWriter,
  isCustom: boolean,
): Json | undefined {
  // Upstream's v3 documents have none here.
  if (action === 'deletecollection' && isCustom && schemas.isThird) return undefined;
  if (action === 'post' || action === 'put') return schemas.kind(kind);
  if (action === 'patch') return schemas.reference(`${META}.Patch`);
  if (action === 'delete' || action === 'deletecollection')
    return schemas.reference(`${META}.DeleteOptions`);
  return undefined;
}

/** Content types of a body. Custom resources have neither protobuf nor strategic merge. */
function typesOf(action: string, isCustom: boolean): readonly string[] {
  if (action === 'patch')
    return isCustom ? PATCH_TYPES.filter((type) => !type.includes('strategic')) : PATCH_TYPES;
  return isCustom ? ['application/json', 'application/yaml'] : ['*/*'];
}

function bodyOf(
  parameters: Json[],
  schema: Json | undefined,
  { action }: ActionFacts,
  connect: boolean,
  isCustom: boolean,
): Json {
  const required = action !== 'delete' && action !== 'deletecollection';
  const body = schema ? [{ name: 'body', in: 'body', ...(required && { required }), schema }] : [];
  return {
    consumes: connect ? ['*/*'] : typesOf(action, isCustom),
    produces: connect ? ['*/*'] : action === 'list' ? [...BODY_TYPES, ...STREAM_TYPES] : BODY_TYPES,
    schemes: ['https'],
    parameters: [...body, ...parameters],
  };
}

function answerSchema(target: Target, action: string, kind: Kind, schemas: SchemaWriter): Json {
  if (target.subresource?.name === 'log') return { type: 'string' };
  if (action.startsWith('delete')) return schemas.reference(`${META}.Status`);
  return schemas.kind(action === 'list' ? { ...kind, kind: schemas.listKind(kind) } : kind);
}

function responses(action: string, schema: Json | undefined, isCustom: boolean): Json {
  const codes: Record<string, string> = { 200: 'OK' };
  if (action === 'post' || action === 'put' || (action === 'patch' && !isCustom))
    codes[201] = 'Created';
  if (action === 'post' || action === 'delete') codes[202] = 'Accepted';
  codes[401] = 'Unauthorized';
  return Object.fromEntries(
    Object.entries(codes).map(([code, description]) => [
      code,
      code === '401' || !schema ? { description } : { description, schema },
    ]),
  );
}

/**
 * 'createCoreV1NamespacedPod', 'listAppsV1DeploymentForAllNamespaces',
 * 'connectCoreV1GetNamespacedPodExec'.
 */
function operationId(
  { resource, subresource, namespaced }: Target,
  { word, method }: ActionFacts,
  path: string,
  connect: boolean,
): string {
  const group = groupWord(resource.group);
  const verb = connect
    ? `connect${group}${capital(resource.version)}${capital(method)}`
    : `${word}${group}${capital(resource.version)}`;
  const everywhere = resource.namespaced && !path.includes('{namespace}') ? 'ForAllNamespaces' : '';
  const name =
    word === 'deleteCollection'
      ? `Collection${namespaced ? 'Namespaced' : ''}`
      : namespaced
        ? 'Namespaced'
        : '';
  const start = word === 'deleteCollection' ? verb.replace('deleteCollection', 'delete') : verb;
  return `${start}${name}${resource.kind}${capital(subresource?.name ?? '')}${everywhere}`;
}
