// Events as encoded for one group of watchers. Large groups keep the newest frames, so that watchers that lag
// a little share them too.
import { COALESCED_WATCHERS, MAX_KEPT_FRAMES } from '../limits.js';
import type { CacheEvent } from './event-ring.js';
import { seenBy, type WatchGroup } from './watcher.js';

export class Frames {
  private readonly kept = new Map<CacheEvent, Buffer | undefined>();

  constructor(private readonly group: Omit<WatchGroup, 'frames'>) {}

  /** The frame of `event` for this group; undefined when the group does not see the event. */
  of(event: CacheEvent): Buffer | undefined {
    const { group, kept } = this;
    if (group.watchers.size < COALESCED_WATCHERS) return encode(group, event);
    if (kept.has(event)) return kept.get(event);
    const frame = encode(group, event);
    kept.set(event, frame);
    if (kept.size > MAX_KEPT_FRAMES) kept.delete(kept.keys().next().value!);
    return frame;
  }
}

function encode(group: Omit<WatchGroup, 'frames'>, event: CacheEvent): Buffer | undefined {
  const seen = seenBy(group, event);
  return seen && group.encoder.event(seen.type, seen.entry);
}
