// Bounds of streaming.

/** Connecting to a kubelet, TLS included. */
export const DIAL_TIMEOUT_MS = 10_000;
/** Until a kubelet answers an upgrade: the runtime may be slow to prepare. */
export const ANSWER_TIMEOUT_MS = 30_000;
/** A refusal's text that is shown to the client. */
export const MAX_REFUSAL_BYTES = 2_048;
/** One WebSocket message of a client. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Bytes a WebSocket client may be behind before the container's output waits. */
export const SEND_BUFFER_BYTES = 256 * 1024;
/** While a client's input waits it is told that we live, since its own pings wait too. */
export const PAUSED_PONG_MS = 5_000;
/** A container's exit status, as JSON. */
export const MAX_STATUS_BYTES = 256 * 1024;
/** Largest data frame we write. */
export const SPDY_CHUNK_BYTES = 32 * 1024;
/** Bytes of one stream that wait for its reader before the connection waits. */
export const SPDY_STREAM_BUFFER_BYTES = 128 * 1024;
/** Ports of one legacy WebSocket port-forward. */
export const MAX_FORWARDED_PORTS = 64;
