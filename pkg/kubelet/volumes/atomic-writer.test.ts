import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { validProjectionPath, writeAtomically, type FileProjection } from './atomic-writer.js';

const payload = (files: Record<string, string>, mode = 0o644) =>
  new Map(
    Object.entries(files).map(([name, text]): [string, FileProjection] => [
      name,
      { data: new TextEncoder().encode(text), mode },
    ]),
  );

describe('atomic writer', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'volume-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const visible = async () => (await readdir(folder)).filter((n) => !n.startsWith('..')).sort();

  it('links files through ..data and replaces all of them at once', async () => {
    assert.equal(await writeAtomically(folder, payload({ a: '1', 'dir/b': '2' })), true);
    assert.deepEqual(await visible(), ['a', 'dir']);
    assert.equal(await readlink(path.join(folder, 'a')), '..data/a');
    assert.equal(await readFile(path.join(folder, 'dir/b'), 'utf8'), '2');
    const before = await readlink(path.join(folder, '..data'));
    assert.equal(
      await writeAtomically(folder, payload({ a: '1', 'dir/b': '2' })),
      false,
      'equal content is not written',
    );
    assert.equal(await writeAtomically(folder, payload({ a: '3', c: '4' })), true);
    assert.deepEqual(await visible(), ['a', 'c']);
    assert.equal(await readFile(path.join(folder, 'a'), 'utf8'), '3');
    assert.notEqual(await readlink(path.join(folder, '..data')), before);
    assert.equal(
      (await readdir(folder)).filter((n) => n.startsWith('..20')).length,
      1,
      'the old folder is gone',
    );
  });

  it('sets modes and detects a changed mode', async () => {
    await writeAtomically(folder, payload({ a: '1' }, 0o600));
    assert.equal((await stat(path.join(folder, 'a'))).mode & 0o777, 0o600);
    assert.equal(await writeAtomically(folder, payload({ a: '1' }, 0o644)), true);
  });

  it('refuses paths that leave the volume', async () => {
    for (const bad of ['', '/a', '../a', 'a/../b', '..data'])
      assert.equal(validProjectionPath(bad), false, bad);
    await assert.rejects(writeAtomically(folder, payload({ '../x': '' })));
  });
});
