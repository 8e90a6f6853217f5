// Events as encoded for one group of watchers. Large groups keep the newest frames, so that
// watchers that lag a little share them too.
import { LRUCache } from 'lru-cache';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { COALESCED_WATCHERS, MAX_KEPT_FRAMES } from '../limits.js';
import type { CacheEvent } from './event-ring.js';
import { seenBy, type WatchGroup } from './watcher.js';

export class Frames {
  /** Made when the group is large enough to share frames. */
  private kept: LRUCache<CacheEvent, { frame: Buffer | undefined }> | undefined;

  constructor(private readonly group: Omit<WatchGroup, 'frames'>) {}

  /** The frame of `event` for this group; undefined when the group does not see the event. */
  of(event: CacheEvent): Buffer | undefined {
    const { group } = this;
    if (group.watchers.size < COALESCED_WATCHERS) return encode(group, event);
    this.kept ??= new LRUCache({ max: MAX_KEPT_FRAMES });
    const kept = getOrInsert(this.kept, event, () => ({ frame: encode(group, event) }));
    return kept.frame;
  }
}

function encode(group: Omit<WatchGroup, 'frames'>, event: CacheEvent): Buffer | undefined {
  const seen = seenBy(group, event);
  return seen && group.encoder.event(seen.type, seen.entry);
}
