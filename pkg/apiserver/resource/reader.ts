// Contract of reads from the watch caches, for admission plugins, authenticators, authorizers and
// hooks.
import type { ResourceType } from '../../apimachinery/meta/object.js';

/** An object of a watch cache was created, changed or deleted. */
export interface CacheChange<T> {
  deleted: boolean;
  namespace: string;
  name: string;
  /** The object, parsed at the first call; for a deletion, its last state. */
  object(): T;
}

/**
 * Reads of the watch caches. Objects are shared and must not be changed. A type that the server
 * does not serve has no objects.
 */
export interface ObjectReader {
  get<T>(type: ResourceType<T>, namespace: string, name: string): T | undefined;
  list<T>(type: ResourceType<T>, namespace?: string): T[];
  /**
   * Waits until the cache is as new as the store, then reads. For decisions that deny. Throws 504
   * when the cache does not get there in time.
   */
  getFresh<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined>;
  /** `get`, then `getFresh` for what the cache lacks: an object may be younger than the cache. */
  find<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined>;
  /**
   * Calls back for every present object, then for every change, synchronously with the cache: a
   * later `get` sees the change. For derived indexes such as RBAC and the node graph. Returns a
   * function that removes the observer.
   */
  observe<T>(type: ResourceType<T>, callback: (change: CacheChange<T>) => void): () => void;
}
