import assert from 'node:assert/strict';
import { containerHash } from './labels.js';

describe('container hash', () => {
  it("equals upstream's of its own test (TestHashContainer)", () => {
    const container = { name: 'test_container', image: 'foo/image:v1' };
    assert.equal(containerHash(container), '8e45cbd0');
    assert.equal(containerHash({ ...container, args: ['x'], ports: [] }), '8e45cbd0');
    assert.notEqual(containerHash({ ...container, image: 'foo/image:v2' }), '8e45cbd0');
  });
});
