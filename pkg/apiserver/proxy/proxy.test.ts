import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { StatusError } from '../../apimachinery/errors/status-error.js';
import { ENDPOINTS, PODS, SERVICES } from '../../apis/resource-types.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { MemoryReader } from '../../../test/support/memory-reader.js';
import type { HandlerRequest } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import { parseRequestInfo } from '../request/request-info.js';
import { proxyHandlers } from './proxy.js';
import { rewriteHtml, rewriteLocation } from './rewrite.js';
import { splitSchemeNamePort } from './target.js';

describe('proxy', () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  async function listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  /**
   * A pod that answers by `answer`, behind the handlers; returns the port of the server in front.
   */
  async function front(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<number> {
    const pod = createServer(answer);
    pod.on('upgrade', (request, socket: Duplex) => {
      cleanups.push(() => socket.destroy());
      if (request.url === '/closed')
        return void socket.end(
          'HTTP/1.1 402 Payment Required\r\nX-Own: yes\r\nContent-Length: 7\r\n\r\npay me\n',
        );
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
      );
      socket.pipe(socket);
    });
    const port = await listen(pod);
    const reader = new MemoryReader();
    reader.set(PODS, {
      metadata: { namespace: 'shop', name: 'web' },
      spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: port }] }] },
      status: { podIP: '127.0.0.1' },
    });
    reader.set(SERVICES, {
      metadata: { namespace: 'shop', name: 'web' },
      spec: {
        ports: [
          { name: 'http', port: 80 },
          { name: 'none', port: 81 },
        ],
      },
    });
    reader.set(ENDPOINTS, {
      metadata: { namespace: 'shop', name: 'web' },
      subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'http', port }] }],
    });
    const services = { env: virtualEnv(), reader } as unknown as ServerServices;
    const handlers = proxyHandlers({ kubelet: { allows: () => true }, allows: () => true });
    const run = (
      incoming: IncomingMessage,
      more: Partial<HandlerRequest> & Pick<HandlerRequest, 'respond'>,
    ) => {
      const url = new URL(incoming.url!, 'http://x');
      const info = parseRequestInfo(
        incoming.method!,
        incoming.url!.split('?')[0]!,
        url.searchParams,
      );
      const handler = handlers.find(
        (one) => one.resource === info.resource && one.subresource === info.subresource,
      )!;
      const request = {
        info,
        user: { name: 'u', groups: [] },
        method: incoming.method!,
        url: incoming.url!,
        query: url.searchParams,
        headers: incoming.headers,
        remoteAddress: '192.0.2.9',
        body: incoming,
        signal: new AbortController().signal,
        ...more,
      };
      handler
        .handle(request as HandlerRequest, services)
        .catch((error: StatusError) => more.respond(error.code ?? 500, {}, error.message));
    };
    const server = createServer((incoming, response) =>
      run(incoming, {
        respond: (code, headers, body) =>
          void response.writeHead(code, headers as Record<string, string>).end(body),
        stream: (code, headers) => response.writeHead(code, headers as Record<string, string>),
      }),
    );
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      cleanups.push(() => socket.destroy());
      run(incoming, {
        respond: (code, _headers, body) =>
          void socket.end(`HTTP/1.1 ${code} X\r\nConnection: close\r\n\r\n${String(body)}`),
        stream: (code, headers) => {
          socket.write(
            `HTTP/1.1 ${code} X\r\nX-Own: ${String(headers['x-own'])}\r\nConnection: close\r\n\r\n`,
          );
          return socket;
        },
        upgrade: { request: incoming, socket, head },
      });
    });
    return listen(server);
  }

  const POD = '/api/v1/namespaces/shop/pods/web/proxy';
  const SERVICE = '/api/v1/namespaces/shop/services/web:http/proxy';

  it('forwards method, raw path, query and body, but no credentials', async () => {
    const seen: {
      method?: string;
      url?: string;
      body?: string;
      headers?: IncomingMessage['headers'];
    } = {};
    const port = await front((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        Object.assign(seen, {
          method: request.method,
          url: request.url,
          headers: request.headers,
          body,
        });
        response.writeHead(201, { 'x-own': 'yes', 'access-control-allow-origin': '*' }).end('made');
      });
    });
    const response = await fetch(`http://127.0.0.1:${port}${SERVICE}/a%2Fb/c%20d/?q=1&r=%26`, {
      method: 'POST',
      body: 'hello',
      headers: { authorization: 'Bearer secret', 'impersonate-user': 'x', 'x-mine': 'kept' },
    });
    assert.deepEqual(
      [
        response.status,
        await response.text(),
        response.headers.get('x-own'),
        response.headers.get('access-control-allow-origin'),
      ],
      [201, 'made', 'yes', null],
    );
    assert.deepEqual(
      [seen.method, seen.url, seen.body],
      ['POST', '/a%2Fb/c%20d/?q=1&r=%26', 'hello'],
    );
    const headers = seen.headers!;
    assert.deepEqual(
      [
        headers.authorization,
        headers['impersonate-user'],
        headers['x-mine'],
        headers['x-forwarded-for'],
        headers['x-forwarded-uri'],
      ],
      [undefined, undefined, 'kept', '192.0.2.9', `${SERVICE}/a%2Fb/c%20d/`],
    );
  });

  it('serves the v1.0 form and every name form', async () => {
    const port = await front((request, response) => response.end(request.url));
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
      return [response.status, await response.text()];
    };
    assert.deepEqual(await get('/api/v1/proxy/namespaces/shop/services/web:80/x/y'), [200, '/x/y']);
    assert.deepEqual(await get('/api/v1/namespaces/shop/services/http:web:http/proxy/x'), [
      200,
      '/x',
    ]);
    assert.deepEqual(await get('/api/v1/namespaces/shop/pods/web:http/proxy/x'), [200, '/x']);
    assert.deepEqual(await get(`${POD}/`), [200, '/']);
    assert.deepEqual(await get('/api/v1/namespaces/shop/services/web:none/proxy/'), [
      503,
      'no endpoints available for service "web"',
    ]);
    assert.deepEqual(await get('/api/v1/namespaces/shop/services/web:99/proxy/'), [
      503,
      'no service port 99 found for service "web"',
    ]);
    assert.deepEqual(await get('/api/v1/namespaces/shop/pods/nobody/proxy/'), [
      404,
      'pods "nobody" not found',
    ]);
    const [code, text] = await get('/api/v1/namespaces/shop/pods/web:1/proxy/');
    assert.deepEqual(
      [code, text],
      [503, 'error trying to reach service: dial tcp 127.0.0.1:1: connect: connection refused'],
    );
    assert.deepEqual(await get('/api/v1/namespaces/shop/pods/ftp:web:1/proxy/'), [
      400,
      'invalid pod request "ftp:web:1"',
    ]);
  });

  it('rewrites redirects and links to stay below its path', async () => {
    const port = await front((request, response) => {
      if (request.url === '/go') response.writeHead(302, { location: '/there?x=1' }).end();
      else
        response
          .setHeader('content-type', 'text/html; charset=utf-8')
          .end(
            '<a class="x" href="/one">1</a><img src=\'/two\'><a href="three">3</a><a href="//other/x">4</a>',
          );
    });
    const bare = await fetch(`http://127.0.0.1:${port}${POD}?a=b`, { redirect: 'manual' });
    assert.deepEqual([bare.status, bare.headers.get('location')], [301, `${POD}/?a=b`]);
    const moved = await fetch(`http://127.0.0.1:${port}${POD}/go`, { redirect: 'manual' });
    assert.deepEqual([moved.status, moved.headers.get('location')], [302, `${POD}/there?x=1`]);
    const page = await (await fetch(`http://127.0.0.1:${port}${POD}/page`)).text();
    assert.equal(
      page,
      `<a class="x" href="${POD}/one">1</a><img src='${POD}/two'><a href="three">3</a><a href="//other/x">4</a>`,
    );
  });

  it('reads answers whose lines end with LF alone', async () => {
    const port = await front((request) => {
      request.socket.end('HTTP/1.1 200 OK\nContent-Length: 3\nX-Own: yes\n\nok\n');
    });
    const answer = await fetch(`http://127.0.0.1:${port}${POD}/`);
    assert.deepEqual([answer.status, answer.headers.get('x-own')], [200, 'yes']);
    assert.equal(await answer.text(), 'ok\n');
  });

  it('streams bodies and upgrades', async () => {
    const big = Buffer.alloc(3_000_000, 'z');
    const port = await front((_request, response) => response.end(big));
    assert.equal(
      (await (await fetch(`http://127.0.0.1:${port}${POD}/big`)).arrayBuffer()).byteLength,
      big.length,
    );
    const request = httpRequest({
      port,
      path: `${POD}/ws`,
      headers: { connection: 'Upgrade', upgrade: 'echo' },
    });
    request.end();
    const [response, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Duplex];
    assert.equal(response.headers.upgrade, 'echo');
    socket.write('ping');
    assert.equal(String((await once(socket, 'data'))[0]), 'ping');
    socket.destroy();
  });

  it('forwards the answer of a pod that refuses an upgrade', async () => {
    const port = await front((_request, response) => response.end());
    const request = httpRequest({
      port,
      path: `${POD}/closed`,
      headers: { connection: 'Upgrade', upgrade: 'echo' },
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    assert.deepEqual(
      [response.statusCode, response.headers['x-own'], await text(response)],
      [402, 'yes', 'pay me\n'],
    );
  });

  it('reads names and addresses as upstream', () => {
    assert.deepEqual(splitSchemeNamePort('https:web:443'), {
      scheme: 'https',
      name: 'web',
      port: '443',
    });
    assert.deepEqual(splitSchemeNamePort('web:p'), { scheme: '', name: 'web', port: 'p' });
    for (const bad of ['', ':80', 'a:b:c:d', 'gopher:a:1'])
      assert.equal(splitSchemeNamePort(bad), undefined, bad);
  });

  it('rewrites only addresses of the backend', () => {
    const backend = { host: '10.0.0.1', port: 8080 };
    assert.equal(rewriteLocation('http://10.0.0.1:8080/x', backend, '/p'), '/p/x');
    assert.equal(rewriteLocation('https://example.com/x', backend, '/p'), 'https://example.com/x');
    assert.equal(rewriteLocation('relative', backend, '/p'), 'relative');
    assert.equal(
      rewriteHtml('<form action="/a"><a href="/p/already">', '/p'),
      '<form action="/p/a"><a href="/p/already">',
    );
  });
});
