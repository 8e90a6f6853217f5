// A watch over a WebSocket (upstream handlers/watch.go HandleWS): one message for each event.
// Browsers watch in this form. Messages of the client are ignored.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { MAX_WATCHER_MESSAGE_BYTES } from '../limits.js';
import { offeredProtocols, webSocketServer } from './subprotocols.js';
import type { WatchSink } from './watch-sink.js';

type Encode = (event: Buffer) => Buffer | string;
const asText: Encode = (event) => event.toString('utf8');

/** Our own subprotocol: events hold rows of tables. Browsers cannot set Accept on a WebSocket. */
const TABLES = 'table.wheelhouse.io';

/** How a subprotocol sends an event; without a known subprotocol it is text. */
const ENCODINGS: Readonly<Record<string, Encode>> = {
  'binary.k8s.io': (event) => event,
  'base64.binary.k8s.io': (event) => event.toString('base64'),
  [TABLES]: asText,
};

/** The headers of an upgrade, with the Accept that its subprotocol stands for. */
export const withAccept = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  offeredProtocols(headers['sec-websocket-protocol']).includes(TABLES)
    ? { ...headers, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }
    : headers;

/** The subprotocol of the answer: a known one, else the only one that the client offers. */
function chooseProtocol(headers: IncomingHttpHeaders): string {
  const offered = offeredProtocols(headers['sec-websocket-protocol']);
  const known = offered.find((protocol) => Object.hasOwn(ENCODINGS, protocol));
  return known ?? (offered.length === 1 ? offered[0]! : '');
}

/** Undefined when the handshake is refused; the client has its answer then. */
export function watchOverWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  headers: readonly string[],
): WatchSink | undefined {
  const protocol = chooseProtocol(request.headers);
  const encode = ENCODINGS[protocol] ?? asText;
  const server = webSocketServer(request, protocol, MAX_WATCHER_MESSAGE_BYTES, headers);
  let accepted: WebSocket | undefined;
  server.handleUpgrade(request, socket, head, (one) => (accepted = one));
  const webSocket = accepted as WebSocket | undefined;
  if (!webSocket) return undefined;
  webSocket.on('error', () => webSocket.terminate());
  return {
    // A chunk holds whole events, one on each line.
    write(chunk) {
      if (webSocket.readyState !== webSocket.OPEN) return false;
      for (let at = 0; at < chunk.length;) {
        const end = chunk.indexOf(0x0a, at) + 1 || chunk.length;
        webSocket.send(encode(chunk.subarray(at, end)));
        at = end;
      }
      return !socket.writableNeedDrain;
    },
    get buffered() {
      return webSocket.bufferedAmount;
    },
    onDrain: (callback) => socket.on('drain', callback),
    end: () => webSocket.close(1000),
  };
}
