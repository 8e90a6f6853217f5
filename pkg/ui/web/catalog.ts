// The kinds that the server serves, from aggregated discovery.
import { signal } from '@preact/signals';
import { request } from './connection.js';
import type { Kind } from './kind.js';

interface Resource {
  resource: string;
  responseKind?: { kind: string };
  scope: string;
  verbs: string[];
  subresources?: { subresource: string }[];
}
type Version = { version: string; resources?: Resource[] };
type Discovery = { items: { metadata: { name?: string }; versions: Version[] }[] };

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
        verbs: r.verbs,
        subresources: (r.subresources ?? []).map(({ subresource }) => subresource),
      }));
  });
}

/** The address of the page of a kind. */
export const kindPath = (kind: Kind): string =>
  `/kind/${kind.group || 'core'}/${kind.version}/${kind.resource}`;

/** The address of the page that creates an object of a kind. */
export const createPath = (kind: Kind): string => kindPath(kind).replace('/kind', '/create');

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
  verbs: [],
  subresources: [],
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
  policies: apps('networkpolicies', 'NetworkPolicy', 'networking.k8s.io'),
} as const;

export const CONTROLLERS: readonly Kind[] = [
  KINDS.replicationControllers,
  KINDS.deployments,
  KINDS.replicaSets,
  KINDS.daemonSets,
  KINDS.statefulSets,
];

/** The kind as the server serves it; undefined when it does not, or has not told. */
export const served = ({ group, resource }: Kind): Kind | undefined =>
  catalog.value?.find((k) => k.group === group && k.resource === resource);

/** False for a kind that the server is known not to serve. */
export const isServed = (kind: Kind): boolean => !catalog.value || !!served(kind);
