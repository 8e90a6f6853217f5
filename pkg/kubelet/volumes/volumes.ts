// A pod's volumes on this machine: each becomes a host path that containers mount. Setting up again
// refreshes the contents; tearing down needs only the pod's uid.
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, open, opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';
import type {
  HostPathVolumeSource,
  PersistentVolume,
  Pod,
  Volume,
} from '../../apis/core/v1/types.js';
import { claimNameOf } from '../../component-helpers/pod-references.js';
import { LOCAL_PATH_ROOT, localPathName } from '../../component-helpers/volumes.js';
import { templateContainers } from '../../component-helpers/pods.js';
import { exec } from '../../system/exec.js';
import { openBeneath, pathOf } from '../../system/files/beneath.js';
import { removeTrees } from '../../system/files/remove-trees.js';
import { errorText } from '../../util/errors/error-text.js';
import {
  memoryDirectory,
  memoryVolume,
  podDirectory,
  subPathsDirectory,
  volumeDirectory,
  type Layout,
} from '../layout.js';
import { MAX_VOLUME_DEPTH } from '../limits.js';
import { memoryOf, podLimits } from '../../component-helpers/resources.js';
import { writeAtomically, type Payload } from './atomic-writer.js';
import { mountPoints } from './mount-points.js';
import { payloadOf, type PayloadSources } from './payload.js';
import { unmountBelow } from './sub-path.js';
import { ignoringCode } from '../../util/errors/error-text.js';

/** The persistent volume that a claim is bound to, and whether only one pod may use the claim. */
export type ClaimResolver = (
  pod: Pod,
  claim: string,
) => Promise<{ volume: PersistentVolume; exclusive: boolean }>;

export interface VolumeDeps {
  layout: Layout;
  sources: (pod: Pod) => PayloadSources;
  claim: ClaimResolver;
  /** Uids of the pods that use a volume alone. */
  users: Map<string, string>;
}

const isMountPoint = async (directory: string): Promise<boolean> =>
  (await mountPoints()).includes(directory);

/** Mounts the tmpfs for secrets below --root-dir, unless it is mounted already. */
export async function prepareMemory(layout: Layout): Promise<void> {
  const directory = memoryDirectory(layout);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (await isMountPoint(await realpath(directory))) return;
  await exec(['mount', '-t', 'tmpfs', '-o', 'mode=0750', 'kubelet-memory', directory]);
}

/**
 * The size of an emptyDir in memory, in bytes: its limit, the pod's memory limit or the node's
 * allocatable memory, whichever is least (upstream: calculateEmptyDirMemorySize). Pure.
 */
export function memoryVolumeSize(
  pod: Pod,
  volume: Volume,
  allocatable: Readonly<Record<string, string>>,
): number {
  const bounds = [
    allocatable['memory'] ? parseQuantity(allocatable['memory']).value() : 0,
    memoryOf(podLimits(pod)),
    volume.emptyDir?.sizeLimit ? parseQuantity(volume.emptyDir.sizeLimit).value() : 0,
  ].filter((bytes) => bytes > 0);
  return bounds.length ? Math.min(...bounds) : 0;
}

async function emptyDir(layout: Layout, pod: Pod, volume: Volume, size: number): Promise<string> {
  const uid = pod.metadata.uid!;
  const directory = volumeDirectory(layout, uid, 'kubernetes.io/empty-dir', volume.name);
  await mkdir(directory, { recursive: true });
  if (volume.emptyDir?.medium === 'Memory' && !(await isMountPoint(directory))) {
    const options = size > 0 ? ['-o', `size=${size}`] : [];
    await exec(['mount', '-t', 'tmpfs', ...options, 'tmpfs', directory]);
  }
  await chmod(directory, 0o777);
  await ownByGroup(directory, pod, false);
  return directory;
}

const HOST_PATH_KINDS: Record<string, (s: Awaited<ReturnType<typeof stat>>) => boolean> = {
  Directory: (s) => s.isDirectory(),
  DirectoryOrCreate: (s) => s.isDirectory(),
  File: (s) => s.isFile(),
  FileOrCreate: (s) => s.isFile(),
  Socket: (s) => s.isSocket(),
  CharDevice: (s) => s.isCharacterDevice(),
  BlockDevice: (s) => s.isBlockDevice(),
};

async function hostPath(source: HostPathVolumeSource): Promise<string> {
  const kind = source.type ?? '';
  if (kind === 'DirectoryOrCreate') await mkdir(source.path, { recursive: true, mode: 0o755 });
  if (kind === 'FileOrCreate') await (await open(source.path, 'a', 0o644)).close();
  const check = HOST_PATH_KINDS[kind];
  if (!check) return source.path;
  const found = await stat(source.path).catch(() => undefined);
  const noun = kind.replace('OrCreate', '').replace('Device', ' device').toLowerCase();
  if (!found || !check(found))
    throw new Error(`hostPath type check failed: ${source.path} is not a ${noun}`);
  return source.path;
}

/** The directory of a persistent volume on this node. */
async function persistent(deps: VolumeDeps, pod: Pod, claim: string): Promise<string> {
  const { volume, exclusive } = await deps.claim(pod, claim);
  const { hostPath: source, local, volumeMode } = volume.spec;
  const { name } = volume.metadata;
  if (volumeMode === 'Block' || !(source ?? local))
    throw new Error(`no volume plugin matched for persistent volume "${name}"`);
  if (exclusive) {
    const user = deps.users.get(name) ?? pod.metadata.uid!;
    if (user !== pod.metadata.uid && existsSync(podDirectory(deps.layout, user)))
      throw new Error(
        'volume uses the ReadWriteOncePod access mode and is already in use by another pod',
      );
    deps.users.set(name, pod.metadata.uid!);
  }
  if (source) return hostPath(source);
  const directory = local!.path;
  const own = localPathName(volume);
  if (own !== undefined) {
    await mkdir(LOCAL_PATH_ROOT, { recursive: true, mode: 0o755 });
    await (await openBeneath(LOCAL_PATH_ROOT, own, { makeFolders: 0o777 })).close();
  }
  if (!(await stat(directory)).isDirectory()) throw new Error(`"${directory}" is not a directory`);
  // A group that has the top of the volume has the rest, which may be large (OnRootMismatch).
  const group = pod.spec.securityContext?.fsGroup;
  if ((await stat(directory)).gid !== group) await ownByGroup(directory, pod, true);
  return directory;
}

/**
 * Makes the pod's fsGroup the group of the volume. The top comes last, so that a pass that was
 * interrupted is made again.
 */
async function ownByGroup(directory: string, pod: Pod, recursive: boolean): Promise<void> {
  const group = pod.spec.securityContext?.fsGroup;
  if (group === undefined) return;
  if (recursive) await ownContents(directory, group);
  await chown(directory, -1, group);
  await chmod(directory, 0o2775 | ((await stat(directory)).mode & 0o777));
}

/**
 * Containers may have made the contents, and may change them meanwhile. One entry at a time is
 * held, and no path grows with the depth.
 */
async function ownContents(folder: string, group: number, depth = 0): Promise<void> {
  if (depth > MAX_VOLUME_DEPTH) throw new Error(`the volume is over ${MAX_VOLUME_DEPTH} deep`);
  for await (const entry of await opendir(folder)) {
    if (entry.isSymbolicLink()) continue;
    const handle = await openBeneath(folder, entry.name).catch(ifGone);
    if (!handle) continue;
    try {
      const info = await handle.stat();
      if (info.isDirectory()) await ownContents(pathOf(handle), group, depth + 1);
      await chown(pathOf(handle), info.uid, group);
      await chmod(pathOf(handle), (info.mode & 0o7777) | (info.isDirectory() ? 0o2070 : 0o040));
    } finally {
      await handle.close();
    }
  }
}

/** For a file that was removed since its name was read. */
const ifGone = ignoringCode('ENOENT');

/** The files with the modes that fsGroup gives them, so that a refresh finds nothing changed. */
export function readableByGroup(pod: Pod, payload: Payload): Payload {
  const gid = pod.spec.securityContext?.fsGroup;
  if (gid === undefined) return payload;
  return new Map([...payload].map(([name, f]) => [name, { ...f, gid, mode: f.mode | 0o440 }]));
}

/** Secrets stay in memory. */
function fileVolumeDirectory(layout: Layout, uid: string, volume: Volume): string {
  if (volume.secret) return memoryVolume(layout, uid, 'kubernetes.io/secret', volume.name);
  if (volume.projected) return memoryVolume(layout, uid, 'kubernetes.io/projected', volume.name);
  const plugin = volume.configMap ? 'kubernetes.io/configmap' : 'kubernetes.io/downward-api';
  return volumeDirectory(layout, uid, plugin, volume.name);
}

async function setUpOne(deps: VolumeDeps, pod: Pod, volume: Volume): Promise<string> {
  if (volume.emptyDir) {
    const size = memoryVolumeSize(pod, volume, deps.sources(pod).allocatable);
    return emptyDir(deps.layout, pod, volume, size);
  }
  if (volume.hostPath) return hostPath(volume.hostPath);
  const claim = claimNameOf(pod, volume);
  if (claim !== undefined) return persistent(deps, pod, claim);
  const payload = await payloadOf(pod, volume, deps.sources(pod));
  if (!payload) throw new Error(`no volume plugin matched for volume "${volume.name}"`);
  const directory = fileVolumeDirectory(deps.layout, pod.metadata.uid!, volume);
  const changed = await writeAtomically(directory, readableByGroup(pod, payload));
  if (changed) await ownByGroup(directory, pod, true);
  return directory;
}

/** Host paths by volume name. Throws upstream's message for the first volume that fails. */
export async function setUpVolumes(deps: VolumeDeps, pod: Pod): Promise<Map<string, string>> {
  const used = new Set(
    templateContainers(pod.spec).flatMap((c) =>
      [...(c.volumeMounts ?? []), ...(c.volumeDevices ?? [])].map((m) => m.name),
    ),
  );
  const paths = await Promise.all(
    (pod.spec.volumes ?? [])
      .filter((v) => used.has(v.name))
      .map(async (volume): Promise<[string, string]> => {
        try {
          return [volume.name, await setUpOne(deps, pod, volume)];
        } catch (error) {
          const what = `MountVolume.SetUp failed for volume "${volume.name}"`;
          throw new Error(`${what} : ${errorText(error)}`, { cause: error });
        }
      }),
  );
  return new Map(paths);
}

/** Unmounts and removes all volumes of a pod. */
export async function tearDownVolumes(layout: Layout, uid: string): Promise<void> {
  const base = path.join(podDirectory(layout, uid), 'volumes');
  const subPaths = subPathsDirectory(layout, uid);
  for (const folder of [subPaths, base]) await unmountBelow(folder);
  // All mounts are gone at this point: rm would delete the files of a mounted volume.
  await removeTrees([subPaths, base, path.join(memoryDirectory(layout), uid)]);
}
