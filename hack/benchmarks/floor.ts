// The minimal cost of HTTP/2 over TLS in Node for the API server's responses: a server that only
// writes prepared bytes, with the API server's cipher and chunk size. apiserver.ts runs it as a
// process: it prints its port, serves bodies of ?bytes=N and watches (any URL with watch=true), and
// writes one event to every watch for each line of standard input.
import { readFileSync } from 'node:fs';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { PROTOCOL } from '../../pkg/apiserver/http/listeners.js';
import { writePaced } from '../../pkg/apiserver/http/paced-write.js';

const { FLOOR_FOLDER, FLOOR_EVENT_BYTES } = process.env as Record<string, string>;
const SERVER_STREAMS = 2_000;
const PART_BYTES = 1 << 19;

const event = Buffer.alloc(Number(FLOOR_EVENT_BYTES), 'x');
event[event.length - 1] = 0x0a;
const part = Buffer.alloc(PART_BYTES, 'x');
const watches = new Set<ServerHttp2Stream>();

const http2 = createServer({
  settings: { maxConcurrentStreams: SERVER_STREAMS, initialWindowSize: 1 << 20 },
});
http2.on('stream', (stream, headers) => {
  const path = headers[':path']!;
  stream.on('error', () => {});
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  if (path.includes('watch=true')) {
    watches.add(stream);
    stream.on('close', () => watches.delete(stream));
    return;
  }
  const bytes = Number(/bytes=(\d+)/.exec(path)?.[1] ?? 0);
  const parts = Array.from({ length: Math.floor(bytes / PART_BYTES) }, () => part);
  writePaced(stream, [...parts, part.subarray(0, bytes % PART_BYTES)], () => {});
});
const file = (name: string) => readFileSync(`${FLOOR_FOLDER!}/${name}`);
const tls = createTls(
  { ...PROTOCOL, cert: file('server.crt'), key: file('server.key'), ALPNProtocols: ['h2'] },
  (socket) => {
    socket.setNoDelay(true);
    http2.emit('connection', socket);
  },
);
tls.listen(0, '127.0.0.1', () => process.stdout.write(`${(tls.address() as AddressInfo).port}\n`));
process.stdin.on('data', (lines: Buffer) => {
  for (const byte of lines) if (byte === 0x0a) for (const stream of watches) stream.write(event);
});
process.on('SIGTERM', () => process.exit(0));
