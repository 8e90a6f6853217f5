// Programs with an event loop that is blocked from outside: the watchdog thread answers health
// checks and renews leases for a time, then ends the process, and another leads.
import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import type { Lease } from '../../../pkg/apis/coordination/v1/types.js';
import { freePort } from '../../support/etcd-process.js';
import { binary, startCluster, until, type Cluster, type Process } from './server-process.js';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager';
const HANG_SECONDS = 8;
/**
 * On SIGUSR2 the loop runs nothing else for this long: longer than a lease, shorter than a hang.
 */
const SHORT_MS = 5_000;
const BLOCK = `
process.on('SIGUSR2', function blockTheLoop() {
  for (const end = Date.now() + Number(process.env.BLOCK_MS); Date.now() < end; );
});`;

/** Code 0: no answer. */
const ask = (port: number, path: string): Promise<{ code: number; text: string }> =>
  new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ code: response.statusCode!, text }));
    }).on('error', () => resolve({ code: 0, text: '' }));
  });

describe('a stuck event loop', function () {
  this.timeout(90_000);
  let cluster: Cluster;
  let node: string[];
  const started: Process[] = [];

  before(async () => {
    cluster = await startCluster(1);
    const hook = join(cluster.folder, 'block.cjs');
    await writeFile(hook, BLOCK);
    node = ['--require', hook];
  });
  afterEach(async () => {
    for (const one of started.splice(0)) await one.kill();
  });
  after(() => cluster?.stop());

  async function manager(blockMs: number, onExit = (_signal: string | null) => {}) {
    const port = await freePort();
    const heartbeat = join(cluster.folder, `${port}.beat`);
    const one = binary(
      'kube-controller-manager',
      [
        `--kubeconfig=${await cluster.kubeconfig(cluster.servers[0]!)}`,
        '--controllers=serviceaccount',
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--leader-elect-identity=${port}`,
        '--leader-elect-lease-duration=3s',
        '--leader-elect-renew-deadline=2s',
        '--leader-elect-retry-period=300ms',
      ],
      {
        node,
        onExit,
        env: {
          BLOCK_MS: String(blockMs),
          WHEELHOUSE_HANG_SECONDS: String(HANG_SECONDS),
          WHEELHOUSE_HEARTBEAT: heartbeat,
        },
      },
    );
    one.start();
    started.push(one);
    return { one, port, heartbeat };
  }
  const lease = async (): Promise<Lease['spec']> =>
    ((await cluster.servers[0]!.client.call('GET', LEASE, undefined, 2_000)).json as Lease).spec ??
    {};
  const leads = (port: number) =>
    until(`${port} leads`, async () => (await lease()).holderIdentity === String(port));
  const isStuck = (port: number) =>
    until('the loop is stuck', async () => (await ask(port, '/readyz')).code === 503);

  it('keeps its lease and its health while it is short, and is measured', async () => {
    const { one, port } = await manager(SHORT_MS);
    await leads(port);
    const other = await manager(SHORT_MS);
    await until('the other answers', async () => (await ask(other.port, '/livez')).code === 200);
    const { leaseTransitions, renewTime } = await lease();
    one.send('SIGUSR2');
    await isStuck(port);
    assert.deepEqual(await ask(port, '/healthz'), { code: 200, text: 'ok' });
    assert.deepEqual(await ask(port, '/livez'), { code: 200, text: 'ok' });
    assert.equal((await ask(port, '/metrics')).code, 503);
    await until('the loop runs again', async () => (await ask(port, '/readyz')).code === 200);
    const after = await lease();
    assert.equal(after.holderIdentity, String(port));
    assert.equal(after.leaseTransitions, leaseTransitions);
    assert.ok(Date.parse(after.renewTime!) - Date.parse(renewTime!) >= 3_000);
    assert.doesNotMatch(one.log(), /lost leadership/);
    assert.match(one.log(), /the event loop stalled/);
    const { text } = await ask(port, '/metrics');
    assert.match(text, /^wheelhouse_event_loop_stall_seconds_bucket\{le="2"\} 0$/m);
    assert.match(text, /^wheelhouse_event_loop_stall_seconds_count [1-9]/m);
    assert.match(text, /^leader_election_master_status\{.*\} 1$/m);
  });

  it('ends its process with the stack of the culprit, and another leads', async () => {
    const ends: (string | null)[] = [];
    const { one, port } = await manager(600_000, (signal) => ends.push(signal));
    await leads(port);
    const other = await manager(SHORT_MS);
    const { leaseTransitions = 0 } = await lease();
    one.send('SIGUSR2');
    await isStuck(port);
    assert.equal((await ask(port, '/livez')).code, 200);
    await until('health fails', async () => {
      const { code } = await ask(port, '/healthz');
      assert.notEqual(code, 0);
      return code === 500;
    });
    await until('the process has ended', () => ends.length > 0);
    assert.deepEqual(ends, ['SIGKILL']);
    assert.match(one.log(), /the event loop hangs; the process ends/);
    assert.match(one.log(), /at blockTheLoop \([^)]*block\.cjs:3:/);
    await leads(other.port);
    assert.equal((await lease()).leaseTransitions, leaseTransitions + 1);
    one.start();
    await until('it answers again', async () => {
      return (await ask(port, '/healthz')).code === 200;
    });
  });

  it('of an API server is told on its health port, where nothing else is', async () => {
    const [secure, health] = [await freePort(), await freePort()];
    const file = (name: string) => join(cluster.folder, name);
    const one = binary(
      'kube-apiserver',
      [
        '--etcd-servers=memory',
        '--bind-address=127.0.0.1',
        `--secure-port=${secure}`,
        `--health-port=${health}`,
        `--tls-cert-file=${file('apiserver.crt')}`,
        `--tls-private-key-file=${file('apiserver.key')}`,
        '--log-level=warn',
      ],
      { node, env: { BLOCK_MS: String(SHORT_MS), WHEELHOUSE_HANG_SECONDS: '60' } },
    );
    started.push(one);
    const isReady = async () => (await ask(health, '/readyz')).code === 200;
    one.start();
    await until('it is ready', isReady, 30_000);
    for (const path of ['/version', '/metrics', '/api/v1/secrets', '/'])
      assert.equal((await ask(health, path)).code, 404, path);
    one.send('SIGUSR2');
    await isStuck(health);
    assert.deepEqual(await ask(health, '/livez'), { code: 200, text: 'ok' });
    await until('it is ready again', isReady, 30_000);
  });

  it('leaves its heartbeat file alone when all of the process is stopped', async () => {
    const { one, heartbeat } = await manager(SHORT_MS);
    const age = async () => (await stat(heartbeat).catch(() => undefined))?.mtimeMs ?? 0;
    const beats = async () => {
      const before = await age();
      await until('the heart beats', async () => (await age()) > before);
    };
    await beats();
    one.send('SIGUSR2');
    await beats(); // by the thread
    one.pause();
    const stopped = await age();
    await assert.rejects(until('it beats', async () => (await age()) > stopped, 5_000));
    one.resume();
    await beats();
  });
});
