// An exchange over one HTTP/2 stream, on Node's stream API: its compatibility API costs a third
// more CPU.
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Readable, Writable } from 'node:stream';
import type { WatchSink } from './watch-sink.js';
import type { Headers } from '../extension/handler.js';
import { Exchange, type PeerCertificate } from './exchange.js';

export class Http2Exchange extends Exchange {
  readonly http2 = true;
  readonly method: string;
  readonly url: string;

  constructor(
    private readonly raw: ServerHttp2Stream,
    readonly headers: IncomingHttpHeaders,
    readonly remoteAddress: string,
    readonly certificate: PeerCertificate | undefined,
  ) {
    super();
    this.method = headers[':method'] ?? 'GET';
    this.url = headers[':path'] ?? '/';
    // A reset by the client arrives as an error; the 'close' that follows is handled.
    raw.on('error', () => {});
  }

  get body(): Readable {
    return this.raw;
  }

  /**
   * The 'end' of a body waits for the answer: without a body to read, the stream is destroyed
   * before its last write is done. Node then makes an error that no code reads, at a tenth of the
   * cost of a small answer.
   */
  protected override get answer(): Writable {
    return this.raw;
  }

  private begin(status: number, headers: Headers, endStream = false): boolean {
    if (this.raw.destroyed || this.raw.headersSent) return false;
    this.sent = status;
    const all = this.complete(headers) as Record<string, string | string[] | number | undefined>;
    all[':status'] = status;
    this.raw.respond(all, { endStream });
    return true;
  }

  respond(status: number, headers: Headers, body?: Uint8Array | string): void {
    const chunk = typeof body === 'string' ? Buffer.from(body) : body;
    if (chunk) headers['content-length'] = String(chunk.length);
    const isBodyless = this.method === 'HEAD' || !chunk;
    if (!this.begin(status, headers, isBodyless)) return;
    // An unread body would hold the connection's flow-control window.
    if (isBodyless) this.raw.resume();
    else this.raw.end(chunk, () => this.raw.resume());
  }

  stream(status: number, headers: Headers): Writable {
    this.begin(status, headers);
    return this.raw;
  }

  watchSink(headers: Headers): WatchSink {
    this.begin(200, headers);
    const { raw } = this;
    let isOpen = !raw.destroyed;
    raw.once('close', () => (isOpen = false));
    return {
      write: (chunk) => isOpen && raw.write(chunk),
      get buffered() {
        return raw.writableLength;
      },
      onDrain: (callback) => raw.on('drain', callback),
      end: () => {
        if (!raw.destroyed) raw.end();
      },
    };
  }

  onClose(callback: () => void): void {
    if (this.raw.destroyed) callback();
    else this.raw.once('close', callback);
  }

  get unsent(): number {
    return this.held || this.raw.writableLength;
  }

  protected refuseBody(): void {
    if (!this.raw.readableEnded)
      this.raw.once('finish', () => this.raw.close(constants.NGHTTP2_NO_ERROR));
  }

  abort(): void {
    if (!this.raw.destroyed) this.raw.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}
