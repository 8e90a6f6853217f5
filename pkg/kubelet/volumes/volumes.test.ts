import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pod, Volume } from '../../apis/core/v1/types.js';
import { writeAtomically, type FileProjection } from './atomic-writer.js';
import { memoryVolumeSize, readableByGroup } from './volumes.js';

const pod = (spec: Partial<Pod['spec']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', uid: 'u' },
  spec: { containers: [{ name: 'c' }], ...spec },
});

describe('volumes', () => {
  it('bounds an emptyDir in memory by its limit, the pod and the node', () => {
    const volume = (sizeLimit?: string): Volume => ({
      name: 'v',
      emptyDir: { medium: 'Memory', ...(sizeLimit ? { sizeLimit } : {}) },
    });
    const limited = (...memory: (string | undefined)[]): Pod =>
      pod({
        containers: memory.map((limit, at) => ({
          name: `c${at}`,
          resources: limit ? { limits: { memory: limit } } : {},
        })),
      });
    const size = (p: Pod, v: Volume, memory = '1Ki') => memoryVolumeSize(p, v, { memory });
    assert.equal(size(pod(), volume()), 1024);
    assert.equal(size(pod(), volume('512')), 512);
    assert.equal(size(pod(), volume('2Ki')), 1024);
    assert.equal(size(limited('100', '200'), volume()), 300);
    assert.equal(size(limited('100', undefined), volume('512')), 100);
    assert.equal(size(limited('4Ki'), volume()), 1024);
    assert.equal(memoryVolumeSize(pod(), volume(), {}), 0);
  });

  it('finds nothing changed in files that a group may read', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'volume-'));
    try {
      const file: FileProjection = { data: new TextEncoder().encode('s'), mode: 0o400 };
      const gid = process.getgid!();
      const files = readableByGroup(
        pod({ securityContext: { fsGroup: gid } }),
        new Map([['key', file]]),
      );
      assert.deepEqual(files.get('key'), { ...file, gid, mode: 0o440 });
      assert.equal(await writeAtomically(folder, files), true);
      assert.equal(await writeAtomically(folder, files), false);
      assert.deepEqual(readableByGroup(pod(), new Map([['key', file]])).get('key'), file);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
