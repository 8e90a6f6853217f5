import assert from 'node:assert/strict';
import { hashName } from './hash.js';

describe('hashName', () => {
  // sha256('abc') is ba7816bf 8f01cfea 4141 ..., in base32 XJ4BNP4PAHH6UQKB ...
  const cases: [string, number | undefined, string][] = [
    ['abc', undefined, 'XJ4BNP4P'],
    ['abc', 16, 'XJ4BNP4PAHH6UQKB'],
    ['', 8, '4OYMIQUY'],
  ];
  for (const [text, length, name] of cases)
    it(`gives ${name}`, () => assert.equal(hashName(text, length), name));
});
