import assert from 'node:assert/strict';
import { configured } from './configuration.js';
import { stringifyJson } from './json.js';

const SHAPE = {
  limits: [{ name: 'text', burst: 'integer', any: 'any' }],
  hosts: ['text'],
  on: 'boolean',
  inner: { of: { text: 'text' } },
} as const;
const read = (members: object) =>
  configured({ kind: 'K', apiVersion: 'g/v1', ...members }, 'K', ['g/v1', 'g/v2'], SHAPE);

describe('configuration files', () => {
  it('keep their members, without kind, version, and members that are null', () => {
    assert.deepEqual(
      read({ limits: [{ name: 'a', burst: null, any: [1] }], hosts: [], on: null, inner: {} }),
      { limits: [{ name: 'a', any: [1] }], hosts: [], inner: {} },
    );
  });

  const refused: [object, RegExp][] = [
    [
      { kind: 'L' },
      /^no kind "L" is registered for version "g\/v1"; expected K of g\/v1 or g\/v2$/,
    ],
    [{ kind: 9007199254740993n }, /^no kind 9007199254740993 is registered for version "g\/v1"/],
    [{ kind: { toString: 1n } }, /^no kind \{"toString":1\} is registered/],
    [{ apiVersion: 'g/v3' }, /^no kind "K" is registered for version "g\/v3"/],
    [{ limit: [] }, /^strict decoding error: unknown field "limit"$/],
    [{ limits: [{}, { names: 1 }] }, /^strict decoding error: unknown field "limits\[1\]\.names"$/],
    [{ constructor: {} }, /unknown field "constructor"/],
    [{ inner: { of: { text: 1 } } }, /^inner\.of\.text: wrong type$/],
    [{ inner: [] }, /^inner: wrong type$/],
    [{ hosts: ['a', null] }, /^hosts\[1\]: wrong type$/],
    [{ hosts: { length: 0 } }, /^hosts: wrong type$/],
    [{ limits: [{ burst: 1.5 }] }, /^limits\[0\]\.burst: wrong type$/],
    [{ on: 'true' }, /^on: wrong type$/],
  ];
  for (const [members, message] of refused)
    it(`refuse ${stringifyJson(members)}`, () => assert.throws(() => read(members), { message }));

  it('are objects', () => {
    for (const document of [undefined, null, 'x', []])
      assert.throws(() => configured(document, 'K', ['g/v1'], SHAPE), /is no object/);
  });
});
