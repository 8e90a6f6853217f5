import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atomicWrite, readIfPresent } from './atomic-write.js';

describe('atomicWrite', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'atomic-write-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  for (const mode of [0o600, 0o644, 0o666])
    it(`makes folders and gives the mode ${mode.toString(8)} whatever the umask`, async () => {
      const path = join(folder, 'a/b/file');
      const umask = process.umask(0o077);
      try {
        await atomicWrite(path, 'one', mode);
      } finally {
        process.umask(umask);
      }
      assert.equal(await readFile(path, 'utf8'), 'one');
      assert.equal(await modeOf(path), mode);
      assert.deepEqual(await readdir(join(folder, 'a/b')), ['file']);
    });

  it('replaces a file by another inode', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    const before = (await stat(path)).ino;
    await atomicWrite(path, 'new', 0o644);
    assert.equal(await readIfPresent(path), 'new');
    assert.notEqual((await stat(path)).ino, before);
  });

  it('keeps the inode of an equal file and puts its mode right', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'same', { mode: 0o666 });
    const before = (await stat(path)).ino;
    await atomicWrite(path, 'same', 0o600);
    assert.equal((await stat(path)).ino, before);
    assert.equal(await modeOf(path), 0o600);
  });

  it('leaves nothing behind when the rename fails', async () => {
    const path = join(folder, 'file');
    await mkdir(join(path, 'full'), { recursive: true });
    await assert.rejects(atomicWrite(path, 'text', 0o644));
    assert.deepEqual(await readdir(folder), ['file']);
  });

  it('lets writers of one file run at once', async () => {
    const path = join(folder, 'file');
    const texts = Array.from({ length: 20 }, (_, at) => `${at}`.repeat(1000));
    await Promise.all(texts.map((text) => atomicWrite(path, text, 0o644)));
    assert.ok(texts.includes(await readFile(path, 'utf8')));
    assert.deepEqual(await readdir(folder), ['file']);
  });

  it('reads a missing file as undefined and throws for what is no file', async () => {
    assert.equal(await readIfPresent(join(folder, 'none')), undefined);
    await assert.rejects(readIfPresent(folder));
  });
});
