// The objects of an informer with the caller's own writes on top, until the informer shows them:
// a decision that follows a write does not repeat that write on a stale cache. Pure.
import { keyOf, type ApiObject } from '../apimachinery/meta/object.js';
import type { Store } from './informer.js';

const revisionOf = (object: ApiObject | undefined): bigint =>
  BigInt(object?.metadata.resourceVersion ?? 0);

export class Newest<T extends ApiObject> {
  private readonly own = new Map<string, T>();

  constructor(readonly store: Store<T>) {}

  wrote(object: T): T {
    this.own.set(keyOf(object), object);
    return object;
  }

  get(key: string): T | undefined {
    const shown = this.store.get(key);
    const own = this.own.get(key);
    if (!own) return shown;
    const revision = revisionOf(own);
    // A store that has passed the revision shows the write, or a later change or deletion.
    if (this.store.revision < revision && revisionOf(shown) < revision) return own;
    this.own.delete(key);
    return shown;
  }

  list(): T[] {
    const shown = this.store.list();
    return this.own.size ? shown.flatMap((object) => this.get(keyOf(object)) ?? []) : shown;
  }
}
