import assert from 'node:assert/strict';
import { createMemoryStorage } from '../../storage/memory/memory-storage.js';
import { CompactedError } from '../../storage/storage.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { compactOnce } from './compaction.js';

describe('compaction', () => {
  it('compacts the revision of the last round, by whichever of several servers has the turn', async () => {
    const storage = createMemoryStorage(virtualEnv());
    const value = new Uint8Array(1);
    const first = await storage.put('/a', value);
    await storage.put('/a', value);
    let one = await compactOnce(storage, '/key', { modRevision: 0, revision: 0 });
    let two = await compactOnce(storage, '/key', { modRevision: 0, revision: 0 });
    assert.deepEqual(two, one);
    await storage.get('/a', { revision: first });
    await storage.put('/a', value);
    one = await compactOnce(storage, '/key', one);
    await assert.rejects(storage.get('/a', { revision: first }), CompactedError);
    two = await compactOnce(storage, '/key', two);
    assert.deepEqual(two, one);
  });
});
