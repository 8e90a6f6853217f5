// Tunnels exec, attach and port-forward to the runtime's streaming server. The kubelet opens a
// session there and forwards the client's upgrade request and all later bytes unchanged, so that
// the runtime decides which of SPDY/3.1 and WebSocket it supports.
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { readOn } from '../../system/read-on.js';

/** How long a closing tunnel waits for the client to receive the last bytes. */
const DRAIN_MS = 10_000;
const HOP = new Set(['host', 'authorization']);

/**
 * The request for the runtime's server: its path and host, and the client's headers without
 * credentials.
 */
export function tunnelledRequest(request: IncomingMessage, target: URL): string {
  const lines = [
    `${request.method} ${target.pathname}${target.search} HTTP/1.1`,
    `Host: ${target.host}`,
  ];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!;
    if (!HOP.has(name.toLowerCase())) lines.push(`${name}: ${request.rawHeaders[i + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Forwards bytes both ways until the client or the runtime closes the connection. */
export function tunnel(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const target = new URL(url);
  return new Promise((resolve, reject) => {
    const server = readOn(
      connect({
        host: target.hostname.replace(/^\[|\]$/g, ''),
        port: Number(target.port || 80),
        noDelay: true,
        allowHalfOpen: true,
      }),
    );
    const end = () => {
      signal.removeEventListener('abort', end);
      server.destroy();
      client.destroy();
      resolve();
    };
    // The last bytes of the runtime are sent before the client's connection is closed. Bytes of the
    // client are still read: closing a socket with unread bytes resets it, and the client would
    // lose the bytes that were sent.
    const drain = () => {
      if (client.destroyed) return end();
      if (!client.writableEnded) client.end();
      client.resume();
      setTimeout(end, DRAIN_MS).unref();
    };
    signal.addEventListener('abort', end, { once: true });
    server.once('connect', () => {
      server.removeAllListeners('error');
      server.on('error', drain);
      server.write(tunnelledRequest(request, target));
      if (head.length) server.write(head);
      client.pipe(server);
      server.pipe(client);
    });
    server.once('error', reject);
    client.on('error', end);
    client.on('close', end);
    server.on('close', drain);
  });
}
