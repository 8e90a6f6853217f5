// Bounds of streaming.

/** Time to connect to a kubelet, with the TLS handshake. */
export const DIAL_TIMEOUT_MS = 10_000;
/** Time until a kubelet answers an upgrade: the container runtime may need long to prepare. */
export const ANSWER_TIMEOUT_MS = 30_000;
/** Bytes of a refusal's text that the client gets. */
export const MAX_REFUSAL_BYTES = 2_048;
/** Largest WebSocket message of a client. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Unsent bytes of a WebSocket client above which the container's output waits. */
export const SEND_BUFFER_BYTES = 256 * 1024;
/** Interval of unsolicited pongs while a client's input, and with it its pings, is paused. */
export const PAUSED_PONG_MS = 5_000;
/** Largest JSON of a container's exit status. */
export const MAX_STATUS_BYTES = 256 * 1024;
/** Largest SPDY data frame that the server writes. */
export const SPDY_CHUNK_BYTES = 32 * 1024;
/** Unread bytes of one stream above which the connection is paused. */
export const SPDY_STREAM_BUFFER_BYTES = 128 * 1024;
/** Ports of one legacy WebSocket port-forward. */
export const MAX_FORWARDED_PORTS = 64;
