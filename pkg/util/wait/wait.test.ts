import assert from 'node:assert/strict';
import { Backoff } from '../backoff/backoff.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { abortable, Wakeup } from './abortable.js';
import { inParallel } from './in-parallel.js';
import { DONE, every, type EveryOptions } from './every.js';
import { retry, until, warnOnce } from './retry.js';

function setup() {
  const env = virtualEnv();
  const stop = new AbortController();
  const start = env.clock.now();
  const runs: number[] = [];
  const note = () => void runs.push(env.clock.now() - start);
  const loop = (
    options: Partial<EveryOptions>,
    work: Parameters<typeof every>[1] = note,
  ): Promise<void> =>
    every({ env, signal: stop.signal, periodMs: 100, failed: 'work failed', ...options }, work);
  return { env, stop, runs, note, loop };
}

describe('every', () => {
  it('runs at once and then a period after each end', async () => {
    const { env, stop, runs, loop } = setup();
    const done = loop({});
    await env.clock.advance(250);
    assert.deepEqual(runs, [0, 100, 200]);
    stop.abort();
    await done;
    await env.clock.advance(500);
    assert.equal(runs.length, 3);
  });

  const shapes: [string, Partial<EveryOptions>, number[]][] = [
    ['waits before the first run when told to', { firstMs: 30 }, [30, 130, 230]],
    ['asks for the period after each run', { periodMs: () => 120 }, [0, 120, 240]],
  ];
  for (const [title, options, expected] of shapes)
    it(title, async () => {
      const { env, stop, runs, loop } = setup();
      const done = loop(options);
      await env.clock.advance(250);
      assert.deepEqual(runs, expected);
      stop.abort();
      await done;
    });

  it('lengthens pauses by chance, never shortens them', async () => {
    const { env, stop, runs, loop } = setup();
    const done = loop({ jitter: 0.5 });
    await env.clock.advance(1000);
    const gaps = runs.slice(1).map((at, i) => at - runs[i]!);
    assert.ok(gaps.every((gap) => gap >= 100 && gap <= 150));
    assert.ok(new Set(gaps).size > 1);
    stop.abort();
    await done;
  });

  it('never runs twice at once', async () => {
    const { env, stop, loop } = setup();
    let running = 0;
    let most = 0;
    let count = 0;
    const done = loop({ periodMs: 10 }, async () => {
      most = Math.max(most, ++running);
      count++;
      await new Promise<void>((resolve) => env.clock.after(95, resolve));
      running--;
    });
    await env.clock.advance(1000);
    assert.equal(most, 1);
    assert.equal(count, 10);
    stop.abort();
    await env.clock.advance(100);
    await done;
  });

  it('backs off on failures, and begins anew after a success', async () => {
    const { env, stop, runs, note, loop } = setup();
    const backoff = new Backoff({ baseMs: 10, maxMs: 40 });
    const done = loop({ backoff }, () => {
      note();
      if (runs.length !== 5) throw new Error('no');
    });
    await env.clock.advance(320);
    assert.deepEqual(runs, [0, 10, 30, 70, 110, 210, 220, 240, 280, 320]);
    stop.abort();
    await done;
  });

  it('logs a failure once while it stays the same', async () => {
    const { env, stop, loop } = setup();
    const reasons = ['a', 'a', 'a', 'b', '', 'b'];
    const done = loop({}, () => {
      const reason = reasons.shift();
      if (reason) throw new Error(reason);
    });
    await env.clock.advance(550);
    stop.abort();
    await done;
    const told = env.log.lines.map((e) => `${e.event}: ${(e.fields['error'] as Error).message}`);
    assert.deepEqual(told, ['work failed: a', 'work failed: b', 'work failed: b']);
  });

  it('ends by DONE, and by what the failure handler throws', async () => {
    const { runs, loop } = setup();
    await loop({}, () => DONE);
    const fatal = loop(
      {
        failed: (error) => {
          throw error;
        },
      },
      () => {
        throw new Error('fatal');
      },
    );
    await assert.rejects(fatal, /fatal/);
    assert.deepEqual(runs, []);
  });

  it('does not report the failure that the abort makes', async () => {
    const { env, stop, loop } = setup();
    const done = loop({}, async () => {
      await new Promise<void>((_, reject) =>
        stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error)),
      );
    });
    await env.clock.advance(10);
    stop.abort();
    await done;
    assert.deepEqual(env.log.lines, []);
  });

  it('ends a pause early, and remembers a wake-up during a run', async () => {
    const { env, stop, runs, note, loop } = setup();
    const wakeup = new Wakeup();
    const done = loop({ wakeup }, () => {
      note();
      if (runs.length === 2) wakeup.wake();
    });
    await env.clock.advance(40);
    wakeup.wake();
    await env.clock.advance(110);
    assert.deepEqual(runs, [0, 40, 40, 140]);
    stop.abort();
    await done;
  });

  it('does nothing after an abort', async () => {
    const { stop, runs, loop } = setup();
    stop.abort();
    await loop({ firstMs: 10 });
    assert.deepEqual(runs, []);
  });
});

describe('retry', () => {
  const failing = (times: number) => {
    let tries = 0;
    return () => {
      if (++tries <= times) throw new Error(`try ${tries}`);
      return tries;
    };
  };

  it('gives the first success', async () => {
    const { env } = setup();
    const got = retry({ clock: env.clock, wait: 10 }, failing(3));
    await env.clock.advance(30);
    assert.equal(await got, 4);
  });

  it('waits by the back-off', async () => {
    const { env, note, runs } = setup();
    const wait = new Backoff({ baseMs: 10, maxMs: 100 });
    const got = retry({ clock: env.clock, wait, again: note }, failing(3));
    await env.clock.advance(70);
    assert.equal(await got, 4);
    assert.deepEqual(runs, [0, 10, 30]);
  });

  const refusals: [string, Partial<Parameters<typeof retry>[0]>, RegExp][] = [
    ['after its tries', { tries: 2 }, /try 2/],
    ['when the caller says so', { again: (_, tries) => tries < 3 }, /try 3/],
  ];
  for (const [title, options, message] of refusals)
    it(`gives up ${title}`, async () => {
      const { env } = setup();
      const got = assert.rejects(
        retry({ clock: env.clock, wait: 1, ...options }, failing(9)),
        message,
      );
      await env.clock.advance(20);
      await got;
    });

  it('ends with the reason of the abort', async () => {
    const { env, stop } = setup();
    const got = assert.rejects(
      retry({ clock: env.clock, wait: 100, signal: stop.signal }, failing(9)),
      /enough/,
    );
    await env.clock.advance(50);
    stop.abort(new Error('enough'));
    await got;
  });

  it('tells a failure once while it stays the same', () => {
    const { env } = setup();
    const tell = warnOnce(env.log, 'waiting');
    for (const text of ['a', 'a', 'b', 'a']) tell(new Error(text));
    assert.equal(env.log.lines.length, 3);
  });
});

describe('until', () => {
  it('asks until there is an answer', async () => {
    const { env } = setup();
    let asked = 0;
    const got = until({ clock: env.clock, periodMs: 10, limitMs: 100 }, () => ++asked === 3 && 'x');
    await env.clock.advance(20);
    assert.equal(await got, 'x');
  });

  it('takes 0 and the empty text for answers', async () => {
    const { env } = setup();
    const options = { clock: env.clock, periodMs: 10, limitMs: 100 };
    assert.equal(await until(options, () => 0), 0);
    assert.equal(await until(options, () => ''), '');
  });

  it('gives up at its limit and at abort', async () => {
    const { env, stop } = setup();
    const got = until({ clock: env.clock, periodMs: 10, limitMs: 100 }, () => false);
    const ended = until(
      { clock: env.clock, periodMs: 10, limitMs: 1e9, signal: stop.signal },
      () => undefined,
    );
    await env.clock.advance(50);
    stop.abort();
    assert.equal(await ended, undefined);
    await env.clock.advance(60);
    assert.equal(await got, undefined);
  });
});

describe('abortable', () => {
  it('passes on values and errors, and ends by the signal', async () => {
    const { stop } = setup();
    assert.equal(await abortable(Promise.resolve(1), stop.signal), 1);
    await assert.rejects(abortable(Promise.reject(new Error('own')), stop.signal), /own/);
    const waiting = abortable(new Promise(() => {}), stop.signal);
    stop.abort(new Error('stop'));
    await assert.rejects(waiting, /stop/);
    await assert.rejects(abortable(new Promise(() => {}), stop.signal), /stop/);
    assert.equal(await abortable(Promise.resolve(2), undefined), 2);
  });
});

describe('inParallel', () => {
  it('starts the items in their order, and no more than its bound at once', async () => {
    const [started, finish]: [number[], (() => void)[]] = [[], []];
    const all = inParallel([1, 2, 3], 2, (item) => {
      started.push(item);
      return new Promise<void>((resolve) => finish.push(resolve));
    });
    assert.deepEqual(started, [1, 2]);
    finish[1]!();
    await new Promise(setImmediate);
    assert.deepEqual(started, [1, 2, 3]);
    for (const end of finish) end();
    await all;
  });

  it('rejects with the first failure and goes on with the other items', async () => {
    const done: number[] = [];
    const work = async (item: number): Promise<void> => {
      await Promise.resolve();
      if (item === 1) throw new Error('one');
      done.push(item);
    };
    await assert.rejects(inParallel([1, 2, 3, 4], 2, work), /one/);
    await new Promise(setImmediate);
    assert.deepEqual(done, [2, 3, 4]);
  });
});
