// Every bound of NetworkPolicy enforcement, in one place.

/** Elements in one 'add element' command; larger commands make nft's parser slow. */
export const ELEMENTS_PER_COMMAND = 2000;
/** First and longest pause after a failed transaction. */
export const RETRY_MIN_MS = 100;
export const RETRY_MAX_MS = 10_000;
/** Pause before the ruleset monitor starts again after it ended. */
export const MONITOR_RESTART_MS = 1000;
/** Characters of a set's comment; the kernel's tools take 128. */
export const COMMENT_CHARS = 100;
/** Characters of a chain's or set's name that tell whose it is, after the hash. */
export const NAME_CHARS = 60;
