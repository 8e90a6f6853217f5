// Bounds of authorization.

/** Identities with merged rules in the cache. */
export const IDENTITY_CACHE_ENTRIES = 4_096;
/** Namespaces with merged rules in the cache, per identity. */
export const NAMESPACES_PER_IDENTITY = 1_024;
/** Answers of one authorization webhook in its cache, as upstream. */
export const REVIEW_CACHE_ENTRIES = 8_192;
/** A longer question is not kept with its answer: requesters choose the names in it. */
export const MAX_CACHED_REVIEW_LENGTH = 10_000;
/** Questions that wait for one authorization webhook. Further ones fail at once. */
export const MAX_WAITING_REVIEWS = 1_024;
/** Match conditions of one authorization webhook, as upstream. */
export const MAX_MATCH_CONDITIONS = 64;
