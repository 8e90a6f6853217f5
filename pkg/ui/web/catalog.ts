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

/** Undefined until the server has answered. */
export const catalog = signal<Kind[] | undefined>(undefined);

const ACCEPT = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Throws ApiError. */
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

/** The address of the page of a kind. */
export const kindPath = (kind: Kind): string =>
  `/kind/${kind.group || 'core'}/${kind.version}/${kind.resource}`;

/** The path of the page of an object. */
export const objectPath = (
  kind: Kind,
  { name, namespace = '-' }: { name: string; namespace?: string },
): string =>
  `/object/${kindPath(kind).slice('/kind/'.length)}/${namespace}/${encodeURIComponent(name)}`;

/** The kind in an address; undefined when the server does not serve it. */
export const kindAt = (group?: string, version?: string, resource?: string): Kind | undefined =>
  catalog.value?.find(
    (k) => (k.group || 'core') === group && k.version === version && k.resource === resource,
  );

const core = (resource: string, kind: string, namespaced = true): Kind => ({
  group: '',
  version: 'v1',
  resource,
  kind,
  namespaced,
  canWatch: true,
});
const apps = (resource: string, kind: string, group = 'apps'): Kind => ({
  ...core(resource, kind),
  group,
});

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
  jobs: apps('jobs', 'Job', 'batch'),
  claims: core('persistentvolumeclaims', 'PersistentVolumeClaim'),
} as const;

/** False for a kind that the server is known not to serve. */
export const isServed = (kind: Kind): boolean =>
  !catalog.value ||
  catalog.value.some((k) => k.group === kind.group && k.resource === kind.resource);
