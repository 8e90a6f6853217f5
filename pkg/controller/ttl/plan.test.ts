import assert from 'node:assert/strict';
import { nextStep, TTL_STEPS } from './plan.js';

describe('ttl plan', () => {
  it('grows with the cluster and does not swing at a boundary', () => {
    const seconds = (sizes: number[]) => {
      let step = 0;
      return sizes.map((nodes) => TTL_STEPS[(step = nextStep(step, nodes))]!.seconds);
    };
    assert.deepEqual(seconds([1, 100, 101, 95, 100, 89, 0]), [0, 0, 15, 15, 15, 0, 0]);
    assert.deepEqual(seconds([5000, 20_000, 9000, 8999, 1, 600]), [300, 600, 600, 300, 0, 30]);
  });
});
