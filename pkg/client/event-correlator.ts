// Which events are one series, and which objects say too much (client-go tools/record/
// events_cache.go). Pure and synchronous.
import { LRUCache } from 'lru-cache';
import type { ObjectReference } from '../apis/core/v1/types.js';
import {
  EVENT_AGGREGATE_COUNT,
  EVENT_AGGREGATE_WINDOW_MS,
  EVENT_BURST,
  EVENT_CACHE_ENTRIES,
  EVENT_REFILL_MS,
} from './limits.js';
import { getOrInsert } from '../util/map/get-or-insert.js';

export interface Occurrence {
  about: ObjectReference;
  type: string;
  reason: string;
  message: string;
  at: number;
}

interface Flood {
  tokens: number;
  at: number;
}

interface Similar {
  messages: Set<string>;
  since: number;
}

export class EventCorrelator {
  private readonly floods = new LRUCache<string, Flood>({ max: EVENT_CACHE_ENTRIES });
  private readonly similar = new LRUCache<string, Similar>({ max: EVENT_CACHE_ENTRIES });

  /** A token bucket per object, so that one crash loop does not fill the store. Takes a token. */
  isFlooding({ about, at }: Occurrence): boolean {
    const flood = getOrInsert(this.floods, identity(about), () => ({ tokens: EVENT_BURST, at }));
    flood.tokens = Math.min(EVENT_BURST, flood.tokens + (at - flood.at) / EVENT_REFILL_MS);
    flood.at = at;
    if (flood.tokens < 1) return true;
    flood.tokens--;
    return false;
  }

  /**
   * Key and message under which the occurrence is counted: from the tenth message on, a reason is
   * one series.
   */
  seriesOf({ about, at, message, reason, type }: Occurrence): { key: string; message: string } {
    const group = `${identity(about)}|${type}|${reason}`;
    let seen = this.similar.get(group);
    if (!seen || at - seen.since > EVENT_AGGREGATE_WINDOW_MS)
      seen = { messages: new Set(), since: at };
    if (seen.messages.size < EVENT_AGGREGATE_COUNT) seen.messages.add(message);
    this.similar.set(group, seen);
    if (seen.messages.size < EVENT_AGGREGATE_COUNT) return { key: `${group}|${message}`, message };
    return { key: group, message: `(combined from similar events): ${message}` };
  }
}

const identity = (about: ObjectReference): string =>
  [about.kind, about.namespace, about.name, about.uid, about.fieldPath].join('|');
