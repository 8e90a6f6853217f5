// A stand-in for the API server in the namespace of proxy-lab.ts, as a process. Argument: the
// number of services. Serves lists and watches over HTTP/2 without TLS; a number on stdin changes
// the endpoints of that service.
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { createInterface } from 'node:readline';
import { PORT, service, slice, type Json } from './proxy-objects.js';

const PAGE = 500;
const services = Number(process.argv[2]);
const watches = new Set<ServerHttp2Stream>();
const lists: Record<string, (at: number) => Json> = {
  services: service,
  endpointslices: (at) => slice(at, 2, 1000),
};
const server = createServer();
server.on('stream', (stream, headers) => {
  const url = new URL(headers[':path']!, 'http://x');
  const resource = url.pathname.split('/').at(-1)!;
  stream.on('error', () => {});
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  if (url.searchParams.get('watch')) {
    if (resource === 'endpointslices') watches.add(stream);
    stream.on('close', () => watches.delete(stream));
    return;
  }
  const one = lists[resource];
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', uid: 'n', resourceVersion: '1' },
    spec: {},
    status: { addresses: [{ type: 'InternalIP', address: '172.30.0.1' }] },
  };
  const from = Number(url.searchParams.get('continue') ?? 0);
  const to = Math.min(services, from + Number(url.searchParams.get('limit') ?? PAGE));
  const items = one
    ? Array.from({ length: to - from }, (_, at) => one(from + at))
    : resource === 'nodes'
      ? [node]
      : [];
  stream.end(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      metadata: {
        resourceVersion: '5000000',
        ...(one && to < services && { continue: String(to) }),
      },
      items,
    }),
  );
});
server.listen(PORT, '127.0.0.1', () => process.stdout.write('ready\n'));
let revision = 6_000_000;
createInterface({ input: process.stdin }).on('line', (line) => {
  const at = Number(line);
  revision++;
  const text = `${JSON.stringify({ type: 'MODIFIED', object: slice(at, 3 + (revision % 3), revision) })}\n`;
  process.stdout.write(`sent ${process.hrtime.bigint()}\n`);
  for (const watch of watches) watch.write(text);
});
process.stdin.on('end', () => process.exit(0));
