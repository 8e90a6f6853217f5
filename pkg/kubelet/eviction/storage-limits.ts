// Pods that use more of the node's disk than they said they would: `sizeLimit` of an emptyDir, limits of
// ephemeral-storage. Pure. (Upstream: eviction_manager.go localStorageEviction.)
import type { Pod } from '../../apis/core/v1/types.js';
import { parseQuantity, quantityOf } from '../../apimachinery/quantity/quantity.js';
import type { Usage } from './rank.js';

export interface StorageUse extends Usage {
  /** Bytes of each emptyDir on disk. */
  emptyDirs: ReadonlyMap<string, number>;
}

const RESOURCE = 'ephemeral-storage';

/** The volumes whose size is limited; those in memory are limited by the kernel. */
export function limitedVolumes(pod: Pod): { name: string; limit: string }[] {
  return (pod.spec.volumes ?? []).flatMap(({ name, emptyDir }) =>
    emptyDir?.sizeLimit && emptyDir.medium !== 'Memory'
      ? [{ name, limit: emptyDir.sizeLimit }]
      : [],
  );
}

export const hasStorageLimits = (pod: Pod): boolean =>
  limitedVolumes(pod).length > 0 ||
  pod.spec.containers.some((c) => c.resources?.limits?.[RESOURCE] !== undefined);

/** What the pod is told when it is over a limit. */
export function storageViolation(pod: Pod, use: StorageUse): string | undefined {
  const bytes = (text: string) => Number(parseQuantity(text).value());
  const volume = limitedVolumes(pod).find(
    ({ name, limit }) => (use.emptyDirs.get(name) ?? 0) > bytes(limit),
  );
  if (volume)
    return `Usage of EmptyDir volume "${volume.name}" exceeds the limit "${volume.limit}". `;
  const limits = pod.spec.containers.map((c) => c.resources?.limits?.[RESOURCE]);
  if (limits.every((limit) => limit !== undefined)) {
    const total = limits.reduce((sum, limit) => sum + bytes(limit), 0);
    if (use.total > total)
      return `Pod ephemeral local storage usage exceeds the total limit of containers ${quantityOf(total, 'BinarySI').toString()}. `;
  }
  const container = pod.spec.containers.find(
    (c, at) => limits[at] !== undefined && (use.containers.get(c.name) ?? 0) > bytes(limits[at]),
  );
  return (
    container &&
    `Container ${container.name} exceeded its local ephemeral storage limit "${container.resources!.limits![RESOURCE]!}". `
  );
}
