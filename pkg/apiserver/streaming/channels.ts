// The server's end of the remote-command WebSocket protocols: numbered channels in one WebSocket.
// Binary messages have the channel in their first byte; base64 variants have the channel's digit
// and base64 text (upstream apimachinery/pkg/util/remotecommand and httpstream/wsstream). Version 5
// can also close one channel, which ends a container's stdin.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { badRequest } from '../../apimachinery/errors/status-error.js';
import { MAX_MESSAGE_BYTES, PAUSED_PONG_MS, SEND_BUFFER_BYTES } from './limits.js';
import { offeredProtocols, webSocketServer } from '../http/subprotocols.js';

export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** Protocols in order of preference. */
export const REMOTE_COMMAND_PROTOCOLS = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
] as const;

/**
 * The first of `known` that the client offers; '' without an offer. Throws BadRequest when no offer
 * is known.
 */
export function chooseProtocol(request: IncomingMessage, known: readonly string[]): string {
  const offered = offeredProtocols(request.headers['sec-websocket-protocol']);
  const chosen = known.find((protocol) => offered.includes(protocol));
  if (!chosen && offered.length)
    throw badRequest(
      `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${known.join(' ')}]`,
    );
  return chosen ?? '';
}

/** Completes the handshake with that subprotocol ('' for none). */
export function acceptWebSocket(
  upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
  protocol: string,
): Promise<WebSocket> {
  const { request, socket, head } = upgrade;
  const server = webSocketServer(request, protocol, MAX_MESSAGE_BYTES);
  return new Promise((resolve, reject) => {
    server.once('wsClientError', reject);
    server.handleUpgrade(request, socket, head, resolve);
  });
}

/** The bytes of a raw message in one buffer. */
export function messageBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/**
 * Sends with back-pressure: resolves when the send buffer is small. Rejects when the client has
 * disconnected.
 */
export const sendMessage = (socket: WebSocket, data: Buffer | string): Promise<void> =>
  new Promise((resolve, reject) => {
    const isFar = socket.bufferedAmount > SEND_BUFFER_BYTES;
    socket.send(data, (error) => (error ? reject(error) : isFar ? resolve() : undefined));
    if (!isFar) resolve();
  });

/**
 * Stops reading from a client. Its pings then stay unread, so the server sends unsolicited pongs.
 * Returns a function that resumes.
 */
export function pauseClient(socket: WebSocket): () => void {
  socket.pause();
  const timer = setInterval(
    () => socket.pong(Buffer.alloc(0), undefined, () => {}),
    PAUSED_PONG_MS,
  );
  return () => {
    clearInterval(timer);
    socket.resume();
  };
}

export interface ChannelHandlers {
  message(channel: number, payload: Buffer): void;
  /** The client closed one channel (v5). */
  close(channel: number): void;
  gone(): void;
}

/** One accepted remote-command connection. */
export class Channels {
  readonly isBase64: boolean;
  readonly version: 1 | 4 | 5;
  private resumeClient: (() => void) | undefined;

  constructor(
    private readonly socket: WebSocket,
    protocol: string,
    handlers: ChannelHandlers,
  ) {
    this.isBase64 = protocol.includes('base64');
    this.version = protocol.startsWith('v5') ? 5 : protocol.startsWith('v4') ? 4 : 1;
    socket.on('message', (data) => this.receive(messageBytes(data), handlers));
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      this.resume();
      handlers.gone();
    });
  }

  private receive(message: Buffer, handlers: ChannelHandlers): void {
    if (!message.length) return;
    if (this.isBase64) {
      handlers.message(
        message[0]! - 0x30,
        Buffer.from(message.subarray(1).toString('ascii'), 'base64'),
      );
      return;
    }
    if (this.version === 5 && message[0] === CHANNEL.close) {
      if (message.length > 1) handlers.close(message[1]!);
      return;
    }
    handlers.message(message[0]!, message.subarray(1));
  }

  send(channel: number, payload: Buffer): Promise<void> {
    if (this.isBase64) return sendMessage(this.socket, `${channel}${payload.toString('base64')}`);
    return sendMessage(this.socket, Buffer.concat([Buffer.from([channel]), payload]));
  }

  /** Pauses the client until that stream accepts more or ends. */
  pauseFor(target: Duplex): void {
    if (this.resumeClient) return; // messages that were already read still arrive
    const goOn = pauseClient(this.socket);
    const resume = () => this.resume();
    this.resumeClient = () => {
      target.off('drain', resume).off('finish', resume).off('close', resume);
      goOn();
    };
    // An ended stream emits no drain event.
    target.once('drain', resume).once('finish', resume).once('close', resume);
  }

  private resume(): void {
    this.resumeClient?.();
    this.resumeClient = undefined;
  }

  close(): void {
    this.resume(); // to read the client's close frame
    this.socket.close(1000);
  }
}
