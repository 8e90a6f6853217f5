// Certificates that are replaced while the server runs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { parseOptions } from '../../../cmd/kube-apiserver/options.js';
import { runKubeApiserver } from '../../../cmd/kube-apiserver/run.js';
import { createCa, issue, type CertificateAndKey } from '../../../pkg/system/pki/certificates.js';
import { realEnv } from '../../../pkg/system/env.js';
import type { Log } from '../../../pkg/util/env/env.js';
import { freePort } from '../../support/etcd-process.js';

describe('certificates of a running server', function () {
  this.timeout(60_000);
  const servingCa = createCa('serving');
  const serving = (commonName: string) =>
    issue({ ca: servingCa, commonName, sans: ['127.0.0.1'], usages: ['server'] });
  const clients = [createCa('clients-1'), createCa('clients-2')] as const;
  const admin = (ca: CertificateAndKey) =>
    issue({ ca, commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  const warnings: string[] = [];
  const real = realEnv('test', 'error');
  const log: Log = { ...real.log, warn: (event) => void warnings.push(event), child: () => log };
  const env = { ...real, log };
  const stop = new AbortController();
  let folder: string;
  let port: number;
  let running: Promise<void>;

  /** Replaces a file as tools do: by a new file and a rename. */
  async function replace(name: string, text: string): Promise<void> {
    await writeFile(join(folder, `${name}.new`), text);
    await rename(join(folder, `${name}.new`), join(folder, name));
  }

  const options = (client: CertificateAndKey): ConnectionOptions => ({
    ca: servingCa.certPem,
    cert: client.certPem,
    key: client.keyPem,
  });

  function get(session: ClientHttp2Session, path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const stream = session.request({ ':path': path });
      stream.on('error', reject);
      stream.on('response', (headers) => resolve(Number(headers[':status'])));
      stream.resume();
    });
  }

  async function servedName(): Promise<string> {
    const socket = connectTls({ host: '127.0.0.1', port, ca: servingCa.certPem });
    await once(socket, 'secureConnect');
    const name = String(socket.getPeerCertificate().subject.CN);
    socket.destroy();
    return name;
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 40_000;
    while (!(await holds().catch(() => false))) {
      assert.ok(Date.now() < deadline, `not in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-certificates-'));
    port = await freePort();
    const first = serving('first');
    await replace('tls.crt', first.certPem);
    await replace('tls.key', first.keyPem);
    await replace('ca.crt', clients[0].certPem);
    const file = (name: string) => join(folder, name);
    const config = parseOptions([
      '--etcd-servers=memory',
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--authorization-mode=RBAC',
      '--anonymous-auth=false',
      `--tls-cert-file=${file('tls.crt')}`,
      `--tls-private-key-file=${file('tls.key')}`,
      `--client-ca-file=${file('ca.crt')}`,
    ]);
    running = runKubeApiserver(config, env, stop.signal);
    await until('serves', async () => (await servedName()) === 'first');
  });
  after(async () => {
    stop.abort(new Error('over'));
    await running;
    await rm(folder, { recursive: true, force: true });
  });

  it('are used for new connections; open connections continue', async () => {
    const [one, two] = [admin(clients[0]), admin(clients[1])];
    const old = connectHttp2(`https://127.0.0.1:${port}`, options(one));
    const watch = old.request({ ':path': '/api/v1/namespaces?watch=1' });
    let events = '';
    watch.setEncoding('utf8').on('data', (text: string) => (events += text));
    assert.equal(await get(old, '/api/v1/nodes'), 200);
    const status = async (
      client: CertificateAndKey,
      more: ConnectionOptions = {},
    ): Promise<number> => {
      const session = connectHttp2(`https://127.0.0.1:${port}`, { ...options(client), ...more });
      session.on('error', () => {});
      try {
        return await get(session, '/api/v1/nodes');
      } finally {
        session.destroy();
      }
    };
    assert.deepEqual([await status(one), await status(two)], [200, 401]);
    // A TLS session from the time of the old CA must not be resumed under the new one.
    const kept = connectTls({ host: '127.0.0.1', port, ...options(one), ALPNProtocols: ['h2'] });
    const ticket = await new Promise<Buffer>((resolve) => kept.on('session', resolve));
    kept.destroy();

    await replace('ca.crt', clients[1].certPem);
    await until('the new authority counts', async () => (await status(two)) === 200);
    assert.deepEqual([await status(one), await status(one, { session: ticket })], [401, 401]);

    const second = serving('second');
    await replace('tls.key', second.keyPem);
    await replace('tls.crt', second.certPem);
    await until('the new certificate is shown', async () => (await servedName()) === 'second');
    assert.deepEqual([await status(one), await status(two)], [401, 200]);

    assert.equal(await get(old, '/api/v1/nodes'), 200);
    const fresh = connectHttp2(`https://127.0.0.1:${port}`, options(two));
    const create = fresh.request({
      ':method': 'POST',
      ':path': '/api/v1/namespaces',
      'content-type': 'application/json',
    });
    create.end(JSON.stringify({ metadata: { name: 'after' } }));
    assert.equal(
      ((await once(create, 'response')) as [Record<string, unknown>])[0][':status'],
      201,
    );
    await until('the old watch sees what is new', () =>
      Promise.resolve(events.includes('"after"')),
    );
    for (const session of [old, fresh]) session.destroy();
  });

  it('stay in use while the files are invalid', async () => {
    const third = serving('third');
    await replace('tls.crt', third.certPem);
    await replace('ca.crt', 'nothing');
    await until('they are refused', () =>
      Promise.resolve(warnings.some((line) => line.startsWith('files were changed and cannot be'))),
    );
    const session = connectHttp2(`https://127.0.0.1:${port}`, options(admin(clients[1])));
    assert.equal(await get(session, '/api/v1/nodes'), 200);
    assert.equal(await servedName(), 'second');
    await replace('tls.key', third.keyPem);
    await replace('ca.crt', clients[1].certPem + clients[0].certPem);
    await until('the third is shown', async () => (await servedName()) === 'third');
    session.destroy();
  });
});
