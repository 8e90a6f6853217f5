import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { ANSWER_PIECE_BYTES } from '../limits.js';
import { writePaced } from './paced-write.js';

/** A connection that accepts written bytes only when the test says so. */
function slowConnection() {
  const taken: Buffer[] = [];
  const waiting: (() => void)[] = [];
  const out = new Writable({
    highWaterMark: 1,
    writev(chunks, callback) {
      waiting.push(() => {
        for (const { chunk } of chunks) taken.push(chunk as Buffer);
        callback();
      });
    },
  });
  const take = async () => {
    waiting.shift()!();
    await new Promise(setImmediate);
  };
  return { out, taken, waiting, take };
}

const partOf = (bytes: number, seed: number) =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + seed) & 0xff));

describe('paced writes', () => {
  it('writes all parts in order, whatever their sizes', async () => {
    const parts = [
      partOf(10, 1),
      partOf(ANSWER_PIECE_BYTES * 2 + 5, 2),
      partOf(0, 3),
      partOf(1, 4),
      partOf(ANSWER_PIECE_BYTES - 3, 5),
      partOf(7, 6),
    ];
    const { out, taken, waiting, take } = slowConnection();
    let told = 0;
    writePaced(out, parts, (bytes) => (told += bytes));
    const finished = once(out, 'finish');
    while (waiting.length) await take();
    await finished;
    const all = Buffer.concat(parts);
    assert.ok(Buffer.concat(taken).equals(all));
    assert.equal(told, all.length);
  });

  it('writes one piece at a time', async () => {
    const { out, waiting, take } = slowConnection();
    writePaced(out, [partOf(ANSWER_PIECE_BYTES * 3, 1)], () => {});
    for (let i = 0; i < 3; i++) {
      assert.equal(waiting.length, 1);
      assert.ok(out.writableLength <= ANSWER_PIECE_BYTES);
      await take();
    }
    assert.ok(out.writableFinished);
  });

  it('ends an empty answer', async () => {
    const { out } = slowConnection();
    writePaced(out, [Buffer.alloc(0)], () => assert.fail('nothing was taken'));
    await once(out, 'finish');
  });

  it('stops when the client disconnects', async () => {
    const { out, waiting } = slowConnection();
    out.on('error', () => {});
    let told = 0;
    writePaced(out, [partOf(ANSWER_PIECE_BYTES * 3, 1)], (bytes) => (told += bytes));
    out.destroy(new Error('reset'));
    await new Promise<void>((resolve) => out.once('close', resolve));
    assert.equal(waiting.length, 1);
    assert.equal(told, 0);
  });
});
