// Contract of reads from the watch caches, for admission plugins, authenticators, authorizers and hooks.
import type { ResourceType } from '../../apimachinery/meta/object.js';

/** One object of a watch cache came, changed or went. */
export interface CacheChange<T> {
  deleted: boolean;
  namespace: string;
  name: string;
  /** Parsed when asked for; the last state of a deleted object. */
  object(): T;
}

/** What plugins may read: the watch caches. Objects are shared; never change them. */
export interface ObjectReader {
  get<T>(type: ResourceType<T>, namespace: string, name: string): T | undefined;
  list<T>(type: ResourceType<T>, namespace?: string): T[];
  /** Waits until the cache is as new as the store, then looks again. For decisions that deny. */
  getFresh<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined>;
  /**
   * Calls back for every object there is, then for every change, synchronously with the cache (a
   * later `get` sees it). For derived indexes: RBAC, the node graph. Returns its removal.
   */
  observe<T>(type: ResourceType<T>, callback: (change: CacheChange<T>) => void): () => void;
}
