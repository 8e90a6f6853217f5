import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import type { HTTPGetAction } from '../../apis/core/v1/types.js';
import { httpGet } from './http-get.js';
import { runProbe } from './probe-actions.js';

const container = { name: 'c', ports: [{ name: 'web', containerPort: 1 }] };
const target = { container, containerId: 'id', podIP: '127.0.0.1' };

describe('GET of probes and hooks', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const serve = (answer: (q: IncomingMessage, a: ServerResponse) => void) =>
    listen(createServer(answer));
  /** A server that sends `text` whatever it is asked. */
  const say = (text: string) =>
    listen(
      createTcp((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(text));
      }),
    );
  const probe = (port: number, path = '/') =>
    runProbe(undefined as never, { httpGet: { port, path } }, target);
  const get = (action: HTTPGetAction) => httpGet(action, target, 5000, 'agent/1');

  it('reads answers whose lines end with LF alone', async () => {
    const answers = {
      'HTTP/1.1 200 OK\nContent-Length: 3\n\nok\n': 'ok\n',
      'HTTP/1.1 200 OK\n\nok\n': 'ok\n',
      'HTTP/1.0 200 OK\n\nhello': 'hello',
      'HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\nok': 'ok',
      'HTTP/1.1 204\n\n': '',
    };
    for (const [text, output] of Object.entries(answers))
      assert.deepEqual(await probe(await say(text)), { result: 'success', output }, text);
    assert.deepEqual(await probe(await say('HTTP/1.1 500 no\n\nsorry')), {
      result: 'failure',
      output: 'HTTP probe failed with statuscode: 500',
    });
    assert.equal((await probe(await say('nonsense\n\n'))).result, 'failure');
  });

  it('follows redirects on the same host, another port included', async () => {
    const other = await serve((q, a) => a.end(`end of ${q.url} at ${q.headers.host}`));
    const port = await serve((q, a) => {
      const next = q.url === '/' ? 'next?x=1' : `http://127.0.0.1:${other}/last`;
      a.writeHead(q.url === '/' ? 302 : 307, { location: next }).end();
    });
    assert.deepEqual(await probe(port), {
      result: 'success',
      output: `end of /last at 127.0.0.1:${other}`,
    });
  });

  it('takes a redirect to another host for a success with a warning', async () => {
    for (const location of ['http://example.invalid/', 'https://localhost/', undefined]) {
      const port = await serve((_q, a) => a.writeHead(301, location ? { location } : {}).end('go'));
      assert.deepEqual(await probe(port), {
        result: 'warning',
        output: 'Probe terminated redirects, Response body: go',
      });
    }
    assert.equal((await probe(await say('HTTP/1.1 304 same\r\n\r\n'))).result, 'warning');
  });

  it('stops after ten redirects', async () => {
    let asked = 0;
    const port = await serve((q, a) => {
      asked++;
      a.writeHead(302, { location: `${q.url}x` }).end();
    });
    const { result, output } = await probe(port);
    assert.equal(result, 'failure');
    assert.match(output, /^Get "http:\/\/127.0.0.1:\d+\/x{9}": stopped after 10 redirects$/);
    assert.equal(asked, 10);
    const loop = await serve((q, a) =>
      a.writeHead(q.url === '/xxxxxxxxx' ? 200 : 302, { location: `${q.url}x` }).end(),
    );
    assert.equal((await probe(loop)).result, 'success');
  });

  it('sends the path as it is written', async () => {
    const port = await serve((q, a) => a.end(q.url));
    const sent = async (path: string) => (await get({ port, path })).body;
    assert.equal(await sent('/a/../b//c?x=1&y=/../#part'), '/a/../b//c?x=1&y=/../');
    assert.equal(await sent('sp ace/ü%20%'), '/sp%20ace/%C3%BC%20%');
  });

  it('sends the headers that the action names, and no default that it empties', async () => {
    const port = await serve((q, a) => a.end(JSON.stringify(q.rawHeaders)));
    const sent = async (httpHeaders: { name: string; value: string }[]) => {
      const raw = JSON.parse((await get({ port, httpHeaders })).body) as string[];
      return raw.flatMap((text, at) => (at % 2 ? [] : [`${text.toLowerCase()}=${raw[at + 1]!}`]));
    };
    const plain = await sent([]);
    assert.deepEqual(plain.sort(), [
      'accept=*/*',
      'connection=close',
      `host=127.0.0.1:${port}`,
      'user-agent=agent/1',
    ]);
    const own = await sent([
      { name: 'Host', value: 'example.com' },
      { name: 'X-A', value: '1' },
      { name: 'X-A', value: '2' },
      { name: 'Accept', value: '' },
      { name: 'User-Agent', value: 'me' },
    ]);
    assert.deepEqual(own.sort(), [
      'connection=close',
      'host=example.com',
      'user-agent=me',
      'x-a=1',
      'x-a=2',
    ]);
  });

  it("fails in Go's words", async () => {
    const port = await say('');
    servers.pop()!.close();
    await assert.rejects(
      get({ port, path: 'a?b' }),
      new RegExp(`^Error: Get "http://127.0.0.1:${port}/a\\?b": dial tcp .*: connection refused$`),
    );
    const silent = await listen(createTcp(() => undefined));
    await assert.rejects(
      httpGet({ port: silent }, target, 100, 'agent'),
      /context deadline exceeded \(Client.Timeout exceeded while awaiting headers\)$/,
    );
    await assert.rejects(get({ port: 'nothing' }), /couldn't find port: nothing/);
  });
});
