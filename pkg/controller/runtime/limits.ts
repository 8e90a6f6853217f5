// Bounds of the controllers.

/** Older expectations expire: a watch event must have been missed (upstream: 5 min). */
export const EXPECTATIONS_TIMEOUT_MS = 300_000;
/** Pods that one sync of a replica set creates or deletes at most (upstream: BurstReplicas). */
export const BURST_REPLICAS = 500;
/** Requests of one batch in flight at once. */
export const MAX_PARALLEL_REQUESTS = 32;
/**
 * Size of the first batch of creations; success doubles the next (upstream:
 * SlowStartInitialBatchSize).
 */
export const SLOW_START_INITIAL_BATCH = 1;
/** Endpoints in one EndpointSlice (upstream flag --max-endpoints-per-slice). */
export const MAX_ENDPOINTS_PER_SLICE = 100;
/** Addresses in one Endpoints object (upstream: maxCapacity). */
export const MAX_ENDPOINTS_ADDRESSES = 1000;
/** Interval of discovery for the controllers of all resources. */
export const DISCOVERY_PERIOD_MS = 30_000;
/** Absent owners that the garbage collector remembers (upstream: 500). */
export const ABSENT_OWNER_CACHE = 500;
/**
 * Back-off after the first failed pod of a job, and its maximum (upstream:
 * DefaultJobPodFailureBackOff).
 */
export const BACKOFF_FIRST_MS = 10_000;
export const BACKOFF_MAX_MS = 600_000;
/** Finished pods that one sync of a job starts to count (upstream: MaxUncountedPods). */
export const MAX_UNCOUNTED_PODS = 500;
/**
 * Addresses of one subset and family that are mirrored (upstream flag
 * --mirroring-max-endpoints-per-subset).
 */
export const MAX_MIRRORED_ADDRESSES = 1000;
/** Proposals, and changes of the size, that an autoscaler remembers of its target. */
export const MAX_AUTOSCALER_MEMORY = 1000;
/** Requests for the usage of a namespace in one sync period of its autoscalers. */
export const USAGE_READS_A_PERIOD = 5;
/** Pods whose usage costs as much as one more request. */
export const PODS_A_USAGE_REQUEST = 50;
/** Characters of a message about an autoscaler, which may quote others. */
export const MAX_AUTOSCALER_TEXT = 1024;
/** Ports times addresses in the status of one load balancer, which bounds its size. */
export const MAX_BALANCER_PORTS = 5000;
