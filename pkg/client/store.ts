// The indexed store of an informer. Objects are shared and must not be changed.
import { keyOf, type ApiObject } from '../apimachinery/meta/object.js';
import { assert } from '../util/assert/assert.js';
import { getOrInsert } from '../util/map/get-or-insert.js';
import type { Indexers, Store } from './informer.js';

export class IndexedStore<T extends ApiObject> implements Store<T> {
  private readonly objects = new Map<string, T>();
  private readonly indexers = new Map<string, (object: T) => string[]>();
  /** index -> value -> key -> object. */
  private readonly indexes = new Map<string, Map<string, Map<string, T>>>();

  revision = 0n;

  constructor() {
    this.addIndexers({ namespace: (object) => [object.metadata.namespace ?? ''] });
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  list(): T[] {
    return [...this.objects.values()];
  }

  keys(): string[] {
    return [...this.objects.keys()];
  }

  byIndex(index: string, value: string): T[] {
    const values = this.indexes.get(index);
    assert(values, `no index "${index}"`);
    const found = values.get(value);
    return found ? [...found.values()] : [];
  }

  /** Adds an index and fills it. A second index of the same name has no effect. */
  addIndexers(indexers: Indexers<T>): void {
    for (const [name, valuesOf] of Object.entries(indexers)) {
      if (this.indexers.has(name)) continue;
      this.indexers.set(name, valuesOf);
      this.indexes.set(name, new Map());
      for (const [key, object] of this.objects) this.enter(name, key, object);
    }
  }

  /** Returns the replaced object. */
  put(object: T): T | undefined {
    const key = keyOf(object);
    const old = this.objects.get(key);
    for (const name of this.indexers.keys()) {
      if (old) this.leave(name, key, old);
      this.enter(name, key, object);
    }
    this.objects.set(key, object);
    return old;
  }

  /** Returns the removed object. */
  remove(key: string): T | undefined {
    const old = this.objects.get(key);
    if (!old) return undefined;
    for (const name of this.indexers.keys()) this.leave(name, key, old);
    this.objects.delete(key);
    return old;
  }

  private enter(name: string, key: string, object: T): void {
    const values = this.indexes.get(name)!;
    for (const value of this.indexers.get(name)!(object))
      getOrInsert(values, value, () => new Map<string, T>()).set(key, object);
  }

  private leave(name: string, key: string, object: T): void {
    const values = this.indexes.get(name)!;
    for (const value of this.indexers.get(name)!(object)) {
      const entries = values.get(value);
      entries?.delete(key);
      if (entries?.size === 0) values.delete(value);
    }
  }
}
