// Tracks whether a cache shows the controller's own writes, for plans that would repeat their work
// on a stale cache (upstream: EndpointSliceTracker). A cache whose watch has passed the revision of
// a write shows that write, or that the object has changed or gone since. The wait is bounded;
// after it the cache is trusted.
import { keyOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type { Store } from '../../client/informer.js';
import type { Clock } from '../../util/env/env.js';
import { EXPECTATIONS_TIMEOUT_MS } from './limits.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

const LOOK_AGAIN_MS = 1_000;

interface Written {
  uid: string;
  /** Undefined for deletions. */
  revision: bigint | undefined;
  at: number;
}

export class OwnWrites {
  private readonly byKey = new Map<string, Map<string, Written>>();

  constructor(private readonly clock: Clock) {}

  wrote(key: string, object: ApiObject): void {
    this.note(key, object, BigInt(object.metadata.resourceVersion ?? 0));
  }

  removed(key: string, object: ApiObject): void {
    this.note(key, object, undefined);
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }

  /**
   * Milliseconds until another look at the writes under `key`; 0 when the cache shows all. A
   * bookmark can show a write without an event that wakes the key.
   */
  behindMs<T extends ApiObject>(key: string, store: Store<T>): number {
    const written = this.byKey.get(key);
    if (!written) return 0;
    let wait = 0;
    for (const [name, { at, revision, uid }] of written) {
      const cached = store.get(name);
      const left = at + EXPECTATIONS_TIMEOUT_MS - this.clock.monotonic();
      const shown =
        revision === undefined
          ? cached?.metadata.uid !== uid
          : store.revision >= revision || BigInt(cached?.metadata.resourceVersion ?? 0) >= revision;
      if (shown || left <= 0) written.delete(name);
      else wait = Math.max(wait, Math.min(left, LOOK_AGAIN_MS));
    }
    if (!written.size) this.byKey.delete(key);
    return wait;
  }

  private note(key: string, object: ApiObject, revision: bigint | undefined): void {
    const written = getOrInsert(this.byKey, key, () => new Map());
    const uid = object.metadata.uid ?? '';
    written.set(keyOf(object), { uid, revision, at: this.clock.monotonic() });
  }
}
