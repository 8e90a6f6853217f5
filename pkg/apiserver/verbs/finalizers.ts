// What still holds an object that is being deleted. Namespaces have finalizers of their own in spec.
import type { ApiObject } from '../../apimachinery/meta/object.js';

export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

/** Finalizers in spec: namespaces only. */
export function specFinalizers(object: ApiObject): readonly string[] {
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') return [];
  return (object as ApiObject & { spec?: { finalizers?: string[] } }).spec?.finalizers ?? [];
}

export function hasFinalizers(object: ApiObject): boolean {
  return (object.metadata.finalizers?.length ?? 0) > 0 || specFinalizers(object).length > 0;
}

/** True when an update took the last hold off an object on its way out, whose grace is over. */
export function isReadyToRemove(object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = object.metadata;
  return deletionTimestamp !== undefined && !deletionGracePeriodSeconds && !hasFinalizers(object);
}
