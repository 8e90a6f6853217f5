// All bounds of flanneld.

/** Milliseconds between reads while the network config is absent or invalid. */
export const CONFIG_RETRY_MS = 1000;
/** Back-off after a failed datastore call or watch. */
export const RETRY = { baseMs: 200, maxMs: 10_000, jitter: 0.5 } as const;
/**
 * Number of free subnets, counted from SubnetMin, from which a new lease is drawn at random, as in
 * flannel.
 */
export const ALLOCATION_WINDOW = 100;
/** Lost allocation races before one round is given up; each retry lists the leases again. */
export const ALLOCATION_ATTEMPTS = 50;
/** Period of the comparison of kernel state with desired state, milliseconds. */
export const RECONCILE_MS = 30_000;
/** Debounce of kernel events, milliseconds. */
export const REPAIR_DEBOUNCE_MS = 100;
/** Timeout of one flannel-tun call, milliseconds. */
export const TUN_CALL_MS = 5000;
/** Delay between attempts to reach a flannel-tun that was started, milliseconds. */
export const TUN_POLL_MS = 20;
/** Timeout of a command of the extension backend, milliseconds. */
export const EXTENSION_COMMAND_MS = 30_000;
/**
 * First and later delay between probe rounds, milliseconds; the delay varies by the fraction
 * PROBE_JITTER.
 */
export const PROBE_FIRST_MS = 3000;
export const PROBE_INTERVAL_MS = 30_000;
export const PROBE_JITTER = 0.4;
/** Timeout of an echo, milliseconds, and the number of peers that are probed concurrently. */
export const PROBE_TIMEOUT_MS = 1000;
export const PROBES_AT_ONCE = 32;
