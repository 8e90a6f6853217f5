// Every bound of kube-proxy, in one place.

/** Elements in one 'add element' command; larger commands make nft's parser slow. */
export const ELEMENTS_PER_COMMAND = 2000;
/** First and longest pause after a failed transaction. */
export const RETRY_MIN_MS = 100;
export const RETRY_MAX_MS = 10_000;
/** Stale UDP flows that are deleted one by one; more are deleted by service address only. */
export const CONNTRACK_DELETES = 200;
/** Pause before the ruleset monitor starts again after it ended. */
export const MONITOR_RESTART_MS = 1000;
/** A transaction that is due for longer than this makes /healthz fail, as upstream's 2 x sync period. */
export const HEALTHY_WITHIN_MS = 60_000;
