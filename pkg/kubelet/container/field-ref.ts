// Downward API: pod fields and container resources as text (upstream:
// pkg/fieldpath, pkg/api/v1/resource/helpers.go). Pure.
import type { Container, Pod, ResourceFieldSelector } from '../../apis/core/v1/types.js';
import { allContainers } from '../../component-helpers/pods.js';
import { extractResource } from '../../component-helpers/resources.js';

export interface DownwardContext {
  podIPs: readonly string[];
  hostIPs: readonly string[];
  nodeName: string;
  /** The node's allocatable resources, which stand in for limits that are not set. */
  allocatable: Readonly<Record<string, string>>;
}

function formatMap(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

type Field = (pod: Pod, context: DownwardContext) => string | undefined;

const FIELDS: Readonly<Record<string, Field>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? 'default',
  'metadata.uid': ({ metadata }) => metadata.uid,
  'metadata.labels': ({ metadata }) => formatMap(metadata.labels),
  'metadata.annotations': ({ metadata }) => formatMap(metadata.annotations),
  'spec.nodeName': ({ spec }, { nodeName }) => spec.nodeName ?? nodeName,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? spec.serviceAccount,
  'status.podIP': (_, { podIPs }) => podIPs[0],
  'status.podIPs': (_, { podIPs }) => podIPs.join(','),
  'status.hostIP': (_, { hostIPs }) => hostIPs[0],
  'status.hostIPs': (_, { hostIPs }) => hostIPs.join(','),
};

/** Throws when the API has no such field path. */
export function fieldValue(pod: Pod, path: string, context: DownwardContext): string {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript)
    return pod.metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  const field = Object.hasOwn(FIELDS, path) ? FIELDS[path] : undefined;
  if (!field) throw new Error(`unsupported fieldPath: ${path}`);
  return field(pod, context) ?? '';
}

/** The resource as a number of divisors (default 1), rounded up. */
export function resourceValue(
  pod: Pod,
  container: Container | undefined,
  selector: ResourceFieldSelector,
  context: DownwardContext,
): string {
  const subject = selector.containerName
    ? allContainers(pod.spec).find((c) => c.name === selector.containerName)
    : container;
  if (!subject) throw new Error(`container ${selector.containerName ?? ''} not found`);
  return extractResource(subject, selector, context.allocatable);
}
