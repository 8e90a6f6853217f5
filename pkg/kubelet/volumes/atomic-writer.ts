// Writes a set of files atomically: a reader sees all old files or all new ones (upstream:
// pkg/volume/util/atomic_writer.go). Each version has a directory; the symlink `..data` points to
// the current one and is replaced by rename; the visible names are symlinks through `..data`.
import { mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, chmod } from 'node:fs/promises';
import path from 'node:path';
import {
  inFolder,
  openBeneath,
  openFileBeneath,
  pathOf,
  writeBeneath,
} from '../../system/files/beneath.js';

export interface FileProjection {
  data: Uint8Array;
  /** Permission bits. */
  mode: number;
  /** Owner of the file; default: root. */
  uid?: number;
  gid?: number;
}

/** Contents by relative path ('a/b'). */
export type Payload = ReadonlyMap<string, FileProjection>;

export const validProjectionPath = (relative: string): boolean =>
  relative !== '' &&
  !path.isAbsolute(relative) &&
  !relative.split('/').includes('..') &&
  !relative.startsWith('..');

const DATA = '..data';

/** The name of a version's folder, as the link holds it; nothing else is ever removed. */
const VERSION = /^\.\.[0-9_]+\.\w+$/;

async function sameFile(folder: string, name: string, wanted: FileProjection): Promise<boolean> {
  const file = await openFileBeneath(folder, name);
  try {
    return (
      ((await file.stat()).mode & 0o7777) === wanted.mode &&
      Buffer.compare(await file.readFile(), wanted.data) === 0
    );
  } finally {
    await file.close();
  }
}

async function sameContent(directory: string, payload: Payload): Promise<boolean> {
  const current = await openBeneath(directory, DATA, { followLinks: true });
  try {
    const folder = pathOf(current);
    const entries = await readdir(`${folder}/`, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    if (files.length !== payload.size) return false;
    for (const entry of files) {
      const name = path.relative(folder, path.join(entry.parentPath, entry.name));
      const wanted = payload.get(name);
      if (!wanted || !(await sameFile(folder, name, wanted))) return false;
    }
    return true;
  } finally {
    await current.close();
  }
}

/** Returns whether anything changed. */
export async function writeAtomically(directory: string, payload: Payload): Promise<boolean> {
  for (const name of payload.keys())
    if (!validProjectionPath(name)) throw new Error(`invalid path "${name}" in volume`);
  await mkdir(directory, { recursive: true });
  return inFolder(directory, '', (folder) => replaceVersion(folder, payload));
}

async function replaceVersion(directory: string, payload: Payload): Promise<boolean> {
  if (await sameContent(directory, payload).catch(() => false)) return false;
  const old = await readlink(path.join(directory, DATA)).catch(() => undefined);
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-T:]/g, '_');
  const fresh = await mkdtemp(path.join(directory, `..${stamp}.`));
  await chmod(fresh, 0o755);
  for (const [name, file] of payload) {
    const options = { makeFolders: 0o755, uid: file.uid, gid: file.gid };
    await writeBeneath(fresh, name, file.data, file.mode, options);
  }
  const temporary = path.join(directory, '..data_tmp');
  await rm(temporary, { force: true });
  await symlink(path.basename(fresh), temporary);
  await rename(temporary, path.join(directory, DATA));
  await linkVisible(directory, payload);
  if (old && VERSION.test(old))
    await rm(path.join(directory, old), { recursive: true, force: true });
  return true;
}

/** Links the top-level names through `..data`; stale names are removed last. */
async function linkVisible(directory: string, payload: Payload): Promise<void> {
  const wanted = new Set([...payload.keys()].map((name) => name.split('/')[0]!));
  const present = (await readdir(directory)).filter((name) => !name.startsWith('..'));
  for (const name of wanted)
    if (!present.includes(name)) await symlink(path.join(DATA, name), path.join(directory, name));
  for (const name of present)
    if (!wanted.has(name)) await rm(path.join(directory, name), { recursive: true, force: true });
}
