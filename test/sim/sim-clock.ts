// The clock of a simulated cluster. Time moves from timer to timer; between two timers all runnable
// continuations run. Unlike VirtualClock, this clock handles thousands of timers, and waits until
// all promises have settled instead of a number of turns.
import { Heap } from '../../pkg/util/heap/heap.js';
import type { Clock, Timer } from '../../pkg/util/env/env.js';

interface Pending {
  at: number;
  order: number;
  callback: () => void;
}

/**
 * Upper bound of timers that fire at one instant: more timers show a loop in which no time passes.
 */
const MAX_TIMERS_AN_INSTANT = 100_000;

export class SimClock implements Clock {
  private readonly pending = new Heap<Pending>((a, b) => a.at - b.at || a.order - b.order);
  private order = 0;
  private atThisInstant = 0;
  readonly start: number;

  constructor(private time = Date.UTC(2026, 0, 1)) {
    this.start = time;
  }

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  /** Milliseconds since the start of the simulation. */
  get elapsed(): number {
    return this.time - this.start;
  }

  after(ms: number, callback: () => void): Timer {
    const entry: Pending = {
      at: this.time + Math.max(0, Number.isFinite(ms) ? Math.ceil(ms) : 2 ** 40),
      order: this.order++,
      callback,
    };
    this.pending.push(entry);
    return { cancel: () => void this.pending.remove(entry) };
  }

  /** Advances the time by `ms` and fires timers in order. Throws when time does not advance. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let next = this.pending.peek(); next && next.at <= end; next = this.pending.peek()) {
      this.pending.pop();
      if (next.at > this.time) this.atThisInstant = 0;
      else if (++this.atThisInstant > MAX_TIMERS_AN_INSTANT)
        throw new Error('time stands still: too many timers fire at one instant');
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settled();
    }
    this.time = end;
  }
}

/**
 * Resolves when all promises that can settle have settled: the event loop turns only after that.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
