// Finalizers of an object that is being deleted. Namespaces also have finalizers in spec.
import type { ApiObject } from '../../apimachinery/meta/object.js';

export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

/** Finalizers in spec: namespaces only. */
export function specFinalizers(object: ApiObject): readonly string[] {
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') return [];
  return (object as ApiObject & { spec?: { finalizers?: string[] } }).spec?.finalizers ?? [];
}

export const hasFinalizers = (object: ApiObject): boolean =>
  (object.metadata.finalizers?.length ?? 0) > 0 || specFinalizers(object).length > 0;

/** Whether a deleted object has no finalizer left and its grace period is over. */
export function isReadyToRemove(object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = object.metadata;
  return deletionTimestamp !== undefined && !deletionGracePeriodSeconds && !hasFinalizers(object);
}
