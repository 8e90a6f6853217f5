// Every bound of the client.

/**
 * A unary request that took longer fails (client-go callers use 30 to 60 s; the server's own limit
 * is 60 s).
 */
export const REQUEST_DEADLINE_MS = 60_000;
/** Attempts of a request that got 429 or 503 with Retry-After, or that did not reach the server. */
export const MAX_TRIES = 6;
/** Upper bound of the delay that Retry-After sets. */
export const MAX_RETRY_AFTER_MS = 30_000;
/** Back-off between attempts of a request that reached no server. */
export const RETRY = { baseMs: 50, maxMs: 2_000, jitter: 0.5 } as const;
/** Timeout of the TCP and TLS handshakes together. */
export const CONNECT_TIMEOUT_MS = 10_000;
/**
 * Silence on a session with open streams after which the peer is pinged, and how long its answer
 * may take (client-go: 30 s and 15 s).
 */
export const PING_IDLE_MS = 30_000;
export const PING_TIMEOUT_MS = 15_000;
/**
 * HTTP/2 flow control: bytes in flight for a stream and for a session. The default of 64 KiB makes
 * large lists crawl.
 */
export const STREAM_WINDOW_BYTES = 1 << 20;
export const SESSION_WINDOW_BYTES = 16 << 20;
/** Sessions to one server. A further session opens only at the server's limit of streams. */
export const MAX_SESSIONS = 8;
/**
 * One watch event, as a line of JSON. etcd refuses values above 1.5 MiB; the rest is room for
 * managed fields and old servers.
 */
export const MAX_EVENT_BYTES = 8 << 20;
/** Interval at which a token file is read again (client-go: 1 min). */
export const TOKEN_FILE_TTL_MS = 60_000;
/** Period of the look at the files of a client certificate (client-go: 5 min). */
export const PAIR_LOOK_MS = 2_000;
/** Time for the open requests of a connection with an old certificate; then watches begin anew. */
export const PAIR_RETIRE_MS = 30_000;

/** Back-off between attempts to renew a lease that shows that its holder lives. */
export const LEASE_RETRY = { baseMs: 100, maxMs: 5_000 } as const;

/** Objects per page of a reflector's list (client-go: 500). */
export const LIST_PAGE_SIZE = 500;
/**
 * A watch is asked to end after a time drawn between these, so that servers shed old watches
 * (client-go: 5 to 10 min).
 */
export const WATCH_TIMEOUT_MIN_SECONDS = 300;
export const WATCH_TIMEOUT_MAX_SECONDS = 600;
/** Back-off between failed lists and watches. */
export const REFLECTOR_BACKOFF_BASE_MS = 200;
export const REFLECTOR_BACKOFF_MAX_MS = 10_000;

/**
 * Delay of a work queue's failing item (client-go: 5 ms to 1000 s; a repaired cluster should not
 * wait 16 minutes).
 */
export const QUEUE_BACKOFF_BASE_MS = 5;
export const QUEUE_BACKOFF_MAX_MS = 120_000;

/** Events waiting to be written; more are dropped and counted (client-go: 1000). */
export const EVENT_QUEUE_LENGTH = 1000;
/** Event series remembered for counting up (client-go: 4096). */
export const EVENT_CACHE_ENTRIES = 4096;
/**
 * Different messages of one reason about one object within the window before they are combined
 * (client-go: 10 in 10 min).
 */
export const EVENT_AGGREGATE_COUNT = 10;
export const EVENT_AGGREGATE_WINDOW_MS = 600_000;
/** Events about one object: a burst, then one in five minutes (client-go: 25, 1/300 s). */
export const EVENT_BURST = 25;
export const EVENT_REFILL_MS = 300_000;
/** Attempts to write one event while no server responds. */
export const EVENT_MAX_TRIES = 12;

/** Cache lifetimes (upstream: authentication.webhook.cacheTTL, authorization.webhook.*). */
export const TOKEN_KNOWN_MS = 2 * 60_000;
export const CALLER_ALLOWED_MS = 5 * 60_000;
export const CALLER_REFUSED_MS = 30_000;
/** Entries of each of these caches. */
export const REMEMBERED_CALLERS = 1000;
