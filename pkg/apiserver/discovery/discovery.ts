// Discovery documents of the served resources: the aggregated form (apidiscovery v2) for present
// clients at /api and /apis, and the older lists. A document is kept until the list of resources
// changes; ETags let clients cache documents.
import { createHash } from 'node:crypto';
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import { compareVersions } from '../../apimachinery/meta/versions.js';
import type { APIGroup, APIResource } from '../../apimachinery/meta/types.js';
import type { ResourceFacts, SubresourceFacts } from '../../apimachinery/schema/facts.js';
import type { ServedResource, ServedResources } from '../served/served.js';

/** Upstream's order of groups; others follow by name. */
const GROUP_ORDER = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

const STORAGE_HASH_BYTES = 8;

const AGGREGATED =
  /application\/json\s*;\s*g=apidiscovery\.k8s\.io\s*;\s*v=(v2|v2beta1)\s*;\s*as=APIGroupDiscoveryList/;

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

function groupRank(group: string): number {
  const at = GROUP_ORDER.indexOf(group);
  return at < 0 ? GROUP_ORDER.length : at;
}

function responseKind(facts: ResourceFacts, subresource?: SubresourceFacts) {
  const own =
    subresource === undefined ||
    (subresource.group === undefined && subresource.version === undefined);
  return own
    ? { group: facts.group, version: facts.version, kind: subresource?.kind ?? facts.kind }
    : {
        group: subresource.group ?? '',
        version: subresource.version ?? 'v1',
        kind: subresource.kind,
      };
}

function aggregatedResource({ definition: { facts } }: ServedResource) {
  return {
    resource: facts.resource,
    responseKind: responseKind(facts),
    scope: facts.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: facts.singular,
    verbs: facts.verbs,
    ...(facts.shortNames ? { shortNames: facts.shortNames } : {}),
    ...(facts.categories ? { categories: facts.categories } : {}),
    ...(facts.subresources
      ? {
          subresources: facts.subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: responseKind(facts, sub),
            verbs: sub.verbs,
          })),
        }
      : {}),
  };
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
      ...(facts.shortNames ? { shortNames: facts.shortNames } : {}),
      ...(facts.categories ? { categories: facts.categories } : {}),
      ...(storedAs ? { storageVersionHash: storageVersionHash(storedAs) } : {}),
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
  ) {}

  /** The document at `path` for an Accept header; undefined when there is none. */
  find(path: string, accept: string | undefined): Document | undefined {
    if (this.generation !== this.resources.generation) {
      this.documents.clear();
      this.generation = this.resources.generation;
    }
    const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const isRoot = trimmed === '/api' || trimmed === '/apis';
    const aggregated = isRoot ? AGGREGATED.exec(accept ?? '')?.[1] : undefined;
    const key = `${trimmed} ${aggregated ?? ''}`;
    if (!this.documents.has(key) && this.documents.size < 1_000)
      this.documents.set(key, this.make(trimmed, aggregated));
    return this.documents.get(key);
  }

  private groups(): Map<string, Map<string, ServedResource[]>> {
    const all = [...this.resources.all()].sort(
      (a, b) =>
        groupRank(a.group) - groupRank(b.group) ||
        (a.group < b.group ? -1 : a.group > b.group ? 1 : compareVersions(a.version, b.version)),
    );
    const groups = new Map<string, Map<string, ServedResource[]>>();
    for (const resource of all) {
      const versions = groups.get(resource.group) ?? new Map<string, ServedResource[]>();
      groups.set(resource.group, versions);
      versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource]);
    }
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

  private aggregated(
    groups: Map<string, Map<string, ServedResource[]>>,
    core: boolean,
    version: string,
  ): Document {
    const items = [...groups]
      .filter(([group]) => (group === '') === core)
      .map(([group, versions]) => ({
        metadata: { ...(group ? { name: group } : {}), creationTimestamp: null },
        versions: [...versions].map(([name, list]) => ({
          version: name,
          resources: list
            .map(aggregatedResource)
            .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
          freshness: 'Current',
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

  private resourceList(
    groups: Map<string, Map<string, ServedResource[]>>,
    group: string,
    version: string,
  ): Document | undefined {
    const list = groups.get(group)?.get(version);
    if (!list) return undefined;
    const stored = this.storedAs();
    const resources = list
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
