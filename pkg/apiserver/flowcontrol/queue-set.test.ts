import assert from 'node:assert/strict';
import { QueueSet, type Ticket } from './queue-set.js';
import { dealHand } from './shuffle-shard.js';

function level(limit: number, queues = 8): QueueSet {
  const set = new QueueSet();
  set.configure({ queues, handSize: 1, queueLengthLimit: 50 });
  set.limit = limit;
  return set;
}

const enter = (set: QueueSet, queue: number, now: number, seats = 1): Ticket => {
  const ticket = set.enter([queue], seats, now, true);
  assert.notEqual(typeof ticket, 'string');
  return ticket as Ticket;
};

describe('fair queuing', () => {
  it('shares the seats among flows, not among requests', () => {
    const set = level(2);
    const served = [0, 0];
    let now = 0;
    const running: Ticket[] = [];
    const flood = (): void => {
      while (set.queues[0]!.waiting.length < 40) {
        const ticket = enter(set, 0, now);
        if (ticket.state === 'running') running.push(ticket);
      }
    };
    for (let round = 0; round < 400; round++) {
      flood();
      // The second flow has one request at a time.
      if (!set.queues[1]!.waiting.length && !set.queues[1]!.executing) {
        const ticket = enter(set, 1, now);
        if (ticket.state === 'running') running.push(ticket);
      }
      now += 0.01;
      const done = running.shift()!;
      served[done.queue!.index]!++;
      set.leave(done, now);
      const next = set.dispatch(now);
      if (next) running.push(next);
    }
    // One request at a time cannot use more than one of two seats.
    assert.ok(served[1]! > 120, String(served));
  });

  it('charges requests that run long', () => {
    const set = level(1);
    const served = [0, 0];
    let now = 0;
    const cost = [0.05, 0.005];
    const refill = (): void => {
      for (const queue of [0, 1])
        while (set.queues[queue]!.waiting.length < 20) enter(set, queue, now);
    };
    let running = enter(set, 0, now);
    for (let round = 0; round < 600; round++) {
      refill();
      const { index } = running.queue!;
      now += cost[index]!;
      served[index]!++;
      set.leave(running, now);
      running = set.dispatch(now)!;
    }
    const ratio = (served[0]! * cost[0]!) / (served[1]! * cost[1]!);
    assert.ok(ratio > 0.7 && ratio < 1.4, `time of both flows: ${ratio}`);
  });

  it('refuses when the queue is full, and when there are no queues', () => {
    const set = level(1);
    enter(set, 3, 0);
    for (let i = 0; i < 50; i++) enter(set, 3, 0);
    assert.equal(set.enter([3], 1, 0, true), 'queue-full');
    assert.notEqual(set.enter([4], 1, 0, true), 'queue-full');
    const none = new QueueSet();
    none.configure(undefined);
    none.limit = 1;
    assert.notEqual(typeof none.enter([], 1, 0, true), 'string');
    assert.equal(none.enter([], 1, 0, true), 'concurrency-limit');
  });

  it('puts a request into the queue of its hand with the least work', () => {
    const set = level(1);
    enter(set, 0, 0);
    enter(set, 2, 0);
    const ticket = set.enter([2, 5], 1, 0, true) as Ticket;
    assert.equal(ticket.queue!.index, 5);
  });

  it('runs a request that is wider than the level alone', () => {
    const set = level(2);
    const small = enter(set, 0, 0);
    const wide = enter(set, 1, 0, 10);
    assert.equal(wide.state, 'waiting');
    assert.equal(set.dispatch(0), undefined);
    set.leave(small, 1);
    assert.equal(set.dispatch(1), wide);
    assert.equal(enter(set, 2, 1).state, 'waiting');
    set.leave(wide, 2);
    assert.equal(set.dispatch(2)?.queue!.index, 2);
  });

  it('is empty after every request has left, waiting ones too', () => {
    const set = level(3);
    const tickets = Array.from({ length: 30 }, (_, i) => enter(set, i % 8, i / 1000, 1 + (i % 3)));
    for (const ticket of tickets) set.leave(ticket, 1);
    for (const ticket of tickets) set.leave(ticket, 1);
    const { active, demand, executing, seatsInUse, waiting } = set;
    assert.deepEqual([active, demand, executing, seatsInUse, waiting], [0, 0, 0, 0, 0]);
  });
});

describe('shuffle sharding', () => {
  it('deals different queues, each equally often', () => {
    const often = Array.from({ length: 16 }, () => 0);
    let hash = 0x9e3779b97f4a7c15n;
    for (let i = 0; i < 4000; i++) {
      hash = (hash * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
      const hand = dealHand(hash, 16, 4);
      assert.equal(new Set(hand).size, 4);
      for (const card of hand) often[card]!++;
    }
    for (const count of often) assert.ok(count > 800 && count < 1200, String(often));
  });

  // The cards are those of upstream's dealer for the same hash.
  it('reads the hash in mixed radix', () => {
    assert.deepEqual(dealHand(0n, 8, 3), [0, 1, 2]);
    assert.deepEqual(dealHand(7n, 8, 3), [7, 0, 1]);
    assert.deepEqual(dealHand(8n * 6n + 3n, 8, 2), [3, 7]);
  });
});
