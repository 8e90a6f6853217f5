// The cached objects of one storage folder: the ordered index, the ring of events, snapshots for
// paging and the watchers. The cacher writes it and the verbs read it.
//
// Invariants: changes arrive in revision order; between two changes the index, the ring, and the
// events that live watchers got or find in their group's outbox agree; every method is synchronous.
import { internalError } from '../../apimachinery/errors/status-error.js';
import type { Clock } from '../../util/env/env.js';
import { MAX_SNAPSHOTS, SNAPSHOT_AGE_MS, SNAPSHOT_BYTES } from '../limits.js';
import type { Entry } from './entry.js';
import { EventRing, type CacheEvent } from './event-ring.js';
import { Frames } from './frames.js';
import { OrderedIndex, type Snapshot } from './ordered-index.js';
import { Outbox } from './outbox.js';
import { WatchGroups } from './watch-groups.js';
import {
  Watcher,
  type EventEncoder,
  type EventType,
  type WatchGroup,
  type WatcherOptions,
} from './watcher.js';

interface KeptSnapshot {
  /** Exact for every revision from `from` on, below `until`. */
  from: number;
  until: number;
  time: number;
  /** The value of `retired` at the time of the snapshot. */
  retired: number;
  snapshot: Snapshot;
}

/** A cache of the same objects in another shape. */
export interface Follower {
  bookmark(revision: number): void;
  endWatchers(): void;
}

export type Observer = (event: CacheEvent) => void;

export class ResourceCache {
  readonly index = new OrderedIndex();
  readonly ring = new EventRing(0);
  /** Revision of the newest change of this resource. */
  lastChange = 0;
  private readonly groups = new WatchGroups();
  /** Oldest first. */
  private snapshots: KeptSnapshot[] = [];
  /**
   * Bytes of all versions ever replaced: a snapshot keeps alive at most the bytes replaced since.
   */
  private retired = 0;
  private openSnapshot: KeptSnapshot | undefined;
  private readonly observers = new Set<Observer>();
  private readonly followers = new Set<Follower>();
  watcherCount = 0;
  /** Keys of values in the store that cannot be decoded, and the error that says so. */
  private readonly unreadable = new Map<string, string>();

  constructor(
    /** Folder below the store's root: 'pods', 'services/specs'. */
    readonly folder: string,
    readonly namespaced: boolean,
    private readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>,
  ) {}

  /** Notes a value that cannot be decoded. The last readable state of its object stays. */
  markUnreadable(key: string, why: string): void {
    this.unreadable.set(key, why);
  }

  /** Forgets unreadable values before the store is read again. */
  clearUnreadable(): void {
    this.unreadable.clear();
  }

  /**
   * A list that leaves an object out would tell controllers that the object is gone. Throws 500
   * when the value of `key`, or of any key, cannot be decoded.
   */
  checkReadable(key?: string): void {
    if (this.unreadable.size === 0) return;
    const [bad] = key === undefined ? this.unreadable.keys() : [key];
    const why = this.unreadable.get(bad!);
    if (why !== undefined) throw internalError(new Error(why));
  }

  /** Applies one change; an undefined `entry` deletes `key`. */
  apply(key: string, entry: Entry | undefined, revision: number): void {
    if (this.openSnapshot) this.closeSnapshot(revision);
    this.unreadable.delete(key);
    const previous = entry ? this.index.set(entry) : this.index.delete(key);
    if (!entry && !previous) return;
    this.retired += previous?.bytes.length ?? 0;
    if (this.snapshots.length) this.dropSnapshots();
    this.lastChange = revision;
    const event: CacheEvent = { revision, time: this.clock.now(), entry, previous };
    this.ring.push(event);
    for (const observer of this.observers) observer(event);
    this.groups.concerned(event, (group) => this.dispatch(group, event));
  }

  private dispatch(group: WatchGroup, event: CacheEvent): void {
    // Encoders of tables keep state, so a group without watchers must encode nothing.
    if (!someLive(group)) return;
    const frame = group.frames.of(event);
    if (frame) group.outbox.put(frame, event.revision);
  }

  /** Adds an object during the first fill, when there are no watchers yet. */
  fill(entry: Entry): void {
    this.index.set(entry);
    this.lastChange = Math.max(this.lastChange, entry.revision);
  }

  /** Replaces the content by `entries` as of `revision`. Watches end; their clients watch again. */
  refill(entries: Map<string, Entry>, revision: number): void {
    this.endWatchers();
    this.closeSnapshot(this.lastChange + 1);
    this.snapshots = [];
    for (const { key } of this.index.view().collect('')) {
      if (!entries.has(key) && !this.unreadable.has(key))
        this.change(this.index.delete(key), undefined, revision);
    }
    for (const entry of entries.values()) {
      const known = this.index.get(entry.key);
      // Another store may have another object at the same revision.
      if (known?.revision !== entry.revision || !known.bytes.equals(entry.bytes))
        this.change(this.index.set(entry), entry, entry.revision);
    }
    this.lastChange = revision;
    this.ring.reset(revision);
  }

  private change(previous: Entry | undefined, entry: Entry | undefined, revision: number): void {
    for (const observer of this.observers)
      observer({ revision, time: this.clock.now(), entry, previous });
  }

  /**
   * Calls back for every present object, then for every change. Returns a function that removes the
   * observer.
   */
  observe(observer: Observer): () => void {
    for (const entry of this.index.view().collect(''))
      observer({ revision: entry.revision, time: this.clock.now(), entry, previous: undefined });
    this.observers.add(observer);
    return () => this.observers.delete(observer);
  }

  /**
   * A view exact at `revision`, or undefined when the cache no longer has it. `current` is the
   * cache's revision.
   */
  viewAt(revision: number, current: number): Snapshot | undefined {
    if (revision >= this.lastChange && revision <= current) return this.index.view();
    return this.snapshots.find((kept) => kept.from <= revision && revision < kept.until)?.snapshot;
  }

  /** Keeps a snapshot of the present state, so that later pages of a list are exact. */
  keepSnapshot(): void {
    if (this.openSnapshot) return;
    this.openSnapshot = {
      from: this.lastChange,
      until: Infinity,
      time: this.clock.now(),
      retired: this.retired,
      snapshot: this.index.snapshot(),
    };
  }

  private closeSnapshot(until: number): void {
    const kept = this.openSnapshot;
    if (!kept) return;
    this.openSnapshot = undefined;
    kept.until = until;
    this.snapshots.push(kept);
  }

  private dropSnapshots(): void {
    const oldest = this.clock.now() - SNAPSHOT_AGE_MS;
    for (;;) {
      const first = this.snapshots[0];
      if (
        !first ||
        (this.snapshots.length <= MAX_SNAPSHOTS &&
          first.time >= oldest &&
          this.retired - first.retired <= SNAPSHOT_BYTES)
      )
        return;
      this.snapshots.shift();
    }
  }

  /** Adds a watcher. `encoder` is called only for the first watcher of a group. */
  addWatcher(
    group: Omit<WatchGroup, 'watchers' | 'encoder' | 'frames' | 'outbox'>,
    encoder: () => EventEncoder,
    options: WatcherOptions,
  ): Watcher {
    let joined = this.groups.get(group.key);
    if (!joined) {
      const watchers = new Set<Watcher>();
      const made = {
        ...group,
        encoder: memoized(encoder()),
        watchers,
        outbox: new Outbox(watchers, this.clock),
      };
      joined = Object.assign(made, { frames: new Frames(made) });
      this.groups.add(joined);
    }
    const watcher = new Watcher(this, joined, options);
    joined.watchers.add(watcher);
    this.watcherCount++;
    return watcher;
  }

  removeWatcher(group: WatchGroup, watcher: Watcher): void {
    if (!group.watchers.delete(watcher)) return;
    this.watcherCount--;
    if (!group.watchers.size) this.groups.delete(group);
  }

  /** Passes bookmarks and the end of watches on. Returns a function that removes the follower. */
  follow(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  bookmark(revision: number): void {
    for (const follower of this.followers) follower.bookmark(revision);
    for (const group of this.groups.all()) {
      for (const watcher of group.watchers) if (watcher.bookmarks) watcher.sendBookmark(revision);
    }
  }

  /** Ends all watches, after an ERROR event with `status` if there is one. */
  endWatchers(status?: unknown): void {
    for (const follower of this.followers) follower.endWatchers();
    for (const group of this.groups.all())
      for (const watcher of group.watchers) watcher.end(status);
  }
}

function someLive({ watchers }: WatchGroup): boolean {
  for (const watcher of watchers) if (watcher.live) return true;
  return false;
}

/** Memoises the last bookmark, which all watchers of a group share. */
function memoized(encoder: EventEncoder): EventEncoder {
  let revision = -1;
  let bookmark: Buffer | undefined;
  return {
    event: (type: EventType, entry: Entry) => encoder.event(type, entry),
    bookmark(at, initialEventsEnd) {
      if (initialEventsEnd) return encoder.bookmark(at, true);
      if (at !== revision || !bookmark) bookmark = encoder.bookmark((revision = at), false);
      return bookmark;
    },
    error: (status) => encoder.error(status),
  };
}
