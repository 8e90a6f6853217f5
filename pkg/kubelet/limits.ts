// Every bound of the kubelet by name. Times in milliseconds unless the name says otherwise.

/** Longest unary call to the runtime that has no time of its own. Upstream: --runtime-request-timeout. */
export const RUNTIME_CALL_TIMEOUT = 120_000;
/** A pull may take this long in all. */
export const PULL_TIMEOUT = 30 * 60_000;
/** Largest message from the runtime. */
export const RUNTIME_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Repairs what a lost event hid. Upstream's generic PLEG period is 1 s, the evented one's 300 s. */
export const RELIST_PERIOD = 60_000;
/** Between tries to reach the runtime's event stream. */
export const EVENT_STREAM_RETRY = { baseMs: 100, maxMs: 5_000 } as const;
/** An exit event may outrun the runtime's own books: look again after these delays. */
export const EXIT_SETTLE_DELAYS = [5, 15, 40, 100, 250, 600, 1500] as const;

/** Container restarts: 10 s doubling to 5 min, forgotten after 10 min without a crash. */
export const CONTAINER_BACKOFF = { baseMs: 10_000, maxMs: 300_000 } as const;
export const CONTAINER_BACKOFF_FORGET = 600_000;
/** Image pulls: the same numbers, per image and pod. */
export const IMAGE_BACKOFF = { baseMs: 10_000, maxMs: 300_000 } as const;
/** What a pod's volumes and environment need of the API must be here by then. */
export const VOLUME_TIMEOUT = 30_000;
/** How long ErrImagePull is shown before it becomes ImagePullBackOff. */
export const IMAGE_ERROR_SHOWN = 2_000;
/** A failed sync (volumes, sandbox, config) is tried again after. */
export const SYNC_BACKOFF = { baseMs: 1_000, maxMs: 30_000 } as const;
/** A pod with nothing to do is looked at again after. Upstream: --sync-frequency. */
export const SYNC_FREQUENCY = 60_000;
/** Parallel pod starts; more would only fight over the disk. */
export const PARALLEL_PULLS = 4;

/** A container gets at least this long between TERM and KILL, whatever preStop used up. */
export const MINIMUM_GRACE_SECONDS = 2;
/** Over the grace period until a stop call counts as lost. */
export const STOP_CALL_SLACK = 60_000;
/** Dead containers kept per container of a living pod (for logs --previous). */
export const DEAD_CONTAINERS_PER_NAME = 1;
export const GC_PERIOD = 60_000;
export const IMAGE_GC_PERIOD = 5 * 60_000;

/** Between looks at what is left of memory and disk (upstream: monitoringInterval). */
export const EVICTION_PERIOD = 10_000;
/** Until the next pod may be evicted although the last has not ended (upstream: podCleanupTimeout). */
export const EVICTION_END_TIMEOUT = 30_000;

export const TERMINATION_MESSAGE_BYTES = 4096;
/** Of all containers of a pod together (upstream: MaxPodTerminationMessageLogLength); each has its share. */
export const POD_TERMINATION_MESSAGE_BYTES = 12 * 1024;
export const TERMINATION_LOG_BYTES = 2048;
export const TERMINATION_LOG_LINES = 80;

export const LOG_ROTATE_PERIOD = 10_000;

export const NODE_STATUS_REPORT_FREQUENCY = 300_000;
export const LEASE_SECONDS = 40;
export const LEASE_RENEW_PERIOD = 10_000;
/** Waiting for the API in one status write. */
export const STATUS_RETRY = { baseMs: 200, maxMs: 10_000 } as const;

/** Waits between the first readiness or startup probe of a container and those that may find success before the period is over. */
export const EARLY_LOOKS = [50, 100, 200, 400, 800, 1600, 3200] as const;
export const STATIC_POD_PERIOD = 20_000;
/** Largest answer of an HTTP probe or hook that is read (upstream: 10 KiB). */
export const PROBE_BODY_BYTES = 10 * 1024;
/** Token: refreshed at 80 % of its life, or after a day. */
export const TOKEN_REFRESH_FRACTION = 0.8;
export const TOKEN_MAX_AGE = 24 * 3_600_000;
/** Largest manifest file that is read. */
export const MANIFEST_BYTES = 1024 * 1024;
/** How long the API server's word about a caller holds (upstream: authentication.webhook.cacheTTL, authorization.webhook.*). */
export const TOKEN_KNOWN = 2 * 60_000;
export const CALLER_ALLOWED = 5 * 60_000;
export const CALLER_REFUSED = 30_000;
/** Such words kept at once, of each kind. */
export const REMEMBERED_CALLERS = 1000;
/** Streaming connections at once. */
export const STREAMS = 256;
