import assert from 'node:assert/strict';
import { count, setOrDelete } from './count.js';

describe('count', () => {
  it('returns the new count, and keeps no zero', () => {
    const counts = new Map<string, number>();
    assert.deepEqual(
      [1, 1, -1, -1].map((by) => count(counts, 'a', by)),
      [1, 2, 1, 0],
    );
    assert.deepEqual([...counts], []);
  });
});

describe('setOrDelete', () => {
  it('sets a value, and deletes the entry for undefined', () => {
    const map = new Map<string, number>();
    setOrDelete(map, 'a', 0);
    assert.deepEqual([...map], [['a', 0]]);
    setOrDelete(map, 'a', undefined);
    assert.equal(map.size, 0);
  });
});
