// Connections that say nothing, or one byte now and then, are closed on every port of ours.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Exchange } from '../../../pkg/apiserver/http/exchange.js';
import { listen, type Listener } from '../../../pkg/apiserver/http/listeners.js';
import { KubeletServer, type ServerDeps } from '../../../pkg/kubelet/server/server.js';
import { serveHttp, SMALL_SERVER } from '../../../pkg/system/http-server.js';
import { createCa, issue } from '../../../pkg/system/pki/certificates.js';

const BOUND_MS = 40_000;
const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

/** Resolves when the server closes the connection; the test's bound is its timeout. */
async function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** Sends the words one after another, a word each few milliseconds, until the socket closes. */
function dribble(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.writable && socket.write(text[at++] ?? 'a'), 10);
  socket.once('close', () => clearInterval(timer));
}

describe('connections that say nothing', function () {
  this.timeout(BOUND_MS);
  const ca = createCa('ca');
  const { certPem: cert, keyPem: key } = issue({
    ca,
    commonName: 'server',
    sans: ['127.0.0.1'],
    usages: ['server'],
  });
  const tcp = (port: number) => connectTcp(port, '127.0.0.1');
  const tls = (port: number, ...ALPNProtocols: string[]) =>
    connectTls({ host: '127.0.0.1', port, ca: ca.certPem, ALPNProtocols });

  describe('on the API server', () => {
    const held: Exchange[] = [];
    let listener: Listener;
    let plain: Listener;
    const handlers = {
      request: (exchange: Exchange) =>
        exchange.url === '/held' ? void held.push(exchange) : exchange.respond(200, {}, 'ok'),
      upgrade: (exchange: Exchange) => exchange.abort(),
    };
    before(async () => {
      const shared = { address: '127.0.0.1', port: 0, silence: { headerMs: 200, idleMs: 100 } };
      listener = await listen({ ...shared, tls: { cert, key } }, handlers);
      plain = await listen(shared, handlers);
    });
    after(() => Promise.all([listener.close(), plain.close()]));

    it('are closed before the handshake and before a request', async () => {
      const { port } = listener;
      await Promise.all(
        [tcp(port), tls(port, 'http/1.1'), tls(port, 'h2'), tls(port), tcp(plain.port)].map(closed),
      );
    });

    it('are closed when they never end a head', async () => {
      const slow = [tls(listener.port, 'http/1.1'), tcp(plain.port), tcp(listener.port)];
      for (const socket of slow) dribble(socket, 'GET / HTTP/1.1\r\nx-long: ');
      await Promise.all(slow.map(closed));
    });

    it('are closed after their last answer', async () => {
      const first = tls(listener.port, 'http/1.1');
      first.write(REQUEST);
      const session = connectHttp2(`https://127.0.0.1:${listener.port}`, { ca: ca.certPem });
      const stream = session.request({ ':path': '/' });
      stream.resume();
      await Promise.all([closed(first), once(session, 'close'), once(stream, 'end')]);
    });

    it('stay open while an answer is awaited', async () => {
      const session = connectHttp2(`https://127.0.0.1:${listener.port}`, { ca: ca.certPem });
      const stream = session.request({ ':path': '/held' });
      const first = tls(listener.port, 'http/1.1');
      first.write('GET /held HTTP/1.1\r\nhost: x\r\n\r\n');
      // A silent neighbour that came later is closed first.
      const neighbour = tls(listener.port, 'http/1.1');
      neighbour.write(REQUEST);
      await closed(neighbour);
      await closed(tcp(listener.port));
      assert.deepEqual([session.closed, first.destroyed, held.length], [false, false, 2]);
      const answered = [once(stream, 'response'), once(first, 'data')];
      for (const exchange of held) exchange.respond(200, {}, 'ok');
      await Promise.all(answered);
      session.destroy();
      first.destroy();
    });
  });

  describe('on the kubelet', () => {
    const stop = new AbortController();
    let port: number;
    before(async () => {
      port = await new KubeletServer({} as ServerDeps, stop.signal).listen({
        address: '127.0.0.1',
        port: 0,
        tls: { cert, key },
        bounds: { ...SMALL_SERVER, fields: 2_000, headerMs: 200 },
      });
    });
    after(() => stop.abort(new Error('over')));

    it('are closed before the handshake, before a request and in a head', async () => {
      const slow = tls(port);
      dribble(slow, 'GET /pods HTTP/1.1\r\nx-long: ');
      await Promise.all([tcp(port), tls(port), slow].map(closed));
    });

    it('get no more than the bound of one client', async () => {
      const stopping = new AbortController();
      const request: RequestListener = (_incoming, response) => response.end('ok');
      const small = await serveHttp(
        {
          address: '127.0.0.1',
          port: 0,
          bounds: { ...SMALL_SERVER, connectionsPerClient: 3 },
          request,
        },
        stopping.signal,
      );
      const held = [tcp(small), tcp(small), tcp(small)];
      await Promise.all(held.map((socket) => once(socket, 'connect')));
      await closed(tcp(small));
      const other = connectTcp({ port: small, host: '127.0.0.1', localAddress: '127.0.0.2' });
      other.write(REQUEST);
      assert.match(String((await once(other, 'data'))[0]), /^HTTP\/1\.1 200 /);
      held[0]!.end();
      await closed(held[0]!);
      const next = tcp(small);
      next.write(REQUEST);
      assert.match(String((await once(next, 'data'))[0]), /^HTTP\/1\.1 200 /);
      stopping.abort(new Error('over'));
    });

    it('need no more than the known number of headers', async () => {
      const socket = tls(port);
      socket.on('error', () => {});
      let answer = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      socket.write(
        `GET /pods HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(2_000)}authorization: Bearer x\r\nconnection: close\r\n\r\n`,
      );
      await once(socket, 'close');
      assert.match(answer, /^HTTP\/1\.1 431 /);
    });
  });
});
