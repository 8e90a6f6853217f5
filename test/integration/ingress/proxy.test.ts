// The ingress controller with a real HAProxy and servers on the loopback device. The cluster is a
// table in memory, since the API refuses endpoints on the loopback device.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import * as http2 from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as tlsConnect } from 'node:tls';
import WebSocket, { WebSocketServer } from 'ws';
import type { ApiObject } from '../../../pkg/apimachinery/meta/object.js';
import { keyOf } from '../../../pkg/apimachinery/meta/object.js';
import {
  ENDPOINT_SLICES,
  INGRESS_CLASSES,
  INGRESSES,
  SECRETS,
  SERVICES,
} from '../../../pkg/apis/resource-types.js';
import { IngressServer } from '../../../pkg/ingress/ingress-server.js';
import { Haproxy } from '../../../pkg/ingress/haproxy.js';
import { realEnv } from '../../../pkg/system/env.js';
import { exec } from '../../../pkg/system/exec.js';
import { eventually } from '../../support/control-plane.js';
import { freePort } from '../../support/etcd-process.js';
import {
  backend,
  ingress,
  OUR_CLASS,
  pairFor,
  rule,
  secret,
  service,
  slice,
} from '../../support/ingress-world.js';
import { MemoryInformers } from '../../support/memory-informers.js';
import { skip } from '../../support/skip.js';

const PROGRAM = '/usr/sbin/haproxy';
/** HAProxy, but it refuses hosts that begin with "breaks", for a reason that nobody foresees. */
const programOf = (folder: string) => `#!/bin/sh
case "$1" in -c) grep -q ^breaks ${folder}/hosts.map && echo refused >&2 && exit 1;; esac
exec ${PROGRAM} "$@"
`;
const KINDS = [INGRESSES, INGRESS_CLASSES, SERVICES, ENDPOINT_SLICES, SECRETS];

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

describe('the ingress controller and HAProxy', function () {
  this.timeout(60_000);
  const informers = new MemoryInformers();
  const stop = new AbortController();
  const events: string[] = [];
  let folder: string;
  let tools: string;
  let proxy: Haproxy;
  let running: Promise<void>;
  let ports: { http: number; https: number };
  const closing: (() => void)[] = [];

  const put = (...objects: ApiObject[]) => {
    for (const object of objects) {
      const type = KINDS.find(({ kind }) => kind === object.kind)!;
      informers.of(type as typeof SERVICES).put(object as never);
    }
  };
  const remove = (object: ApiObject) => {
    const type = KINDS.find(({ kind }) => kind === object.kind)!;
    informers.of(type as typeof SERVICES).delete(keyOf(object));
  };

  /** A server that answers with its name, the path and the headers; resolves with its port. */
  async function serve(name: string): Promise<number> {
    const server = createServer((incoming, answer) =>
      answer.end(JSON.stringify({ name, path: incoming.url, headers: incoming.headers })),
    );
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  async function get(
    host: string,
    path: string,
    { secure = false, headers = {}, method = 'GET' } = {},
  ): Promise<Answer> {
    const options = {
      host: '127.0.0.1',
      port: secure ? ports.https : ports.http,
      path,
      method,
      headers: { host, ...headers },
      agent: false as const,
    };
    const asked = secure
      ? httpsRequest({ ...options, servername: host, rejectUnauthorized: false })
      : request(options);
    asked.end();
    const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
    return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) };
  }

  /** The name of the server that answers; the status for other answers. */
  async function who(host: string, path: string, options = {}): Promise<string> {
    const { status, body } = await get(host, path, options);
    return status === 200 ? (JSON.parse(body) as { name: string }).name : String(status);
  }

  const becomes = (host: string, path: string, expected: string, options = {}) =>
    eventually(`${host}${path} at ${expected}`, async () => {
      const found = await who(host, path, options);
      if (found !== expected) throw new Error(`${found} answers`);
      return true;
    });

  const command = async (line: string): Promise<string> => {
    const socket = connect(join(folder, 'admin.sock'));
    socket.end(`${line}\n`);
    return text(socket);
  };
  const pid = async () => /Pid: (\d+)/.exec(await command('show info'))![1]!;

  const nameInCertificate = async (servername: string): Promise<string> => {
    const socket = tlsConnect({
      host: '127.0.0.1',
      port: ports.https,
      servername,
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  };

  before(async function () {
    if (!existsSync(PROGRAM)) skip(this, { setup: PROGRAM });
    folder = await mkdtemp(join(tmpdir(), 'ingress-'));
    ports = { http: await freePort(), https: await freePort() };
    const env = realEnv('ingress-controller', 'silent');
    tools = await mkdtemp(join(tmpdir(), 'haproxy-'));
    const program = join(tools, 'haproxy');
    await writeFile(program, programOf(folder), { mode: 0o755 });
    proxy = new Haproxy(env, program, folder, (error) => stop.abort(error));
    const fallback = pairFor('default.invalid');
    const settings = {
      folder,
      addresses: ['127.0.0.1'],
      httpPort: ports.http,
      httpsPort: ports.https,
      service: 'kube-system/ingress-controller',
      defaultPem: fallback.certPem + fallback.keyPem,
    };
    const controller = new IngressServer(
      env,
      informers,
      proxy,
      {
        ...settings,
        client: undefined as never, // no service has an address, so no status is written
        events: {
          event: (about, type, reason, message) => {
            const { name } = 'metadata' in about ? about.metadata : about;
            events.push(`${name} ${type} ${reason} ${message}`);
          },
          flush: () => Promise.resolve(),
        },
      },
      stop.signal,
    );
    put(OUR_CLASS);
    for (const name of ['web', 'api', 'other'])
      put(service(name), slice(name, [`127.0.0.1:${await serve(name)}`]));
    running = controller.run();
    await eventually('the proxy', () => Promise.resolve(controller.ready));
  });
  after(async () => {
    stop.abort(new Error('test over'));
    await running?.catch(() => undefined);
    for (const close of closing) close();
    await proxy?.drain(5_000);
    for (const one of [folder, tools]) if (one) await rm(one, { recursive: true });
  });

  it('chooses by host, wildcard and path, and takes the default backend for the rest', async () => {
    put(
      ingress('rules', {
        rules: [
          rule('shop.example', 'Prefix / web', 'Prefix /api/v1/ api', 'Exact /api/v1/only other'),
          rule('*.wild.example', 'Prefix / api'),
          rule('exact.wild.example', 'Exact /here web'),
        ],
      }),
    );
    await becomes('shop.example', '/', 'web');
    const table: [host: string, path: string, server: string][] = [
      ['shop.example', '/any/thing?q=/api/v1', 'web'],
      ['shop.example', '/api/v1', 'api'],
      ['shop.example', '/api/v1/', 'api'],
      ['shop.example', '/api/v1/pods', 'api'],
      ['shop.example', '/api/v10', 'web'],
      ['shop.example', '/API/v1', 'web'],
      ['shop.example', '/api/v1/only', 'other'],
      ['shop.example', '/api/v1/only/', 'api'],
      ['SHOP.example:80', '/', 'web'],
      ['shop.example.', '/', 'web'],
      ['a.wild.example', '/x', 'api'],
      ['a.b.wild.example', '/x', '404'],
      ['wild.example', '/x', '404'],
      ['exact.wild.example', '/here', 'web'],
      ['exact.wild.example', '/there', '404'],
      ['unknown.example', '/', '404'],
      ['shop.example/api/v1', '/', '400'],
      ['*.wild.example', '/', '400'],
    ];
    for (const [host, path, server] of table)
      assert.equal(await who(host, path), server, `${host} ${path}`);
    const rest = ingress('rest', { defaultBackend: backend('other') });
    put(rest);
    await becomes('unknown.example', '/', 'other');
    assert.equal(await who('exact.wild.example', '/there'), '404');
    remove(rest);
    await becomes('unknown.example', '/', '404');
  });

  it('says who asked, whatever the client says', async () => {
    const headers = {
      'x-forwarded-for': '6.6.6.6',
      x_forwarded_for: '6.6.6.6',
      'x-forwarded-proto': 'https',
      forwarded: 'for=6.6.6.6',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-user': 'admin',
      'x-real-ip': '6.6.6.6',
      connection: 'close, x-forwarded-for, x-real-ip',
    };
    const { body } = await get('shop.example', '/', { headers });
    const seen = (JSON.parse(body) as { headers: Record<string, string> }).headers;
    // A server that is a proxy would remove the headers that Connection names.
    assert.doesNotMatch(seen['connection'] ?? '', /x-/);
    const kept = Object.entries(seen).filter(([name]) => /forward|real/.test(name));
    assert.deepEqual(Object.fromEntries(kept), {
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-port': '80',
      'x-forwarded-proto': 'http',
      'x-real-ip': '127.0.0.1',
    });
  });

  /** The statuses of the answers to these bytes, up to the end of the connection. */
  async function statusesOf(bytes: string): Promise<string[]> {
    const socket = connect(ports.http, '127.0.0.1');
    socket.end(bytes);
    return (await text(socket)).match(/(?<=^HTTP\/1\.[01] )\d+/gm) ?? [];
  }

  it('answers requests as the standard says, and no request within another', async () => {
    const host = 'host: shop.example\r\n';
    const chunked = 'transfer-encoding: chunked\r\n';
    const inner = `GET /inner HTTP/1.1\r\n${host}\r\n`;
    const table: [name: string, bytes: string, statuses: string][] = [
      ['plain', `GET / HTTP/1.1\r\n${host}connection: close\r\n\r\n`, '200'],
      [
        'both lengths',
        `POST / HTTP/1.1\r\n${host}${chunked}content-length: 4\r\n\r\n0\r\n\r\n${inner}`,
        '200',
      ],
      [
        'two lengths',
        `POST / HTTP/1.1\r\n${host}content-length: 4\r\ncontent-length: 5\r\n\r\nabcd`,
        '400',
      ],
      [
        'an odd coding',
        `POST / HTTP/1.1\r\n${host}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
        '400|422|501',
      ],
      ['a blank before the colon', `GET / HTTP/1.1\r\nhost : shop.example\r\n\r\n`, '400'],
      ['two hosts', `GET / HTTP/1.1\r\n${host}host: other.example\r\n\r\n`, '400'],
      ['two names', `GET http://other.example/ HTTP/1.1\r\n${host}\r\n`, '400|404'],
      ['a NUL in the path', `GET /\0 HTTP/1.1\r\n${host}\r\n`, '400'],
      ['no host', 'GET / HTTP/1.0\r\n\r\n', '404'],
      ['an old request', `GET / HTTP/1.0\r\n${host}\r\n`, '200'],
      [
        'a long host',
        `GET / HTTP/1.1\r\nhost: ${'a'.repeat(9_000)}\r\nconnection: close\r\n\r\n`,
        '404',
      ],
    ];
    for (const [name, bytes, statuses] of table)
      assert.match((await statusesOf(bytes)).join(' '), new RegExp(`^(?:${statuses})$`), name);
  });

  it('matches paths as they are written', async () => {
    put(
      ingress('odd', {
        rules: [
          rule(
            'odd.example',
            'Prefix /a+(b)*.c web',
            'Prefix /%2f api',
            'Exact /x//y other',
            'Prefix /dir/../up api',
          ),
        ],
      }),
    );
    await becomes('odd.example', '/a+(b)*.c/d', 'web');
    const table: [path: string, server: string][] = [
      ['/aab.c', '404'],
      ['/%2f/x', 'api'],
      ['/%2F/x', '404'],
      ['//', '404'],
      ['/x//y', 'other'],
      ['/x/y', '404'],
      ['/dir/../up', 'api'],
      ['/up', '404'],
    ];
    for (const [path, server] of table) assert.equal(await who('odd.example', path), server, path);
  });

  it('lets no client leave HTTP/1.1 for a tunnel of requests', async () => {
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'H2C',
      'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA',
    };
    const { status, body } = await get('shop.example', '/', { headers });
    assert.equal(status, 200);
    const seen = (JSON.parse(body) as { headers: Record<string, string> }).headers;
    assert.equal(seen['upgrade'], undefined);
  });

  it('serves the certificate of the host, and sends clear requests to HTTPS', async () => {
    put(
      secret('one', pairFor('one.example', 'shop.example')),
      secret('wild', pairFor('*.two.example')),
      ingress('tls', {
        tls: [
          { hosts: ['one.example'], secretName: 'one' },
          { hosts: ['*.two.example'], secretName: 'wild' },
          { hosts: ['three.example'] },
        ],
        rules: ['one', 'a.two', 'three'].map((host) => rule(`${host}.example`, 'Prefix / web')),
      }),
    );
    await becomes('one.example', '/', 'web', { secure: true });
    assert.equal(await nameInCertificate('one.example'), 'one.example');
    assert.equal(await nameInCertificate('a.two.example'), '*.two.example');
    // No certificate serves a host that its ingress does not name.
    for (const host of ['shop.example', 'three.example', 'unknown.example'])
      assert.equal(await nameInCertificate(host), 'default.invalid', host);
    const { status, headers } = await get('one.example:80', '/a?b=c', { method: 'POST' });
    assert.deepEqual([status, headers.location], [308, 'https://one.example/a?b=c']);
    assert.equal((await get('three.example', '/')).status, 308);
    assert.equal(await who('one.example', '/.well-known/acme-challenge/x'), 'web');
    assert.equal(await who('shop.example', '/'), 'web');
  });

  it('serves the certificate of a wildcard for no host that is in another ingress', async () => {
    const long = `${`${'a'.repeat(59)}.`.repeat(4)}b.two.example`;
    put(
      secret('four', pairFor('*.four.example')),
      ingress('wildcard', {
        tls: [{ hosts: ['*.four.example'], secretName: 'four' }],
        rules: [rule('*.four.example', 'Prefix / web')],
      }),
      ingress('thief', { rules: [rule('pay.four.example', 'Prefix / other')] }, 'thief'),
      service('other', {}, 'thief'),
      ingress('long', {
        tls: [{ hosts: [long], secretName: 'four' }],
        rules: [rule(long, 'Prefix / api')],
      }),
    );
    await becomes('pay.four.example', '/', '503');
    assert.equal(await nameInCertificate('b.four.example'), '*.four.example');
    assert.equal(await nameInCertificate('pay.four.example'), 'default.invalid');
    assert.equal(long.length, 253);
    await becomes(long, '/', 'api', { secure: true });
    assert.equal(await nameInCertificate(long), '*.four.example');
  });

  it('keeps the last certificate of a secret that breaks, and serves all others', async () => {
    const broken = pairFor('one.example');
    put(secret('one', { certPem: broken.certPem, keyPem: 'no key' }));
    await eventually('an event', () =>
      Promise.resolve(
        events.includes(
          'tls Warning InvalidCertificate secret "one": tls.key holds no private key',
        ),
      ),
    );
    put(ingress('later', { rules: [rule('later.example', 'Prefix / api')] }));
    await becomes('later.example', '/', 'api');
    assert.equal(await nameInCertificate('one.example'), 'one.example');
    assert.equal(await nameInCertificate('a.two.example'), '*.two.example');
  });

  it('does without a certificate that OpenSSL refuses to serve', async () => {
    // OpenSSL's security level rejects a signature with SHA-1, which Node.js accepts.
    const dir = await mkdtemp(join(tmpdir(), 'weak-'));
    const at = (name: string) => join(dir, name);
    const key = ['-newkey', 'rsa:2048', '-nodes', '-sha1', '-subj'];
    const openssl = (line: string, ...more: string[]) =>
      exec(['openssl', ...line.split(' '), ...more]);
    await openssl(`req -x509 -keyout ${at('ca.key')} -out ${at('ca.crt')}`, ...key, '/CN=CA');
    await openssl(`req -keyout ${at('key')} -out ${at('csr')}`, ...key, '/CN=weak.example');
    await openssl(
      `x509 -req -in ${at('csr')} -CA ${at('ca.crt')} -CAkey ${at('ca.key')} -CAcreateserial -sha1 -out ${at('crt')}`,
    );
    const read = (name: string) => readFile(at(name), 'utf8');
    const certPem = (await read('crt')) + (await read('ca.crt'));
    const keyPem = await read('key');
    await rm(dir, { recursive: true });
    put(
      secret('weak', { certPem, keyPem }),
      ingress('weak', {
        tls: [{ hosts: ['weak.example'], secretName: 'weak' }],
        rules: [rule('weak.example', 'Prefix / web')],
      }),
    );
    await eventually('an event', () =>
      Promise.resolve(
        events.includes(
          'weak Warning InvalidCertificate secret "weak": OpenSSL refuses a certificate of tls.crt',
        ),
      ),
    );
    await becomes('weak.example', '/', 'web', { secure: true });
    assert.equal(await nameInCertificate('weak.example'), 'default.invalid');
    assert.equal(await nameInCertificate('a.two.example'), '*.two.example');
  });

  it('speaks HTTP/2 and gRPC with clients and servers, and passes WebSockets', async () => {
    const server = http2.createServer();
    server.on('stream', (stream, headers) => {
      stream.respond(
        { ':status': 200, 'content-type': String(headers['content-type']) },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.pipe(stream);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const port = (server.address() as AddressInfo).port;
    put(
      service('grpc', { ports: [{ name: 'http', port: 80, appProtocol: 'kubernetes.io/h2c' }] }),
      slice('grpc', [`127.0.0.1:${port}`]),
      ingress('grpc', { rules: [rule('grpc.example', 'Prefix / grpc')] }),
    );
    const call = async () => {
      const session = http2.connect(`https://127.0.0.1:${ports.https}`, {
        rejectUnauthorized: false,
        servername: 'grpc.example',
      });
      closing.push(() => session.destroy());
      const stream = session.request({
        ':method': 'POST',
        ':path': '/pkg.Service/Method',
        ':authority': 'grpc.example',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.end('message');
      let trailers: http2.IncomingHttpHeaders = {};
      stream.on('trailers', (got) => (trailers = got));
      const [headers] = (await once(stream, 'response')) as [{ ':status'?: number }];
      return [headers[':status'], await text(stream), trailers['grpc-status']];
    };
    await eventually('an answer', async () => (await call())[0] === 200);
    assert.deepEqual(await call(), [200, 'message', '0']);
    const socket = new WebSocket(`ws://127.0.0.1:${ports.http}/chat`, {
      headers: { host: 'shop.example' },
    });
    await once(socket, 'open');
    socket.send('hello');
    const [data] = (await once(socket, 'message')) as [Buffer];
    assert.equal(String(data), 'hello');
    // It survives a reload.
    put(ingress('reloads', { rules: [rule('reloads.example', 'Prefix / web')] }));
    await becomes('reloads.example', '/', 'web');
    socket.send('again');
    assert.equal(String(((await once(socket, 'message')) as [Buffer])[0]), 'again');
    socket.close();
  });

  it('changes endpoints in the same process', async () => {
    const [first, second] = [await serve('first'), await serve('second')];
    put(
      service('moving'),
      slice('moving', [`127.0.0.1:${first}`]),
      ingress('moving', { rules: [rule('moving.example', 'Prefix / moving')] }),
    );
    await becomes('moving.example', '/', 'first');
    const before = await pid();
    put(slice('moving', [`127.0.0.1:${second}`]));
    await becomes('moving.example', '/', 'second');
    put(slice('moving', [`!127.0.0.1:${second}`]));
    await becomes('moving.example', '/', '503');
    put(slice('moving', [`127.0.0.1:${first}`]));
    await becomes('moving.example', '/', 'first');
    assert.equal(await pid(), before);
  });

  it('refuses an invalid rule with an event, and keeps the configuration before it', async () => {
    const good = ingress('edited', { rules: [rule('edited.example', 'Prefix / web')] });
    put(good);
    await becomes('edited.example', '/', 'web');
    const path = '/a b\nglobal';
    put({
      ...good,
      spec: {
        ...good.spec,
        rules: [
          {
            host: 'edited.example',
            http: { paths: [{ path, pathType: 'Prefix', backend: backend('api') }] },
          },
        ],
      },
    } as ApiObject);
    await eventually('an event', () =>
      Promise.resolve(
        events.includes(
          `edited Warning InvalidRule path ${JSON.stringify(path)} cannot be in a URL`,
        ),
      ),
    );
    put(ingress('after', { rules: [rule('after.example', 'Prefix / api')] }));
    await becomes('after.example', '/', 'api');
    assert.equal(await who('edited.example', '/'), 'web');
  });

  it('leaves out the ingresses that HAProxy refuses, and serves the changes of all others', async () => {
    const one = (name: string, host: string, to: string) =>
      ingress(name, { rules: [rule(host, `Prefix / ${to}`)] });
    const good = one('breaking', 'whole.example', 'web');
    put(good, one('always-bad', 'breaks-too.example', 'web'));
    await becomes('whole.example', '/', 'web');
    const { rules } = one('', 'breaks.example', 'web').spec;
    put({ ...good, spec: { ...good.spec, rules } } as ApiObject, one('n', 'new.example', 'api'));
    await becomes('new.example', '/', 'api');
    assert.equal(await who('whole.example', '/'), 'web');
    assert.equal(await who('breaks-too.example', '/'), '404');
    put(one('m', 'newer.example', 'other'));
    await becomes('newer.example', '/', 'other');
    const refusals = events.filter((line) => line.includes('the proxy refuses'));
    assert.deepEqual(
      new Set(refusals),
      new Set([
        'always-bad Warning InvalidRule the proxy refuses the ingress',
        'breaking Warning InvalidRule the proxy refuses the ingress',
      ]),
    );
    put({ ...good, spec: one('', 'mended.example', 'api').spec } as ApiObject);
    await becomes('mended.example', '/', 'api');
    assert.equal(await who('whole.example', '/'), '404');
  });

  it('bounds what a namespace takes of the proxy', async () => {
    const rules = Array.from({ length: 5_000 }, (_, at) =>
      rule(`${at}.greedy.example`, ...[1, 2].map((n) => `Prefix /${n} none-${at}-${n}`)),
    );
    put(
      ingress('greedy', { rules }, 'greedy'),
      ingress('small', { rules: [rule('small.example', 'Prefix / web')] }),
    );
    await becomes('small.example', '/', 'web');
    const greedy = events.filter((line) => line.startsWith('greedy Warning NoRoom'));
    assert.deepEqual(greedy, [
      'greedy Warning NoRoom the ingresses of the namespace take too much of the proxy',
    ]);
    assert.equal(await who('1.greedy.example', '/1'), '503');
    assert.equal(await who('4999.greedy.example', '/1'), '404');
    remove(ingress('greedy', {}, 'greedy'));
  });

  it('leaves no key on the disk that no host uses', async () => {
    const keys = async () => (await readdir(folder)).filter((name) => name.endsWith('.pem'));
    const count = (await keys()).length;
    remove(ingress('tls', {}));
    await eventually('keys to go', async () => (await keys()).length === count - 2);
  });
});
