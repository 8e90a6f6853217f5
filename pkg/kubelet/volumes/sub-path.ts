// subPath of volume mounts (upstream: pkg/volume/util/subpath). Containers can change a volume at
// any time, so no name in a volume is used twice: the path is opened step by step, and the
// descriptor itself is bound to a place of the pod that no container can change. The runtime mounts
// that place.
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { exec, tryExec } from '../../system/exec.js';
import { openBeneath, writeBeneath } from '../../system/files/beneath.js';
import type { Log } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import { subPathsDirectory, type Layout } from '../layout.js';
import { SyncError } from '../types/sync-error.js';
import { mountPoints } from './mount-points.js';

export interface SubPathMount {
  uid: string;
  volume: string;
  container: string;
  /** Of the mount in its container. */
  index: number;
}

function checkRelative(relative: string): void {
  const why = path.isAbsolute(relative)
    ? `error SubPath ${JSON.stringify(relative)} must not be an absolute path`
    : relative.split('/').includes('..')
      ? `unable to provision SubPath ${JSON.stringify(relative)}: must not contain '..'`
      : undefined;
  if (why) throw new SyncError('CreateContainerConfigError', why);
}

/** A former instance of the container may have left its mount, also before this kubelet started. */
async function release(place: string): Promise<void> {
  for (const mount of await mountPoints())
    if (mount === place) await exec(['umount', '--no-canonicalize', '--lazy', place]);
}

async function bind(
  layout: Layout,
  volumePath: string,
  mount: SubPathMount,
  relative: string,
): Promise<string> {
  const makeFolders = (await stat(volumePath)).mode & 0o7777;
  const source = await openBeneath(volumePath, relative, { followLinks: true, makeFolders });
  try {
    const folder = subPathsDirectory(layout, mount.uid);
    const own = path.join(mount.volume, mount.container, String(mount.index));
    const place = path.join(folder, own);
    await release(place);
    if ((await source.stat()).isDirectory()) await mkdir(place, { recursive: true, mode: 0o750 });
    else {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      await writeBeneath(folder, own, '', 0o640, { makeFolders: 0o750 });
    }
    // mount(8) must not resolve the descriptor's link: its name may be another file by then.
    const descriptor = `/proc/${process.pid}/fd/${source.fd}`;
    await exec(['mount', '--no-canonicalize', '--bind', descriptor, place]);
    return place;
  } finally {
    await source.close();
  }
}

/**
 * The place of a subPath, for the runtime to mount. Folders that are missing get the volume's mode.
 * @throws SyncError CreateContainerConfigError when the path leaves the volume or cannot be bound.
 */
export async function bindSubPath(
  { layout, log }: { layout: Layout; log: Log },
  volumePath: string,
  mount: SubPathMount,
  relative: string,
): Promise<string> {
  checkRelative(relative);
  return bind(layout, volumePath, mount, relative).catch((error: unknown) => {
    // The pod's owner learns nothing of the host's files: the whole error is for the log.
    const message = `failed to prepare subPath for volumeMount "${mount.volume}" of container "${mount.container}"`;
    log.warn(message, { pod: mount.uid, subPath: relative, error: errorText(error) });
    throw new SyncError('CreateContainerConfigError', message);
  });
}

/** Ends all mounts of a pod below `folder`, the innermost first. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const mount of (await mountPoints()).filter((m) => m.startsWith(`${folder}/`)).reverse()) {
    const result = await tryExec(['umount', '--no-canonicalize', mount]);
    if (result.code !== 0) await exec(['umount', '--no-canonicalize', '--lazy', mount]);
  }
}
