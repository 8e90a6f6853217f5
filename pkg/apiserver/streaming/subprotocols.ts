// The subprotocols of a WebSocket request (RFC 6455 section 11.3.4).

/** Of upstream's request/websocket: the subprotocol that carries a browser's bearer token. */
const BEARER_PREFIX = 'base64url.bearer.authorization.k8s.io.';

/** The subprotocols that a client offers, in its order, without those that carry a bearer token. */
export function offeredProtocols(header: string | readonly string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol && !protocol.startsWith(BEARER_PREFIX));
}
