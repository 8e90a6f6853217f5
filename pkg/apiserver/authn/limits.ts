// Bounds of authentication.

/** Verified tokens in the cache. */
export const TOKEN_CACHE_ENTRIES = 8_192;
/** Time between two checks of a verified token's account and pod (upstream: 10 s). */
export const TOKEN_RECHECK_MS = 1_000;
/**
 * A deleted account or pod still authenticates for this long, for clocks that lag (upstream
 * jwt.DefaultLeeway).
 */
export const DELETION_LEEWAY_MS = 60_000;
/** Lifetime of a token when the request names none. */
export const DEFAULT_TOKEN_SECONDS = 3_600;
/**
 * Pod tokens of exactly this lifetime get EXTENDED_TOKEN_SECONDS (upstream
 * pkg/serviceaccount/claims.go).
 */
export const EXTENDABLE_TOKEN_SECONDS = 3_607;
export const EXTENDED_TOKEN_SECONDS = 31_536_000;
/** Longer bearer tokens are refused without parsing. */
export const MAX_TOKEN_BYTES = 65_536;
/** An issuer's clock may be ahead by this (go-oidc's leeway for nbf). */
export const NOT_BEFORE_LEEWAY_MS = 300_000;
/** Time that an OpenID issuer has for its answer. */
export const ISSUER_TIMEOUT_MS = 10_000;
/** Largest document of an issuer. */
export const MAX_ISSUER_ANSWER_BYTES = 1024 * 1024;
/** Least time between two requests for the keys of one issuer. */
export const KEY_FETCH_PAUSE_MS = 1_000;
/** A verified token of an OpenID issuer is not verified again for this long (upstream: 10 s). */
export const OIDC_CACHE_MS = 10_000;
