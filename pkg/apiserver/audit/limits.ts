// Bounds of the audit log.

/** Characters of a User-Agent in audit events (upstream maxUserAgentLength). */
export const MAX_USER_AGENT = 1_024;
/** Megabytes of an audit log file when no flag says so (lumberjack's default). */
export const DEFAULT_AUDIT_FILE_MB = 100;
/** Batches of audit events on their way at once; further events wait in the bounded buffer. */
export const MAX_AUDIT_BATCHES_IN_FLIGHT = 16;
/** Attempts to send a batch, and their pauses (upstream util/webhook DefaultRetryBackoff). */
export const AUDIT_TRIES = 5;
export const AUDIT_RETRY_FACTOR = 1.5;
export const AUDIT_RETRY_JITTER = 0.2;
