// Bounds of authorization.

/** Identities whose rules are kept merged. */
export const IDENTITY_CACHE_ENTRIES = 4_096;
/** Namespaces kept merged for one identity. */
export const NAMESPACES_PER_IDENTITY = 1_024;
