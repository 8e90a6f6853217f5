import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { MAX_HEADER_BYTES, SHUTDOWN_GRACE_MS } from '../limits.js';
import { createCa, issue } from '../../system/pki/certificates.js';
import type { Exchange } from './exchange.js';
import { listen, type Listener } from './listeners.js';

const AES_FIRST = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';
const CHACHA_FIRST = 'TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256';

describe('the secure port', () => {
  const ca = createCa('ca');
  const certificate = (commonName: string) =>
    issue({ ca, commonName, sans: ['127.0.0.1'], usages: ['server'] });
  const client = issue({ ca, commonName: 'alice', usages: ['client'] });
  let listener: Listener;
  let names: (string | undefined)[];
  let held: Promise<Exchange>;
  let hold: (exchange: Exchange) => void;

  beforeEach(async () => {
    names = [];
    held = new Promise((resolve) => (hold = resolve));
    const { certPem: cert, keyPem: key } = certificate('first');
    listener = await listen(
      { address: '127.0.0.1', port: 0, tls: { cert, key, clientCa: ca.certPem } },
      {
        request(exchange) {
          if (exchange.url === '/held') return hold(exchange);
          names.push(exchange.certificate?.invalid ? 'invalid' : exchange.certificate?.commonName);
          exchange.respond(200, {}, 'ok');
        },
        upgrade: (exchange) => exchange.abort(),
      },
    );
  });

  afterEach(() => listener.close().catch(() => {}));

  async function handshake(
    options: ConnectionOptions = {},
  ): Promise<{ suite: string; server: string }> {
    const socket = connect({ host: '127.0.0.1', port: listener.port, ca: ca.certPem, ...options });
    await once(socket, 'secureConnect');
    const suite = socket.getCipher().standardName;
    const server = String(socket.getPeerCertificate().subject.CN);
    if (options.cert) {
      socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      socket.resume();
      await once(socket, 'end');
    }
    socket.destroy();
    return { suite, server };
  }

  it('prefers AES-128 to AES-256, and gives ChaCha20 to clients that list it first', async () => {
    assert.equal((await handshake({ ciphers: AES_FIRST })).suite, 'TLS_AES_128_GCM_SHA256');
    assert.equal(
      (await handshake({ ciphers: CHACHA_FIRST })).suite,
      'TLS_CHACHA20_POLY1305_SHA256',
    );
    assert.equal(
      (await handshake({ ciphers: 'TLS_AES_256_GCM_SHA384' })).suite,
      'TLS_AES_256_GCM_SHA384',
    );
  });

  it('keeps the cipher suites and the client CA when its certificate is renewed', async () => {
    const { certPem: cert, keyPem: key } = certificate('second');
    listener.setCertificate({ cert, key });
    const { suite, server } = await handshake({
      ciphers: AES_FIRST,
      cert: client.certPem,
      key: client.keyPem,
    });
    assert.equal(server, 'second');
    assert.equal(suite, 'TLS_AES_128_GCM_SHA256');
    assert.deepEqual(names, ['alice']);
  });

  it('stops immediately when no request is in flight, whatever connections are open', async () => {
    const idle = connect({ host: '127.0.0.1', port: listener.port, ca: ca.certPem });
    await once(idle, 'secureConnect');
    const used = connect({ host: '127.0.0.1', port: listener.port, ca: ca.certPem });
    used.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(used, 'data');
    const silent = connectTcp(listener.port, '127.0.0.1');
    await once(silent, 'connect');
    for (const socket of [idle, used, silent]) socket.resume().on('error', () => {});
    const ended = Promise.all([idle, used, silent].map((socket) => once(socket, 'close')));
    const clock = new Promise((resolve) => setTimeout(resolve, SHUTDOWN_GRACE_MS - 500, 'late'));
    assert.notEqual(await Promise.race([listener.close(), clock]), 'late');
    await ended;
  });

  it('closes the connection of a request that is answered while the server stops', async () => {
    const socket = connect({ host: '127.0.0.1', port: listener.port, ca: ca.certPem });
    socket.write('GET /held HTTP/1.1\r\nhost: x\r\n\r\n');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const over = once(socket, 'close');
    const exchange = await held;
    const closed = listener.close();
    exchange.respond(200, {}, 'ok');
    await Promise.all([closed, over]);
    assert.match(text, /^HTTP\/1\.1 200[^]*connection: close[^]*ok$/i);
  });

  it('accepts long header fields, and answers malformed requests with the reason', async () => {
    const answer = async (request: string): Promise<string> => {
      const socket = connect({ host: '127.0.0.1', port: listener.port, ca: ca.certPem });
      socket.on('error', () => {});
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      socket.write(request);
      await once(socket, 'close');
      return text.slice(0, 'HTTP/1.1 000'.length);
    };
    const long = (bytes: number) =>
      `GET /?${'a'.repeat(bytes)} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${'b'.repeat(bytes)}\r\nconnection: close\r\n\r\n`;
    assert.deepEqual(
      await Promise.all([
        answer(long(200_000)),
        answer(long(MAX_HEADER_BYTES)),
        answer('nonsense\r\n\r\n'),
      ]),
      ['HTTP/1.1 200', 'HTTP/1.1 431', 'HTTP/1.1 400'],
    );
  });
});
