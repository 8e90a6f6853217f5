// Requests that time out: the client gets an answer in time, and no further step begins.
import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { startEtcd, type EtcdProcess } from '../../support/etcd-process.js';
import { Api, configMap, namespace, type Json } from './harness.js';

const READ_LATE = 'Timeout: request did not complete within the allotted timeout';
const WRITE_LATE =
  'Timeout: request did not complete within requested timeout - context deadline exceeded';

function session(server: RunningApiServer) {
  const admin = server.pki.certificates['components/admin']!;
  return connectHttp2(server.url, { ca: server.caPem, cert: admin.certPem, key: admin.keyPem });
}

describe('request deadlines', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;
  let ns: string;

  before(async () => {
    server = await startApiServer({ requestTimeoutMs: 1_500 });
    await server.ready();
    api = new Api(server);
    ns = await namespace(api, 'late');
  });
  after(async () => {
    api.close();
    await server.stop();
  });

  it('refuse a malformed timeout, except of a watch', async () => {
    for (const [text, why] of [
      ['soon', 'time: invalid duration "soon"'],
      ['10', 'time: missing unit in duration "10"'],
      ['3x', 'time: unknown unit "x" in duration "3x"'],
    ] as const) {
      const answer = await api.get(`${ns}/configmaps?timeout=${text}`);
      assert.deepEqual(
        [answer.status, answer.json.message],
        [400, `invalid timeout specified in the request URL - ${why}`],
      );
    }
    for (const text of ['', '0', '-1s', '1h', '1.5s', '1m0.5s'])
      assert.equal((await api.get(`${ns}/configmaps?timeout=${text}`)).status, 200, text);
    const watch = api.watch(`${ns}/configmaps?watch=1&timeout=soon`);
    await api.ok(api.post(`${ns}/configmaps`, configMap('seen')), 201);
    await watch.until((events) => events.length > 0);
    watch.close();
  });

  it('end a request whose body does not arrive, over HTTP/2', async () => {
    const client = session(server);
    const stream = client.request({
      ':method': 'POST',
      ':path': `${ns}/configmaps`,
      'content-type': 'application/json',
    });
    stream.on('error', () => {});
    stream.write('{"metadata":{"name":"half"');
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    await once(stream, 'close');
    const status: Json = JSON.parse(text);
    assert.deepEqual(
      [headers[':status'], status.kind, status.reason, status.code, status.message],
      [504, 'Status', 'Timeout', 504, WRITE_LATE],
    );
    assert.equal((await api.get(`${ns}/configmaps/half`)).status, 404);
    client.destroy();
  });

  it('end a request whose body does not arrive, over HTTP/1.1, and its connection', async () => {
    const admin = server.pki.certificates['components/admin']!;
    const outgoing = httpsRequest(`${server.url}${ns}/configmaps?timeout=200ms`, {
      method: 'POST',
      ca: server.caPem,
      cert: admin.certPem,
      key: admin.keyPem,
      agent: false,
      headers: { 'content-length': 1_000 },
    });
    outgoing.on('error', () => {});
    outgoing.write('{');
    const [response] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage];
    assert.equal(response.statusCode, 504);
    response.resume();
    if (!response.socket.destroyed) await once(response.socket, 'close');
  });

  it('break off an answer that the client does not read', async () => {
    for (let n = 0; n < 4; n++)
      await api.ok(
        api.post(`${ns}/configmaps`, configMap(`big${n}`, { text: 'x'.repeat(900_000) })),
        201,
      );
    const client = session(server);
    const stream = client.request({ ':method': 'GET', ':path': `${ns}/configmaps` });
    stream.pause();
    const failure = once(stream, 'error');
    assert.equal(
      ((await once(stream, 'response')) as [Record<string, unknown>])[0][':status'],
      200,
    );
    await Promise.race([failure, once(stream, 'close')]);
    assert.notEqual(stream.rstCode, 0);
    client.destroy();
    for (const { metadata } of (await api.ok(api.get(`${ns}/configmaps`))).items as Json[])
      await api.ok(api.delete(`${ns}/configmaps/${metadata.name}`));
  });
});

describe('request deadlines while etcd is stopped', function () {
  this.timeout(60_000);
  let etcd: EtcdProcess;
  let server: RunningApiServer;
  let api: Api;

  before(async () => {
    etcd = await startEtcd();
    server = await startApiServer({ storage: { etcd: [etcd.endpoint] } });
    await server.ready();
    api = new Api(server);
  });
  after(async () => {
    api.close();
    await server.stop();
    await etcd.stop();
  });

  it('answer 504 by the client timeout, serve cached reads, and recover afterwards', async () => {
    const ns = await namespace(api, 'still');
    await api.ok(api.post(`${ns}/configmaps`, configMap('before')), 201);
    etcd.pause();
    const late = await Promise.all([
      api.get(`${ns}/configmaps?timeout=300ms`),
      api.post(`${ns}/configmaps?timeout=300ms`, configMap('maybe')),
      api.patch(`${ns}/configmaps/before?timeout=300ms`, 'application/merge-patch+json', {
        data: { a: 'b' },
      }),
    ]);
    assert.deepEqual(
      late.map(({ status, json }) => [status, json.message]),
      [
        [504, READ_LATE],
        [504, WRITE_LATE],
        [504, WRITE_LATE],
      ],
    );
    const cached: Json = await api.ok(api.get(`${ns}/configmaps?resourceVersion=0`));
    assert.ok(cached.items.some(({ metadata }: Json) => metadata.name === 'before'));
    etcd.resume();
    await api.ok(api.get(`${ns}/configmaps`));
    const again = await api.post(`${ns}/configmaps`, configMap('maybe'));
    assert.ok(again.status === 201 || again.status === 409, String(again.status));
  });
});
