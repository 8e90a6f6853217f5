// The group metrics.k8s.io/v1beta1: get and list of nodes and pods as JSON or as a table, and the
// documents of discovery. (Upstream: k8s.io/metrics, metrics-server pkg/api.) Pure.
import { badRequest, notFound, statusError } from '../apimachinery/errors/status-error.js';
import { goQuote } from '../apimachinery/errors/go-quote.js';
import { parseFieldSelector } from '../apimachinery/fields/selector.js';
import { parseSelector } from '../apimachinery/labels/selector.js';
import { keyOf } from '../apimachinery/meta/object.js';
import type { ObjectMeta } from '../apimachinery/meta/types.js';
import { Quantity, quantityOf } from '../apimachinery/quantity/quantity.js';
import { formatDuration } from '../util/duration/go-duration.js';
import { timestamp } from '../util/env/env.js';
import type { TotalUsage, Usage } from './usage-store.js';

export const GROUP = 'metrics.k8s.io';
export const VERSION = 'v1beta1';
const GROUP_VERSION = `${GROUP}/${VERSION}`;

type Resource = 'nodes' | 'pods';
const KINDS = { nodes: 'NodeMetrics', pods: 'PodMetrics' } as const;

/** Name, namespace and labels of an object that may have metrics. */
export type Subject = Pick<ObjectMeta, 'name' | 'namespace' | 'labels'>;

export interface Source {
  now(): number;
  subjects(resource: Resource, namespace: string): readonly Subject[];
  /** By the name of a node, or by 'namespace/name' of a pod. */
  usage(key: string): TotalUsage | undefined;
}

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  accept: string;
}

export interface Target {
  resource: Resource;
  namespace: string;
  /** '' for a list. */
  name: string;
}

const PATH = new RegExp(
  `^/apis/${GROUP}/${VERSION}/(?:(nodes)|(?:namespaces/([^/]+)/)?(pods))(?:/([^/]+))?$`,
);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(`invalid URL escape in ${goQuote(text)}`);
  }
}

/** `undefined`: a path of no resource. Throws StatusError for a path that cannot be decoded. */
export function targetOf(path: string): Target | undefined {
  const found = PATH.exec(path);
  if (!found) return undefined;
  const [namespace = '', name = ''] = [found[2], found[4]].map((text) => text && decoded(text));
  if (!found[1] && name && !namespace) return undefined;
  return { resource: found[1] ? 'nodes' : 'pods', namespace, name };
}

const quantities = ({ cpu, memoryBytes }: Usage): Record<'cpu' | 'memory', Quantity> => ({
  cpu: new Quantity(BigInt(Math.round(cpu * 1e9)), 'DecimalSI'),
  memory: quantityOf(Math.round(memoryBytes), 'BinarySI'),
});

interface Measured extends TotalUsage {
  subject: Subject;
}

const metadataOf = ({ subject: { name, namespace, labels } }: Measured, now: number): object => ({
  name,
  ...(namespace && { namespace }),
  creationTimestamp: timestamp(now),
  ...(labels && Object.keys(labels).length && { labels }),
});

const metricsOf = (resource: Resource, one: Measured, now: number): object => ({
  metadata: metadataOf(one, now),
  timestamp: timestamp(one.at),
  window: formatDuration(one.window),
  ...(resource === 'nodes'
    ? { usage: quantities(one.containers[0]!.usage) }
    : {
        containers: one.containers.map(({ name, usage }) => ({ name, usage: quantities(usage) })),
      }),
});

const COLUMNS = [
  ['Name', 'name', 'Name must be unique within a namespace.'],
  ['cpu', 'quantity', ''],
  ['memory', 'quantity', ''],
  ['Window', 'duration', ''],
].map(([name, format, description]) => ({
  name,
  type: 'string',
  format,
  description,
  priority: 0,
}));

function tableOf(all: readonly Measured[], now: number): object {
  const rows = all.map((one) => {
    const amounts = one.containers.map(({ usage }) => quantities(usage));
    const sum = (key: 'cpu' | 'memory') =>
      amounts.map((amount) => amount[key]).reduce((a, b) => a.add(b));
    const cells = [one.subject.name, sum('cpu'), sum('memory'), formatDuration(one.window)];
    const head = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
    return { cells: cells.map(String), object: { ...head, metadata: metadataOf(one, now) } };
  });
  const head = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {} };
  return { ...head, columnDefinitions: COLUMNS, rows };
}

/** Throws StatusError BadRequest. */
function selectorsOf(query: URLSearchParams): (subject: Subject) => boolean {
  const labels = parseSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  for (const { field } of fields.requirements)
    if (field !== 'metadata.name' && field !== 'metadata.namespace')
      throw badRequest(`field label not supported: ${field}`);
  return ({ labels: own, name, namespace }) =>
    labels.matches(own) &&
    fields.matches((field) => (field === 'metadata.name' ? name : namespace));
}

/** Throws StatusError. */
function metricsAnswer(source: Source, target: Target, { method, query, accept }: Call): object {
  const { resource, namespace, name } = target;
  const type = { group: GROUP, resource };
  if (method !== 'GET' || query.get('watch') === 'true' || query.get('watch') === '1')
    throw statusError(
      'MethodNotAllowed',
      `${method === 'GET' ? 'watch' : method} is not supported on resources of kind "${resource}.${GROUP}"`,
    );
  const now = source.now();
  const isTable = /application\/json;(?=[^,]*as=Table)(?=[^,]*g=meta\.k8s\.io)/.test(accept);
  const isSelected = selectorsOf(query);
  const found = source
    .subjects(resource, namespace)
    .filter((subject) => (name ? subject.name === name : isSelected(subject)))
    .flatMap((subject) => {
      const usage = source.usage(keyOf({ metadata: subject }));
      return usage ? [{ subject, ...usage }] : [];
    });
  if (name && !found.length) throw notFound(type, namespace ? `${namespace}/${name}` : name);
  if (isTable) return tableOf(found, now);
  const kind = KINDS[resource];
  const head = { kind: name ? kind : `${kind}List`, apiVersion: GROUP_VERSION };
  if (name) return { ...head, ...metricsOf(resource, found[0]!, now) };
  return { ...head, metadata: {}, items: found.map((one) => metricsOf(resource, one, now)) };
}

const DISCOVERY = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: GROUP_VERSION,
  resources: (['nodes', 'pods'] as const).map((name) => ({
    name,
    singularName: '',
    namespaced: name === 'pods',
    kind: KINDS[name],
    verbs: ['get', 'list'],
  })),
};

/** Throws StatusError for requests that are refused. */
export function answer(source: Source, call: Call): object {
  const target = targetOf(call.path);
  if (target) return metricsAnswer(source, target, call);
  if (call.method === 'GET' && call.path === `/apis/${GROUP_VERSION}`) return DISCOVERY;
  throw statusError('NotFound', 'the server could not find the requested resource');
}
