// Resources that come and go while the server runs. A registered definition gets a watch cache,
// which is filled before the resource is served; routing, discovery and OpenAPI read the list of
// served resources. When a resource is unregistered, its watches end and its paths are unknown;
// stored objects stay. Each server of a cluster registers by itself.
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { Cacher } from '../cache/cacher.js';
import type { ResourceDefinition } from '../resource/definition.js';
import { ServedResource, type ServedResources } from '../served/served.js';

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

export function createRegistration(
  resources: ServedResources,
  cacher: Cacher,
  builtIn: SchemaTable,
): Registration {
  const coming = new Set<string>();
  return {
    async register(definition, schemas) {
      const { facts, storage } = definition;
      const path = `${facts.group}/${facts.version}/${facts.resource}`;
      if (coming.has(path) || resources.find(facts.group, facts.version, facts.resource))
        throw new Error(`${path} is served already`);
      coming.add(path);
      try {
        const table = schemas ? { ...builtIn, ...schemas } : builtIn;
        if (!table[definition.schema]) throw new Error(`${path}: no schema ${definition.schema}`);
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
  };
}
