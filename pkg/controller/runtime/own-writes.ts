// Tells whether a cache already shows what this controller wrote. For plans that would do things twice
// on an older view (EndpointSliceTracker upstream). Waits a bounded time, then believes the cache.
import { keyOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type { Store } from '../../client/informer.js';
import type { Clock } from '../../util/env/env.js';

/** What was deleted again before the cache ever showed it looks just like what is not shown yet: it comes back after this. */
const BELIEVE_CACHE_AFTER_MS = 30_000;

interface Written {
  uid: string;
  /** Undefined: deleted. */
  revision: bigint | undefined;
  at: number;
}

export class OwnWrites {
  private readonly byKey = new Map<string, Map<string, Written>>();

  constructor(
    private readonly clock: Clock,
    private readonly patienceMs = BELIEVE_CACHE_AFTER_MS,
  ) {}

  wrote(key: string, object: ApiObject): void {
    this.note(key, object, BigInt(object.metadata.resourceVersion ?? 0));
  }

  removed(key: string, object: ApiObject): void {
    this.note(key, object, undefined);
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }

  /** Milliseconds to wait at most for the cache to show all writes under `key`; 0 when it does. */
  behindMs<T extends ApiObject>(key: string, store: Store<T>): number {
    const written = this.byKey.get(key);
    if (!written) return 0;
    let wait = 0;
    for (const [name, { at, revision, uid }] of written) {
      const cached = store.get(name);
      const left = at + this.patienceMs - this.clock.monotonic();
      const shown =
        revision === undefined
          ? cached?.metadata.uid !== uid
          : cached !== undefined && BigInt(cached.metadata.resourceVersion ?? 0) >= revision;
      if (shown || left <= 0) written.delete(name);
      else wait = Math.max(wait, left);
    }
    if (!written.size) this.byKey.delete(key);
    return wait;
  }

  private note(key: string, object: ApiObject, revision: bigint | undefined): void {
    const written = this.byKey.get(key) ?? new Map<string, Written>();
    this.byKey.set(key, written);
    written.set(keyOf(object), {
      uid: object.metadata.uid ?? '',
      revision,
      at: this.clock.monotonic(),
    });
  }
}
