// Bytes to the API server's port: HTTP/1.1 with WebSocket frames behind an upgrade, and HTTP/2. The
// first byte of an input chooses the protocol.
import { connect } from 'node:tls';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { rule, type Family } from '../family.js';
import { mutateBytes } from '../mutate.js';

/** A server that says nothing for so long has not ended the connection. */
const END_MS = 20_000;
const LF = '\r\n';
const PODS = '/api/v1/namespaces/default/pods';
const KEY = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';

const head = (line: string, ...lines: string[]): string =>
  [line, 'host: a', ...lines, '', ''].join(LF);

/** A masked frame of a client (RFC 6455 5.2). */
const frame = (opcode: number, text: string): Buffer => {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.of(0x80 | opcode, 0x80 | body.length, 0, 0, 0, 0), body]);
};
const webSocket = (...frames: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from(
      head(
        `GET ${PODS}?watch=1&timeoutSeconds=1 HTTP/1.1`,
        'connection: upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        KEY,
      ),
    ),
    ...frames,
  ]);

const HTTP1: Buffer[] = [
  head(`GET ${PODS} HTTP/1.1`, 'connection: close'),
  head(`POST ${PODS} HTTP/1.1`, 'content-type: application/json', 'content-length: 13') +
    '{"kind":"Pod"',
  head(`POST ${PODS} HTTP/1.1`, 'transfer-encoding: chunked') + '5\r\n{"a":\r\n0\r\n\r\n',
  head(
    `PATCH ${PODS}/a HTTP/1.1`,
    'content-type: application/apply-patch+yaml',
    'content-length: 2',
    'expect: 100-continue',
  ) + '{}',
  head('GET /readyz HTTP/1.1') + head('GET /version HTTP/1.1', 'connection: close'),
  head(`GET ${PODS}/a/exec?command=ls HTTP/1.1`, 'connection: upgrade', 'upgrade: spdy/3.1'),
  head('OPTIONS * HTTP/1.1', 'impersonate-user: a', 'impersonate-group: b', 'accept: a;q=1'),
]
  .map((text): Buffer => Buffer.from(text))
  .concat([
    webSocket(frame(1, 'x'), frame(9, 'ping'), frame(8, '')),
    webSocket(frame(2, '\0\0'), frame(10, '')),
  ]);

function http2Frame(type: number, flags: number, id: number, body: Buffer): Buffer {
  const out = Buffer.alloc(9);
  out.writeUIntBE(body.length, 0, 3);
  out.writeUInt8(type, 3);
  out.writeUInt8(flags, 4);
  out.writeUInt32BE(id, 5);
  return Buffer.concat([out, body]);
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** GET or POST, https, /, and an authority, as indexed fields of HPACK. */
const headers = (method: number): Buffer => Buffer.from([method, 0x84, 0x87, 0x41, 1, 0x61]);
const SETTINGS = http2Frame(4, 0, 0, Buffer.from([0, 4, 0, 1, 0, 0]));
const HTTP2: Buffer[] = [
  [http2Frame(1, 5, 1, headers(0x82))],
  [http2Frame(1, 4, 1, headers(0x83)), http2Frame(0, 1, 1, Buffer.from('{}'))],
  [http2Frame(6, 0, 0, Buffer.alloc(8)), http2Frame(8, 0, 0, Buffer.from([0, 0, 1, 0]))],
  [
    http2Frame(1, 1, 1, headers(0x82).subarray(0, 3)),
    http2Frame(9, 4, 1, headers(0x82).subarray(3)),
  ],
  [http2Frame(1, 5, 1, headers(0x82)), http2Frame(3, 0, 1, Buffer.from([0, 0, 0, 8]))],
  [http2Frame(7, 0, 0, Buffer.alloc(8)), http2Frame(2, 0, 1, Buffer.alloc(5))],
].map((frames) => Buffer.concat([PREFACE, SETTINGS, ...frames]));

/** Sends the bytes as an administrator; resolves with the answer when the server has ended it. */
function answerTo(server: RunningApiServer, bytes: Buffer, protocol: string): Promise<string> {
  const { certPem: cert, keyPem: key } = server.pki.certificates['components/admin']!;
  return new Promise((resolve, reject) => {
    let answer = '';
    const address = { host: '127.0.0.1', port: server.port, ca: server.caPem, cert, key };
    const socket = connect({ ...address, ALPNProtocols: [protocol] }, () => socket.end(bytes));
    socket.setTimeout(END_MS, () => {
      socket.destroy();
      reject(new Error('the server does not end the connection'));
    });
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

export const streams: Family = {
  name: 'http-streams',
  share: 1,
  growth: 20_000,
  async prepare() {
    const server = await startApiServer({ storage: 'memory' });
    await server.ready();
    return {
      make(choice) {
        const isHttp2 = choice.chance(0.5);
        const corpus = isHttp2 ? HTTP2 : HTTP1;
        const bytes = mutateBytes(choice, choice.pick(corpus), choice.pick(corpus));
        return Buffer.concat([Buffer.of(isHttp2 ? 1 : 0), bytes]);
      },
      async run(input) {
        const protocol = input[0] === 1 ? 'h2' : 'http/1.1';
        const answer = await answerTo(server, input.subarray(1), protocol);
        // Upstream answers 500 to impersonation headers without a user, and so do we.
        const isUpstreams = answer.includes(' without impersonating a user');
        rule(isUpstreams || !/^HTTP\/1\.1 500 /m.test(answer), 'the server fails', answer);
      },
      async close() {
        const health = await answerTo(server, HTTP1[0]!, 'http/1.1');
        await server.stop();
        rule(health.startsWith('HTTP/1.1 200 '), 'the server serves no other client', health);
      },
    };
  },
};
