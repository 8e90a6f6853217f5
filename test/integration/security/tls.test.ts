// The TLS settings and the security headers that the flags of a real server ask for.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:https';
import { type ClientRequest, request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { parseOptions } from '../../../cmd/kube-apiserver/options.js';
import { runKubeApiserver } from '../../../cmd/kube-apiserver/run.js';
import { realEnv } from '../../../pkg/system/env.js';
import { freePort } from '../../support/etcd-process.js';

const SUITE = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';

describe('the flags of the secure port', function () {
  this.timeout(60_000);
  const stop = new AbortController();
  let folder: string;
  let running: Promise<void>;
  let port: number;
  let plain: number;
  const flags = (...more: string[]) =>
    parseOptions([
      '--etcd-servers=memory',
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${folder}`,
      `--token-auth-file=${join(folder, 'tokens')}`,
      ...more,
    ]);
  const ask = (path: string, token: string): Promise<[number, IncomingHttpHeaders]> =>
    new Promise((resolve) => {
      const options: RequestOptions = { rejectUnauthorized: false, agent: false };
      const headers = { authorization: `Bearer ${token}` };
      request({ host: '127.0.0.1', port, path, headers, ...options }, (response) =>
        response.resume().on('close', () => resolve([response.statusCode!, response.headers])),
      )
        .on('error', () => resolve([0, {}]))
        .end();
    });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-tls-'));
    await writeFile(join(folder, 'tokens'), 'good,root,1,"system:masters"\nplain,alice,2\n');
    port = await freePort();
    plain = await freePort();
    const config = flags(
      `--tls-cipher-suites=${SUITE}`,
      `--insecure-port=${plain}`,
      '--strict-transport-security-directives=max-age=31536000,includeSubDomains',
    );
    running = runKubeApiserver(config, realEnv('test', 'error'), stop.signal);
    const deadline = Date.now() + 40_000;
    while ((await ask('/readyz', 'good'))[0] !== 200) assert.ok(Date.now() < deadline);
  });
  after(async () => {
    stop.abort(new Error('over'));
    await running;
    await rm(folder, { recursive: true, force: true });
  });

  it('offers the named cipher suites and versions only', async () => {
    const suite = async (options: ConnectionOptions): Promise<string> => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
      const failed = once(socket, 'error').then(() => 'refused');
      const made = once(socket, 'secureConnect').then(() => socket.getCipher().standardName);
      made.catch(() => {});
      const got = await Promise.race([made.catch(() => 'refused'), failed]);
      failed.catch(() => {});
      socket.destroy();
      return got;
    };
    const old = { maxVersion: 'TLSv1.2' } as const;
    assert.match(await suite(old), /^TLS_ECDHE_(RSA|ECDSA)_WITH_AES_256_GCM_SHA384$/);
    const ciphers = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256';
    assert.equal(await suite({ ...old, ciphers }), 'refused');
    assert.equal(await suite({ minVersion: 'TLSv1.3' }), 'TLS_AES_128_GCM_SHA256');
    const oldest = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
    assert.equal(await suite({ ...oldest, ciphers: 'ALL:@SECLEVEL=0' }), 'refused');
  });

  it('refuses versions, suites and directives that nobody can have', async () => {
    assert.throws(() => flags('--tls-min-version=VersionTLS10'), /Allowed choices are/);
    const refused = (flag: string, why: RegExp) =>
      assert.rejects(runKubeApiserver(flags(flag), realEnv('test', 'error'), stop.signal), why);
    await refused('--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA', /not supported or doesn't exist/);
    for (const directive of ['max-age=1;x', 'max-age=', 'preload\r\nx', 'max-age=-1'])
      await refused(
        `--strict-transport-security-directives=${directive}`,
        /allowed values: max-age=expireTime, includeSubDomains, preload/,
      );
  });

  it('sends the security headers of upstream with every answer', async () => {
    for (const [path, token, code, nosniff] of [
      ['/api/v1/secrets', 'good', 200, undefined],
      ['/api/v1/secrets', 'plain', 403, 'nosniff'],
      ['/api/v1/secrets', 'wrong', 401, undefined],
      ['/nowhere', 'good', 404, 'nosniff'],
      ['/healthz', 'good', 200, 'nosniff'],
    ] as const) {
      const [status, headers] = await ask(path, token);
      assert.deepEqual(
        [
          status,
          headers['cache-control'],
          headers['x-content-type-options'],
          headers['strict-transport-security'],
        ],
        [code, 'no-cache, private', nosniff, 'max-age=31536000; includeSubDomains'],
        path,
      );
    }
  });

  /** The status code on the plain port. */
  const answer = (headers: Record<string, string>, path = '/api/v1/secrets'): Promise<number> =>
    statusOf(plainRequest({ host: '127.0.0.1', port: plain, path, headers, agent: false }));

  it('answers no pages of browsers on the plain port', async () => {
    const own = `127.0.0.1:${plain}`;
    for (const host of [own, `localhost:${plain}`, 'LOCALHOST', '[::1]:8080', '10.1.2.3'])
      assert.equal(await answer({ host }), 200, host);
    for (const host of [
      `evil.example:${plain}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
    ])
      assert.equal(await answer({ host }), 403, host);
    assert.equal(await answer({ host: own, origin: `http://${own}` }), 200);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', `https://${own}`])
      for (const path of ['/api/v1/secrets', '/version', '/metrics'])
        assert.equal(await answer({ host: own, origin }, path), 403, origin);
  });

  const POD = '/api/v1/namespaces/default/pods/p';
  /** Paths of WebSockets, and the answer to a caller who may open them. */
  const SOCKETS: readonly (readonly [string, number])[] = [
    ['/api/v1/namespaces/default/configmaps?watch=true', 101],
    ['/api/v1/watch/namespaces/default/configmaps', 101],
    [`${POD}/exec?command=id&stdout=true`, 404],
    [`${POD}/attach?stdout=true`, 404],
    [`${POD}/portforward?ports=80`, 404],
    [`${POD}/proxy/`, 404],
    ['/api/v1/proxy/namespaces/default/pods/p/', 404],
    ['/api/v1/namespaces/default/services/s/proxy/', 404],
  ];
  const UPGRADE = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-protocol': 'v4.channel.k8s.io',
  };

  it('opens no WebSocket of a page on the plain port', async () => {
    const own = `127.0.0.1:${plain}`;
    for (const [path, open] of SOCKETS) {
      assert.equal(await answer({ ...UPGRADE, host: own }, path), open, path);
      assert.equal(await answer({ ...UPGRADE, host: own, origin: `http://${own}` }, path), open);
      for (const origin of ['http://evil.example', 'null', `http://localhost:${plain}`])
        assert.equal(await answer({ ...UPGRADE, host: own, origin }, path), 403, path + origin);
      const host = `evil.example:${plain}`; // its name leads here now
      assert.equal(await answer({ ...UPGRADE, host, origin: `http://${host}` }, path), 403, path);
    }
  });

  it('answers no image, link or frame of a page on the plain port', async () => {
    // These requests have no Origin; browsers say where they come from in another header.
    const host = `127.0.0.1:${plain}`;
    for (const [site, code] of [
      ['cross-site', 403],
      ['same-site', 403],
      ['Cross-Site', 403],
      ['same-origin', 200],
      ['none', 200],
    ] as const)
      for (const path of ['/api/v1/secrets', '/version'])
        assert.equal(await answer({ host, 'sec-fetch-site': site }, path), code, site);
  });

  it('asks WebSockets of a page for their own credentials on the secure port, as upstream', async () => {
    const open = (path: string, headers: Record<string, string>): Promise<number> => {
      const sent = { ...UPGRADE, origin: 'https://elsewhere.example', ...headers };
      const options = { rejectUnauthorized: false, agent: false };
      return statusOf(request({ host: '127.0.0.1', port, path, headers: sent, ...options }));
    };
    // The form in which browsers send a token; a page cannot make them send somebody else's.
    const bearer = `base64url.bearer.authorization.k8s.io.${Buffer.from('good').toString('base64url')}`;
    const protocols = `${bearer}, v4.channel.k8s.io`;
    for (const [path, code] of SOCKETS) {
      assert.equal(await open(path, {}), 403, path);
      assert.equal(await open(path, { 'sec-websocket-protocol': protocols }), code, path);
      const wrong = protocols.replace(bearer, `${bearer}x`);
      assert.equal(await open(path, { 'sec-websocket-protocol': wrong }), 401, path);
    }
  });

  it('lets no page of another origin use credentials that a proxy adds', async () => {
    const path = '/api/v1/namespaces/default/configmaps';
    const answer = (headers: Record<string, string>, method = 'POST'): Promise<number> => {
      const options = { rejectUnauthorized: false, agent: false };
      const sent = { authorization: 'Bearer good', ...headers };
      const asked = request({ host: '127.0.0.1', port, path, method, headers: sent, ...options });
      if (method === 'POST') asked.write('{"metadata":{"generateName":"x-"}}');
      return statusOf(asked);
    };
    const evil = 'https://evil.example';
    // Browsers post a body without a type without asking the server first.
    for (const [origin, site, code] of [
      [evil, 'cross-site', 403],
      ['http://localhost:3000', 'same-site', 403],
      ['http://127.0.0.1:8001', 'same-origin', 201],
      [`https://127.0.0.1:${port}`, undefined, 201],
      [evil, undefined, 403],
      ['null', undefined, 403],
      [undefined, undefined, 201],
    ] as const) {
      const headers = { ...(origin && { origin }), ...(site && { 'sec-fetch-site': site }) };
      assert.equal(await answer(headers), code, `${origin} ${site}`);
    }
    // No page can read these answers.
    assert.equal(await answer({ origin: evil, 'sec-fetch-site': 'cross-site' }, 'GET'), 200);
    const socket = async (origin?: string): Promise<number> => {
      const headers = { ...UPGRADE, authorization: 'Bearer good', ...(origin && { origin }) };
      const options = { rejectUnauthorized: false, agent: false };
      const watch = `${path}?watch=true`;
      return statusOf(request({ host: '127.0.0.1', port, path: watch, headers, ...options }));
    };
    for (const own of [undefined, 'http://localhost:8001', 'http://[::1]:8001'])
      assert.equal(await socket(own), 101, own);
    for (const origin of [
      evil,
      'null',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.io',
    ])
      assert.equal(await socket(origin), 403, origin);
  });
});

/** The status code of an answer, or 101. */
function statusOf(sent: ClientRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    sent.on('response', (response) =>
      response.resume().on('close', () => resolve(response.statusCode!)),
    );
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode!);
    });
    sent.on('error', reject).end();
  });
}
