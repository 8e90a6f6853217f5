import assert from 'node:assert/strict';
import { compareVersions } from './versions.js';

describe('versions', () => {
  it('are ordered by stability, then by number, and others by name', () => {
    const sorted = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2'];
    sorted.push('1', 'foo1', 'foo10', 'v0', 'v01', 'v1beta', 'v1beta0', 'v1rc1');
    assert.deepEqual(sorted.toReversed().sort(compareVersions), sorted);
    assert.equal(compareVersions('v1', 'v1'), 0);
  });
});
