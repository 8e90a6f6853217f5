// Memory and disk usage of pods. Disk usage is the writable layers, the pod directory (local
// volumes, /etc/hosts, termination logs) and the logs. Walking directories is slow: eviction does
// it under pressure, and the stats seldom.
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Pod } from '../../apis/core/v1/types.js';
import type { Usage } from '../eviction/rank.js';
import { limitedVolumes, type StorageUse } from '../eviction/storage-limits.js';
import { logDirectory, podDirectory, volumeDirectory, type Layout } from '../layout.js';
import type { Runtime } from '../runtime/runtime.js';
import { POD_UID_LABEL } from '../types/labels.js';
import { identityOf } from '../types/observed.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

const EMPTY_DIR = 'kubernetes.io/empty-dir';

/** Bytes of a directory tree without other file systems mounted in it; 0 if it does not exist. */
export async function diskBytes(folder: string, device?: number): Promise<number> {
  const own = await lstat(folder).catch(() => undefined);
  if (!own || (device !== undefined && own.dev !== device)) return 0;
  let sum = own.blocks * 512;
  if (!own.isDirectory()) return sum;
  for (const name of await readdir(folder).catch(() => []))
    sum += await diskBytes(path.join(folder, name), device ?? own.dev);
  return sum;
}

export async function podUsage(
  runtime: Runtime,
  layout: Layout,
  of: 'memory' | 'disk',
  pods: readonly Pod[],
): Promise<Map<string, Usage>> {
  const containers = new Map<string, Map<string, number>>();
  for (const stats of await runtime.stats()) {
    const uid = stats.labels[POD_UID_LABEL] ?? '';
    const amount = of === 'memory' ? stats.memoryWorkingSetBytes : stats.writableLayerBytes;
    getOrInsert(containers, uid, () => new Map<string, number>()).set(stats.name, amount);
  }
  const usages = new Map<string, Usage>();
  for (const pod of pods) {
    const uid = pod.metadata.uid!;
    const own = containers.get(uid) ?? new Map<string, number>();
    let total = [...own.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (of === 'disk') {
      total += await diskBytes(podDirectory(layout, uid));
      total += await diskBytes(logDirectory(layout, identityOf(pod)));
    }
    usages.set(uid, { total, containers: own });
  }
  return usages;
}

/** Disk usage by pod uid, with each emptyDir that has a sizeLimit. */
export async function podStorage(
  runtime: Runtime,
  layout: Layout,
  pods: readonly Pod[],
): Promise<Map<string, StorageUse>> {
  const usages = await podUsage(runtime, layout, 'disk', pods);
  const storage = new Map<string, StorageUse>();
  for (const pod of pods) {
    const uid = pod.metadata.uid!;
    const emptyDirs = new Map<string, number>();
    for (const { name } of limitedVolumes(pod))
      emptyDirs.set(name, await diskBytes(volumeDirectory(layout, uid, EMPTY_DIR, name)));
    storage.set(uid, { ...usages.get(uid)!, emptyDirs });
  }
  return storage;
}
