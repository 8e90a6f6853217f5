// The newest events of one resource, oldest first, from which watches resume. The ring is bounded
// by number, age and bytes (limits.ts). An event is charged with the version that it replaced: its
// own version is the present one, or is charged to the event that replaced it.
import {
  RING_FRESH_MS,
  RING_LEAST_EVENTS,
  RING_MAX_BYTES,
  RING_MAX_EVENTS,
  RING_MIN_EVENTS,
} from '../limits.js';
import type { Entry } from './entry.js';

/** `entry` is absent for a deletion, `previous` for a creation. */
export interface CacheEvent {
  readonly revision: number;
  readonly time: number;
  readonly entry: Entry | undefined;
  readonly previous: Entry | undefined;
}

/** Placeholder of a dropped event, so that its objects are freed. */
const GONE: CacheEvent = { revision: 0, time: 0, entry: undefined, previous: undefined };

export class EventRing {
  /** Bytes of the versions that only events keep alive. */
  bytes = 0;
  private events: CacheEvent[] = [];
  private head = 0;
  /**
   * Number of events before events[0]. Positions count all events ever: a revision may have
   * several.
   */
  private dropped = 0;

  /** The oldest revision at which a watch may start. */
  constructor(public floor: number) {}

  get length(): number {
    return this.events.length - this.head;
  }

  /** Position of the oldest event in the ring. */
  get first(): number {
    return this.dropped + this.head;
  }

  /** Position of the next event. */
  get end(): number {
    return this.dropped + this.events.length;
  }

  push(event: CacheEvent): void {
    this.events.push(event);
    this.bytes += event.previous?.bytes.length ?? 0;
    while (this.hasTooMuch(event.time - RING_FRESH_MS)) {
      const oldest = this.events[this.head]!;
      this.floor = oldest.revision;
      this.bytes -= oldest.previous?.bytes.length ?? 0;
      this.events[this.head++] = GONE;
    }
    if (this.head > RING_MIN_EVENTS && this.head * 2 > this.events.length) {
      this.events = this.events.slice(this.head);
      this.dropped += this.head;
      this.head = 0;
    }
  }

  private hasTooMuch(oldestFresh: number): boolean {
    const { length } = this;
    if (length > RING_MAX_EVENTS) return true;
    if (length > RING_LEAST_EVENTS && this.bytes > RING_MAX_BYTES) return true;
    return length > RING_MIN_EVENTS && this.events[this.head]!.time < oldestFresh;
  }

  /** Position of the first event after `revision`. */
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
    this.bytes = 0;
    this.floor = floor;
  }
}
