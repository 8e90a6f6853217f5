import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryExec } from '../../pkg/system/exec.js';
import { replacing } from './backup-archive.js';
import type { ClusterRecord } from './record.js';
import { withClusterLock } from './reservations.js';

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

describe('a backup', () => {
  it('is refused at once where it cannot be one', async () => {
    const state = mkdtempSync(join(tmpdir(), 'wheelhouse-backup-'));
    const name = `unit-${process.pid}`;
    const backup = async (output: string): Promise<string> => {
      const command = [process.execPath, join(import.meta.dirname, 'backup.js')];
      const words = ['env', `WHEELHOUSE_STATE=${state}`, ...command, '--name', name];
      const { code, stderr } = await tryExec([...words, '--output', output], { timeoutMs: 20_000 });
      assert.notEqual(code, 0);
      return stderr;
    };
    try {
      mkdirSync(join(state, name));
      const ports = { etcd: 1 };
      writeFileSync(join(state, name, 'cluster.json'), JSON.stringify({ name, ports, nodes: [] }));
      assert.match(await backup(state), /--output is a folder/);
      const file = join(state, 'archive');
      assert.match(await backup(file), /the cluster does not run: start it with hack\/up/);
      const other = () => backup(file);
      assert.match(await withClusterLock(name, 'hack/restore', other), /changed: hack\/restore/);
    } finally {
      rmSync(state, { recursive: true });
    }
  });
});
