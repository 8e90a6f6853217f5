// Bounds of the storage implementations.

/** Timeout of a unary call. */
export const CALL_TIMEOUT_MS = 10_000;
/** Minimum timeout of a read of the newest revision, however long its callers have waited. */
export const LAST_QUESTION_MS = 1_000;
/** Timeout of a connection attempt. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** Back-off between connection attempts. */
export const RECONNECT = { baseMs: 50, maxMs: 2_000, jitter: 0.2 };
/** Largest message from etcd; enough for a range of 5,000 large objects. */
export const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;
/** Unread bytes of a watch at which its stream is paused. */
export const WATCH_WINDOW_BYTES = 16 * 1024 * 1024;
/** Idle time before a connection is pinged, and the timeout of the ping. */
export const KEEPALIVE_MS = 10_000;
export const KEEPALIVE_TIMEOUT_MS = 5_000;
