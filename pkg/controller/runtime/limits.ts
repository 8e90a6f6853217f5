// Bounds of the controllers.

/** Expectations older than this are given up: an event must have been missed (upstream: 5 min). */
export const EXPECTATIONS_TIMEOUT_MS = 300_000;
/** Pods one sync of a replica set creates or deletes at most (upstream: BurstReplicas). */
export const BURST_REPLICAS = 500;
/** Requests of one batch that are under way at once. */
export const MAX_PARALLEL_REQUESTS = 32;
/** First batch of creations; each that succeeds doubles the next (upstream: SlowStartInitialBatchSize). */
export const SLOW_START_INITIAL_BATCH = 1;
/** Endpoints in one EndpointSlice (upstream flag --max-endpoints-per-slice). */
export const MAX_ENDPOINTS_PER_SLICE = 100;
/** Addresses in one Endpoints object (upstream: maxCapacity). */
export const MAX_ENDPOINTS_ADDRESSES = 1000;
/** Discovery is read again after this by the controllers that act on every resource. */
export const DISCOVERY_PERIOD_MS = 30_000;
/** Owners known to be absent, remembered by the garbage collector (upstream: 500). */
export const ABSENT_OWNER_CACHE = 500;
/** Pause after the first failed pod of a job, and the longest (upstream: DefaultJobPodFailureBackOff). */
export const BACKOFF_FIRST_MS = 10_000;
export const BACKOFF_MAX_MS = 600_000;
/** Finished pods that one sync of a job begins to count (upstream: MaxUncountedPods). */
export const MAX_UNCOUNTED_PODS = 500;
/** Addresses of one subset and family that are mirrored (upstream flag --mirroring-max-endpoints-per-subset). */
export const MAX_MIRRORED_ADDRESSES = 1000;
