import assert from 'node:assert/strict';
import { byInt64, int64Field, int64Of, maxInt64, parseInt64 } from './int64.js';

describe('int64', () => {
  it('reads what ParseInt reads', () => {
    for (const [text, value] of [
      ['7', 7n],
      ['-7', -7n],
      ['+7', 7n],
      ['007', 7n],
      ['9223372036854775807', 9223372036854775807n],
      ['-9223372036854775808', -9223372036854775808n],
      ['9223372036854775808', undefined],
      ['', undefined],
      ['1.0', undefined],
      ['1e3', undefined],
      [' 1', undefined],
      ['0x1', undefined],
    ] as const)
      assert.equal(parseInt64(text), value, text);
  });

  it('keeps every digit on the way through a field', () => {
    for (const value of [0n, 5n, 2n ** 53n + 1n, 3546343826724305832n])
      assert.equal(int64Of(int64Field(value)), value);
    assert.equal(typeof int64Field(5n), 'number');
  });

  it('orders, and has 0 as the maximum of nothing', () => {
    assert.equal(maxInt64(), 0n);
    assert.equal(maxInt64(2n ** 60n, 2n ** 60n + 1n, 3n), 2n ** 60n + 1n);
    assert.deepEqual([3n, 1n, 2n].toSorted(byInt64), [1n, 2n, 3n]);
  });
});
