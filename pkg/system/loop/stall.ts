// How long an event loop has been stuck, as a thread sees its pulse. Pure.
import { LOOK_MS } from './limits.js';

/**
 * Called every LOOK_MS with the loop's counter and a monotonic time; returns milliseconds. Time in
 * which the thread itself did not run (SIGSTOP, a paused machine) does not count.
 */
export function measureStall(): (counter: number, now: number) => number {
  let [known, lookedAt, stalled] = [Number.NaN, 0, 0];
  return (counter, now) => {
    stalled = counter === known ? stalled + Math.min(now - lookedAt, 2 * LOOK_MS) : 0;
    known = counter;
    lookedAt = now;
    return stalled;
  };
}
