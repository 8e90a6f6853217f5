// Attacks by the form of a request: what a parser cuts, joins or guesses must not decide about
// rights. Each test fails on a server that lacks the rule.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { MAX_HEADERS } from '../../../pkg/apiserver/limits.js';
import { Api } from '../apiserver/harness.js';

/** Frames of a flood; the servers of Go ended connections after 10,000. */
const FLOOD = 50_000;
/** Allows for the bytes of the flood itself, which this process sends. */
const MAX_GROWTH = 250_000_000;
const SECRETS = '/api/v1/namespaces/default/secrets';
const fields = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => [`x-${index}`, 'v']);

describe('attacks by the form of a request', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;

  before(async () => {
    server = await startApiServer({ storage: 'memory' });
    await server.ready();
    api = new Api(server);
  });
  after(async () => {
    api?.close();
    await server?.stop();
  });

  function open(protocol: string): TLSSocket {
    const admin = server.pki.certificates['components/admin']!;
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: server.caPem,
      cert: admin.certPem,
      key: admin.keyPem,
      ALPNProtocols: [protocol],
    });
    return socket.on('error', () => {});
  }

  /** Sends bytes as an administrator over HTTP/1.1; resolves with the answer's text. */
  async function raw(text: string): Promise<string> {
    const socket = open('http/1.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.write(text);
    await once(socket, 'close');
    return answer;
  }
  const head = (line: string, ...all: [string, string][]): string =>
    `${line}\r\n${[...all, ['connection', 'close']].map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`;
  const GET = `GET ${SECRETS} HTTP/1.1`;

  it('refuses headers beyond the bound on HTTP/1.1, where impersonation would be cut off', async () => {
    const mallory: [string, string] = ['impersonate-user', 'mallory'];
    const upgrade: [string, string][] = [
      ['connection', 'upgrade'],
      ['upgrade', 'websocket'],
    ];
    const after = (count: number, ...more: [string, string][]) =>
      raw(head(GET, ['host', 'x'], ...more, ...fields(count), mallory));
    assert.match(await after(10), /^HTTP\/1\.1 403 /);
    assert.match(await after(MAX_HEADERS - 3), /^HTTP\/1\.1 403 /);
    for (const count of [MAX_HEADERS - 2, MAX_HEADERS, 3 * MAX_HEADERS])
      assert.match(await after(count), /^HTTP\/1\.1 431 /, `${count}`);
    assert.match(await after(MAX_HEADERS, ...upgrade), /^HTTP\/1\.1 431 /);
  });

  it('refuses headers beyond the bound on HTTP/2', async () => {
    const status = async (count: number, by = api) =>
      (await by.get(SECRETS, { ...Object.fromEntries(fields(count)), 'impersonate-user': 'm' }))
        .status;
    assert.equal(await status(10), 403);
    for (const count of [MAX_HEADERS, MAX_HEADERS + 1_000])
      assert.equal(await status(count), 431, `${count}`);
    assert.equal(await status(10), 403, 'the connection still works');
    // The session itself refuses far more fields.
    const greedy = new Api(server);
    await assert.rejects(status(3 * MAX_HEADERS, greedy));
    greedy.close();
  });

  it('reads every key of a query, however many there are', async () => {
    const query = Array.from({ length: 5_000 }, (_, index) => `k${index}=1`).join('&');
    const created = await api.post(`${SECRETS}?${query}&dryRun=All`, { metadata: { name: 'dry' } });
    assert.equal(created.status, 201);
    assert.equal((await api.get(`${SECRETS}/dry`)).status, 404);
  });

  it('refuses a second Host and versions of HTTP without headers', async () => {
    assert.match(await raw(head(GET, ['host', 'a'], ['Host', 'b'])), /^HTTP\/1\.1 400 /);
    assert.match(await raw(head(GET, ['host', 'a'], ['HOST', 'a'])), /^HTTP\/1\.1 400 /);
    assert.match(await raw(head(GET)), /^HTTP\/1\.1 400 /);
    assert.match(await raw(head(GET, ['host', 'a'])), /^HTTP\/1\.1 200 /);
    assert.match(await raw(head(`GET ${SECRETS} HTTP/1.0`)), /^HTTP\/1\.1 200 /);
    for (const line of [`GET ${SECRETS}`, `GET ${SECRETS} HTTP/0.9`, `GET ${SECRETS} HTTP/2.0`])
      assert.match(await raw(head(line, ['host', 'a'])), /^HTTP\/1\.1 (400|505) /, line);
  });

  it('refuses names of headers with blanks, which proxies read otherwise', async () => {
    for (const name of ['Impersonate-User ', 'x y', 'x\t', ' x', ''])
      assert.match(await raw(head(GET, ['host', 'a'], [name, 'v'])), /^HTTP\/1\.1 400 /, name);
  });

  it('serves others during floods of HTTP/2 frames, and queues no answers to them', async () => {
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const frame = (type: number, flags: number, id: number, body: Buffer) => {
      const at = Buffer.alloc(9);
      at.writeUIntBE(body.length, 0, 3);
      at.writeUInt8(type, 3);
      at.writeUInt8(flags, 4);
      at.writeUInt32BE(id, 5);
      return Buffer.concat([at, body]);
    };
    const settings = frame(4, 0, 0, Buffer.alloc(0));
    // An indexed method, path and scheme, and an authority.
    const headers = Buffer.from([0x82, 0x84, 0x87, 0x41, 1, 0x61]);
    const floods: Record<string, (n: number) => Buffer> = {
      pings: () => frame(6, 0, 0, Buffer.alloc(8)),
      settings: () => settings,
      resets: (n) =>
        Buffer.concat([
          frame(1, 5, 2 * n + 1, headers),
          frame(3, 0, 2 * n + 1, Buffer.from([0, 0, 0, 8])),
        ]),
      continuations: (n) => (n === 0 ? frame(1, 1, 1, headers) : frame(9, 0, 1, Buffer.alloc(100))),
    };
    for (const [name, make] of Object.entries(floods)) {
      const socket = open('h2');
      await once(socket, 'secureConnect');
      const before = process.memoryUsage.rss();
      // The client reads no answer, so that the server could only queue them.
      const frames = Array.from({ length: FLOOD }, (_, n) => make(n));
      socket.pause().write(Buffer.concat([preface, settings, ...frames]));
      for (let asked = 0; asked < 20; asked++)
        assert.match(await raw(head(GET, ['host', 'a'])), /^HTTP\/1\.1 200 /, name);
      const grown = process.memoryUsage.rss() - before;
      assert.ok(grown < MAX_GROWTH, `${name}: ${Math.round(grown / 1e6)} MB`);
      socket.destroy();
    }
  });

  it('takes no form for JSON: pages of other sites can send forms', async () => {
    const object = { metadata: { name: 'form' } };
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset=utf-8',
      'APPLICATION/X-WWW-FORM-URLENCODED',
      'multipart/form-data; boundary=x',
      'text/plain',
    ]) {
      const { status, json } = await api.post(SECRETS, object, { 'content-type': type });
      assert.deepEqual([status, json.reason], [415, 'UnsupportedMediaType'], type);
    }
  });
});
