import assert from 'node:assert/strict';
import fc from 'fast-check';
import { frameReader } from './grpc-connection.js';
import { rangeEnd, readWatchResponse } from './messages.js';
import { WireReader, WireWriter } from './wire.js';

describe('etcd wire format', () => {
  it('reads the numbers, ids, bytes, texts and messages that it wrote', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.uint8Array(),
        fc.string({ unit: 'grapheme' }),
        (number, id, bytes, text) => {
          const inner = new WireWriter().text(1, text).number(900, number);
          const frame = new WireWriter()
            .number(1, number)
            .id(2, id.toString())
            .bytes(3, bytes)
            .message(4, inner)
            .number(5, 1)
            .finishFrame();
          assert.equal(frame.readUInt32BE(1), frame.length - 5);
          const reader = new WireReader(frame, 5);
          const seen: unknown[] = [];
          while (reader.next()) {
            if (reader.field === 1) seen.push(reader.number());
            else if (reader.field === 2) seen.push(reader.id());
            else if (reader.field === 3) seen.push(Uint8Array.from(reader.bytes()));
            else if (reader.field === 4) {
              const message = reader.message();
              message.next();
              seen.push(message.text());
              message.next();
              seen.push(message.field, message.number());
            }
          }
          assert.deepEqual(seen, [
            number,
            id.toString(),
            Uint8Array.from(bytes),
            text,
            900,
            number,
          ]);
        },
      ),
    );
  });

  it('refuses messages that end early, or that are no answers of etcd', () => {
    const all = (bytes: readonly number[], read: (reader: WireReader) => void) => () => {
      const reader = new WireReader(Buffer.from(bytes));
      while (reader.next()) read(reader);
    };
    const skip = () => {};
    const text = (reader: WireReader) => void reader.text();
    const number = (reader: WireReader) => void reader.number();
    const id = (reader: WireReader) => void reader.id();
    const inner = (reader: WireReader) => void reader.message().next();
    const long = Array<number>(11).fill(0xff);
    for (const [bytes, read] of [
      [[0x0a, 5, 1], skip],
      [[0x0a, 5, 1], text],
      [[0x09, 1, 2], skip],
      [[0x0d, 1], skip],
      [[0x80], skip],
      [[8, ...long], number],
      [[8, ...long], id],
      [[8, ...long], skip],
      [[8, 0x80], id],
      [[0x0a, 1, 0x80, 0], inner],
    ] as const)
      assert.throws(all(bytes, read), /unexpected EOF|integer overflow/, String(bytes));
    assert.throws(all([8, 1], text), /wireType = 0 for field 1/);
    assert.throws(all([0x0a, 0], number), /wireType = 2 for field 1/);
    assert.throws(all([8, ...Array<number>(9).fill(0xff), 1], number), /integer overflow/);
    assert.throws(() => readWatchResponse(new WireReader(Buffer.of(0x5a, 0))), /without a key/);
  });

  it('splits a stream into messages at any chunk boundaries', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
        fc.array(fc.nat({ max: 12 })),
        (messages, cuts) => {
          const stream = Buffer.concat(
            messages.map((message) => {
              const prefix = Buffer.alloc(5);
              prefix.writeUInt32BE(message.length, 1);
              return Buffer.concat([prefix, message]);
            }),
          );
          const got: Uint8Array[] = [];
          const push = frameReader((message) => got.push(Uint8Array.from(message)));
          let at = 0;
          for (const cut of [...cuts, stream.length]) {
            if (at >= stream.length) break;
            push(stream.subarray(at, at + cut + 1));
            at += cut + 1;
          }
          if (at < stream.length) push(stream.subarray(at));
          assert.deepEqual(
            got,
            messages.map((message) => Uint8Array.from(message)),
          );
        },
      ),
    );
  });

  it('computes the range end of a prefix as etcd does', () => {
    assert.equal(rangeEnd('/registry/').toString(), '/registry0');
    assert.deepEqual(rangeEnd(''), Buffer.from([0]));
  });
});
