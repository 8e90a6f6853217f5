// The server's ports: one TLS port that speaks HTTP/2 and HTTP/1.1 by ALPN, and, when asked for, a
// plain HTTP/1.1 port. It turns connections into exchanges and knows nothing of what they ask.
import { constants } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer as createHttp1,
  type IncomingMessage,
  type Server as Http1Server,
} from 'node:http';
import {
  createServer as createHttp2,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  createServer as createTls,
  DEFAULT_CIPHERS,
  type SecureContextOptions,
  type Server as TlsServer,
  type TLSSocket,
} from 'node:tls';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import {
  HEADER_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_CONNECTIONS_PER_CLIENT,
  MAX_HEADER_BYTES,
  MAX_HEADERS,
  MAX_STREAMS_PER_CONNECTION,
  SESSION_MEMORY_MB,
  SHUTDOWN_GRACE_MS,
} from '../limits.js';
import {
  boundFields,
  faultAnswer,
  requestFault,
  TOO_MANY_FIELDS,
  type RequestFault,
} from '../../system/request-fault.js';
import type { TlsSettings } from '../../system/tls-settings.js';
import { countPeers } from '../../system/peer-count.js';
import type { Exchange, PeerCertificate } from './exchange.js';
import { Http1Connections, type SilenceLimits } from './http1-connections.js';
import { Http1Exchange, UpgradeExchange } from './http1-exchange.js';
import { Http2Exchange } from './http2-exchange.js';

// Closes HTTP/2 sessions that say nothing: without a first request, or without any for long.

/** Ended streams that the list may hold between two looks at it; each keeps some kilobytes. */
const SPARE_STREAMS = 4;

/**
 * A session with an open stream, such as a quiet watch, is never closed; without a stream it ends
 * after `idleMs` to twice that. A timer looks at the streams, because a listener and a timer for
 * each stream cost a twentieth of a small answer.
 */
export function endSilentSession(session: ServerHttp2Session, limits: SilenceLimits): void {
  /** All that were open at the last look, and all since. */
  let streams: ServerHttp2Stream[] = [];
  let room = SPARE_STREAMS;
  const keepOpen = (): void => {
    streams = streams.filter((stream) => !stream.destroyed);
    room = 2 * streams.length + SPARE_STREAMS;
  };
  const look = (): void => {
    if (!streams.length) return session.close();
    keepOpen();
    silence = setTimeout(look, limits.idleMs);
  };
  let silence = setTimeout(() => session.destroy(), limits.headerMs);
  session.once('stream', () => {
    clearTimeout(silence);
    silence = setTimeout(look, limits.idleMs);
  });
  session.on('stream', (stream: ServerHttp2Stream) => {
    if (streams.push(stream) > room) keepOpen();
  });
  session.once('close', () => clearTimeout(silence));
}

export interface ListenOptions {
  address: string;
  port: number;
  tls?: {
    cert: string | Buffer;
    key: string | Buffer;
    clientCa?: string | Buffer;
    /** Settings that replace those of PROTOCOL. */
    settings?: TlsSettings;
  };
  /** The header Strict-Transport-Security of every answer; default: none. */
  strictTransport?: string;
  /** Default: limits.ts. */
  silence?: SilenceLimits;
}

export interface Handlers {
  request(exchange: Exchange): void;
  upgrade(exchange: UpgradeExchange): void;
}

export interface Listener {
  readonly port: number;
  /** Serves new connections with new certificates. */
  setCertificate(options: SecureContextOptions): void;
  /** Stops accepting, lets answers end within the grace, then cuts. */
  close(): Promise<void>;
}

/**
 * Node's cipher suites, with AES-128 first as in Go: it takes an eighth less CPU than AES-256.
 * Clients that list ChaCha20 first have no AES instructions; they get ChaCha20.
 */
const FAST_SUITE = 'TLS_AES_128_GCM_SHA256';
const CIPHERS = [
  FAST_SUITE,
  ...DEFAULT_CIPHERS.split(':').filter((suite) => suite !== FAST_SUITE),
].join(':');
/** The TLS settings of every connection. */
export const PROTOCOL = {
  minVersion: 'TLSv1.2',
  ciphers: CIPHERS,
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_PRIORITIZE_CHACHA,
} as const;

const ORGANIZATION_UID = 'UID';

/** The verified subject of a client certificate, read once per connection. */
function certificateOf(socket: TLSSocket): PeerCertificate | undefined {
  const peer = socket.getPeerCertificate();
  if (!peer?.subject) return undefined;
  const { CN, O } = peer.subject;
  const organizations = Array.isArray(O) ? O : O ? [O] : [];
  const uid = (peer.subject as unknown as Record<string, string | undefined>)[ORGANIZATION_UID];
  const fingerprint = peer.fingerprint256.replaceAll(':', '').toLowerCase();
  return {
    commonName: String(CN ?? ''),
    organizations,
    fingerprint,
    ...(uid && { uid }),
    ...(!socket.authorized && { invalid: true }),
  };
}

type Peer = readonly [address: string, certificate: PeerCertificate | undefined];

const readPeer = (socket: Socket): Peer => [
  socket.remoteAddress ?? '',
  (socket as TLSSocket).encrypted ? certificateOf(socket as TLSSocket) : undefined,
];

/** Bytes that a field counts beyond its name and value (RFC 9113 section 6.5.2). */
const FIELD_OVERHEAD_BYTES = 32;

function refuseStream(stream: ServerHttp2Stream, { status, text }: RequestFault): void {
  stream.on('error', () => {});
  stream.respond({ ':status': status, 'content-type': 'text/plain; charset=utf-8' });
  stream.end(text, () => stream.close());
}

function http2Server(
  handlers: Handlers,
  sessions: Set<ServerHttp2Session>,
  silence: SilenceLimits,
): Http2Server {
  const server = createHttp2({
    settings: {
      maxConcurrentStreams: MAX_STREAMS_PER_CONNECTION,
      initialWindowSize: 1024 * 1024,
      enablePush: false,
      maxHeaderListSize: MAX_HEADER_BYTES,
    },
    // More fields than maxHeaderListSize has room for: the 'stream' listener answers the excess.
    maxHeaderListPairs: MAX_HEADER_BYTES / FIELD_OVERHEAD_BYTES,
    maxSessionMemory: SESSION_MEMORY_MB,
  });
  const peers = new WeakMap<ServerHttp2Session, Peer>();
  server.on('session', (session) => {
    sessions.add(session);
    endSilentSession(session, silence);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => {});
    peers.set(session, readPeer(session.socket));
  });
  server.on(
    'stream',
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, rawHeaders: string[]) => {
      if (rawHeaders.length > 2 * MAX_HEADERS) return refuseStream(stream, TOO_MANY_FIELDS);
      const peer = peers.get(stream.session as ServerHttp2Session);
      if (!peer) return void stream.destroy();
      handlers.request(new Http2Exchange(stream, headers, ...peer));
    },
  );
  server.on('sessionError', () => {});
  return server;
}

function http1Server(
  handlers: Handlers,
  connections: Http1Connections,
  upgraded: Set<Duplex>,
): Http1Server {
  const peers = new WeakMap<Socket, Peer>();
  const peer = (socket: Socket): Peer => getOrInsert(peers, socket, () => readPeer(socket));
  const server = createHttp1(
    { keepAliveTimeout: 0, requestTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES },
    (request, response) => {
      const fault = requestFault(request, MAX_HEADERS);
      if (fault) return refuseSocket(request.socket, fault);
      connections.begin(request.socket, response);
      handlers.request(new Http1Exchange(request, response, ...peer(request.socket)));
    },
  );
  server.on('connection', (socket: Socket) => connections.add(socket));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const fault = requestFault(request, MAX_HEADERS);
    if (fault) return refuseSocket(socket, fault);
    upgraded.add(socket);
    connections.handOver(request.socket);
    socket.on('close', () => upgraded.delete(socket));
    handlers.upgrade(new UpgradeExchange(request, socket, head, ...peer(request.socket)));
  });
  boundFields(server, MAX_HEADERS);
  server.on('clientError', refuse);
  return server;
}

/**
 * Time during which the server still reads from a refused client. Closing a socket with unread
 * bytes sends a reset, and the client would lose the answer (net/http's rstAvoidanceDelay).
 */
const REFUSAL_LINGER_MS = 500;

/** Go's answer to bytes that are not HTTP. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  refuseSocket(
    socket,
    error.code === 'HPE_HEADER_OVERFLOW'
      ? TOO_MANY_FIELDS
      : { status: 400, text: '400 Bad Request' },
  );
}

function refuseSocket(socket: Duplex, fault: RequestFault): void {
  const lingering = setTimeout(() => socket.destroy(), REFUSAL_LINGER_MS);
  socket.once('close', () => clearTimeout(lingering));
  socket.once('end', () => socket.destroy());
  socket.removeAllListeners('data').on('data', () => {});
  socket.end(faultAnswer(fault));
}

const peerOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;

/** Resolves once the port is bound. */
export async function listen(options: ListenOptions, handlers: Handlers): Promise<Listener> {
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Duplex>();
  const upgraded = new Set<Duplex>();
  /** Connections during their TLS handshake, by peer: the secured socket is another object. */
  const greeting = new Map<string, Socket>();
  const silence = options.silence ?? { headerMs: HEADER_TIMEOUT_MS, idleMs: IDLE_TIMEOUT_MS };
  const http1 = new Http1Connections(silence);
  const h1 = http1Server(handlers, http1, upgraded);
  let front: NetServer = h1;
  let secure: TlsServer | undefined;
  if (options.tls) {
    const h2 = http2Server(handlers, sessions, silence);
    const { cert, key, clientCa, settings } = options.tls;
    secure = createTls(
      {
        ...PROTOCOL,
        ...settings,
        handshakeTimeout: silence.headerMs,
        cert,
        key,
        ca: clientCa,
        requestCert: clientCa !== undefined,
        rejectUnauthorized: false,
        ALPNProtocols: ['h2', 'http/1.1'],
      },
      (socket) => {
        greeting.delete(peerOf(socket));
        socket.setNoDelay(true);
        (socket.alpnProtocol === 'h2' ? h2 : h1).emit('connection', socket);
      },
    );
    secure.on('tlsClientError', (_error, socket) => socket.destroy());
    front = secure;
  }
  const admits = countPeers(MAX_CONNECTIONS_PER_CLIENT);
  front.prependListener('connection', (socket: Socket) => {
    if (!admits(socket)) return;
    const peer = peerOf(socket);
    sockets.add(socket);
    if (secure) greeting.set(peer, socket);
    socket.on('close', () => {
      sockets.delete(socket);
      if (greeting.get(peer) === socket) greeting.delete(peer);
    });
  });
  front.listen({ port: options.port, host: options.address, backlog: 1024 });
  await once(front, 'listening');
  const close = async () => {
    const closed = new Promise((resolve) => front.close(resolve));
    for (const session of sessions) session.close();
    http1.end();
    for (const socket of greeting.values()) socket.destroy();
    const cut = setTimeout(() => {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      for (const socket of upgraded) socket.destroy();
    }, SHUTDOWN_GRACE_MS);
    await closed;
    clearTimeout(cut);
  };
  // Settings that a new context does not name fall back to Node's defaults.
  const setCertificate: Listener['setCertificate'] = (context) =>
    secure?.setSecureContext({
      ...PROTOCOL,
      ...options.tls?.settings,
      ca: options.tls?.clientCa,
      ...context,
    });
  return { port: (front.address() as AddressInfo).port, setCertificate, close };
}
