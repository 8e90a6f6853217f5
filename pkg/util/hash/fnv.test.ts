import assert from 'node:assert/strict';
import { fnv32a } from './fnv.js';

describe('fnv32a', () => {
  // From the FNV authors' test vectors; 'é' is hashed as the bytes c3 a9.
  const cases: [string, number][] = [
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['b', 0xe70c2de5],
    ['foobar', 0xbf9cf968],
    ['\u00e9', 0x1e9de8c1],
  ];
  for (const [text, hash] of cases)
    it(`hashes ${JSON.stringify(text)}`, () => assert.equal(fnv32a(text), hash));
});
