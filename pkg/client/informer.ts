// Contract of informers: a local copy of a resource, kept by list and watch (reflector.ts), with
// handlers and indexes. One informer per resource per process; controllers share it.
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { Scope } from './client.js';

export interface Store<T> {
  /** Key is 'namespace/name' or 'name'. The object is shared: never change it. */
  get(key: string): T | undefined;
  list(): T[];
  /** Objects whose index function returned `value`. */
  byIndex(index: string, value: string): T[];
  readonly size: number;
  /**
   * The store shows every change of the resource up to this resourceVersion; 0 before the first
   * list.
   */
  readonly revision: bigint;
}

export interface Handler<T> {
  added?(object: T): void;
  updated?(object: T, old: T): void;
  deleted?(object: T): void;
}

/** Every object is also indexed by namespace under the name 'namespace'. */
export type Indexers<T> = Record<string, (object: T) => string[]>;

export interface InformerOptions<T> extends Scope {
  indexers?: Indexers<T>;
  /** Cuts an object down before it is kept. */
  transform?: (object: T) => T;
}

export interface Informer<T extends ApiObject> {
  readonly type: ResourceType<T>;
  readonly store: Store<T>;
  /** The first list has been delivered to every handler. */
  readonly synced: boolean;
  /**
   * Handlers run synchronously, in order, on the store's state of that moment. A late handler gets
   * `added` for all there is. Returns its removal.
   */
  addHandler(handler: Handler<T>): () => void;
  addIndexers(indexers: Indexers<T>): void;
  waitForSync(signal: AbortSignal): Promise<void>;
  /** Runs until abort; relists after 410 and errors with back-off. Called once. */
  run(signal: AbortSignal): Promise<void>;
}

/** Hands out one informer per (resource, options) and runs all it handed out. */
export interface InformerFactory {
  informer<T extends ApiObject>(type: ResourceType<T>, options?: InformerOptions<T>): Informer<T>;
  /**
   * Ends the informers of a resource that is not served any more: handlers hear that its objects
   * are gone, although they may still be stored. Asking for the informer again starts it again.
   */
  drop(type: ResourceType<ApiObject>): void;
  /** True when the whole resource, untransformed, has been asked for already. */
  has(type: ResourceType<ApiObject>): boolean;
  /** Starts every informer handed out so far or later; resolves on abort. */
  run(signal: AbortSignal): Promise<void>;
  waitForSync(signal: AbortSignal): Promise<void>;
}
