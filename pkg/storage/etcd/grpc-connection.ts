// The subset of gRPC that etcd and KMS plugins need, over node:http2: unary calls and duplex
// streams on one connection to one of several endpoints, which are URLs or unix sockets. grpc-js
// uses twice the CPU per call (measured). Each reconnection, with back-off, tries the next
// endpoint. A call that may have reached the server is retried only when the caller marks it as
// idempotent.
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { requestOptions } from '../../util/http2/request-options.js';
import { createConnection } from 'node:net';
import { Backoff } from '../../util/backoff/backoff.js';
import { sleep, type Env } from '../../util/env/env.js';
import {
  CALL_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  KEEPALIVE_MS,
  KEEPALIVE_TIMEOUT_MS,
  MAX_MESSAGE_BYTES,
  RECONNECT,
  WATCH_WINDOW_BYTES,
} from '../limits.js';
import { StorageUnavailableError } from '../storage.js';
import { onAbort } from '../../util/wait/abortable.js';

export interface TlsFiles {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
}

/** A gRPC status other than OK. Codes: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export class GrpcError extends Error {
  override name = 'GrpcError';
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const GRPC_UNAVAILABLE = 14;

/** The request did not reach a server, so that a retry is safe even for writes. */
class NotSentError extends StorageUnavailableError {}

/** Splits a byte stream into messages. A long message is joined once, when it is complete. */
export function frameReader(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let length = 0;
  /** Bytes needed for the next step: the prefix, then the whole message. */
  let wanted = PREFIX_BYTES;
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < wanted) return;
    let data = chunks.length === 1 ? chunk : Buffer.concat(chunks, length);
    for (;;) {
      if (data.length < PREFIX_BYTES) break;
      const size = data.readUInt32BE(1);
      if (size > MAX_MESSAGE_BYTES)
        throw new GrpcError(8, `message of ${size} bytes is over the limit`);
      wanted = PREFIX_BYTES + size;
      if (data.length < wanted) break;
      onMessage(data.subarray(PREFIX_BYTES, wanted));
      data = data.subarray(wanted);
      wanted = PREFIX_BYTES;
    }
    chunks = data.length ? [data] : [];
    length = data.length;
  };
}

const PREFIX_BYTES = 5;

export interface Duplex {
  send(frame: Buffer): void;
  close(): void;
}

export interface DuplexHandlers {
  onMessage(message: Buffer): void;
  /** Called once, when the stream ends for any reason. */
  onEnd(error: Error): void;
}

function statusOf(headers: IncomingHttpHeaders): GrpcError | undefined {
  const code = Number(headers['grpc-status'] ?? -1);
  if (code === 0) return undefined;
  const text = headers['grpc-message'];
  return new GrpcError(
    code < 0 ? 2 : code,
    typeof text === 'string'
      ? decodeURIComponent(text)
      : `no grpc status (HTTP ${String(headers[':status'] ?? 'none')})`,
  );
}

export class GrpcConnection {
  private session: ClientHttp2Session | undefined;
  private connecting: Promise<ClientHttp2Session> | undefined;
  private next = 0;
  private readonly closer = new AbortController();
  private readonly backoff: Backoff;

  constructor(
    private readonly endpoints: readonly string[],
    private readonly tls: TlsFiles | undefined,
    private readonly env: Pick<Env, 'clock' | 'log' | 'random'>,
    /** The peer's name in errors. */
    private readonly peer = 'etcd',
  ) {
    this.backoff = new Backoff(RECONNECT, env.random);
  }

  private dial(): Promise<ClientHttp2Session> {
    const endpoint = this.endpoints[this.next++ % this.endpoints.length]!;
    const socket = socketPath(endpoint);
    const scheme = this.tls ? 'https' : 'http';
    const url = /^https?:\/\//.test(endpoint) ? endpoint : `${scheme}://${endpoint}`;
    return new Promise((resolve, reject) => {
      const session = connect(socket === undefined ? url : 'http://localhost', {
        ...this.tls,
        ...(socket !== undefined && { createConnection: () => createConnection(socket) }),
        settings: { initialWindowSize: WATCH_WINDOW_BYTES, enablePush: false },
        maxSessionMemory: 1024,
      });
      const timer = this.env.clock.after(CONNECT_TIMEOUT_MS, () =>
        session.destroy(new Error(`no connection to ${endpoint} within ${CONNECT_TIMEOUT_MS} ms`)),
      );
      session.once('remoteSettings', () => {
        timer.cancel();
        session.setLocalWindowSize(WATCH_WINDOW_BYTES);
        this.keepAlive(session);
        resolve(session);
      });
      session.on('error', (error) =>
        reject(new NotSentError(`${this.peer} ${endpoint}: ${error.message}`)),
      );
      session.on('goaway', () => this.forget(session));
      session.on('close', () => {
        timer.cancel();
        this.forget(session);
        reject(new NotSentError(`${this.peer} ${endpoint}: connection closed`));
      });
    });
  }

  private forget(session: ClientHttp2Session): void {
    if (this.session === session) this.session = undefined;
  }

  /** Pings an idle connection to detect a dead peer. */
  private keepAlive(session: ClientHttp2Session): void {
    const { clock } = this.env;
    const probe = () => {
      if (session.destroyed || session.closed) return;
      const giveUp = clock.after(KEEPALIVE_TIMEOUT_MS, () =>
        session.destroy(new Error(`${this.peer} did not answer a ping`)),
      );
      session.ping((error) => {
        giveUp.cancel();
        if (!error) timer = clock.after(KEEPALIVE_MS, probe);
      });
    };
    let timer = clock.after(KEEPALIVE_MS, probe);
    session.once('close', () => timer.cancel());
  }

  /** The session; waits for a connection until `deadline` (monotonic milliseconds). */
  private async ready(deadline: number, signal?: AbortSignal): Promise<ClientHttp2Session> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.closer.signal.aborted) throw new NotSentError('storage closed');
      if (this.session) return this.session;
      this.connecting ??= this.dial().finally(() => (this.connecting = undefined));
      try {
        const session = await this.inTime(this.connecting, deadline, signal);
        if (session.destroyed || session.closed) continue;
        this.session = session;
        this.backoff.reset();
        return session;
      } catch (error) {
        if (this.env.clock.monotonic() >= deadline) throw error;
        if (signal?.aborted) throw error;
        await sleep(this.env.clock, this.backoff.next(), signal ?? this.closer.signal).catch(
          () => {},
        );
      }
    }
  }

  /** The result of `connecting`; rejects at the deadline and on abort. */
  private inTime<T>(
    connecting: Promise<T>,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const withdraw = onAbort(signal, () => reject(signal!.reason as Error));
      const timer = this.env.clock.after(deadline - this.env.clock.monotonic(), () =>
        reject(new NotSentError(`no connection to ${this.peer} in time`)),
      );
      void connecting.then(resolve, reject).finally(() => {
        timer.cancel();
        withdraw();
      });
    });
  }

  /**
   * A unary call. `idempotent` calls are retried on another connection until the deadline; other
   * calls are retried only when the request was certainly not sent.
   * Throws GrpcError for etcd's refusals, StorageUnavailableError otherwise.
   */
  async unary(
    path: string,
    frame: Buffer,
    options: { idempotent: boolean; signal?: AbortSignal | undefined; timeoutMs: number },
  ): Promise<Buffer> {
    const deadline = this.env.clock.monotonic() + options.timeoutMs;
    for (;;) {
      options.signal?.throwIfAborted();
      const session = this.session ?? (await this.ready(deadline, options.signal));
      try {
        return await this.callOnce(session, path, frame, deadline, options.signal);
      } catch (error) {
        const lost = error instanceof StorageUnavailableError;
        const again = error instanceof NotSentError || (lost && options.idempotent);
        if (!again || this.env.clock.monotonic() >= deadline) throw error;
        await sleep(this.env.clock, this.backoff.next(), options.signal);
      }
    }
  }

  private callOnce(
    session: ClientHttp2Session,
    path: string,
    frame: Buffer,
    deadline: number,
    signal?: AbortSignal,
  ): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      let stream: ClientHttp2Stream;
      try {
        stream = this.open(session, path);
      } catch (error) {
        this.forget(session);
        return reject(new NotSentError((error as Error).message));
      }
      let answer: Buffer | undefined;
      let status: GrpcError | undefined;
      let sawStatus = false;
      const read = frameReader((message) => (answer = message));
      const settle = (error?: Error) => {
        timer.cancel();
        withdraw();
        if (error) reject(error);
        else resolve(answer ?? Buffer.alloc(0));
      };
      const timer = this.env.clock.after(Math.max(1, deadline - this.env.clock.monotonic()), () => {
        settle(new StorageUnavailableError(`${this.peer} did not answer ${path} in time`));
        stream.close(constants.NGHTTP2_CANCEL);
      });
      const withdraw = onAbort(signal, () => {
        settle(signal!.reason as Error);
        stream.close(constants.NGHTTP2_CANCEL);
      });
      const onHeaders = (headers: IncomingHttpHeaders) => {
        if (headers['grpc-status'] === undefined) return;
        sawStatus = true;
        status = statusOf(headers);
      };
      stream.on('response', onHeaders);
      stream.on('trailers', onHeaders);
      stream.on('data', read);
      stream.on('error', (error) => settle(this.lost(stream, path, error)));
      stream.on('close', () => {
        if (!sawStatus) settle(this.lost(stream, path));
        else
          settle(
            status && status.code === GRPC_UNAVAILABLE
              ? new StorageUnavailableError(status.message)
              : status,
          );
      });
      stream.end(frame);
    });
  }

  private open(session: ClientHttp2Session, path: string): ClientHttp2Stream {
    return session.request(
      { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' },
      requestOptions(false),
    );
  }

  /** A bidirectional stream of messages. Rejects when no connection is ready in time. */
  async duplex(path: string, handlers: DuplexHandlers): Promise<Duplex> {
    const session = await this.ready(this.env.clock.monotonic() + CALL_TIMEOUT_MS);
    const stream = this.open(session, path);
    let failure: Error | undefined;
    const onHeaders = (headers: IncomingHttpHeaders) => {
      if (headers['grpc-status'] !== undefined) failure = statusOf(headers);
    };
    const read = frameReader((message) => handlers.onMessage(message));
    stream.on('response', onHeaders);
    stream.on('trailers', onHeaders);
    stream.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        stream.destroy(error as Error);
      }
    });
    stream.on('error', (error) => (failure ??= error));
    stream.on('close', () =>
      handlers.onEnd(failure ?? new StorageUnavailableError(`${path} ended`)),
    );
    return {
      send: (frame) => void stream.write(frame),
      close: () => stream.close(constants.NGHTTP2_CANCEL),
    };
  }

  private lost(stream: ClientHttp2Stream, path: string, error?: Error): StorageUnavailableError {
    const message = `${this.peer} ${path}: ${error?.message ?? 'connection lost'}`;
    return stream.rstCode === constants.NGHTTP2_REFUSED_STREAM
      ? new NotSentError(message)
      : new StorageUnavailableError(message);
  }

  get closed(): boolean {
    return this.closer.signal.aborted;
  }

  close(): void {
    this.closer.abort(new NotSentError('storage closed'));
    this.session?.destroy();
    this.connecting?.then((session) => session.destroy()).catch(() => {});
  }
}

/** The path in 'unix:///run/kms.sock'; '@' begins an abstract name, as upstream has it. */
function socketPath(endpoint: string): string | undefined {
  if (!endpoint.startsWith('unix:')) return undefined;
  return endpoint.replace(/^unix:(\/\/)?/, '').replace(/^\/?@/, '\0');
}
