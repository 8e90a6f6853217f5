// A cache in the shape of one version whose objects a webhook converts, for the watchers of that
// version. It follows the cache of the stored objects and converts each change once, in order.
// It ends when it has had no watchers for some time.
import { StatusError } from '../../apimachinery/errors/status-error.js';
import type { Clock } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import type { Entry } from '../cache/entry.js';
import type { CacheEvent } from '../cache/event-ring.js';
import { ResourceCache } from '../cache/resource-cache.js';
import { CONVERTED_CACHE_IDLE_MS } from '../limits.js';
import type { ServedResource } from './served.js';

export interface ConvertedCache {
  readonly cache: ResourceCache;
  /**
   * Resolves when the cache has every change of the stored objects up to that moment. Throws what
   * the converter's failure caused.
   */
  caughtUp(): Promise<void>;
  /** True when the cache follows the stored objects no more: it has no use for another watcher. */
  isEnded(): boolean;
  /** `newest` while nothing waits for its conversion; else the revision of the last change. */
  revision(newest: number): number;
}

type Caches = Pick<Clock, 'now' | 'monotonic' | 'after'>;

const present = new WeakMap<ServedResource, Promise<ConvertedCache>>();

/**
 * The converted cache of a resource. A new one begins at `after`, or at the oldest revision that is
 * known. Throws what the converter's failure causes.
 */
export function convertedCacheOf(
  resource: ServedResource,
  after: number,
  clock: Caches,
): Promise<ConvertedCache> {
  let made = present.get(resource);
  if (!made) {
    made = begin(resource, after, clock, () => present.delete(resource));
    made.catch(() => present.delete(resource));
    present.set(resource, made);
  }
  return made;
}

/** The stored objects as of `after`, and the changes since then. */
function rewound(
  { index, ring }: ResourceCache,
  after: number,
): { start: number; entries: Map<string, Entry>; events: CacheEvent[] } {
  const start = Math.max(after, ring.floor);
  const entries = new Map(
    index
      .view()
      .collect('')
      .map((entry) => [entry.key, entry]),
  );
  const events: CacheEvent[] = [];
  for (let place = ring.end - 1; place >= ring.after(start); place--) {
    const event = ring.at(place)!;
    const { key } = (event.entry ?? event.previous)!;
    if (event.previous) entries.set(key, event.previous);
    else entries.delete(key);
    events.unshift(event);
  }
  return { start, entries, events };
}

async function begin(
  resource: ServedResource,
  after: number,
  clock: Caches,
  forget: () => void,
): Promise<ConvertedCache> {
  const stored = resource.cache;
  const cache = new ResourceCache(stored.folder, stored.namespaced, clock);
  // No await between these two: no change may be missed or seen twice.
  const { start, entries, events: queue } = rewound(stored, after);
  let isFollowing = false;
  const unobserve = stored.observe((event) => {
    if (!isFollowing) return;
    const isIdle =
      cache.watcherCount === 0 && clock.monotonic() > lastUse + CONVERTED_CACHE_IDLE_MS;
    if (isIdle && isReady) return end();
    queue.push(event);
    if (isReady) pumping ??= pump();
  });
  isFollowing = true;
  const revision = (newest: number): number => (queue.length ? cache.lastChange : newest);
  let isReady = false;
  let isEnded = false;
  let failure: StatusError | undefined;
  let lastUse = clock.monotonic();
  let pumping: Promise<void> | undefined;
  const unfollow = stored.follow({
    bookmark: (newest) => cache.bookmark(revision(newest)),
    endWatchers() {
      end();
      cache.endWatchers();
    },
  });
  const end = (): void => {
    isEnded = true;
    forget();
    unobserve();
    unfollow();
    queue.length = 0;
  };
  const pump = async (): Promise<void> => {
    try {
      while (queue.length) {
        const batch = [...queue];
        const shown = await resource.ready(batch.flatMap(({ entry }) => entry ?? []));
        let at = 0;
        for (const { entry, previous, revision } of batch)
          cache.apply((entry ?? previous)!.key, entry && shown[at++], revision);
        queue.splice(0, batch.length);
      }
    } catch (error) {
      end();
      failure =
        error instanceof StatusError
          ? error
          : new StatusError({ message: errorText(error), code: 500 });
      cache.endWatchers(failure.status);
    } finally {
      pumping = undefined;
    }
  };
  try {
    const shown = await resource.ready([...entries.values()]);
    cache.refill(new Map(shown.map((entry) => [entry.key, entry])), start);
  } catch (error) {
    end();
    throw error;
  }
  isReady = true;
  if (queue.length) pumping = pump();
  return {
    cache,
    async caughtUp() {
      lastUse = clock.monotonic();
      while (pumping) await pumping;
      if (failure) throw failure;
    },
    isEnded: () => isEnded,
    revision,
  };
}
