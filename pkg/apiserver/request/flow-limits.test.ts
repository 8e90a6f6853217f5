import assert from 'node:assert/strict';
import { FlowLimit } from './flow-limits.js';
import { MAX_REQUESTS_QUEUED } from '../limits.js';

describe('flow limit', () => {
  it('admits up to its limit, queues the next in order, then refuses', async () => {
    const limit = new FlowLimit(2);
    assert.deepEqual([limit.enter(), limit.enter()], [true, true]);
    const order: number[] = [];
    const waiting = Array.from({ length: MAX_REQUESTS_QUEUED }, (_, at) =>
      (limit.enter() as Promise<void>).then(() => order.push(at)),
    );
    assert.throws(() => limit.enter(), /Too many requests/);
    limit.leave();
    limit.leave();
    await Promise.all(waiting.slice(0, 2));
    assert.deepEqual([order, limit.inFlight], [[0, 1], 2]);
    for (let at = 0; at < MAX_REQUESTS_QUEUED; at++) limit.leave();
    await Promise.all(waiting);
    assert.equal(limit.inFlight, 0);
  });
});
