// A watch request reads a resource's events: first the present objects (if the client wants them),
// then the ring, then live events. A watcher with a full connection leaves the live path and
// continues from the ring when the connection drains; if the ring has dropped that position by
// then, the watch ends with 410. So a slow client costs no memory beyond the ring.
import { statusError } from '../../apimachinery/errors/status-error.js';
import { WATCHER_BUFFER_BYTES, WATCHER_CATCH_UP_BYTES } from '../limits.js';
import type { Entry } from './entry.js';
import type { CacheEvent } from './event-ring.js';
import type { Frames } from './frames.js';
import type { Outbox } from './outbox.js';
import type { ResourceCache } from './resource-cache.js';
import type { WatchSink } from '../http/watch-sink.js';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** Encodes events for a group of equal watchers: one call per event at any number of watchers. */
export interface EventEncoder {
  event(type: EventType, entry: Entry): Buffer;
  bookmark(revision: number, initialEventsEnd: boolean): Buffer;
  error(status: unknown): Buffer;
}

/** Watchers with the same scope, selectors and media type. */
export interface WatchGroup {
  readonly key: string;
  /** Only objects of this namespace; '' for all. */
  readonly namespace: string;
  readonly matches: ((entry: Entry) => boolean) | undefined;
  /**
   * Only objects for which `read` gives `value` match. Groups with the same `field` have the same
   * `read`.
   */
  readonly equal?: { field: string; value: string; read: (entry: Entry) => string } | undefined;
  readonly encoder: EventEncoder;
  readonly watchers: Set<Watcher>;
  readonly frames: Frames;
  /** The pending events of live watchers, and the timer that sends them. */
  readonly outbox: Outbox;
}

export interface WatcherOptions {
  sink: WatchSink;
  /** The watch begins with the first event after this revision. */
  after: number;
  /** Objects that are sent first as ADDED. */
  initial: Entry[] | undefined;
  /** Sends an annotated bookmark after the initial objects. */
  initialBookmark: boolean;
  bookmarks: boolean;
  onEnd(): void;
}

/** The event that `group` sees for `event`; undefined when it sees none. */
export function seenBy(
  group: Pick<WatchGroup, 'namespace' | 'matches'>,
  event: CacheEvent,
): { type: EventType; entry: Entry } | undefined {
  const { entry, previous, revision } = event;
  const scope = (entry ?? previous)!.namespace;
  if (group.namespace && group.namespace !== scope) return undefined;
  const now = entry !== undefined && (!group.matches || group.matches(entry));
  const before = previous !== undefined && (!group.matches || group.matches(previous));
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', entry };
  return before ? { type: 'DELETED', entry: previous.at(revision) } : undefined;
}

export class Watcher {
  readonly bookmarks: boolean;
  /** True while this watcher gets live events; false while it reads from the ring. */
  live = false;
  private ended = false;
  private position: number;
  /** Ring position of the next event; used while not live. */
  private place: number;
  private readonly tooOld: boolean;
  private initialAt = 0;

  constructor(
    private readonly cache: ResourceCache,
    private readonly group: WatchGroup,
    private readonly options: WatcherOptions,
  ) {
    this.position = options.after;
    this.place = cache.ring.after(options.after);
    this.tooOld = options.after < cache.ring.floor;
    this.bookmarks = options.bookmarks;
    options.sink.onDrain(() => {
      if (!this.live && !this.ended) this.catchUp();
    });
  }

  private get full(): boolean {
    return this.options.sink.buffered > WATCHER_BUFFER_BYTES;
  }

  /**
   * Writes a frame. False when the connection is full; only then a drain event is sure to follow.
   */
  private pay(chunk: Buffer): boolean {
    const { sink } = this.options;
    return sink.write(chunk) || sink.buffered <= WATCHER_CATCH_UP_BYTES;
  }

  /** Sends pending events until the connection is full or no event is pending. */
  catchUp(): void {
    const { initial, sink, initialBookmark } = this.options;
    if (initial) {
      while (this.initialAt < initial.length) {
        if (!this.pay(this.group.encoder.event('ADDED', initial[this.initialAt++]!))) return;
      }
      if (initialBookmark) sink.write(this.group.encoder.bookmark(this.position, true));
      this.options.initial = undefined;
    }
    const { ring } = this.cache;
    // The group's outbox holds events that this watcher reads from the ring.
    this.group.outbox.flush();
    if (this.tooOld || this.place < ring.first) return this.expire();
    while (this.place < ring.end) {
      const event = ring.at(this.place++)!;
      if (!this.wants(event.revision)) continue;
      this.position = event.revision;
      const frame = this.group.frames.of(event);
      if (frame && !this.pay(frame)) return;
    }
    this.live = true;
  }

  /** False for events that the client has seen on a server that is ahead of this one. */
  wants(revision: number): boolean {
    return revision > this.options.after;
  }

  /** Sends encoded live events; `revision` belongs to the last of them. */
  send(encoded: Buffer, revision: number): void {
    const isFree = this.options.sink.write(encoded);
    this.position = revision;
    if (isFree || !this.full) return;
    this.live = false;
    this.place = this.cache.ring.end;
  }

  sendBookmark(revision: number): void {
    this.group.outbox.flush();
    if (!this.live || this.ended || this.full) return;
    this.position = Math.max(this.position, revision);
    this.options.sink.write(this.group.encoder.bookmark(this.position, false));
  }

  private expire(): void {
    const { ring } = this.cache;
    const error = statusError(
      'Expired',
      `too old resource version: ${this.position} (${ring.floor})`,
    );
    this.options.sink.write(this.group.encoder.error(error.status));
    this.end();
  }

  /**
   * Ends the answer cleanly; the client watches again from its last revision. With `status`, an
   * ERROR event comes before the end.
   */
  end(status?: unknown): void {
    if (this.ended) return;
    this.group.outbox.flush();
    if (status !== undefined) this.options.sink.write(this.group.encoder.error(status));
    this.leave();
    this.options.sink.end();
    this.options.onEnd();
  }

  /** Removes the watcher of a disconnected client. */
  abandon(): void {
    if (this.ended) return;
    this.leave();
    this.options.onEnd();
  }

  private leave(): void {
    this.ended = true;
    this.live = false;
    this.cache.removeWatcher(this.group, this);
  }
}
