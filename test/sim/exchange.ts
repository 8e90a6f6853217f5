// A request and its response without a connection: the output of the server becomes chunks, which
// the link delivers.
import { Readable, Writable } from 'node:stream';
import type { WatchSink } from '../../pkg/apiserver/http/watch-sink.js';
import type { Headers } from '../../pkg/apiserver/extension/handler.js';
import { Exchange, type PeerCertificate } from '../../pkg/apiserver/http/exchange.js';

/** The reader of the response. */
export interface Reader {
  head(status: number, headers: Headers): void;
  chunk(bytes: Uint8Array): void;
  /** `whole` is false for a response that the server aborted. */
  end(whole: boolean): void;
}

export interface SentRequest {
  method: string;
  url: string;
  headers: Headers;
  body: Uint8Array | undefined;
  certificate: PeerCertificate;
}

function bodyOf(bytes: Uint8Array | undefined): Readable {
  const body = new Readable({ read() {} });
  if (bytes) body.push(bytes);
  body.push(null);
  return body;
}

export class SimExchange extends Exchange {
  readonly http2 = true;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly certificate: PeerCertificate;
  readonly body: Readable;
  readonly remoteAddress = '10.0.0.1';
  readonly unsent = 0;
  private closed = false;
  private readonly onClosed: (() => void)[] = [];

  constructor(
    request: SentRequest,
    private readonly reader: Reader,
  ) {
    super();
    this.method = request.method;
    this.url = request.url;
    this.headers = request.headers;
    this.certificate = request.certificate;
    this.body = bodyOf(request.body);
  }

  private begin(status: number, headers: Headers): boolean {
    if (this.closed || this.sent) return false;
    this.sent = status;
    this.reader.head(status, this.complete(headers));
    return true;
  }

  respond(status: number, headers: Headers, body?: Uint8Array | string): void {
    if (!this.begin(status, headers)) return;
    if (body) this.reader.chunk(typeof body === 'string' ? Buffer.from(body) : body);
    this.finish(true);
  }

  override respondParts(status: number, headers: Headers, parts: Iterable<Uint8Array>): void {
    this.respond(status, headers, Buffer.concat([...parts]));
  }

  stream(status: number, headers: Headers): Writable {
    this.begin(status, headers);
    return new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        if (!this.closed) this.reader.chunk(chunk);
        done();
      },
      final: (done) => {
        this.finish(true);
        done();
      },
    });
  }

  watchSink(headers: Headers): WatchSink {
    this.begin(200, headers);
    return {
      write: (chunk) => {
        if (!this.closed) this.reader.chunk(chunk);
        return true;
      },
      buffered: 0,
      onDrain: () => {},
      end: () => this.finish(true),
    };
  }

  abort(): void {
    this.finish(false);
  }

  /** Ends the exchange as a client that disconnects. */
  leave(): void {
    if (this.closed) return;
    this.closed = true;
    for (const callback of this.onClosed) callback();
  }

  private finish(whole: boolean): void {
    if (this.closed) return;
    this.leave();
    this.reader.end(whole);
  }

  onClose(callback: () => void): void {
    if (this.closed) callback();
    else this.onClosed.push(callback);
  }

  protected refuseBody(): void {}
}
