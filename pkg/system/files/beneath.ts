// Opens files below a folder that others can change at the same time, such as containers. Each step
// opens one name from the descriptor of its folder (/proc/self/fd/N/NAME) and follows no link, so
// that nobody can swap a folder for a link between a check and a use. A link is read and its text
// walked in the same way: a link that leaves the folder, or an absolute one, is an error (as
// openat2 with RESOLVE_BENEATH). The kinds of CVE-2017-1002101, CVE-2021-25741, CVE-2024-5321.
import { constants as c } from 'node:fs';
import { mkdir, open, readlink, type FileHandle } from 'node:fs/promises';
import { ignoringCode } from '../../util/errors/error-text.js';

/** Linux: a descriptor that names a file without opening it. Node has no name for this flag. */
const O_PATH = 0o10000000;
/** As MAXSYMLINKS of Linux. */
const MAX_LINKS = 40;

export class UnsafePathError extends Error {
  override name = 'UnsafePathError';
}

export interface BeneathOptions {
  /** Folders that are missing are made, with exactly this mode. */
  makeFolders?: number;
  /** Links that stay below the root are followed; default: every link is an error. */
  followLinks?: boolean;
}

/** A path by which other calls reach exactly the file of the handle, whatever its name is now. */
export const pathOf = (handle: FileHandle): string => `/proc/self/fd/${handle.fd}`;

async function makeFolder(at: string, mode: number): Promise<FileHandle> {
  await mkdir(at, { mode }).catch(ignoringCode('EEXIST'));
  const folder = await open(at, c.O_RDONLY | c.O_DIRECTORY | c.O_NOFOLLOW);
  await folder.chmod(mode); // mkdir obeys the umask
  return folder;
}

async function step(from: FileHandle, name: string, options: BeneathOptions): Promise<FileHandle> {
  const at = `${pathOf(from)}/${name}`;
  try {
    return await open(at, O_PATH | c.O_NOFOLLOW);
  } catch (error) {
    ignoringCode('ENOENT')(error);
    if (options.makeFolders === undefined) throw error;
    return makeFolder(at, options.makeFolders);
  }
}

/**
 * The file or folder at `relative` below the folder `root`, as a descriptor that names it (O_PATH).
 * `root` itself is trusted. The caller closes the handle.
 * @throws UnsafePathError for a path that leaves the root; errors of open(2) otherwise.
 */
export async function openBeneath(
  root: string,
  relative: string,
  options: BeneathOptions = {},
): Promise<FileHandle> {
  const held = [await open(root, O_PATH | c.O_DIRECTORY)];
  const todo = relative.split('/');
  const refuse = (why: string) => new UnsafePathError(`${relative}: ${why}`);
  let links = 0;
  try {
    while (todo.length) {
      const name = todo.shift()!;
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (held.length === 1) throw refuse('the path leaves its folder');
        await held.pop()!.close();
        continue;
      }
      const from = held.at(-1)!;
      const next = await step(from, name, options);
      if (!(await next.stat()).isSymbolicLink()) {
        held.push(next);
        continue;
      }
      await next.close();
      if (!options.followLinks) throw refuse(`${name} is a symbolic link`);
      if (++links > MAX_LINKS) throw refuse('too many symbolic links');
      const text = await readlink(`${pathOf(from)}/${name}`);
      if (text.startsWith('/')) throw refuse(`${name} is a link that leaves its folder`);
      todo.unshift(...text.split('/'));
    }
    return held.pop()!;
  } finally {
    await Promise.all(held.map((handle) => handle.close()));
  }
}

/**
 * Calls `use` with a path of the folder at `relative` below `root`. The path is good until `use`
 * has ended. Names in the folder may still be links: a change of names is safe, an open is not.
 */
export async function inFolder<T>(
  root: string,
  relative: string,
  use: (folder: string) => Promise<T>,
  options: BeneathOptions = {},
): Promise<T> {
  const named = await openBeneath(root, relative, options);
  try {
    const folder = await open(pathOf(named), c.O_RDONLY | c.O_DIRECTORY);
    try {
      return await use(pathOf(folder));
    } finally {
      await folder.close();
    }
  } finally {
    await named.close();
  }
}

/**
 * A regular file for reading. The caller closes the handle.
 * @throws UnsafePathError for a link, a folder, a device, a pipe or a socket.
 */
export async function openFileBeneath(root: string, relative: string): Promise<FileHandle> {
  const named = await openBeneath(root, relative);
  try {
    if (!(await named.stat()).isFile())
      throw new UnsafePathError(`${relative}: not a regular file`);
    return await open(pathOf(named), c.O_RDONLY);
  } finally {
    await named.close();
  }
}

/** The bytes of a regular file, or its last `bytes`; undefined when there is no file. */
export async function readBeneath(
  root: string,
  relative: string,
  bytes = Infinity,
): Promise<Buffer | undefined> {
  const file = await openFileBeneath(root, relative).catch(ignoringCode('ENOENT'));
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, bytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Writes a regular file in place, so that bind mounts of the file show the new content. The last
 * name is never a link, and a file with other names (hard links) is refused.
 */
export async function writeBeneath(
  root: string,
  relative: string,
  data: string | Uint8Array,
  mode: number,
  options: BeneathOptions & { uid?: number | undefined; gid?: number | undefined } = {},
): Promise<void> {
  const slash = relative.lastIndexOf('/');
  await inFolder(
    root,
    relative.slice(0, Math.max(0, slash)),
    async (folder) => {
      const flags = c.O_WRONLY | c.O_CREAT | c.O_NOFOLLOW | c.O_NONBLOCK;
      const file = await open(`${folder}/${relative.slice(slash + 1)}`, flags, 0o600);
      try {
        const info = await file.stat();
        if (!info.isFile() || info.nlink !== 1)
          throw new UnsafePathError(`${relative}: not a regular file of its own`);
        await file.truncate();
        await file.writeFile(data);
        if (options.uid !== undefined || options.gid !== undefined)
          await file.chown(options.uid ?? 0, options.gid ?? 0);
        await file.chmod(mode);
      } finally {
        await file.close();
      }
    },
    options,
  );
}
