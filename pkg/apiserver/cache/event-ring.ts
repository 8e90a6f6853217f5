// The newest events of one resource, oldest first: what a watch can resume from. Bounded by number
// and age (limits.ts).
import { RING_FRESH_MS, RING_MAX_EVENTS, RING_MIN_EVENTS } from '../limits.js';
import type { Entry } from './entry.js';

/** `entry` is absent for a deletion, `previous` for a creation. */
export interface CacheEvent {
  readonly revision: number;
  readonly time: number;
  readonly entry: Entry | undefined;
  readonly previous: Entry | undefined;
}

export class EventRing {
  private events: CacheEvent[] = [];
  private head = 0;

  /** Watches may start at this revision or later. */
  constructor(public floor: number) {}

  get length(): number {
    return this.events.length - this.head;
  }

  push(event: CacheEvent): void {
    this.events.push(event);
    const oldestFresh = event.time - RING_FRESH_MS;
    while (this.length > RING_MAX_EVENTS || (this.length > RING_MIN_EVENTS && this.events[this.head]!.time < oldestFresh)) {
      this.floor = this.events[this.head]!.revision;
      this.head++;
    }
    if (this.head > RING_MIN_EVENTS && this.head * 2 > this.events.length) {
      this.events = this.events.slice(this.head);
      this.head = 0;
    }
  }

  /** Index (for `at`) of the first event after `revision`. Only valid until the next push. */
  after(revision: number): number {
    let low = this.head;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  at(index: number): CacheEvent | undefined {
    return this.events[index];
  }

  reset(floor: number): void {
    this.events = [];
    this.head = 0;
    this.floor = floor;
  }
}
