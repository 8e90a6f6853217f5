// The client's end of a SPDY/3.1 connection after an HTTP upgrade, for exec, attach and
// port-forward towards a kubelet: this side opens streams, the peer answers, and streams that the
// peer pushes are refused. Like the Go implementation at the other end, the session has no
// flow-control windows; TCP back-pressure bounds memory.
import { Duplex } from 'node:stream';
import { SPDY_CHUNK_BYTES, SPDY_STREAM_BUFFER_BYTES } from '../limits.js';
import {
  dataHead,
  FLAG_FIN,
  type Frame,
  FRAME,
  FrameParser,
  goAway,
  HeaderBlockWriter,
  ping,
  rstStream,
  synStream,
} from './frames.js';

const STATUS_REFUSED = 3;
const STATUS_CANCEL = 5;

export class SpdyStream extends Duplex {
  /**
   * Resolves when the peer accepts the stream; rejects when the peer refuses it or the connection
   * ends.
   */
  readonly accepted: Promise<void>;
  /** Called by the session with the peer's answer. */
  accept!: () => void;
  private refuse!: (error: Error) => void;
  private remoteEnded = false;

  constructor(
    private readonly session: SpdySession,
    readonly id: number,
  ) {
    super({ allowHalfOpen: true, highWaterMark: SPDY_STREAM_BUFFER_BYTES, emitClose: true });
    this.accepted = new Promise((resolve, reject) => {
      this.accept = resolve;
      this.refuse = reject;
    });
    this.accepted.catch(() => {}); // callers that await `accepted` get the rejection
  }

  override _read(): void {
    this.session.resume(this);
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    callback: (error?: Error | null) => void,
  ): void {
    this.session.writeData(this.id, chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.session.write([dataHead(this.id, 0, true)], callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.refuse(error ?? new Error('the stream was closed'));
    this.session.forget(this, !this.remoteEnded || !this.writableFinished);
    callback(error);
  }

  /** Called by the session with the peer's bytes. False when the stream's read buffer is full. */
  onData(payload: Buffer, fin: boolean): boolean {
    const goesOn = payload.length && !this.remoteEnded ? this.push(Buffer.from(payload)) : true;
    if (!fin) return goesOn;
    this.onEnd();
    return true; // an ended stream reads no more, so nothing would resume the connection
  }

  onEnd(): void {
    this.refuse(new Error('the stream was closed'));
    if (this.remoteEnded) return;
    this.remoteEnded = true;
    this.session.resume(this);
    this.push(null);
  }

  /**
   * Go servers end streams by a reset; bytes from before the reset stay readable, as in client-go.
   */
  onReset(): void {
    if (this.readableEnded) return void this.destroy();
    this.once('end', () => this.destroy());
    this.onEnd();
  }
}

export class SpdySession {
  private readonly streams = new Map<number, SpdyStream>();
  private readonly headers = new HeaderBlockWriter();
  private readonly parser = new FrameParser();
  private readonly blocked = new Set<SpdyStream>();
  private nextId = 1;
  private ended = false;
  /** Resolves when the connection has ended for any reason. */
  readonly closed: Promise<void>;

  /** `head` has the bytes that arrived with the upgrade's answer. */
  constructor(
    private readonly socket: Duplex,
    head: Buffer,
  ) {
    this.closed = new Promise((resolve) => {
      const end = () => {
        this.end();
        resolve();
      };
      socket.once('close', end).once('end', end).on('error', end);
    });
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    if (head.length) this.receive(head);
  }

  open(headers: Readonly<Record<string, string>>): SpdyStream {
    const stream = new SpdyStream(this, this.nextId);
    this.nextId += 2;
    if (this.ended) {
      stream.destroy(new Error('the connection is closed'));
      return stream;
    }
    this.streams.set(stream.id, stream);
    this.write([synStream(stream.id, this.headers.encode(headers))]);
    return stream;
  }

  /** Sends GOAWAY and closes the connection. */
  close(): void {
    if (!this.ended) this.write([goAway(0)]);
    this.socket.end();
    this.end();
  }

  destroy(): void {
    this.socket.destroy();
    this.end();
  }

  write(parts: readonly Buffer[], callback?: (error?: Error | null) => void): void {
    if (this.ended || this.socket.destroyed || this.socket.writableEnded) {
      callback?.(new Error('the connection is closed'));
      return;
    }
    this.socket.cork?.();
    parts.forEach((part, index) =>
      this.socket.write(
        part,
        index === parts.length - 1 && callback ? (error) => callback(error ?? null) : undefined,
      ),
    );
    this.socket.uncork?.();
  }

  writeData(id: number, chunk: Buffer, callback: (error?: Error | null) => void): void {
    const parts: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += SPDY_CHUNK_BYTES) {
      const piece = chunk.subarray(at, at + SPDY_CHUNK_BYTES);
      parts.push(dataHead(id, piece.length, false), piece);
    }
    if (parts.length) this.write(parts, callback);
    else callback();
  }

  /** Called when a stream's reader accepts more bytes. */
  resume(stream: SpdyStream): void {
    if (this.blocked.delete(stream) && !this.blocked.size) this.socket.resume();
  }

  forget(stream: SpdyStream, isUnfinished: boolean): void {
    if (!this.streams.delete(stream.id)) return;
    this.resume(stream);
    if (isUnfinished) this.write([rstStream(stream.id, STATUS_CANCEL)]);
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const stream of this.streams.values()) stream.onEnd();
    this.blocked.clear();
  }

  private receive(chunk: Buffer): void {
    try {
      for (const frame of this.parser.push(chunk)) this.handle(frame);
    } catch (error) {
      this.socket.destroy(error as Error);
    }
  }

  private handle(frame: Frame): void {
    if (frame.type === 'data') {
      const stream = this.streams.get(frame.id);
      if (stream && !stream.onData(frame.payload, frame.fin)) {
        this.blocked.add(stream);
        this.socket.pause();
      }
      return;
    }
    if (frame.body.length < 4) return;
    const id = frame.body.readUInt32BE(0) & 0x7fff_ffff;
    switch (frame.control) {
      case FRAME.synReply: {
        const stream = this.streams.get(id);
        stream?.accept();
        if (frame.flags & FLAG_FIN) stream?.onEnd();
        break;
      }
      case FRAME.rstStream:
        this.streams.get(id)?.onReset();
        break;
      case FRAME.ping:
        if (id % 2 === 0) this.write([ping(id)]); // even ids are pings of the peer
        break;
      case FRAME.synStream:
        this.write([rstStream(id, STATUS_REFUSED)]);
        break;
      default: // settings, go-away, headers and window updates change nothing for us
    }
  }
}
