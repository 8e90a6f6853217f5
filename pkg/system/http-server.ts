// The HTTP/1.1 server of every program except the API server: bounded connections, and requests
// that are refused before a handler reads them (request-fault.ts).
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerOptions,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onAbort } from '../util/wait/abortable.js';
import { countPeers } from './peer-count.js';
import { boundFields, faultAnswer, requestFault } from './request-fault.js';

export interface HttpBounds {
  /** Header fields of a request; more are answered with 431. */
  fields: number;
  /** Milliseconds for a TLS handshake, and from a connection to the end of a request's head. */
  headerMs: number;
  /** Milliseconds that a connection stays open between two requests. */
  idleMs: number;
  /** Open connections of one client. */
  connectionsPerClient: number;
}

/** For probes, scrapers and browsers. Times are upstream's ReadHeaderTimeout and IdleTimeout. */
export const SMALL_SERVER: HttpBounds = {
  fields: 100,
  headerMs: 32_000,
  idleMs: 90_000,
  connectionsPerClient: 128,
};

export interface HttpServerOptions {
  address: string;
  /** 0 lets the system choose the port. */
  port: number;
  tls?: TlsOptions;
  /** Called once with a function that replaces `tls` for new connections. */
  replaceable?: (replace: (tls: TlsOptions) => void) => void;
  /** Default: SMALL_SERVER. */
  bounds?: HttpBounds;
  request: RequestListener;
  /** Absent: requests to upgrade are served as if they did not ask for an upgrade. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** True for a client on this machine. */
export const isLocal = ({ remoteAddress, localAddress }: Socket): boolean =>
  remoteAddress !== undefined &&
  (remoteAddress === localAddress || /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress));

/** Node looks at the time limits of connections this often by default: 30 seconds are too rare. */
const CHECK_MS = 5_000;

/** Listens until abort. Resolves with the bound port once it listens; rejects when it cannot. */
export async function serveHttp(options: HttpServerOptions, signal: AbortSignal): Promise<number> {
  const { tls, bounds = SMALL_SERVER, upgrade } = options;
  const times: ServerOptions = {
    headersTimeout: bounds.headerMs,
    keepAliveTimeout: bounds.idleMs,
    connectionsCheckingInterval: Math.min(bounds.headerMs, CHECK_MS),
  };
  const refused = (request: IncomingMessage, socket: Duplex): boolean => {
    const fault = requestFault(request, bounds.fields);
    if (fault) socket.on('error', () => {}).end(faultAnswer(fault), () => socket.destroy());
    return fault !== undefined;
  };
  const listener: RequestListener = (request, response) => {
    if (!refused(request, request.socket)) options.request(request, response);
  };
  const secure =
    tls && createTlsServer({ ...tls, ...times, handshakeTimeout: bounds.headerMs }, listener);
  if (secure) options.replaceable?.((renewed) => secure.setSecureContext(renewed));
  const server = secure ?? createServer(times, listener);
  boundFields(server, bounds.fields);
  if (upgrade)
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (!refused(request, socket)) upgrade(request, socket, head);
    });
  server.prependListener('connection', countPeers(bounds.connectionsPerClient));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.address, resolve);
  });
  onAbort(signal, () => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo | null)?.port ?? options.port;
}
