// Bounds of calls to webhooks.

/** Open connections to one webhook. Further calls wait for one within their timeout. */
export const MAX_CONNECTIONS_PER_WEBHOOK = 64;
/** Open connections to all webhooks. */
export const MAX_CONNECTIONS = 1_024;
/** Idle connections that are kept for the next call of one webhook. */
export const MAX_IDLE_PER_WEBHOOK = 64;
/** An idle connection is closed after this (Go's IdleConnTimeout). */
export const IDLE_CONNECTION_MS = 90_000;
/** Largest answer of an admission webhook: a patch of the largest object, in base64. */
export const MAX_REVIEW_BYTES = 8 * 1024 * 1024;
/** Bytes of an error's text that a client gets (client-go maxUnstructuredResponseTextBytes). */
export const MAX_ERROR_TEXT_BYTES = 2_048;
/** A webhook of the operator answers within this (upstream util/webhook requestTimeout). */
export const CALLOUT_TIMEOUT_MS = 30_000;
/** Attempts to ask a webhook, and their pauses (upstream util/webhook DefaultRetryBackoff). */
export const WEBHOOK_TRIES = 5;
export const WEBHOOK_RETRY = { baseMs: 500, maxMs: 3_000, factor: 1.5, jitter: 0.2 };
