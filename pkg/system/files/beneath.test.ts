import { strict as assert } from 'node:assert';
import { link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tryExec } from '../exec.js';
import {
  inFolder,
  openBeneath,
  openFileBeneath,
  pathOf,
  readBeneath,
  UnsafePathError,
  writeBeneath,
} from './beneath.js';

describe('files below a folder that others change', () => {
  let base: string;
  let root: string;
  let outside: string;
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'beneath-'));
    root = path.join(base, 'root');
    outside = path.join(base, 'outside');
    await mkdir(path.join(root, 'a/b'), { recursive: true });
    await mkdir(outside);
    await writeFile(path.join(outside, 'secret'), 'secret');
    await writeFile(path.join(root, 'a/b/file'), 'text');
  });
  // The last command of a swapper may still run.
  afterEach(() => rm(base, { recursive: true, maxRetries: 10 }));

  const reach = async (relative: string, options = {}): Promise<string> => {
    const handle = await openBeneath(root, relative, options);
    try {
      return (await tryExec(['readlink', `/proc/${process.pid}/fd/${handle.fd}`])).stdout.trim();
    } finally {
      await handle.close();
    }
  };

  it('reaches what is below', async () => {
    assert.equal(await reach('a/b/../b/./file'), path.join(root, 'a/b/file'));
    assert.equal(await reach(''), root);
    assert.equal(String(await readBeneath(root, 'a/b/file')), 'text');
    assert.equal(String(await readBeneath(root, 'a/b/file', 2)), 'xt');
    assert.equal(await readBeneath(root, 'a/none'), undefined);
  });

  it('leaves the folder by no path and by no link', async () => {
    await symlink(outside, path.join(root, 'absolute'));
    await symlink('../outside', path.join(root, 'relative'));
    await symlink('a/../../outside', path.join(root, 'winding'));
    await symlink('..', path.join(root, 'a/up'));
    await symlink('loop', path.join(root, 'loop'));
    await symlink('/proc/self/root', path.join(root, 'magic'));
    for (const name of [
      '../outside',
      'a/../../outside/secret',
      'absolute/secret',
      'relative/secret',
      'winding',
      'a/up/../outside',
      'loop',
      'magic/etc',
    ])
      for (const options of [{}, { followLinks: true }, { followLinks: true, makeFolders: 0o755 }])
        await assert.rejects(reach(name, options), UnsafePathError, name);
    assert.equal((await tryExec(['ls', outside])).stdout, 'secret\n');
  });

  it('follows links that stay below, when asked to', async () => {
    await symlink('a/b', path.join(root, 'short'));
    await symlink('../short/file', path.join(root, 'a/file'));
    assert.equal(await reach('a/file', { followLinks: true }), path.join(root, 'a/b/file'));
    await assert.rejects(reach('short/file'), /short is a symbolic link/);
  });

  it('makes folders below descriptors only, each with the mode', async () => {
    const umask = process.umask(0o077);
    try {
      await reach('new/er/est', { makeFolders: 0o751 });
    } finally {
      process.umask(umask);
    }
    for (const name of ['new', 'new/er', 'new/er/est'])
      assert.equal((await stat(path.join(root, name))).mode & 0o777, 0o751, name);
    // A dangling link names a folder that does not exist: only one below is made.
    await symlink(path.join(outside, 'made'), path.join(root, 'dangling'));
    await symlink('../outside/made', path.join(root, 'dangling2'));
    await symlink('a/made', path.join(root, 'inside'));
    const options = { followLinks: true, makeFolders: 0o755 };
    await assert.rejects(reach('dangling/x', options), UnsafePathError);
    await assert.rejects(reach('dangling2', options), UnsafePathError);
    assert.equal(await reach('inside/x', options), path.join(root, 'a/made/x'));
  });

  it('opens regular files only, and never waits for a pipe', async () => {
    await tryExec(['mkfifo', path.join(root, 'pipe')]);
    await symlink('a/b/file', path.join(root, 'link'));
    for (const name of ['pipe', 'a', 'link'])
      await assert.rejects(openFileBeneath(root, name), UnsafePathError, name);
    await assert.rejects(writeBeneath(root, 'link', 'x', 0o644), { code: 'ELOOP' });
    await assert.rejects(writeBeneath(root, 'pipe', 'x', 0o644));
  });

  it('writes in place, through no link and into no file with another name', async () => {
    await writeBeneath(root, 'a/b/file', 'new', 0o640);
    assert.equal(await readFile(path.join(root, 'a/b/file'), 'utf8'), 'new');
    assert.equal((await stat(path.join(root, 'a/b/file'))).mode & 0o777, 0o640);
    await link(path.join(outside, 'secret'), path.join(root, 'hard'));
    await assert.rejects(writeBeneath(root, 'hard', 'x', 0o644), UnsafePathError);
    assert.equal(await readFile(path.join(outside, 'secret'), 'utf8'), 'secret');
    await writeBeneath(root, 'c/d', 'made', 0o644, { makeFolders: 0o750 });
    assert.equal(await readFile(path.join(root, 'c/d'), 'utf8'), 'made');
  });

  it('stays with the folder that it opened when the name is swapped for a link', async () => {
    await inFolder(root, 'a/b', async (folder) => {
      await tryExec(['mv', path.join(root, 'a/b'), path.join(root, 'a/moved')]);
      await symlink(outside, path.join(root, 'a/b'));
      await writeFile(`${folder}/here`, '');
    });
    assert.equal((await tryExec(['ls', outside])).stdout, 'secret\n');
    assert.ok(await stat(path.join(root, 'a/moved/here')));
  });

  it('loses the race against a swapper never', async () => {
    await mkdir(path.join(root, 'race'));
    await writeFile(path.join(root, 'race/secret'), 'mine');
    const race = path.join(root, 'race');
    const script = `while :; do mv -T ${race} ${race}.d; ln -s ${outside} ${race}; rm ${race}; mv -T ${race}.d ${race}; done`;
    const swapper = new AbortController();
    const swapping = tryExec(['sh', '-c', script], { signal: swapper.signal }).catch(() => {});
    try {
      for (let at = 0; at < 2000; at++) {
        const read = await readBeneath(root, 'race/secret').catch(() => undefined);
        assert.ok(read === undefined || String(read) === 'mine', String(read));
      }
    } finally {
      swapper.abort();
      await swapping;
    }
  });

  it('gives a path by which mount(8) reaches the file of a handle', async () => {
    const handle = await openBeneath(root, 'a/b/file');
    try {
      assert.equal(await readFile(pathOf(handle), 'utf8'), 'text');
    } finally {
      await handle.close();
    }
  });
});
