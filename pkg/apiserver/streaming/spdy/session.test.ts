import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { dataHead, rstStream } from './frames.js';
import { SpdySession } from './session.js';

const PROTOCOL_ERROR = 1;
const CANCEL = 5;
const words = Buffer.from('exit status 3');

/** A connection with the test at its other end. */
function connection() {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  return {
    session: new SpdySession(socket, Buffer.alloc(0)),
    written: () => Buffer.concat(written),
    receive: (...frames: Buffer[]) => socket.push(Buffer.concat(frames)),
  };
}

describe('a stream of a SPDY session', () => {
  for (const fin of [true, false]) {
    it(`that is reset ${fin ? 'after' : 'without'} its end gives the earlier bytes to a late reader`, async () => {
      const { session, receive } = connection();
      const stream = session.open({ streamtype: 'error' });
      stream.end();
      receive(dataHead(stream.id, words.length, fin), words, rstStream(stream.id, CANCEL));
      // All three frames are handled now, and no byte was read.
      await once(stream, 'readable');
      assert.equal((await buffer(stream)).toString(), words.toString());
      assert.equal(stream.destroyed, true);
    });
  }

  it('is closed by a reset after it was read to its end', async () => {
    const { session, receive } = connection();
    const stream = session.open({ streamtype: 'stdin' });
    receive(dataHead(stream.id, 0, true));
    await once(stream.resume(), 'end');
    assert.equal(stream.destroyed, false, 'its own half is open');
    receive(rstStream(stream.id, CANCEL));
    await once(stream, 'close');
  });

  it('counts as refused when it is reset before the answer', async () => {
    const { session, receive } = connection();
    const stream = session.open({ streamtype: 'data' });
    receive(rstStream(stream.id, PROTOCOL_ERROR));
    await assert.rejects(stream.accepted, /the stream was closed/);
  });

  it('is reset at the other end when it is destroyed half way', async () => {
    const { session, written } = connection();
    const stream = session.open({ streamtype: 'stdout' });
    stream.destroy();
    await once(stream, 'close');
    assert.ok(written().includes(rstStream(stream.id, CANCEL)));
  });
});
