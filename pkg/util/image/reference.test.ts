import assert from 'node:assert/strict';
import { parseImageReference } from './reference.js';

describe('image references', () => {
  for (const [text, expected] of Object.entries({
    busybox: { domain: 'docker.io', path: 'library/busybox' },
    'team/app:1.2': { domain: 'docker.io', path: 'team/app', tag: '1.2' },
    'index.docker.io/a': { domain: 'docker.io', path: 'library/a' },
    'localhost/a': { domain: 'localhost', path: 'a' },
    'Reg/a': { domain: 'Reg', path: 'a' },
    '[fd00::1]:5000/a/b:t': { domain: '[fd00::1]:5000', path: 'a/b', tag: 't' },
    'reg.example:5000/a__b/c-d': { domain: 'reg.example:5000', path: 'a__b/c-d' },
  }))
    it(`reads ${text}`, () => assert.deepEqual(parseImageReference(text), expected));

  it('reads a tag and a digest', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    assert.deepEqual(parseImageReference(`a:b@${digest}`), {
      domain: 'docker.io',
      path: 'library/a',
      tag: 'b',
      digest,
    });
  });

  for (const text of [
    '',
    '/x/../y',
    'Upper',
    'a:',
    'a b',
    'a@sha256:12',
    'a//b',
    'a/B',
    '-a',
    '0'.repeat(64),
    'a'.repeat(256),
    'a___b',
  ])
    it(`refuses ${JSON.stringify(text.slice(0, 20))}`, () =>
      assert.equal(parseImageReference(text), undefined));
});
