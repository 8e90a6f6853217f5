// Bounds of authentication.

/** Verified tokens remembered. */
export const TOKEN_CACHE_ENTRIES = 8_192;
/** For this long a verified token's account and pod are not looked at again (upstream: 10 s). */
export const TOKEN_RECHECK_MS = 1_000;
/** A deleted account or pod authenticates so much longer, for clocks that lag (upstream jwt.DefaultLeeway). */
export const DELETION_LEEWAY_MS = 60_000;
/** Shortest and longest life of a requested token (upstream authentication validation). */
export const MIN_TOKEN_SECONDS = 600;
export const MAX_TOKEN_SECONDS = 2 ** 32;
/** Life of a token when the request does not say. */
export const DEFAULT_TOKEN_SECONDS = 3_600;
/** Requests of exactly this life, for a pod, get EXTENDED_TOKEN_SECONDS (upstream pkg/serviceaccount/claims.go). */
export const EXTENDABLE_TOKEN_SECONDS = 3_607;
export const EXTENDED_TOKEN_SECONDS = 31_536_000;
/** A bearer token beyond this is refused unread. */
export const MAX_TOKEN_BYTES = 65_536;
