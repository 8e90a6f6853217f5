// Bounds of the admission plugins.

/** Pods of a namespace that a new enforced level is tried on, as upstream. */
export const MAX_PODS_CHECKED = 3000;
