// The TLS settings and the security headers that the flags of a real server ask for.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:https';
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
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

  it('answers no pages of browsers on the plain port', async () => {
    const answer = (headers: Record<string, string>, path = '/api/v1/secrets'): Promise<number> =>
      new Promise((resolve, reject) => {
        plainRequest({ host: '127.0.0.1', port: plain, path, headers, agent: false }, (response) =>
          response.resume().on('close', () => resolve(response.statusCode!)),
        )
          .on('error', reject)
          .end();
      });
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
});
