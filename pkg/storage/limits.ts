// Bounds of the storage implementations.

/** A unary call without an answer fails after this. */
export const CALL_TIMEOUT_MS = 10_000;
/** However long its callers have waited already, the question for the newest revision may take this. */
export const LAST_QUESTION_MS = 1_000;
/** A new connection that is not ready after this is given up. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** Pause between attempts to reconnect; grows up to the maximum. */
export const RECONNECT = { baseMs: 50, maxMs: 2_000, jitter: 0.2 };
/** Largest message accepted from etcd; a range of 5,000 large objects fits. */
export const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;
/** Bytes a watch may hold unread before its stream is paused. */
export const WATCH_WINDOW_BYTES = 16 * 1024 * 1024;
/** A connection is probed after this much silence and given up when the probe gets no answer. */
export const KEEPALIVE_MS = 10_000;
export const KEEPALIVE_TIMEOUT_MS = 5_000;
