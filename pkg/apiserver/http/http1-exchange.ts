// An exchange over HTTP/1.1, and the refusal of an upgrade on its bare socket.
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { WatchSink } from './watch-sink.js';
import { watchOverWebSocket, withAccept } from './watch-web-socket.js';
import type { Headers } from '../extension/handler.js';
import { Exchange, type PeerCertificate } from './exchange.js';

export class Http1Exchange extends Exchange {
  readonly http2 = false;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    readonly remoteAddress: string,
    readonly certificate: PeerCertificate | undefined,
  ) {
    super();
    this.method = request.method ?? 'GET';
    this.url = request.url ?? '/';
    this.headers = request.headers;
    response.on('error', () => {});
  }

  get body(): Readable {
    return this.request;
  }

  respond(status: number, headers: Headers, body?: Uint8Array | string): void {
    if (this.response.headersSent || this.response.destroyed) return;
    this.sent = status;
    if (body !== undefined)
      headers['content-length'] = String(
        typeof body === 'string' ? Buffer.byteLength(body) : body.length,
      );
    this.response.writeHead(status, defined(this.complete(headers)));
    this.response.end(this.method === 'HEAD' ? undefined : body);
  }

  stream(status: number, headers: Headers): Writable {
    this.sent = status;
    this.response.writeHead(status, defined(this.complete(headers)));
    this.response.flushHeaders();
    return this.response;
  }

  watchSink(headers: Headers): WatchSink {
    const out = this.stream(200, headers);
    return {
      write: (chunk) => !out.destroyed && out.write(chunk),
      get buffered() {
        return out.writableLength;
      },
      onDrain: (callback) => out.on('drain', callback),
      end: () => out.end(),
    };
  }

  get unsent(): number {
    return this.held || this.response.writableLength;
  }

  protected refuseBody(): void {
    if (!this.request.readableEnded) this.response.setHeader('connection', 'close');
  }

  abort(): void {
    if (!this.response.writableFinished) this.response.destroy();
  }

  onClose(callback: () => void): void {
    if (this.response.destroyed || this.response.writableFinished) callback();
    else this.response.once('close', callback);
  }
}

/** An upgrade request before it is accepted: `respond` refuses it. */
export class UpgradeExchange extends Exchange {
  readonly http2 = false;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;

  constructor(
    readonly request: IncomingMessage,
    readonly socket: Duplex,
    readonly head: Buffer,
    readonly remoteAddress: string,
    readonly certificate: PeerCertificate | undefined,
  ) {
    super();
    this.method = request.method ?? 'GET';
    this.url = request.url ?? '/';
    this.headers = withAccept(request.headers);
    socket.on('error', () => {});
  }

  get body(): Readable {
    return this.request;
  }

  respond(status: number, headers: Headers, body?: Uint8Array | string): void {
    if (this.sent || this.socket.destroyed) return;
    this.sent = status;
    const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(body as string);
    const all = this.complete({
      ...headers,
      'content-length': String(bytes.length),
      connection: 'close',
    });
    this.socket.write(Buffer.concat([Buffer.from(headText(status, all)), bytes]));
    this.socket.end();
  }

  stream(status: number, headers: Headers): Writable {
    this.sent = status;
    this.socket.write(headText(status, this.complete({ ...headers, connection: 'close' })));
    return this.socket;
  }

  watchSink(headers: Headers): WatchSink {
    this.sent = 101;
    const lines = headerLines(this.complete(headers)).filter(
      (line) => !/^(content-type|cache-control):/i.test(line),
    );
    const sink = watchOverWebSocket(this.request, this.socket, this.head, lines);
    if (sink) return sink;
    this.abort();
    return { write: () => false, buffered: 0, onDrain: () => {}, end: () => {} };
  }

  get unsent(): number {
    return 0;
  }

  protected refuseBody(): void {}

  abort(): void {
    this.socket.destroy();
  }

  onClose(callback: () => void): void {
    if (this.socket.destroyed) callback();
    else this.socket.once('close', callback);
  }
}

const headerLines = (headers: Headers): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one) => `${name}: ${one}`),
  );

/** The head of an answer on a bare socket. */
export function headText(status: number, headers: Headers): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...headerLines(headers)];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const defined = (headers: Headers): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (pair): pair is [string, string | string[]] => pair[1] !== undefined,
    ),
  );
