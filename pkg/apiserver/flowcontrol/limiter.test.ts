import assert from 'node:assert/strict';
import { inFlightLimits, type Arrival } from './limiter.js';
import { MAX_REQUESTS_QUEUED } from '../limits.js';

const read = { exchange: {}, info: { verb: 'get' }, isRead: true } as unknown as Arrival;
const write = { exchange: {}, info: { verb: 'create' }, isRead: false } as unknown as Arrival;
const watch = { exchange: {}, info: { verb: 'watch' }, isRead: true } as unknown as Arrival;

function blocker() {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  let started = 0;
  return {
    run: () => {
      started++;
      return gate;
    },
    open,
    started: () => started,
  };
}

describe('limits of requests in flight', () => {
  it('queue reads beyond the limit, and refuse more with 429', async () => {
    const limiter = inFlightLimits({ reads: 2, writes: 1 });
    const busy = blocker();
    const all = Array.from({ length: 2 + MAX_REQUESTS_QUEUED }, () =>
      limiter.admit(read, busy.run),
    );
    assert.equal(busy.started(), 2);
    await assert.rejects(limiter.admit(read, busy.run), { code: 429, reason: 'TooManyRequests' });
    busy.open();
    await Promise.all(all);
    assert.equal(busy.started(), 2 + MAX_REQUESTS_QUEUED);
  });

  it('keep reads and writes apart, and watches free', async () => {
    const limiter = inFlightLimits({ reads: 1, writes: 1 });
    const busy = blocker();
    const all = [
      limiter.admit(read, busy.run),
      limiter.admit(write, busy.run),
      limiter.admit(watch, busy.run),
    ];
    assert.equal(busy.started(), 3);
    busy.open();
    await Promise.all(all);
  });

  it('give the place of a request to the next when it leaves early', async () => {
    const limiter = inFlightLimits({ reads: 1, writes: 1 });
    const first = { ...read, exchange: {} } as unknown as Arrival;
    const busy = blocker();
    const all = [limiter.admit(first, busy.run), limiter.admit(read, busy.run)];
    assert.equal(busy.started(), 1);
    first.exchange.leaveFlow?.();
    first.exchange.leaveFlow?.();
    assert.equal(busy.started(), 2);
    busy.open();
    await Promise.all(all);
  });

  it('free the place of a request that fails', async () => {
    const limiter = inFlightLimits({ reads: 1, writes: 1 });
    await assert.rejects(
      limiter.admit(read, () => Promise.reject(new Error('no'))),
      /no/,
    );
    await limiter.admit(read, () => Promise.resolve());
  });
});
