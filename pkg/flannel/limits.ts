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
/** Largest frame on flannel-tun's control socket. */
export const TUN_FRAME_BYTES = 1 << 20;
/** An extension backend's command. */
export const EXTENSION_COMMAND_MS = 30_000;
