// The transport against a scripted HTTP/2 server on loopback: what matters here is the protocol
// (chunks, resets, retries, TLS), not the API.
import assert from 'node:assert/strict';
import {
  createSecureServer,
  constants,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { Pod } from '../apis/core/v1/types.js';
import { PODS } from '../apis/resource-types.js';
import { isReason, StatusError } from '../apimachinery/errors/status-error.js';
import { realClock, realRandom } from '../system/env.js';
import { createCa, issue } from '../system/pki/certificates.js';
import { MemoryLog } from '../../test/support/virtual-env.js';
import type { Client } from './client.js';
import { ConnectionError } from './connection.js';
import { openFence } from './leader-election.js';
import { createClient } from './rest-client.js';

const ca = createCa('test-ca');
const serving = issue({ ca, commonName: 'server', sans: ['127.0.0.1'], usages: ['server'] });
const identity = issue({ ca, commonName: 'someone', usages: ['client'] });
const env = { clock: realClock, random: realRandom, log: new MemoryLog() };

type Answer = (stream: ServerHttp2Stream, path: string, method: string) => void;

const json = (
  stream: ServerHttp2Stream,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  stream.respond({ ':status': code, 'content-type': 'application/json', ...headers });
  stream.end(JSON.stringify(body));
};

describe('rest client', () => {
  let server: Http2SecureServer;
  let sessions: ServerHttp2Session[];
  let client: Client;
  let answer: Answer;
  let requests: string[];

  const listen = (port = 0): Promise<void> => {
    server = createSecureServer({
      cert: serving.certPem,
      key: serving.keyPem,
      ca: ca.certPem,
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.on('session', (session) => sessions.push(session));
    server.on('sessionError', () => {});
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      stream.resume();
      requests.push(`${headers[':method']} ${headers[':path']}`);
      answer(stream, headers[':path']!, headers[':method']!);
    });
    return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  };
  const port = () => (server.address() as AddressInfo).port;

  beforeEach(async () => {
    sessions = [];
    requests = [];
    await listen();
    client = createClient(
      {
        server: `https://127.0.0.1:${port()}`,
        ca: ca.certPem,
        cert: identity.certPem,
        key: identity.keyPem,
      },
      env,
    );
  });
  afterEach(async () => {
    await client.close();
    for (const session of sessions) session.destroy();
    server.close();
  });

  it('shares one session among requests and watches', async () => {
    answer = (stream, path) => json(stream, 200, { path });
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => client.get(PODS, { namespace: 'ns', name })),
    );
    assert.deepEqual(
      answers,
      ['a', 'b', 'c'].map((name) => ({ path: `/api/v1/namespaces/ns/pods/${name}` })),
    );
    assert.equal(sessions.length, 1);
  });

  it('turns a Status into a StatusError and plain text into one by code', async () => {
    answer = (stream, path) => {
      if (path.endsWith('/x'))
        return json(stream, 404, {
          kind: 'Status',
          apiVersion: 'v1',
          reason: 'NotFound',
          message: 'pods "x" not found',
          code: 404,
        });
      stream.respond({ ':status': 403 });
      stream.end('no entry\n');
    };
    await assert.rejects(client.get(PODS, { namespace: 'ns', name: 'x' }), (e) =>
      isReason(e, 'NotFound'),
    );
    await assert.rejects(
      client.get(PODS, { namespace: 'ns', name: 'y' }),
      (e) => e instanceof StatusError && e.code === 403 && e.message === 'no entry',
    );
  });

  it('waits and asks again after 429 with Retry-After, also for writes', async () => {
    answer = (stream) =>
      requests.length < 3
        ? json(stream, 429, { kind: 'Status', code: 429 }, { 'retry-after': '0' })
        : json(stream, 201, { kind: 'Pod' });
    const pod = {
      apiVersion: 'v1' as const,
      kind: 'Pod' as const,
      metadata: { name: 'a', namespace: 'ns' },
      spec: { containers: [] },
    };
    await client.create(PODS, pod);
    assert.equal(requests.length, 3);
  });

  it('asks again for a read that was cut, never for a write', async () => {
    answer = (stream, _path, method) =>
      requests.length === 1 || method !== 'GET'
        ? stream.close(constants.NGHTTP2_INTERNAL_ERROR)
        : json(stream, 200, { ok: true });
    assert.deepEqual(await client.get(PODS, { namespace: 'ns', name: 'a' }), { ok: true });
    requests = [];
    await assert.rejects(client.delete(PODS, { namespace: 'ns', name: 'a' }), ConnectionError);
    assert.equal(requests.length, 1);
  });

  it('finds the server again after it restarted', async () => {
    answer = (stream) => json(stream, 200, { ok: true });
    await client.get(PODS, { namespace: 'ns', name: 'a' });
    const before = port();
    for (const session of sessions) session.destroy();
    await new Promise((resolve) => server.close(resolve));
    const waiting = client.get(PODS, { namespace: 'ns', name: 'a' });
    await listen(before);
    assert.deepEqual(await waiting, { ok: true });
  });

  it('refuses a server whose certificate another CA signed', async () => {
    const other = createClient(
      { server: `https://127.0.0.1:${port()}`, ca: createCa('other').certPem },
      env,
    );
    await assert.rejects(
      other.watch(PODS, { signal: new AbortController().signal })[Symbol.asyncIterator]().next(),
      /certificate/,
    );
    await other.close();
  });

  it('reads watch events cut anywhere, even inside a character', async () => {
    const events = ['grün', '雲', 'z'].map((name) => ({
      type: 'ADDED',
      object: { metadata: { name } },
    }));
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      for (const byte of bytes) stream.write(Buffer.of(byte));
      stream.end();
    };
    const seen: string[] = [];
    for await (const event of client.watch(PODS, { signal: new AbortController().signal }))
      seen.push(event.object.metadata.name);
    assert.deepEqual(seen, ['grün', '雲', 'z']);
  });

  it('follows the files of its certificate, and lets open streams end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pair-'));
    const file = join(folder, 'current.pem');
    const named = (commonName: string) => issue({ ca, commonName, usages: ['client'] });
    const put = ({ certPem, keyPem }: ReturnType<typeof named>) =>
      writeFile(file, `${certPem}${keyPem}`);
    const [old, renewed] = [named('old'), named('renewed')];
    await put(old);
    const log = new MemoryLog();
    const following = createClient(
      {
        server: `https://127.0.0.1:${port()}`,
        ca: ca.certPem,
        cert: old.certPem,
        key: old.keyPem,
        pairFiles: [file, file],
      },
      { ...env, log },
    );
    const callers: string[] = [];
    let hold: ServerHttp2Stream | undefined;
    answer = (stream, path) => {
      const socket = sessions.find((session) => session === stream.session)!.socket as TLSSocket;
      callers.push(socket.getPeerCertificate().subject.CN as string);
      if (path.includes('slow')) hold = stream;
      else json(stream, 200, { metadata: {} });
    };
    const ask = (name = 'p') => following.get(PODS, { namespace: 'default', name });
    const until = async (what: string, done: () => boolean | Promise<boolean>) => {
      for (const end = Date.now() + 60_000; !(await done());) {
        assert.ok(Date.now() < end, what);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    try {
      const slow = ask('slow');
      await until('a held stream', () => hold !== undefined);
      // A half-written file changes nothing.
      await writeFile(file, old.certPem + renewed.keyPem);
      await until('a warning', () => JSON.stringify(log.lines).includes('keeping the old'));
      await ask();
      assert.equal(callers.at(-1), 'old');
      await put(renewed);
      await until('the renewed name', async () => (await ask(), callers.at(-1) === 'renewed'));
      assert.equal(sessions.length, 2);
      json(hold!, 200, { metadata: { name: 'slow' } });
      assert.equal((await slow).metadata.name, 'slow');
      await until('the old session gone', () => sessions[0]!.closed);
    } finally {
      await following.close();
      await rm(folder, { recursive: true });
    }
  }).timeout(120_000);

  it('reads but writes nothing once the fence of its leadership is behind', async () => {
    const fence = openFence();
    const { port } = server.address() as AddressInfo;
    const led = createClient(
      {
        server: `https://127.0.0.1:${port}`,
        ca: ca.certPem,
        cert: identity.certPem,
        key: identity.keyPem,
        fence,
      },
      env,
    );
    const bodies: string[] = [];
    answer = (stream, _path, method) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => method !== 'GET' && bodies.push(Buffer.concat(chunks).toString()));
      json(stream, 200, { metadata: { name: 'x' } });
    };
    const key = { namespace: 'n', name: 'x' };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: key };
    fence[0] = realClock.monotonic() + 60_000;
    await led.patch(PODS, key, {}, { type: 'merge' });
    assert.deepEqual(bodies, ['{}']);
    fence[0] = realClock.monotonic() - 1;
    for (const write of [
      () => led.create(PODS, pod as unknown as Pod),
      () => led.update(PODS, pod as unknown as Pod),
      () => led.patch(PODS, key, {}, { type: 'merge' }),
      () => led.delete(PODS, key),
      () => led.deleteCollection(PODS, key),
      () => led.createSubresource(PODS, key, 'binding', {}),
    ])
      await assert.rejects(write(), /the leadership is over/);
    await led.get(PODS, key);
    assert.equal(bodies.length, 1, 'no body of a refused write arrives');
    fence[0] = Infinity;
    await led.delete(PODS, key);
    assert.equal(bodies.length, 2);
    await led.close();
  });

  it('throws for an ERROR event, for a cut watch, and the reason on abort', async () => {
    const drain = async (signal: AbortSignal) => {
      for await (const event of client.watch(PODS, { signal })) void event;
    };
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.end(
        `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (5)' } })}\n`,
      );
    };
    await assert.rejects(drain(new AbortController().signal), (e) => isReason(e, 'Expired'));

    answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('{"type":"BOOKMARK"', () => stream.session!.destroy());
    };
    await assert.rejects(drain(new AbortController().signal), ConnectionError);

    const aborter = new AbortController();
    const reason = new Error('enough');
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      aborter.abort(reason);
    };
    await assert.rejects(drain(aborter.signal), reason);
  });
});
