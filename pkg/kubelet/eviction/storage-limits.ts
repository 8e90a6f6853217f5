// Pods that exceed their local storage limits: `sizeLimit` of an emptyDir, ephemeral-storage
// limits. Pure. (Upstream: eviction_manager.go localStorageEviction.)
import type { Pod } from '../../apis/core/v1/types.js';
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';
import { containerResource, podLimits } from '../../component-helpers/resources.js';
import type { Usage } from './rank.js';

export interface StorageUse extends Usage {
  /** Bytes on disk by name of the emptyDir volume. */
  emptyDirs: ReadonlyMap<string, number>;
}

const RESOURCE = 'ephemeral-storage';

/** The emptyDirs on disk that have a sizeLimit; the kernel limits those in memory. */
export function limitedVolumes(pod: Pod): { name: string; limit: string }[] {
  return (pod.spec.volumes ?? []).flatMap(({ name, emptyDir }) =>
    emptyDir?.sizeLimit && emptyDir.medium !== 'Memory'
      ? [{ name, limit: emptyDir.sizeLimit }]
      : [],
  );
}

export const hasStorageLimits = (pod: Pod): boolean =>
  limitedVolumes(pod).length > 0 || podLimits(pod)[RESOURCE] !== undefined;

/** The eviction message for a pod that exceeds a limit; undefined: no limit is exceeded. */
export function storageViolation(pod: Pod, use: StorageUse): string | undefined {
  const volume = limitedVolumes(pod).find(
    ({ name, limit }) => (use.emptyDirs.get(name) ?? 0) > parseQuantity(limit).value(),
  );
  if (volume)
    return `Usage of EmptyDir volume "${volume.name}" exceeds the limit "${volume.limit}". `;
  const total = podLimits(pod)[RESOURCE];
  if (total && use.total > total.value())
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${total.toString()}. `;
  const container = pod.spec.containers.find((c) => {
    const limit = containerResource(c, 'limits', RESOURCE);
    return !limit.isZero && (use.containers.get(c.name) ?? 0) > limit.value();
  });
  return (
    container &&
    `Container ${container.name} exceeded its local ephemeral storage limit "${container.resources!.limits![RESOURCE]!}". `
  );
}
