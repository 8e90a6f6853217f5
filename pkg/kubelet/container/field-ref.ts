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

/** Throws when the API has no such field path. */
export function fieldValue(pod: Pod, path: string, context: DownwardContext): string {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript)
    return pod.metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name;
    case 'metadata.namespace':
      return pod.metadata.namespace ?? 'default';
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'metadata.labels':
      return formatMap(pod.metadata.labels);
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations);
    case 'spec.nodeName':
      return pod.spec.nodeName ?? context.nodeName;
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? pod.spec.serviceAccount ?? '';
    case 'status.podIP':
      return context.podIPs[0] ?? '';
    case 'status.podIPs':
      return context.podIPs.join(',');
    case 'status.hostIP':
      return context.hostIPs[0] ?? '';
    case 'status.hostIPs':
      return context.hostIPs.join(',');
    default:
      throw new Error(`unsupported fieldPath: ${path}`);
  }
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
