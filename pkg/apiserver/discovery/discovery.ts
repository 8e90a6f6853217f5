// Discovery documents of the served resources: the aggregated form (apidiscovery v2) for present
// clients at /api and /apis, and the older lists. A document is kept until the list of resources
// changes; ETags let clients cache documents.
import { createHash } from 'node:crypto';
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import { compareVersions } from '../../apimachinery/meta/versions.js';
import type { APIGroup, APIResource } from '../../apimachinery/meta/types.js';
import type { ResourceFacts, SubresourceFacts } from '../../apimachinery/schema/facts.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { ServedResource, ServedResources } from '../served/served.js';
import { localPriorities } from './priorities.js';
import type { RemoteVersion, RemoteVersions } from './remote.js';

const STORAGE_HASH_BYTES = 8;

const AGGREGATED =
  /application\/json\s*;\s*g=apidiscovery\.k8s\.io\s*;\s*v=(v2|v2beta1)\s*;\s*as=APIGroupDiscoveryList/;

interface VersionEntry extends Pick<RemoteVersion, 'group' | 'version' | 'priorities'> {
  resources: ServedResource[];
  /** Set for versions that another server serves. */
  remote: RemoteVersion | undefined;
}

type Groups = Map<string, Map<string, VersionEntry>>;

const NO_REMOTE: RemoteVersions = { generation: 0, all: () => [] };

export interface Document {
  contentType: string;
  bytes: Buffer;
  etag: string;
}

function document(value: unknown, contentType = 'application/json'): Document {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    contentType,
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('hex').toUpperCase()}"`,
  };
}

/**
 * The aggregated form of the older list. `list` has subresources as resources of their own, which
 * stand below their resource then.
 */
function aggregatedResources(group: string, version: string, list: readonly APIResource[]) {
  const kindOf = (one: APIResource) => ({
    group: one.group ?? group,
    version: one.version ?? version,
    kind: one.kind,
  });
  const subresources = new Map<string, unknown[]>();
  for (const one of list) {
    const [resource = '', subresource] = one.name.split('/');
    if (subresource === undefined) continue;
    const known = getOrInsert(subresources, resource, () => []);
    known.push({ subresource, responseKind: kindOf(one), verbs: one.verbs });
  }
  return list
    .filter(({ name }) => !name.includes('/'))
    .map((one) => ({
      resource: one.name,
      responseKind: kindOf(one),
      scope: one.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: one.singularName,
      verbs: one.verbs,
      ...(one.shortNames && { shortNames: one.shortNames }),
      ...(one.categories && { categories: one.categories }),
      ...(subresources.has(one.name) && { subresources: subresources.get(one.name) }),
    }));
}

/** Names the version in which a resource is stored (upstream discovery/storageversionhash.go). */
function storageVersionHash({ group, version, kind }: ResourceFacts): string {
  const digest = createHash('sha256').update(`${group}/${version}/${kind}`).digest();
  return digest.subarray(0, STORAGE_HASH_BYTES).toString('base64');
}

/** `stored` has the facts of a resource's storage version. */
function legacyResources(
  { definition: { facts, storage } }: ServedResource,
  stored: ReadonlyMap<string, ResourceFacts>,
): APIResource[] {
  const storedAs = storage === undefined ? undefined : (stored.get(storage) ?? facts);
  const foreign = ({ group, version }: SubresourceFacts) =>
    group === undefined && version === undefined
      ? {}
      : { group: group ?? '', version: version ?? 'v1' };
  return [
    {
      name: facts.resource,
      singularName: facts.singular,
      namespaced: facts.namespaced,
      kind: facts.kind,
      verbs: facts.verbs,
      ...(facts.shortNames && { shortNames: facts.shortNames }),
      ...(facts.categories && { categories: facts.categories }),
      ...(storedAs && { storageVersionHash: storageVersionHash(storedAs) }),
    },
    ...(facts.subresources ?? []).map((sub) => ({
      name: `${facts.resource}/${sub.name}`,
      singularName: '',
      namespaced: facts.namespaced,
      ...foreign(sub),
      kind: sub.kind,
      verbs: sub.verbs,
    })),
  ];
}

export class Discovery {
  private readonly documents = new Map<string, Document | undefined>();
  private generation = -1;

  constructor(
    private readonly resources: ServedResources,
    /** 'address:port' at which clients reach this server, for the oldest clients. */
    private readonly serverAddress: () => string,
    /** The versions of servers behind this one. */
    private readonly remote: RemoteVersions = NO_REMOTE,
  ) {}

  /** The document at `path` for an Accept header; undefined when there is none. */
  find(path: string, accept: string | undefined): Document | undefined {
    const generation = this.resources.generation + this.remote.generation;
    if (this.generation !== generation) {
      this.documents.clear();
      this.generation = generation;
    }
    const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const isRoot = trimmed === '/api' || trimmed === '/apis';
    const aggregated = isRoot ? AGGREGATED.exec(accept ?? '')?.[1] : undefined;
    const key = `${trimmed} ${aggregated ?? ''}`;
    if (!this.documents.has(key) && this.documents.size < 1_000)
      this.documents.set(key, this.make(trimmed, aggregated));
    return this.documents.get(key);
  }

  /** Groups by priority, then by name; versions by priority, then as Kubernetes orders them. */
  private groups(): Groups {
    const versions = new Map<string, VersionEntry>();
    for (const resource of this.resources.all()) {
      const { group, version } = resource;
      const entry = getOrInsert(versions, `${group}/${version}`, () => {
        const priorities = localPriorities(group, version);
        return { group, version, priorities, resources: [], remote: undefined };
      });
      entry.resources.push(resource);
    }
    for (const remote of this.remote.all()) {
      const { group, version, priorities } = remote;
      const key = `${group}/${version}`;
      if (!versions.has(key))
        versions.set(key, { group, version, priorities, resources: [], remote });
    }
    const best = new Map<string, number>();
    for (const { group, priorities } of versions.values())
      best.set(group, Math.max(best.get(group) ?? 0, priorities.group));
    const sorted = [...versions.values()].sort(
      (a, b) =>
        best.get(b.group)! - best.get(a.group)! ||
        (a.group < b.group ? -1 : a.group > b.group ? 1 : 0) ||
        b.priorities.version - a.priorities.version ||
        compareVersions(a.version, b.version),
    );
    const groups: Groups = new Map();
    for (const entry of sorted)
      getOrInsert(groups, entry.group, () => new Map()).set(entry.version, entry);
    return groups;
  }

  /** The facts of the kinds that are stored as they are, by folder. */
  private storedAs(): ReadonlyMap<string, ResourceFacts> {
    const stored = new Map<string, ResourceFacts>();
    for (const { definition } of this.resources.all())
      if (definition.storage !== undefined && !definition.stored)
        stored.set(definition.storage, definition.facts);
    return stored;
  }

  private make(path: string, aggregated: string | undefined): Document | undefined {
    const groups = this.groups();
    const parts = path.split('/').slice(1);
    if (aggregated) return this.aggregated(groups, parts[0] === 'api', aggregated);
    if (parts[0] === 'api') {
      if (parts.length === 1) return document(this.apiVersions(groups.get('')));
      return parts.length === 2 ? this.resourceList(groups, '', parts[1]!) : undefined;
    }
    if (parts[0] !== 'apis') return undefined;
    if (parts.length === 1) {
      const named = [...groups]
        .filter(([group]) => group !== '')
        .map(([group, versions]) => apiGroup(group, versions));
      return document({
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: named.map(({ kind: _kind, apiVersion: _version, ...group }) => group),
      });
    }
    const versions = groups.get(parts[1]!);
    if (!versions || parts[1] === '') return undefined;
    if (parts.length === 2) return document(apiGroup(parts[1]!, versions));
    return parts.length === 3 ? this.resourceList(groups, parts[1]!, parts[2]!) : undefined;
  }

  private apiVersions(core: Map<string, unknown> | undefined) {
    return {
      kind: 'APIVersions',
      versions: [...(core?.keys() ?? [])],
      serverAddressByClientCIDRs: [
        { clientCIDR: '0.0.0.0/0', serverAddress: this.serverAddress() },
      ],
    };
  }

  private aggregated(groups: Groups, core: boolean, version: string): Document {
    const stored = this.storedAs();
    const list = ({ group, version: name, remote, resources }: VersionEntry) =>
      remote
        ? aggregatedResources(group, name, remote.resources)
        : aggregatedResources(
            group,
            name,
            resources.flatMap((resource) => legacyResources(resource, stored)),
          ).sort((a, b) => (a.resource < b.resource ? -1 : 1));
    const items = [...groups]
      .filter(([group]) => (group === '') === core)
      .map(([group, versions]) => ({
        metadata: { ...(group && { name: group }), creationTimestamp: null },
        versions: [...versions].map(([name, entry]) => ({
          version: name,
          resources: list(entry),
          freshness: entry.remote?.isStale ? 'Stale' : 'Current',
        })),
      }));
    return document(
      {
        kind: 'APIGroupDiscoveryList',
        apiVersion: `apidiscovery.k8s.io/${version}`,
        metadata: {},
        items,
      },
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    );
  }

  private resourceList(groups: Groups, group: string, version: string): Document | undefined {
    const entry = groups.get(group)?.get(version);
    // The list of another server is its own answer.
    if (!entry || entry.remote) return undefined;
    const stored = this.storedAs();
    const resources = entry.resources
      .flatMap((resource) => legacyResources(resource, stored))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return document({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: apiVersionOf({ group, version }),
      resources,
    });
  }
}

function apiGroup(group: string, versions: Map<string, unknown>): APIGroup {
  const list = [...versions.keys()].map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return {
    kind: 'APIGroup',
    apiVersion: 'v1',
    name: group,
    versions: list,
    preferredVersion: list[0]!,
  };
}
