// The bounds of the scheduler.

/** Counters of pods by topology value; the least recently used counter is evicted first. */
export const MAX_TOPOLOGY_COUNTERS = 1000;
/** Concurrent binding requests. */
export const MAX_BINDINGS_IN_FLIGHT = 100;
/**
 * Back-off of a pod that did not fit or failed to bind, in milliseconds (upstream:
 * podInitialBackoffSeconds, podMaxBackoffSeconds).
 */
export const POD_BACKOFF_BASE_MS = 1000;
export const POD_BACKOFF_MAX_MS = 10_000;
/** The claims of a pod are bound within this time (upstream: bindTimeoutSeconds). */
export const BIND_TIMEOUT_MS = 10 * 60_000;
/** An unschedulable pod is tried again after this time without any event. */
export const UNSCHEDULABLE_FLUSH_MS = 5 * 60_000;
/**
 * Preemption stops its search at this many nodes with victims, or this share of all (upstream:
 * minCandidateNodesAbsolute, minCandidateNodesPercentage).
 */
export const MIN_CANDIDATE_NODES = 100;
export const MIN_CANDIDATE_SHARE = 0.1;
/** Pods decided on before the scheduler yields to the event loop. */
export const DECISIONS_PER_TURN = 32;
/**
 * In a cluster of more nodes the search ends before it has seen them all (upstream:
 * minFeasibleNodesToFind).
 */
export const MIN_FEASIBLE_NODES = 100;
