import { existsSync } from 'node:fs';
import { exec } from '../exec.js';

/** A container can write millions of files. */
const REMOVAL_MS = 10 * 60_000;

/**
 * Removes what containers wrote. rm(1) works from descriptors: paths longer than PATH_MAX, which a
 * container can make, do not stop it, no link leads it elsewhere, and it enters no other mount.
 */
export async function removeTrees(folders: readonly string[]): Promise<void> {
  const present = folders.filter((folder) => existsSync(folder));
  if (present.length)
    await exec(['rm', '-rf', '--one-file-system', '--', ...present], { timeoutMs: REMOVAL_MS });
}
