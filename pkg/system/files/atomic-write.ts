// Writes a file so that readers, and a host that loses its power, see the old content or the new
// one, never a part.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ignoringCode } from '../../util/errors/error-text.js';

/** The text of a file; undefined when it does not exist. */
export const readIfPresent = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch(ignoringCode('ENOENT'));

/**
 * Creates missing folders (0755). An equal file keeps its inode and only gets its mode put right.
 * The temporary file is hidden and ends in '.tmp', so that CNI and other readers of the folder skip
 * it.
 */
export async function atomicWrite(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  if (await holds(path, content)) return chmod(path, mode);
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.chmod(mode); // open's mode is cut by the umask
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function holds(path: string, content: string | Uint8Array): Promise<boolean> {
  const wanted = Buffer.from(content);
  const present = await stat(path).catch(() => undefined);
  return present?.size === wanted.length && wanted.equals(await readFile(path));
}
