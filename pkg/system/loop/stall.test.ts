import assert from 'node:assert/strict';
import { LOOK_MS } from './limits.js';
import { measureStall } from './stall.js';

describe('the stall of an event loop, seen from a thread', () => {
  it('grows while the counter stands, and ends with the next pulse', () => {
    const measure = measureStall();
    assert.equal(measure(1, 1_000), 0);
    assert.equal(measure(3, 1_250), 0);
    assert.deepEqual(
      [1_500, 1_750, 2_000].map((now) => measure(3, now)),
      [250, 500, 750],
    );
    assert.equal(measure(4, 2_250), 0);
    assert.equal(measure(4, 2_500), 250);
  });

  it('does not count time in which the whole process stood still', () => {
    const measure = measureStall();
    measure(1, 0);
    measure(1, LOOK_MS);
    assert.ok(measure(1, 3_600_000) <= 3 * LOOK_MS);
  });

  it('survives the overflow of the counter', () => {
    const measure = measureStall();
    measure(2 ** 31 - 1, 0);
    assert.equal(measure(-(2 ** 31), LOOK_MS), 0);
  });
});
