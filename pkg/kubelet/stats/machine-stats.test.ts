import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pod } from '../../apis/core/v1/types.js';
import { DISK_USAGE_AGE, DISK_WALK_REST } from '../limits.js';
import type { ObservedPod } from '../types/observed.js';
import { machineStats } from './machine-stats.js';

describe('the disk usage of a pod', () => {
  let root: string;
  let now: number;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'wheelhouse-stats-'));
  });
  after(() => rmSync(root, { recursive: true }));

  /** A walk that takes `ms`; the answers of later moments are that walk or another. */
  async function walkOf(ms: number): Promise<(at: number) => boolean> {
    now = 1;
    const host = machineStats({
      clock: { now: () => now } as never,
      runtime: {} as never,
      layout: { root, podLogs: join(root, 'logs') },
      cgroups: { root: '/' } as never,
      reader: {} as never,
    });
    const pod = { metadata: { name: 'p', namespace: 'n', uid: 'u' }, spec: {} } as Pod;
    const seen = { uid: 'u', containers: [] } as unknown as ObservedPod;
    const first = host.disk(pod, seen);
    now += ms;
    await first;
    await Promise.resolve();
    return (at) => {
      now = 1 + ms + at;
      return host.disk(pod, seen) === first;
    };
  }

  it('is measured once a minute', async () => {
    assert.equal((await walkOf(10))(DISK_USAGE_AGE), true);
    assert.equal((await walkOf(10))(DISK_USAGE_AGE + 1), false);
  });

  it('is measured seldom when that takes long', async () => {
    const ms = 30_000;
    assert.equal((await walkOf(ms))(DISK_WALK_REST * ms), true);
    assert.equal((await walkOf(ms))(DISK_WALK_REST * ms + 1), false);
  });
});
