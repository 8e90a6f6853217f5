// Writes a set of files atomically: a reader sees all old files or all new ones (upstream:
// pkg/volume/util/atomic_writer.go). Each version has a directory; the symlink `..data` points to
// the current one and is replaced by rename; the visible names are symlinks through `..data`.
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
  chmod,
  chown,
  stat,
} from 'node:fs/promises';
import path from 'node:path';

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

export function validProjectionPath(relative: string): boolean {
  return (
    relative !== '' &&
    !path.isAbsolute(relative) &&
    !relative.split('/').includes('..') &&
    !relative.startsWith('..')
  );
}

const DATA = '..data';

async function sameContent(directory: string, payload: Payload): Promise<boolean> {
  let files: string[];
  try {
    const entries = await readdir(path.join(directory, DATA) + path.sep, {
      recursive: true,
      withFileTypes: true,
    });
    files = entries
      .filter((e) => e.isFile())
      .map((e) => path.relative(path.join(directory, DATA), path.join(e.parentPath, e.name)));
  } catch {
    return false;
  }
  if (files.length !== payload.size) return false;
  for (const file of files) {
    const wanted = payload.get(file);
    if (!wanted) return false;
    const full = path.join(directory, DATA, file);
    if (
      Buffer.compare(await readFile(full), wanted.data) !== 0 ||
      ((await stat(full)).mode & 0o7777) !== wanted.mode
    )
      return false;
  }
  return true;
}

/** Returns whether anything changed. */
export async function writeAtomically(directory: string, payload: Payload): Promise<boolean> {
  for (const name of payload.keys())
    if (!validProjectionPath(name)) throw new Error(`invalid path "${name}" in volume`);
  if (await sameContent(directory, payload)) return false;
  await mkdir(directory, { recursive: true });
  const old = await readlink(path.join(directory, DATA)).catch(() => undefined);
  const stamp = new Date()
    .toISOString()
    .slice(0, 19)
    .replaceAll('-', '_')
    .replace('T', '_')
    .replaceAll(':', '_');
  const fresh = await mkdtemp(path.join(directory, `..${stamp}.`));
  await chmod(fresh, 0o755);
  for (const [name, file] of payload) {
    const full = path.join(fresh, name);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, file.data);
    await chmod(full, file.mode);
    if (file.uid !== undefined || file.gid !== undefined)
      await chown(full, file.uid ?? 0, file.gid ?? 0);
  }
  const temporary = path.join(directory, '..data_tmp');
  await rm(temporary, { force: true });
  await symlink(path.basename(fresh), temporary);
  await rename(temporary, path.join(directory, DATA));
  await linkVisible(directory, payload);
  if (old) await rm(path.join(directory, old), { recursive: true, force: true });
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
