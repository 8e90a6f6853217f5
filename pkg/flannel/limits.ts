// Every bound of flanneld, in one place.

/** Waiting for the network config to appear or become valid, milliseconds between looks. */
export const CONFIG_RETRY_MS = 1000;
/** First and longest pause after a failed datastore call or watch. */
export const RETRY_MIN_MS = 200;
export const RETRY_MAX_MS = 10_000;
/** Subnets from SubnetMin on that a new lease is drawn from, as flannel does. */
export const ALLOCATION_WINDOW = 100;
/** Lost allocation races before giving up one round; each retry reads the leases again. */
export const ALLOCATION_ATTEMPTS = 50;
/** Kernel state is compared with what it should be at least this often. */
export const RECONCILE_MS = 30_000;
/** A burst of kernel events is answered once. */
export const REPAIR_DEBOUNCE_MS = 100;
/** Wait for an answer of flannel-tun. */
export const TUN_CALL_MS = 5000;
/** An extension backend's command. */
export const EXTENSION_COMMAND_MS = 30_000;
/** The first look at the paths to peers, and the pause between looks; each varies by this part of itself. */
export const PROBE_FIRST_MS = 3000;
export const PROBE_INTERVAL_MS = 30_000;
export const PROBE_JITTER = 0.4;
/** Wait for an echo; peers that are asked at the same time. */
export const PROBE_TIMEOUT_MS = 1000;
export const PROBES_AT_ONCE = 32;
