// Reads of the watch caches by resource type, for the parts that plug in.
import type { ResourceType } from '../../apimachinery/meta/object.js';
import type { ObjectReader, CacheChange } from '../resource/reader.js';
import type { Cacher } from '../cache/cacher.js';
import type { ServedResource, ServedResources } from './served.js';

export function createReader(resources: ServedResources, cacher: Cacher): ObjectReader {
  const find = (type: ResourceType<unknown>): ServedResource | undefined =>
    resources.find(type.group, type.version, type.resource);
  const get = <T>(type: ResourceType<T>, namespace: string, name: string): T | undefined => {
    const resource = find(type);
    const entry = resource?.maybeCache?.index.get(resource.keyOf(namespace, name));
    return entry && (resource!.object(entry) as T);
  };
  const getFresh: ObjectReader['getFresh'] = async (type, namespace, name) => {
    await cacher.fresh();
    return get(type, namespace, name);
  };
  return {
    get,
    getFresh,
    find: async (...key) => get(...key) ?? getFresh(...key),
    list<T>(type: ResourceType<T>, namespace?: string) {
      const resource = find(type);
      if (!resource?.maybeCache) return [];
      const prefix = namespace && resource.namespaced ? `${namespace}/` : '';
      return resource.maybeCache.index
        .view()
        .collect(prefix)
        .map((entry) => resource.object(entry) as T);
    },
    observe<T>(type: ResourceType<T>, callback: (change: CacheChange<T>) => void) {
      const resource = find(type);
      if (!resource?.maybeCache) return () => {};
      return resource.maybeCache.observe(({ entry, previous }) => {
        const shown = (entry ?? previous)!;
        callback({
          deleted: entry === undefined,
          namespace: shown.namespace,
          name: shown.name,
          object: () => resource.object(shown) as T,
        });
      });
    },
  };
}
