// HTTP/1.1 upgrades to a backend (kubelet, pod) and the relay of raw bytes behind them.
import {
  type Agent,
  type ClientRequest,
  IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { internalError, statusError, StatusError } from '../../apimachinery/errors/status-error.js';
import type { Status } from '../../apimachinery/meta/types.js';
import { readOn } from '../../system/read-on.js';
import type { Headers } from '../extension/handler.js';
import {
  checkHost,
  dialLookup,
  type DialRule,
  isDialable,
  NOT_ALLOWED,
  notAllowed,
} from '../dial/dial-rule.js';
import { callText } from '../dial/go-errors.js';
import { ANSWER_TIMEOUT_MS, DIAL_TIMEOUT_MS, MAX_REFUSAL_BYTES } from './limits.js';
import { headText } from '../http/http1-exchange.js';
import { offeredProtocols } from '../http/subprotocols.js';
import { CONNECTION_HEADERS } from './facts.generated.js';

export interface Backend {
  host: string;
  port: number;
  /** The addresses that may be dialled; default isDialable. */
  allows?: DialRule;
  /** Keeps connections for requests without a body; absent: each request has one of its own. */
  agent?: Agent;
  /** Absent: plain HTTP. */
  tls?: {
    ca?: string;
    cert?: string;
    key?: string;
    rejectUnauthorized: boolean;
    servername?: string;
  };
}

export interface Upgraded {
  socket: Duplex;
  /** Bytes that arrived with the answer. */
  head: Buffer;
  headers: IncomingMessage['headers'];
}

interface Outgoing {
  method: string;
  path: string;
  headers: Headers;
}

/** The one place that dials for users. Throws BadRequest for an address that may not be dialled. */
function send(
  backend: Backend,
  outgoing: Outgoing,
  signal: AbortSignal,
  agent: Agent | false = false,
): ClientRequest {
  const { allows = isDialable } = backend;
  checkHost(backend.host, allows);
  const options: RequestOptions = {
    host: backend.host,
    port: backend.port,
    method: outgoing.method,
    path: outgoing.path,
    headers: Object.fromEntries(
      Object.entries(outgoing.headers).filter(([, value]) => value !== undefined),
    ),
    signal,
    agent,
    lookup: dialLookup(allows),
    // Backends answer with bare LF as line ends, which Go reads.
    insecureHTTPParser: true,
  };
  const request = backend.tls ? httpsRequest({ ...options, ...backend.tls }) : httpRequest(options);
  request.once('socket', (socket) => {
    if (request.reusedSocket) return;
    const timer = setTimeout(() => request.destroy(timedOut()), DIAL_TIMEOUT_MS);
    socket
      .once(backend.tls ? 'secureConnect' : 'connect', () => clearTimeout(timer))
      .once('close', () => clearTimeout(timer));
    socket.setNoDelay(true);
  });
  return request;
}

const timedOut = (): Error => Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' });

/** The error of a backend that could not be reached or disconnected before its answer. */
function unreachable(backend: Backend, error: NodeJS.ErrnoException): StatusError {
  if (error.code === NOT_ALLOWED) return notAllowed();
  const failure = statusError(
    'InternalError',
    `Internal error occurred: error dialing backend: ${callText(error, backend)}`,
  );
  failure.cause = error;
  return failure;
}

/** At most `limit` bytes as text. */
export async function readText(stream: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

/**
 * Asks a backend to upgrade. Resolves with its answer when it does not upgrade; throws StatusError
 * when it cannot be reached. The signal also ends the upgraded connection.
 */
export async function upgrade(
  backend: Backend,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Upgraded | IncomingMessage> {
  const request = send(backend, outgoing, signal);
  const timer = setTimeout(() => request.destroy(timedOut()), ANSWER_TIMEOUT_MS);
  const answer = new Promise<Upgraded | IncomingMessage>((resolve, reject) => {
    request.on('upgrade', ({ headers }, socket, head) =>
      resolve({ socket: readOn(socket), head, headers }),
    );
    request.on('response', resolve);
    request.on('error', (error) => reject(unreachable(backend, error)));
    request.end();
  });
  return answer.finally(() => clearTimeout(timer));
}

/**
 * Asks a kubelet to upgrade. Throws its refusal with the text of upstream's StreamTranslator and
 * client-go's SPDY round tripper.
 */
export async function upgradeKubelet(
  backend: Backend,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Upgraded> {
  const answer = await upgrade(backend, outgoing, signal);
  if (!(answer instanceof IncomingMessage)) return answer;
  const text = await readText(answer, MAX_REFUSAL_BYTES);
  throw (
    statusIn(text, answer.statusCode) ??
    internalError(`unable to upgrade connection: ${text.trim()}`)
  );
}

/** The Status in a backend's JSON answer; undefined for other answers. */
export function statusIn(text: string, code = 502): StatusError | undefined {
  try {
    const status = JSON.parse(text) as Partial<Status>;
    return status.kind === 'Status'
      ? new StatusError({ ...status, message: status.message ?? '', code: status.code ?? code })
      : undefined;
  } catch {
    return undefined; // plain text, as from kubelets
  }
}

/**
 * Sends a request and resolves with the answer's head at any status; the body follows as a stream.
 * A request with a body has a connection of its own, so that no byte of a body can pass as the
 * request of another user.
 */
export const exchange = (
  backend: Backend,
  outgoing: Outgoing,
  body: Readable | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = send(backend, outgoing, signal, body ? false : backend.agent);
    let mayRetry = !body;
    request.on('response', (answer) => {
      mayRetry = false;
      resolve(answer);
    });
    request.on('error', (error) => {
      // The backend has closed a connection that was kept.
      if (mayRetry && request.reusedSocket && !signal.aborted)
        resolve(exchange(backend, outgoing, body, signal));
      else reject(unreachable(backend, error));
    });
    if (!body) {
      request.end();
      return;
    }
    body.on('error', (error) => request.destroy(error));
    body.pipe(request);
  });

/**
 * Accepts the client's upgrade as the backend did, and relays bytes both ways until both ends are
 * closed. A failure of one side closes the other side.
 */
export function relay(client: Pick<Upgraded, 'socket' | 'head'>, backend: Upgraded): Promise<void> {
  const [a, b] = [client.socket, backend.socket];
  a.write(headText(101, backend.headers));
  if (backend.head.length) a.write(backend.head);
  if (client.head.length) b.write(client.head);
  for (const end of [a, b]) (end as Partial<Socket>).setNoDelay?.(true);
  return new Promise((resolve) => {
    let open = 2;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.once('close', () => {
        if (!to.destroyed) to.end();
        if (--open === 0) resolve();
      });
    }
  });
}

/** The client's headers that are forwarded to a backend. */
export function forwardedHeaders(headers: Headers): Headers {
  const kept: Headers = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!CONNECTION_HEADERS.has(name) && !name.startsWith(':') && !name.startsWith('impersonate-'))
      kept[name] = value;
  }
  // A browser's bearer token travels as a subprotocol, and is a credential like any other.
  const offered = offeredProtocols(kept['sec-websocket-protocol']);
  if (offered.length) kept['sec-websocket-protocol'] = offered.join(', ');
  else delete kept['sec-websocket-protocol'];
  // Node joins repeated headers; runtimes before Kubernetes 1.26 read one protocol per header line.
  const protocols = kept['x-stream-protocol-version'];
  if (typeof protocols === 'string')
    kept['x-stream-protocol-version'] = protocols.split(',').map((protocol) => protocol.trim());
  return kept;
}
