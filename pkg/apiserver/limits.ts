// Every bound of the apiserver, in one place. Upstream's value where it has one.

/** How long a health check waits for the store. */
export const STORE_CHECK_MS = 2_000;
/** Largest request body, as upstream's MaxRequestBodyBytes. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** Answers from this size on are compressed when the client accepts gzip (upstream responsewriters). */
export const GZIP_MIN_BYTES = 128 * 1024;
/** Answers up to here are compressed at once; larger ones as they are sent, in pieces of ... */
export const GZIP_WHOLE_BYTES = 4 * 1024 * 1024;
export const GZIP_OUTPUT_BYTES = 128 * 1024;
/** Concurrent non-watch requests, upstream's --max-requests-inflight plus --max-mutating-requests-inflight. */
export const MAX_REQUESTS_INFLIGHT = 400;
export const MAX_MUTATING_REQUESTS_INFLIGHT = 200;
/** Waiting beyond the flights above before 429. */
export const MAX_REQUESTS_QUEUED = 1_000;
/** A request that is not long-running is answered with 504 after this (upstream --request-timeout). */
export const REQUEST_TIMEOUT_MS = 60_000;
/** A write after this already (upstream requestTimeoutUpperBound). */
export const WRITE_TIMEOUT_MS = 34_000;
/** An answer of which more than this waits for its client must be taken within the request's time, too. */
export const SLOW_ANSWER_BYTES = 64 * 1024;
/** Watches without timeoutSeconds last between once and twice this (upstream --min-request-timeout). */
export const MIN_WATCH_SECONDS = 1_800;
/** How long a read waits for a revision the cache has not seen (upstream watch_cache blockTimeout). */
export const FUTURE_REVISION_WAIT_MS = 3_000;
/** Between bookmarks of one watch. */
export const BOOKMARK_INTERVAL_MS = 60_000;
/** Events kept per resource: so many ... */
export const RING_MIN_EVENTS = 1_024;
/** ... never more than so many ... */
export const RING_MAX_EVENTS = 16_384;
/** ... between the two those younger than this ... */
export const RING_FRESH_MS = 75_000;
/** ... and fewer when the old versions that they keep alive take more than this, ... */
export const RING_MAX_BYTES = 64 * 1024 * 1024;
/** ... but always so many: upstream's smallest watch cache. */
export const RING_LEAST_EVENTS = 100;
/** Bytes a watcher's stream may hold back before its events wait in the ring: each is copied twice for its connection. */
export const WATCHER_BUFFER_BYTES = 16 * 1024;
/** The same while a watcher is sent what there is already: many may start at once. */
export const WATCHER_CATCH_UP_BYTES = 16 * 1024;
/** Groups of at least so many watchers are written to together at most once in ... */
export const COALESCED_WATCHERS = 16;
/** ... so many ms while events come faster; an event after a pause goes out at once. */
export const COALESCE_MS = 10;
/** Bytes of events that wait for that, per group: a connection keeps buffers as large as the most that its streams were ever sent at once. */
export const MAX_COALESCED_BYTES = 16 * 1024;
/** Encoded events that are kept per such group for watchers that are behind. */
export const MAX_KEPT_FRAMES = 128;
/** Snapshots for `continue`, per resource, in bytes that only they keep alive, and in age; what is dropped the store's history has. */
export const MAX_SNAPSHOTS = 32;
export const SNAPSHOT_BYTES = 64 * 1024 * 1024;
export const SNAPSHOT_AGE_MS = 300_000;
/** Keys per page when the caches are filled. */
export const FILL_PAGE_KEYS = 5_000;
/** Times a lost race is tried again before 409. */
export const MAX_WRITE_ATTEMPTS = 16;
/** Names tried for generateName (upstream maxNameGenerationCreateAttempts). */
export const MAX_NAME_ATTEMPTS = 8;
/** Compaction interval (upstream --etcd-compaction-interval). */
export const COMPACTION_INTERVAL_MS = 300_000;
/** Revisions of events share leases in buckets of this many seconds. */
export const LEASE_BUCKET_SECONDS = 60;
/** Between two attempts of a hook after start. */
export const HOOK_RETRY_MS = { baseMs: 100, maxMs: 5_000 };
/** Runes of all Warning headers of one answer, then of each (upstream filters/warning.go). */
export const WARNING_TOTAL_RUNES = 4_096;
export const WARNING_ITEM_RUNES = 256;
/** Streams a client may hold on one connection. */
export const MAX_STREAMS_PER_CONNECTION = 2_000;
/** All header fields of a request with their names, its path among them (Go's DefaultMaxHeaderBytes), ... */
export const MAX_HEADER_BYTES = 1024 * 1024;
/** ... and how many. */
export const MAX_HEADERS = 2_000;
/** Memory of one HTTP/2 session in MB. */
export const SESSION_MEMORY_MB = 256;
/** Time that open requests get to finish at shutdown. */
export const SHUTDOWN_GRACE_MS = 3_000;
/** A server that is gone leaves the endpoints of the service `kubernetes` after this (upstream --apiserver-endpoint-ttl). */
export const ENDPOINT_LEASE_SECONDS = 15;
export const ENDPOINT_RECONCILE_MS = 10_000;
/** Joined bytes of whole listings that are kept for the next one. */
export const MAX_JOINED_BYTES = 48 * 1024 * 1024;
/** Bytes of a large answer that are handed to the connection at once. */
export const ANSWER_PIECE_BYTES = 512 * 1024;
