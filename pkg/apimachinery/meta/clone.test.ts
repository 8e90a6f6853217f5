import { strict as assert } from 'node:assert';
import { equalJson, jsonKey } from './clone.js';

describe('keys of JSON values', () => {
  it('agree with equality', () => {
    const values: unknown[] = [
      undefined,
      null,
      'null',
      true,
      'true',
      0,
      -0,
      1,
      1n,
      '1',
      1.5,
      1e21,
      10n ** 21n,
      2n ** 63n,
      '',
      '"',
      [],
      [[]],
      [1, 2],
      [12],
      ['1,2'],
      {},
      { a: undefined },
      { a: null },
      { a: 1, b: 2 },
      { b: 2n, a: 1 },
      { a: '1,"b":2' },
      { 'a":1,"b': 2 },
      { a: { b: [1, { c: 'd' }] } },
    ];
    for (const a of values)
      for (const b of values)
        assert.equal(
          jsonKey(a) === jsonKey(b),
          equalJson(a, b),
          `${String(jsonKey(a))} ${String(jsonKey(b))}`,
        );
  });
});
