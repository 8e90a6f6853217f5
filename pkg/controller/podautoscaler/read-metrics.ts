// Reads metrics from the APIs that serve them: metrics.k8s.io, custom.metrics.k8s.io and
// external.metrics.k8s.io, which stand behind APIServices (upstream: pkg/controller/podautoscaler/
// metrics/client.go and k8s.io/metrics/pkg/client). Errors have upstream's texts.
import { qualified } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import type { ResourceType } from '../../apimachinery/meta/object.js';
import type { APIGroup, Status } from '../../apimachinery/meta/types.js';
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';
import type {
  CrossVersionObjectReference,
  MetricIdentifier,
  MetricSpec,
} from '../../apis/autoscaling/v2/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import type { Client } from '../../client/client.js';
import { resourcePath } from '../../client/resource-path.js';
import { parseDuration } from '../../util/duration/go-duration.js';
import type { Clock } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import { MAX_AUTOSCALER_TEXT } from '../runtime/limits.js';
import type { Sample } from './replicas.js';
import type { Reading } from './sources.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

const POD_METRICS = { group: 'metrics.k8s.io', version: 'v1beta1', resource: 'pods' };
const CUSTOM_GROUP = 'custom.metrics.k8s.io';
/** Upstream's client prefers the first. */
const CUSTOM_VERSIONS = ['v1beta2', 'v1beta1'];

export interface PodMetrics {
  metadata: { name: string; namespace?: string };
  timestamp: string;
  window: string;
  containers: { name: string; usage: Record<string, string> }[];
}

interface MetricValue {
  describedObject?: { name: string };
  value: string;
}

export interface MetricsReader {
  client: Client;
  namespace: string;
  /** The selector of the target's pods. */
  selector: string;
  /** The usage of the pods. Throws an Error when it is unknown. */
  usage(): Promise<PodMetrics[]>;
  /** Throws an Error for a kind that nobody serves. */
  typeOf(reference: Partial<CrossVersionObjectReference>): Promise<ResourceType<unknown>>;
}

const decoder = new TextDecoder();
/** Refusals without a Status, in client-go's words (NewGenericServerResponse). */
const PLAIN: Readonly<Record<number, string>> = {
  404: 'the server could not find the requested resource',
  503: 'the server is currently unable to handle the request',
};

/** GET; `what` names the resource in errors. Throws an Error with the server's message. */
export async function readJson<T>(client: Client, path: string, what: string): Promise<T> {
  const options = { accept: 'application/json' };
  const { body, status } = await client.raw('GET', path, undefined, options);
  const text = decoder.decode(body);
  if (status < 300) return JSON.parse(text) as T;
  let message = `${PLAIN[status] ?? `the server answered with status ${status}`} (get ${what})`;
  try {
    message = (JSON.parse(text) as Status).message ?? message;
  } catch {
    // Proxies respond with plain text.
  }
  throw new Error(message.slice(0, MAX_AUTOSCALER_TEXT));
}

/** `locate` gives the path below the namespace. Throws an Error when there are no items. */
async function readItems<T>(
  reader: Pick<MetricsReader, 'client' | 'namespace'>,
  api: 'resource' | 'custom' | 'external',
  locate: () => Promise<Pick<ResourceType, 'group' | 'version' | 'resource'>>,
  labelSelector: string,
  metricLabelSelector?: string,
): Promise<T[]> {
  let items: T[] | undefined;
  try {
    const type = await locate();
    const where = { namespace: reader.namespace };
    const query = { labelSelector, metricLabelSelector };
    const path = resourcePath({ ...type, kind: '', namespaced: true }, where, query);
    ({ items } = await readJson<{ items?: T[] }>(reader.client, path, qualified(type)));
  } catch (error) {
    throw new Error(`unable to fetch metrics from ${api} metrics API: ${errorText(error)}`);
  }
  return someOf(items, api);
}

/** Throws an Error when there are none. */
function someOf<T>(items: T[] | undefined, api = 'resource'): T[] {
  if (items?.length) return items;
  throw new Error(`no metrics returned from ${api} metrics API`);
}

/** Throws an Error when the metric cannot be read. */
export async function readMetric(reader: MetricsReader, spec: MetricSpec): Promise<Reading> {
  const { containerResource, external, object, pods, resource } = spec;
  if (pods) {
    const values = await customValues(reader, { kind: 'Pod', name: '*' }, pods.metric, true);
    return new Map(
      values.map(({ describedObject, value }) => [
        describedObject?.name ?? '',
        { milli: milliOf(value), at: 0, window: 0 },
      ]),
    );
  }
  if (object) {
    const values = await customValues(reader, object.describedObject, object.metric, false);
    if (values.length === 1) return milliOf(values[0]!.value);
    throw new Error(
      `unable to fetch metrics from custom metrics API: the custom metrics API server returned ${values.length} results when we asked for exactly one`,
    );
  }
  if (!external)
    return podSamples(reader, (resource ?? containerResource)!.name, containerResource?.container);
  const name = encodeURIComponent(external.metric.name);
  const type = { group: 'external.metrics.k8s.io', version: 'v1beta1', resource: name };
  const selector = selectorOf(external.metric);
  const values = await readItems<MetricValue>(reader, 'external', async () => type, selector);
  return values.reduce((total, { value }) => total + milliOf(value), 0);
}

/**
 * Reads the usage of the pods of a selector. With `among`, the usage of the whole namespace serves
 * all that ask within `keepMs`, and each gets what belongs to these pods.
 */
export function createUsageReader(client: Client, clock: Clock, keepMs: number) {
  const known = new Map<string, { at: number; usage: Promise<PodMetrics[]> }>();
  const read = (namespace: string, selector: string): Promise<PodMetrics[]> =>
    readItems({ client, namespace }, 'resource', async () => POD_METRICS, selector);
  return async (namespace: string, selector: string, among?: readonly Pod[]) => {
    if (!among) return read(namespace, selector);
    const at = clock.monotonic();
    for (const [name, old] of known) if (at - old.at >= keepMs) known.delete(name);
    const shared = getOrInsert(known, namespace, () => ({ at, usage: read(namespace, '') }));
    const names = new Set(among.map(({ metadata }) => metadata.name));
    return someOf((await shared.usage).filter(({ metadata }) => names.has(metadata.name)));
  };
}

const milliOf = (value: string): number => parseQuantity(value).milliValue();

const selectorOf = ({ selector }: MetricIdentifier): string =>
  selector ? selectorFromLabelSelector(selector).toString() : '';

async function podSamples(
  reader: MetricsReader,
  resource: string,
  container: string | undefined,
): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map<string, Sample>();
  for (const { containers = [], metadata, timestamp, window } of await reader.usage()) {
    const counted = containers.filter(({ name }) => container === undefined || name === container);
    if (container !== undefined && !counted.length)
      throw new Error(
        `failed to get container metrics: container ${container} not present in metrics for pod ${metadata.namespace}/${metadata.name}`,
      );
    const amounts = counted.flatMap(({ usage }) => usage[resource] ?? []);
    // A sum without one of the containers would be too low.
    if (!amounts.length || amounts.length < counted.length) continue;
    const milli = amounts.reduce((sum, amount) => sum + milliOf(amount), 0);
    samples.set(metadata.name, { milli, at: Date.parse(timestamp), window: parseDuration(window) });
  }
  return samples;
}

/** Values of a metric of one object, or of all pods of the selector. */
function customValues(
  reader: MetricsReader,
  { apiVersion = '', kind, name }: CrossVersionObjectReference,
  metric: MetricIdentifier,
  isOfPods: boolean,
): Promise<MetricValue[]> {
  const locate = async () => {
    const path = `/apis/${CUSTOM_GROUP}`;
    const group = await readJson<APIGroup>(reader.client, path, CUSTOM_GROUP).catch(
      () => undefined,
    );
    const served = group?.versions.map(({ version }) => version) ?? [];
    const version = CUSTOM_VERSIONS.find((known) => served.includes(known));
    if (!version) throw new Error(`no custom metrics API (${CUSTOM_GROUP}) registered`);
    const described = await reader.typeOf({ apiVersion, kind });
    // The metrics of a namespace are those of the autoscaler's own, whatever name is given.
    const isNamespace = kind === 'Namespace' && !described.group;
    const owner = isNamespace ? 'metrics' : `${qualified(described)}/${encodeURIComponent(name)}`;
    const resource = `${owner}/${encodeURIComponent(metric.name)}`;
    return { group: CUSTOM_GROUP, version, resource };
  };
  return readItems(reader, 'custom', locate, isOfPods ? reader.selector : '', selectorOf(metric));
}
