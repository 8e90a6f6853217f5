// The bounds of the metrics server. Times are in milliseconds.

/** Largest answer of a kubelet: 500 pods of some containers take less than 1 MiB. */
export const SCRAPE_BYTES = 16 << 20;
/** Requests to kubelets at a time. */
export const SCRAPES_AT_ONCE = 32;
/** Time between the first two samples of a node: its usage is known at once, if not exactly. */
export const SECOND_SAMPLE = 1_000;
/** Rounds after which a node's usage is forgotten, when its kubelet does not answer. */
export const FORGET_AFTER_ROUNDS = 3;
/**
 * Age of a container that is shown after a single sample (upstream:
 * freshContainerMinMetricsResolution).
 */
export const FRESH_CONTAINER = 10_000;
/** Time between two looks at how the API server authenticates to this server. */
export const TRUST_LOOK = 60_000;
