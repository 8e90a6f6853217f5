// Bounds of authorization.

/** Identities with merged rules in the cache. */
export const IDENTITY_CACHE_ENTRIES = 4_096;
/** Namespaces with merged rules in the cache, per identity. */
export const NAMESPACES_PER_IDENTITY = 1_024;
