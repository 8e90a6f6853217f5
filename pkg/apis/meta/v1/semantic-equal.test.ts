import { strict as assert } from 'node:assert';
import { semanticEqual } from './semantic-equal.js';

describe('semantic equality', () => {
  it('takes absent, null and empty lists for the same', () => {
    assert.ok(semanticEqual({ a: 1, b: [] }, { a: 1 }));
    assert.ok(semanticEqual({ a: 1 }, { a: 1, b: null }));
    assert.ok(semanticEqual({ a: { b: null } }, { a: { b: [] } }));
  });

  it('takes no written zero for absent', () => {
    for (const zero of [0, false, {}, ''])
      for (const [left, right] of [
        [{ a: zero }, {}],
        [{}, { a: zero }],
        [{ list: [{ a: zero }] }, { list: [{}] }],
      ])
        assert.equal(semanticEqual(left, right), false, JSON.stringify([left, right]));
  });
});
