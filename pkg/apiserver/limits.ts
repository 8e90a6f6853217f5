// Every bound of the API server by name, with upstream's value where upstream has one.

/** How long a health check waits for the store. */
export const STORE_CHECK_MS = 2_000;
/** Largest WebSocket message of a watch's client, which has nothing to say. */
export const MAX_WATCHER_MESSAGE_BYTES = 4 * 1024;
/** Largest request body, as upstream's MaxRequestBodyBytes. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
/**
 * Answers from this size on are compressed when the client accepts gzip (upstream responsewriters).
 */
export const GZIP_MIN_BYTES = 128 * 1024;
/**
 * Answers up to this size are compressed whole; larger answers are compressed while they are sent.
 */
export const GZIP_WHOLE_BYTES = 4 * 1024 * 1024;
/** Output of one step of that compression. */
export const GZIP_OUTPUT_BYTES = 128 * 1024;
/** Reads in flight, without watches and streams (upstream --max-requests-inflight). */
export const MAX_REQUESTS_INFLIGHT = 400;
/** Writes in flight (upstream --max-mutating-requests-inflight). */
export const MAX_MUTATING_REQUESTS_INFLIGHT = 200;
/** Requests that wait for one of either limit; more are refused with 429. */
export const MAX_REQUESTS_QUEUED = 1_000;
/** Estimated duration of a request that has not run (upstream estimatedServiceDuration). */
export const ESTIMATED_SERVICE_SECONDS = 0.003;
/** Work estimates (upstream util/flowcontrol/request/config.go). */
export const MAX_SEATS = 10;
export const OBJECTS_PER_SEAT = 100;
export const WATCHERS_PER_SEAT = 10;
export const EVENT_MS_PER_SEAT = 5;
/** A request waits in its queue at most this share of --request-timeout (upstream). */
export const QUEUE_WAIT_SHARE = 1 / 4;
/** How often levels lend and borrow seats (upstream borrowingAdjustmentPeriod). */
export const BORROWING_PERIOD_MS = 10_000;
/**
 * Requests that arrive when the current turn of the event loop has lasted this long wait for
 * another turn, so that one client's burst delays the requests of others by little.
 */
export const TURN_MS = 5;
/** Classified requests that are remembered for one user. */
export const MAX_KNOWN_FLOWS = 256;
/**
 * A request that is not long-running is answered with 504 after this (upstream --request-timeout).
 */
export const REQUEST_TIMEOUT_MS = 60_000;
/** The same bound for writes (upstream requestTimeoutUpperBound). */
export const WRITE_TIMEOUT_MS = 34_000;
/** While more than this of an answer waits for the client, the request's timeout stays armed. */
export const SLOW_ANSWER_BYTES = 64 * 1024;
/**
 * Watches without timeoutSeconds last between once and twice this (upstream --min-request-timeout).
 */
export const MIN_WATCH_SECONDS = 1_800;
/**
 * How long a read waits for a revision that the cache has not reached (upstream watch_cache
 * blockTimeout).
 */
export const FUTURE_REVISION_WAIT_MS = 3_000;
/** Time between two bookmarks of one watch. */
export const BOOKMARK_INTERVAL_MS = 60_000;
/** The event ring of a resource keeps at least this many events while they are small. */
export const RING_MIN_EVENTS = 1_024;
/** The ring never keeps more events than this. */
export const RING_MAX_EVENTS = 16_384;
/** Between these two bounds the ring keeps events younger than this. */
export const RING_FRESH_MS = 75_000;
/** The ring drops events when the old versions that only events keep alive exceed this. */
export const RING_MAX_BYTES = 64 * 1024 * 1024;
/** The ring keeps this many events whatever their size (upstream's smallest watch cache). */
export const RING_LEAST_EVENTS = 100;
/**
 * Bytes that a watcher's stream may buffer before its events wait in the ring: the connection
 * copies buffered bytes twice.
 */
export const WATCHER_BUFFER_BYTES = 16 * 1024;
/**
 * The same bound while a watcher receives its initial objects: many watchers may start together.
 */
export const WATCHER_CATCH_UP_BYTES = 16 * 1024;
/** Groups of at least this many watchers get events in batches. */
export const COALESCED_WATCHERS = 16;
/** Shortest time between two batches. An event after a longer pause is sent immediately. */
export const COALESCE_MS = 10;
/**
 * Largest batch of a group. A connection keeps buffers as large as the largest write that its
 * streams ever got.
 */
export const MAX_COALESCED_BYTES = 16 * 1024;
/** Encoded events that such a group keeps for watchers that lag behind. */
export const MAX_KEPT_FRAMES = 128;
/**
 * Snapshots for `continue`: their number per resource, the bytes that only snapshots keep alive,
 * and their age. A page whose snapshot was dropped is read from the store's history.
 */
export const MAX_SNAPSHOTS = 32;
export const SNAPSHOT_BYTES = 64 * 1024 * 1024;
export const SNAPSHOT_AGE_MS = 300_000;
/** Keys per page while the caches are filled from the store. */
export const FILL_PAGE_KEYS = 5_000;
/** Attempts of a write that loses races against other writers; then the answer is 409. */
export const MAX_WRITE_ATTEMPTS = 16;
/** Names tried for generateName (upstream maxNameGenerationCreateAttempts). */
export const MAX_NAME_ATTEMPTS = 8;
/** Compaction interval (upstream --etcd-compaction-interval). */
export const COMPACTION_INTERVAL_MS = 300_000;
/** Objects that expire share an etcd lease with those created within this many seconds. */
export const LEASE_BUCKET_SECONDS = 60;
/** Timeout of a conversion webhook (upstream's conversion client). */
export const CONVERSION_TIMEOUT_MS = 30_000;
/** Objects of one conversion request, and their bytes; longer lists take several requests. */
export const MAX_CONVERSION_OBJECTS = 500;
export const MAX_CONVERSION_BYTES = 2 * 1024 * 1024;
/** Largest answer of a conversion webhook. */
export const MAX_CONVERTED_BYTES = 16 * 1024 * 1024;
/** A converted cache without watchers ends after this. */
export const CONVERTED_CACHE_IDLE_MS = 60_000;
/** Back-off before another look at a CustomResourceDefinition after a failure. */
export const CUSTOM_RESOURCE_RETRY_MS = { baseMs: 50, maxMs: 10_000 };
/** Deletions of one deletecollection, and of one CustomResourceDefinition, at the same time. */
export const DELETION_WORKERS = 16;
/** Back-off between two attempts of a post-start hook. */
export const HOOK_RETRY_MS = { baseMs: 100, maxMs: 5_000 };
/** Runes of all Warning headers of one answer together (upstream filters/warning.go). */
export const WARNING_TOTAL_RUNES = 4_096;
/** Runes of one Warning header when the total is exceeded. */
export const WARNING_ITEM_RUNES = 256;
/** Warning headers of one answer: Node's clients refuse answers with more than 128 headers. */
export const MAX_WARNINGS = 100;
/** Open HTTP/2 streams of one connection. */
export const MAX_STREAMS_PER_CONNECTION = 2_000;
/** All header fields of a request with their names and the path (Go's DefaultMaxHeaderBytes). */
export const MAX_HEADER_BYTES = 1024 * 1024;
/** Header fields of a request. */
export const MAX_HEADERS = 2_000;
/** Time from a connection to the end of its first request's head (upstream ReadHeaderTimeout). */
export const HEADER_TIMEOUT_MS = 32_000;
/** Time that a connection stays open without a request (upstream IdleTimeout). */
export const IDLE_TIMEOUT_MS = 90_000;
/** Open connections of one address; a proxy or a NAT may stand for a thousand nodes. */
export const MAX_CONNECTIONS_PER_CLIENT = 8_192;
/** Memory of one HTTP/2 session in MB. */
export const SESSION_MEMORY_MB = 256;
/** Time that open requests get to finish at shutdown. */
export const SHUTDOWN_GRACE_MS = 3_000;
/**
 * The address of a stopped server leaves the endpoints of the service `kubernetes` after this
 * (upstream
 * --apiserver-endpoint-ttl).
 */
export const ENDPOINT_LEASE_SECONDS = 15;
export const ENDPOINT_RECONCILE_MS = 10_000;
/** Joined bytes of listings that the process keeps for the next list, over all resources. */
export const MAX_JOINED_BYTES = 48 * 1024 * 1024;
/** Largest part of an answer that one write gives to the connection. */
export const ANSWER_PIECE_BYTES = 512 * 1024;
/** Audit annotations of one request; webhooks and policies write them. */
export const MAX_AUDIT_ANNOTATIONS = 256;
/** Characters of one audit annotation's value. */
export const MAX_AUDIT_ANNOTATION_LENGTH = 256 * 1024;
/** Calls of admission webhooks that wait for an answer; further requests are refused with 429. */
export const MAX_WEBHOOK_CALLS_WAITING = 2_000;
/** How often APIServices of other servers are checked (upstream 30 s). */
export const AVAILABILITY_PERIOD_MS = 30_000;
/** One look at a server behind this one (upstream 5 s), and the largest list of its resources. */
export const REMOTE_DISCOVERY_MS = 5_000;
export const MAX_DISCOVERY_BYTES = 4 * 1024 * 1024;
/** How often the OpenAPI documents of such servers are read (upstream one minute). */
export const REMOTE_OPENAPI_PERIOD_MS = 60_000;
/** The largest OpenAPI v2 document of such a server; that of a whole kube-apiserver has 4 MB. */
export const MAX_REMOTE_OPENAPI_BYTES = 16 * 1024 * 1024;
/** Nesting of such a document. */
export const MAX_REMOTE_OPENAPI_DEPTH = 200;
