import assert from 'node:assert/strict';
import { WireError, WireReader } from './wire-reader.js';

const read = <T>(bytes: readonly number[], value: (reader: WireReader) => T): T => {
  const reader = new WireReader(Uint8Array.from(bytes));
  assert.ok(reader.next());
  return value(reader);
};
const minusOne = [...Array<number>(9).fill(0xff), 1];

describe('protobuf wire reader', () => {
  it('reads integers of each size exactly', () => {
    assert.equal(
      read([8, ...minusOne], (reader) => reader.int64()),
      -1,
    );
    assert.equal(
      read([8, ...minusOne], (reader) => reader.id()),
      '-1',
    );
    assert.equal(
      read([8, ...minusOne], (reader) => reader.int32()),
      -1,
    );
    // 2^53 + 1 is no number of JavaScript.
    const big = [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    assert.equal(
      read([8, ...big], (reader) => reader.int64()),
      2n ** 53n + 1n,
    );
    assert.throws(() => read([8, ...big], (reader) => reader.number()), WireError);
  });

  it('reads packed lists of varints and doubles, and texts with a byte order mark', () => {
    const list = (of: 'varints' | 'doubles', bytes: number[]) =>
      read([0x0a, bytes.length, ...bytes], (reader) => {
        const packed = reader.packed(of);
        const out: unknown[] = [];
        while (!packed.done) out.push(of === 'varints' ? packed.int64() : packed.double());
        return out;
      });
    assert.deepEqual(list('varints', [1, 0x80, 1]), [1, 128]);
    const doubles = [...new Uint8Array(new Float64Array([1.5, -2]).buffer)];
    assert.deepEqual(list('doubles', doubles), [1.5, -2]);
    assert.throws(() => list('doubles', doubles.slice(1)), WireError);
    assert.equal(
      read([0x0a, 4, 0xef, 0xbb, 0xbf, 0x61], (reader) => reader.text()),
      '\ufeffa',
    );
  });

  it('skips what is not read and refuses fields of another type', () => {
    const reader = new WireReader(
      Uint8Array.of(0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x15, 0, 0, 0, 0, 0x1a, 1, 7, 0x20, 5),
    );
    const fields: number[] = [];
    while (reader.next()) fields.push(reader.field);
    assert.deepEqual(fields, [1, 2, 3, 4]);
    assert.throws(() => read([8, 1], (one) => one.text()), /wrong wireType = 0 for field 1/);
    assert.throws(() => read([0x0b], (one) => one.next()), /illegal wireType 3/);
  });
});
