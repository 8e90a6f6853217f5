// The ingress controller under the rights of its manifest: status, events and secrets by the API.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { parseOptions } from '../../../cmd/ingress-controller/options.js';
import { runIngressController } from '../../../cmd/ingress-controller/run.js';
import { createAll, readManifests } from '../../../hack/cluster/addons.js';
import { EVENTS, INGRESSES, SECRETS, SERVICES } from '../../../pkg/apis/resource-types.js';
import type { ApiObject } from '../../../pkg/apimachinery/meta/object.js';
import type { Client } from '../../../pkg/client/client.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { realEnv } from '../../../pkg/system/env.js';
import { eventually } from '../../support/control-plane.js';
import { freePort } from '../../support/etcd-process.js';
import { backend, ingress, pairFor, rule, secret, service } from '../../support/ingress-world.js';
import { ROOT } from '../../support/root.js';
import { skip } from '../../support/skip.js';

const PROGRAM = '/usr/sbin/haproxy';

describe('the ingress controller of a cluster', function () {
  this.timeout(60_000);
  const stop = new AbortController();
  const ports = { http: 0, https: 0, health: 0 };
  let server: RunningApiServer;
  let client: Client;
  let folder: string;
  let running: Promise<void> | undefined;

  /** The object as a user writes it. */
  const bare = <T extends ApiObject>({ metadata: { name, annotations }, ...rest }: T): T =>
    ({
      ...rest,
      metadata: { name, namespace: 'default', ...(annotations ? { annotations } : {}) },
    }) as T;
  const key = (name: string) => ({ namespace: 'default', name });
  const shown = async (name: string) =>
    (await client.get(INGRESSES, key(name))).status?.loadBalancer?.ingress ?? [];
  const addresses = (...ips: string[]) =>
    client.patch(
      SERVICES,
      { namespace: 'kube-system', name: 'ingress-controller' },
      { status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } } },
      { type: 'merge', subresource: 'status' },
    );
  const show = (name: string, ...ips: string[]) =>
    eventually(`${name} at ${ips.join()}`, async () => {
      const now = await shown(name);
      if (now.map(({ ip }) => ip).join() !== ips.join()) throw new Error(JSON.stringify(now));
      return true;
    });
  const eventsOf = async (name: string) =>
    (await client.list(EVENTS, { namespace: 'default' })).items
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ type, reason, message }) => `${type} ${reason} ${message}`);

  before(async function () {
    if (!existsSync(PROGRAM)) skip(this, { setup: PROGRAM });
    server = await startApiServer();
    await server.ready();
    client = createClient(await loadKubeconfig(server.kubeconfig), realEnv('test', 'error'));
    await createAll(
      client,
      readManifests('ingress-controller').filter(({ kind }) => kind !== 'Deployment'),
    );
    folder = await mkdtemp(join(tmpdir(), 'ingress-'));
    const kubeconfig = join(folder, 'own.conf');
    const account = 'system:serviceaccount:kube-system:ingress-controller';
    await writeFile(kubeconfig, server.kubeconfigFor(account));
    for (const name of ['http', 'https', 'health'] as const) ports[name] = await freePort();
    const config = parseOptions([
      `--kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--http-port=${ports.http}`,
      `--https-port=${ports.https}`,
      `--healthz-port=${ports.health}`,
      `--haproxy=${PROGRAM}`,
      `--state-dir=${join(folder, 'state')}`,
      '--log-level=error',
    ]);
    running = runIngressController(config, realEnv('ingress-controller', 'error'), stop.signal);
    running.catch(() => undefined);
    await eventually('readiness', async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.health}/readyz`);
      return answer.status === 200;
    });
  });
  after(async () => {
    stop.abort(new Error('test over'));
    await running;
    await client?.close();
    await server?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  it('shows the addresses of its load balancer while it serves an ingress', async () => {
    const made = ingress('shop', { rules: [rule('shop.example', 'Prefix / web')] });
    delete made.spec.ingressClassName;
    await client.create(SERVICES, bare(service('web')));
    await client.create(INGRESSES, bare(made));
    assert.equal((await client.get(INGRESSES, key('shop'))).spec.ingressClassName, 'wheelhouse');
    await addresses('192.0.2.1', '192.0.2.2');
    await show('shop', '192.0.2.1', '192.0.2.2');
    await addresses('192.0.2.2');
    await show('shop', '192.0.2.2');
    const classTo = (ingressClassName: string) =>
      client.patch(INGRESSES, key('shop'), { spec: { ingressClassName } }, { type: 'merge' });
    await classTo('other');
    await show('shop');
    await classTo('wheelhouse');
    await show('shop', '192.0.2.2');
  });

  it('leaves the ingresses of other controllers alone', async () => {
    await client.create(
      INGRESSES,
      bare(ingress('other', { ingressClassName: 'nginx', defaultBackend: backend('web') })),
    );
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } };
    await client.patch(
      INGRESSES,
      key('other'),
      { status },
      { type: 'merge', subresource: 'status' },
    );
    await client.create(INGRESSES, bare(ingress('next', { defaultBackend: backend('web') })));
    await show('next', '192.0.2.2');
    await show('other', '192.0.2.9');
  });

  it('reads certificates, and says what it refuses by events, once', async () => {
    const pair = pairFor('tls.example');
    await client.create(SECRETS, bare(secret('broken', { certPem: pair.certPem, keyPem: 'none' })));
    await client.create(
      INGRESSES,
      bare(
        ingress('tls', {
          tls: [{ hosts: ['tls.example'], secretName: 'broken' }],
          rules: [rule('tls.example', 'Prefix /a web', 'Prefix /b none', 'Prefix /%00/ä web')],
        }),
      ),
    );
    await eventually('an event', async () => (await eventsOf('tls')).length > 0);
    assert.deepEqual(await eventsOf('tls'), [
      'Warning InvalidRule path "/%00/ä" cannot be in a URL',
    ]);
    const path = rule('tls.example', 'Prefix /a web', 'Prefix /b none');
    await client.patch(INGRESSES, key('tls'), { spec: { rules: [path] } }, { type: 'merge' });
    await eventually('two more events', async () => (await eventsOf('tls')).length === 3);
    assert.deepEqual((await eventsOf('tls')).sort().slice(0, 2), [
      'Warning BackendNotFound service "none", port 80: the service does not exist',
      'Warning InvalidCertificate secret "broken": tls.key holds no private key',
    ]);
    await addresses('192.0.2.1');
    await show('tls', '192.0.2.1');
    const { items } = await client.list(EVENTS, { namespace: 'default' });
    assert.deepEqual(new Set(items.map(({ count }) => count)), new Set([1]));
  });

  it('answers from its own files, which nobody else can read', async () => {
    await eventually('the default backend, which has no endpoints', async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.http}/`);
      return answer.status === 503;
    });
    const state = join(folder, 'state');
    const modes = await Promise.all(
      ['.', ...(await readdir(state))].map(async (name) => (await stat(join(state, name))).mode),
    );
    assert.deepEqual([...new Set(modes.map((mode) => mode & 0o77))], [0]);
  });

  describe('whose processes are killed', () => {
    const host = 'restarts.example';
    let program: ChildProcess | undefined;
    let own: string[];
    let port: number;
    let state: string;

    const start = () => {
      program = spawn(process.execPath, own, { stdio: 'ignore', detached: true });
    };
    const serves = (path: string, status: number) =>
      eventually(`${host}${path} with ${status}`, async () => {
        const asked = request({ port, path, headers: { host }, agent: false });
        const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage];
        answer.resume();
        if (answer.statusCode !== status) throw new Error(`status ${answer.statusCode}`);
        return true;
      });
    const route = (path: string) => ({ rules: [rule(host, `Prefix ${path} web`)] });

    before(async () => {
      port = await freePort();
      state = join(folder, 'killed');
      own = [
        join(ROOT, 'dist/cmd/ingress-controller/main.js'),
        `--kubeconfig=${join(folder, 'own.conf')}`,
        '--bind-address=127.0.0.1',
        `--http-port=${port}`,
        `--https-port=${await freePort()}`,
        `--healthz-port=${await freePort()}`,
        `--haproxy=${PROGRAM}`,
        `--state-dir=${state}`,
      ];
      await client.create(INGRESSES, bare(ingress('restarts', route('/old'))));
      start();
    });
    after(() => program?.pid && program.exitCode === null && process.kill(-program.pid, 'SIGKILL'));

    it('starts over the files that they left', async () => {
      await serves('/old', 503);
      await serves('/new', 404);
      process.kill(-program!.pid!, 'SIGKILL');
      await once(program!, 'exit');
      await client.patch(INGRESSES, key('restarts'), { spec: route('/new') }, { type: 'merge' });
      start();
      await serves('/new', 503);
      await serves('/old', 404);
    });

    it('ends with its proxy, so that it is started again', async () => {
      const ended = once(program!, 'exit');
      const socket = connect(join(state, 'admin.sock'));
      socket.end('show info\n');
      const [, worker] = /Pid: (\d+)/.exec(await text(socket))!;
      process.kill(Number(worker), 'SIGKILL');
      assert.notEqual((await ended)[0], 0);
      start();
      await serves('/new', 503);
    });
  });
});
