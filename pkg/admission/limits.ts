// Bounds of the admission plugins.

/** Buckets of a limit on events when its configuration names no number, as upstream. */
export const EVENT_LIMIT_CACHE_ENTRIES = 4096;
/** Pods of a namespace that a new enforced level is tried on, as upstream. */
export const MAX_PODS_CHECKED = 3000;
