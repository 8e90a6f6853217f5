// Rotates container logs: FILE is renamed to FILE.TIME and the runtime reopens it; older files are
// compressed, and the oldest are removed (upstream: pkg/kubelet/logs/container_log_manager.go).
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { atomicWrite } from '../../system/files/atomic-write.js';
import { inFolder, readBeneath } from '../../system/files/beneath.js';
import type { Runtime } from '../runtime/runtime.js';
import { ownLogPath } from './read-log.js';

const compress = promisify(gzip);

export interface RotationLimits {
  maxBytes: number;
  /** Files per container, the current log included. */
  maxFiles: number;
}

/** '20260102-150405' */
const stampOf = (now: number): string =>
  new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');

/** Rotated logs of `file`, oldest first. */
async function rotated(file: string): Promise<string[]> {
  const names = await readdir(path.dirname(file));
  const prefix = `${path.basename(file)}.`;
  return names
    .filter((n) => n.startsWith(prefix))
    .sort()
    .map((n) => path.join(path.dirname(file), n));
}

/** Returns whether the log was rotated. */
export async function rotateIfLarge(
  runtime: Runtime,
  containerId: string,
  file: string,
  limits: RotationLimits,
  now: number,
): Promise<boolean> {
  const info = await lstat(file).catch(() => undefined);
  if (!info?.isFile() || info.size < limits.maxBytes) return false;
  const { root, relative } = ownLogPath(file);
  await inFolder(root, path.dirname(relative), (folder) =>
    rotate(runtime, containerId, path.join(folder, path.basename(file)), limits, now),
  );
  return true;
}

async function rotate(
  runtime: Runtime,
  containerId: string,
  file: string,
  limits: RotationLimits,
  now: number,
): Promise<void> {
  const old = await rotated(file);
  // Two of maxFiles are the log that is rotated now and the new log.
  for (const name of old.slice(0, Math.max(0, old.length - (limits.maxFiles - 2))))
    await rm(name, { force: true });
  for (const name of await rotated(file)) {
    if (name.endsWith('.gz')) continue;
    const text = await readBeneath(path.dirname(name), path.basename(name));
    if (text) await atomicWrite(`${name}.gz`, await compress(text), 0o644);
    await rm(name);
  }
  const target = `${file}.${stampOf(now)}`;
  await rename(file, target);
  try {
    await runtime.reopenLog(containerId);
  } catch (error) {
    await rename(target, file);
    throw error;
  }
}
