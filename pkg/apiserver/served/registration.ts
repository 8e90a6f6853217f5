// Resources that come and go while the server runs. A registered definition gets a watch cache,
// which is filled before the resource is served; routing, discovery and OpenAPI read the list of
// served resources. When a resource is unregistered, its watches end and its paths are unknown;
// stored objects stay. Each server of a cluster registers by itself.
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { Cacher } from '../cache/cacher.js';
import type { ResourceCache } from '../cache/resource-cache.js';
import type { ResourceDefinition } from '../resource/definition.js';
import { ServedResource, type ServedResources } from './served.js';

export interface Registration {
  /**
   * Serves `definition` as soon as it resolves. `schemas` has the definition's kinds and may have
   * only those; default: the server's schemas. Throws Error for a resource that is served already
   * and for a folder inside another's.
   */
  register(definition: ResourceDefinition, schemas?: SchemaTable): Promise<void>;
  /** Ends a resource. False when the resource is not served. */
  unregister(resource: { group: string; version: string; resource: string }): boolean;
}

/** A storage folder whose objects several versions of one resource show. */
export interface Folder {
  readonly storage: string;
  readonly namespaced: boolean;
}

/** The registration of all versions of a resource together. */
export interface FolderRegistration extends Registration {
  /** The filled cache of a folder, which is kept until `withdraw`. Throws as `register`. */
  join(folder: Folder): Promise<ResourceCache>;
  /**
   * Serves exactly these definitions of a joined folder from now on. A resource of another folder
   * that is served under the same path stays.
   */
  replace(storage: string, cache: ResourceCache, definitions: readonly ResourceDefinition[]): void;
  /** Ends the resources and the watches of a folder. */
  withdraw(storage: string): void;
}

export function createRegistration(
  resources: ServedResources,
  cacher: Cacher,
  builtIn: SchemaTable,
): FolderRegistration {
  const coming = new Set<string>();
  const ofFolder = (storage: string) =>
    resources.all().filter(({ definition }) => definition.storage === storage);
  return {
    async register(definition, schemas) {
      const { facts, storage } = definition;
      const path = `${facts.group}/${facts.version}/${facts.resource}`;
      if (coming.has(path) || resources.find(facts.group, facts.version, facts.resource))
        throw new Error(`${path} is served already`);
      coming.add(path);
      try {
        const table = schemas ? { ...builtIn, ...schemas } : builtIn;
        if (!table[definition.schema] && !definition.codec)
          throw new Error(`${path}: no schema ${definition.schema}`);
        const cache =
          storage === undefined ? undefined : await cacher.join(storage, facts.namespaced);
        resources.add(new ServedResource(definition, table, cache, cacher.root));
      } finally {
        coming.delete(path);
      }
    },
    unregister({ group, version, resource }) {
      const served = resources.find(group, version, resource);
      if (!served) return false;
      resources.remove(served);
      const cache = served.maybeCache;
      if (cache && !resources.all().some((other) => other.maybeCache === cache))
        cacher.leave(cache);
      return true;
    },
    join: ({ storage, namespaced }) => cacher.join(storage, namespaced),
    replace(storage, cache, definitions) {
      for (const former of ofFolder(storage)) resources.remove(former);
      for (const definition of definitions) {
        const { group, version, resource } = definition.facts;
        if (!resources.find(group, version, resource))
          resources.add(new ServedResource(definition, builtIn, cache, cacher.root));
      }
    },
    withdraw(storage) {
      for (const former of ofFolder(storage)) resources.remove(former);
      cacher.leaveFolder(storage);
    },
  };
}
