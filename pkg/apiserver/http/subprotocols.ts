// The subprotocols of a WebSocket request (RFC 6455 section 11.3.4).
import type { IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';

/** Of upstream's request/websocket: the subprotocol that carries a browser's bearer token. */
const BEARER_PREFIX = 'base64url.bearer.authorization.k8s.io.';

type Offer = string | readonly string[] | undefined;

const namesIn = (header: Offer): string[] =>
  [header ?? []]
    .flat()
    .flatMap((line) => String(line).split(','))
    .map((protocol) => protocol.trim())
    .filter(Boolean);

/** The subprotocols that a client offers, in its order, without those that carry a bearer token. */
export const offeredProtocols = (header: Offer): string[] =>
  namesIn(header).filter((protocol) => !protocol.startsWith(BEARER_PREFIX));

/** The token of a browser, which cannot set Authorization for a WebSocket. */
export function offeredToken(header: Offer): string | undefined {
  const found = namesIn(header).find((protocol) => protocol.startsWith(BEARER_PREFIX));
  return found && Buffer.from(found.slice(BEARER_PREFIX.length), 'base64url').toString('utf8');
}

/**
 * The server of one handshake that answers with `protocol` ('' for none) and the lines of
 * `headers`. The library does not see the client's offer, because it refuses names with a slash.
 */
export function webSocketServer(
  request: IncomingMessage,
  protocol: string,
  maxPayload: number,
  headers: readonly string[] = [],
): WebSocketServer {
  delete request.headers['sec-websocket-protocol'];
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
  }).on('headers', (lines) => {
    lines.push(...headers, ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []));
  });
}
