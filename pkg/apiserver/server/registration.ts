// Resources that come and go while the server runs: a definition that is registered gets its watch cache,
// filled before the first request sees it, and with it routing, discovery and OpenAPI, which all read
// the list of served resources. Taken away, its watches end and its paths are unknown again; what is
// stored stays. Each server of a cluster registers for itself.
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { Cacher } from '../cache/cacher.js';
import type { ResourceDefinition } from '../resource/definition.js';
import { ServedResource, type ServedResources } from '../served/served.js';

export interface Registration {
  /**
   * Serves `definition` from when it resolves. `schemas` has its kinds, and may have only those; default
   * the server's own. Throws for what is served already and for a folder within another's.
   */
  register(definition: ResourceDefinition, schemas?: SchemaTable): Promise<void>;
  /** False when it is not served. */
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
