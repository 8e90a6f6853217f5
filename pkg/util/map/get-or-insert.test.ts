import assert from 'node:assert/strict';
import { getOrInsert } from './get-or-insert.js';

describe('getOrInsert', () => {
  it('makes a value once, and keeps every value but undefined', () => {
    const map = new Map<string, number | undefined>();
    let made = 0;
    const make = () => made++;
    assert.deepEqual(
      ['a', 'a', 'b'].map((key) => getOrInsert(map, key, make)),
      [0, 0, 1],
    );
    map.set('a', undefined);
    assert.equal(getOrInsert(map, 'a', make), 2);
    assert.equal(map.get('a'), 2);
  });

  it('keeps nothing when the value cannot be made', () => {
    const map = new WeakMap<object, string>();
    const key = {};
    const fail = () => {
      throw new Error('no');
    };
    assert.throws(() => getOrInsert(map, key, fail), /^Error: no$/);
    assert.equal(map.has(key), false);
  });
});
