import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerHttp2Session } from 'node:http2';
import { endSilentSession } from './listeners.js';

describe('silent HTTP/2 sessions', () => {
  const sessionOf = () => {
    const session = new EventEmitter() as EventEmitter & { closed: Promise<string> };
    session.closed = new Promise((resolve) =>
      Object.assign(session, {
        close: () => resolve('closed'),
        destroy: () => resolve('destroyed'),
      }),
    );
    return session;
  };
  const watched = (limits: { headerMs: number; idleMs: number }) => {
    const session = sessionOf();
    endSilentSession(session as unknown as ServerHttp2Session, limits);
    return session;
  };

  it('are destroyed without a first request', async () => {
    assert.equal(await watched({ headerMs: 5, idleMs: 60_000 }).closed, 'destroyed');
  });

  it('are closed after their streams have ended, and not before', async () => {
    const session = watched({ headerMs: 60_000, idleMs: 5 });
    const watch = { destroyed: false };
    session.emit('stream', watch);
    for (let n = 0; n < 100; n++) session.emit('stream', { destroyed: true });
    const first = await Promise.race([
      session.closed,
      new Promise((resolve) => setTimeout(() => resolve('open'), 60)),
    ]);
    assert.equal(first, 'open');
    watch.destroyed = true;
    assert.equal(await session.closed, 'closed');
  });

  it('hold few ended streams', async () => {
    const session = watched({ headerMs: 60_000, idleMs: 60_000 });
    let looks = 0;
    const ended = Array.from({ length: 1_000 }, () => ({
      get destroyed() {
        looks++;
        return true;
      },
    }));
    for (const stream of ended) session.emit('stream', stream);
    assert.ok(looks >= 800, `${looks} of 1,000 ended streams were let go`);
    assert.ok(looks <= 2_000, `${looks} looks at 1,000 streams`);
    session.emit('close');
  });
});
