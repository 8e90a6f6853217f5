import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replacing } from './backup-archive.js';
import type { ClusterRecord } from './record.js';

describe('a restore', () => {
  const PARTS = ['pki', 'credentials', 'etcd'];
  const record = { name: 'a', index: 1 } as ClusterRecord;
  let top = '';
  beforeEach(() => (top = mkdtempSync(join(tmpdir(), 'wheelhouse-restore-'))));
  afterEach(() => rmSync(top, { recursive: true }));

  const fill = (folder: string, text: string): void => {
    for (const part of PARTS) {
      mkdirSync(join(folder, part), { recursive: true });
      writeFileSync(join(folder, part, 'file'), text);
    }
  };
  const text = (...path: string[]): string =>
    existsSync(join(top, ...path)) ? readFileSync(join(top, ...path), 'utf8') : 'none';
  const contents = (suffix = ''): string =>
    PARTS.map((part) => text('a', part + suffix, 'file')).join();
  const recordNow = () => JSON.parse(text('a', 'cluster.json')) as ClusterRecord;

  /** A cluster with state, or a lost one, and a restore that is killed after `count` steps. */
  async function killedAfter(count: number, isLost: boolean): Promise<boolean> {
    const [dir, folder] = [join(top, 'a'), join(top, 'a/restore')];
    rmSync(dir, { recursive: true, force: true });
    fill(folder, 'new');
    if (!isLost) {
      fill(dir, 'old');
      writeFileSync(join(dir, 'cluster.json'), '{ "name": "a", "index": 7 }');
    }
    const steps = replacing(dir, folder, record);
    for (const step of steps.slice(0, count)) await step();
    return count < steps.length;
  }

  for (const isLost of [false, true])
    it(`of a ${isLost ? 'lost' : 'stopped'} cluster can be killed after every step`, async () => {
      const old = isLost ? 'none,none,none' : 'old,old,old';
      for (let count = 0; await killedAfter(count, isLost); count++) {
        const isMarked = existsSync(join(top, 'a/cluster.json')) && recordNow().restoring;
        if (!isMarked) assert.equal(contents(), old, `unmarked after ${count} steps`);
        rmSync(join(top, 'a/restore'), { recursive: true });
        fill(join(top, 'a/restore'), 'newer');
        for (const step of replacing(join(top, 'a'), join(top, 'a/restore'), record)) await step();
        assert.equal(contents(), 'newer,newer,newer');
        assert.deepEqual(recordNow(), record);
        if (isLost) continue;
        assert.equal(contents('.replaced'), old, `killed after ${count} steps`);
        assert.match(text('a/cluster.json.replaced'), /"index": 7/);
      }
    });

  it('keeps the state before it, and nothing of a restore before that', async () => {
    await killedAfter(Infinity, false);
    fill(join(top, 'a/restore'), 'newer');
    for (const step of replacing(join(top, 'a'), join(top, 'a/restore'), record)) await step();
    assert.equal(contents('.replaced'), 'new,new,new');
    assert.equal(contents(), 'newer,newer,newer');
  });
});
