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
  /** Events that came before events[0]. Places count all events ever: a revision may have several. */
  private dropped = 0;

  /** Watches may start at this revision or later. */
  constructor(public floor: number) {}

  get length(): number {
    return this.events.length - this.head;
  }

  /** Place of the oldest event that is kept. */
  get first(): number {
    return this.dropped + this.head;
  }

  /** Place of the event that comes next. */
  get end(): number {
    return this.dropped + this.events.length;
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
      this.dropped += this.head;
      this.head = 0;
    }
  }

  /** Place of the first event after `revision`. */
  after(revision: number): number {
    let low = this.head;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return this.dropped + low;
  }

  at(place: number): CacheEvent | undefined {
    return this.events[place - this.dropped];
  }

  reset(floor: number): void {
    this.dropped = this.end;
    this.events = [];
    this.head = 0;
    this.floor = floor;
  }
}
