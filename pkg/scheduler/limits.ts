// Every bound of the scheduler.

/** Counters of topology spreading kept at once; the least recently used goes first. */
export const MAX_TOPOLOGY_COUNTERS = 1000;
/** Bindings under way at once. */
export const MAX_BINDINGS_IN_FLIGHT = 100;
/** Back-off of a pod that did not fit or failed to bind, in milliseconds (upstream: podInitialBackoffSeconds, podMaxBackoffSeconds). */
export const POD_BACKOFF_BASE_MS = 1000;
export const POD_BACKOFF_MAX_MS = 10_000;
/** A pod is tried again after this long even if nothing happened. */
export const UNSCHEDULABLE_FLUSH_MS = 5 * 60_000;
/** Preemption stops its search at this many nodes with victims, or this share of all (upstream: minCandidateNodesAbsolute, minCandidateNodesPercentage). */
export const MIN_CANDIDATE_NODES = 100;
export const MIN_CANDIDATE_SHARE = 0.1;
/** Decisions made before other work of the process gets a turn. */
export const DECISIONS_PER_TURN = 32;
/** With more nodes than this only a part is searched (upstream: minFeasibleNodesToFind). */
export const MIN_FEASIBLE_NODES = 100;
