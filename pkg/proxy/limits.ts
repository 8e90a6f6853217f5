// All bounds of kube-proxy.

/** Elements in one 'add element' command; larger commands make nft's parser slow. */
export const ELEMENTS_PER_COMMAND = 2000;
/** Back-off after a failed transaction. */
export const RETRY = { baseMs: 100, maxMs: 10_000, jitter: 0.5 } as const;
/**
 * Stale UDP flows that are deleted one by one; beyond this number they are deleted by service
 * address.
 */
export const CONNTRACK_DELETES = 200;
/** Delay before the ruleset monitor is restarted, milliseconds. */
export const MONITOR_RESTART_MS = 1000;
/**
 * A transaction overdue for longer than this, in milliseconds, makes /healthz fail; upstream uses
 * twice the sync period.
 */
export const HEALTHY_WITHIN_MS = 60_000;
/** Names of nodes, namespaces, zones and ports of which the informers keep one copy each. */
export const SHARED_TEXTS = 20_000;
