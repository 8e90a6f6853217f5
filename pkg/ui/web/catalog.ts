// The kinds that the server serves, from aggregated discovery.
import { signal } from '@preact/signals';
import { request } from './connection.js';

export interface Kind {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  canWatch: boolean;
}

interface Discovery {
  items: {
    metadata: { name?: string };
    versions: {
      version: string;
      resources?: {
        resource: string;
        responseKind?: { kind: string };
        scope: string;
        verbs: string[];
      }[];
    }[];
  }[];
}

export const catalog = signal<Kind[]>([]);

const ACCEPT = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export async function loadCatalog(): Promise<void> {
  const [core, groups] = await Promise.all(
    ['/api', '/apis'].map(
      async (path) => (await (await request(path, { accept: ACCEPT })).json()) as Discovery,
    ),
  );
  catalog.value = [...core!.items, ...groups!.items].flatMap((group) => {
    const [preferred] = group.versions;
    return (preferred?.resources ?? [])
      .filter((r) => r.verbs.includes('list'))
      .map((r) => ({
        group: group.metadata.name ?? '',
        version: preferred!.version,
        resource: r.resource,
        kind: r.responseKind?.kind ?? r.resource,
        namespaced: r.scope === 'Namespaced',
        canWatch: r.verbs.includes('watch'),
      }));
  });
}

export function pathOf(
  kind: Pick<Kind, 'group' | 'version' | 'resource'>,
  namespace = '',
  name = '',
): string {
  const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
  return `${root}${namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${kind.resource}${name ? `/${encodeURIComponent(name)}` : ''}`;
}

const core = (resource: string, kind: string, namespaced = true): Kind => ({
  group: '',
  version: 'v1',
  resource,
  kind,
  namespaced,
  canWatch: true,
});
const apps = (resource: string, kind: string): Kind => ({ ...core(resource, kind), group: 'apps' });

/** The kinds with an entry of their own in the menu. */
export const KINDS = {
  nodes: core('nodes', 'Node', false),
  namespaces: core('namespaces', 'Namespace', false),
  pods: core('pods', 'Pod'),
  services: core('services', 'Service'),
  endpoints: core('endpoints', 'Endpoints'),
  events: core('events', 'Event'),
  replicationControllers: core('replicationcontrollers', 'ReplicationController'),
  replicaSets: apps('replicasets', 'ReplicaSet'),
  deployments: apps('deployments', 'Deployment'),
  daemonSets: apps('daemonsets', 'DaemonSet'),
  statefulSets: apps('statefulsets', 'StatefulSet'),
} as const;
