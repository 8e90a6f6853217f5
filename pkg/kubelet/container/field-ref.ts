// Downward API: fields of the pod and resources of its containers as text (upstream:
// pkg/fieldpath, pkg/api/v1/resource/helpers.go). Pure.
import type { Container, Pod, ResourceFieldSelector } from '../../apis/core/v1/types.js';
import { allContainers } from '../../component-helpers/pods.js';
import { extractResource } from '../../component-helpers/resources.js';

export interface DownwardContext {
  podIPs: readonly string[];
  hostIPs: readonly string[];
  nodeName: string;
  /** Resources of the node, for limits that are not set. */
  allocatable: Readonly<Record<string, string>>;
}

function formatMap(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

/** Throws for paths that do not exist. */
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

/** Rounded up to whole units of the divisor (default 1). */
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
