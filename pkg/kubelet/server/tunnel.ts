// exec, attach and port-forward: the runtime runs its own streaming server; the kubelet opens a
// session there and passes the client's upgrade and every byte after it through, unread. SPDY/3.1 and
// WebSocket thus work exactly as far as the runtime speaks them.
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { readOn } from '../../system/read-on.js';

/** A client that does not take the last bytes is let go after this long. */
const DRAIN_MS = 10_000;
const HOP = new Set(['host', 'authorization']);

/** Rewrites the request for the runtime's server: its path and host, the client's headers without credentials. */
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

/** Joins the client to the runtime until either side ends. */
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
    // What the runtime said last is still on its way to the client: it is sent before the client is let go. What the
    // client still says is read, for a connection closed with unread bytes is reset, and what was sent is lost.
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
