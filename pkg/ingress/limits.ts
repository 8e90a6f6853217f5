// Every bound of the ingress controller by name.

/** Fewest servers that the configuration of a backend has room for. */
export const MIN_SLOTS = 4;
/** HAProxy splits longer lines of its lists. */
export const LONGEST_PATH = 4096;
