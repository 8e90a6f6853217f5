// skydns after a request to stop: it answers until clients have left.
import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { parseOptions } from '../../../cmd/skydns/options.js';
import { runSkyDns } from '../../../cmd/skydns/run.js';
import { realEnv } from '../../../pkg/system/env.js';
import { eventually } from '../../support/control-plane.js';
import { freePort } from '../../support/etcd-process.js';

const LAMEDUCK_MS = 1_500;

describe('skydns that is asked to stop', function () {
  this.timeout(60_000);
  let server: RunningApiServer;

  before(async () => {
    server = await startApiServer();
    await server.ready();
  });
  after(() => server.stop());

  it('is not ready at once, answers for the time of --lameduck, and ends', async () => {
    const [port, ready, health, metrics] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const config = parseOptions([
      `--addr=127.0.0.1:${port}`,
      `--ready-port=${ready}`,
      `--health-port=${health}`,
      `--metrics-port=${metrics}`,
      `--kubeconfig=${server.kubeconfig}`,
      `--lameduck=${LAMEDUCK_MS}ms`,
      '--no-rec',
    ]);
    const stopping = new AbortController();
    let hasEnded = false;
    const running = runSkyDns(config, realEnv('skydns', 'error'), stopping.signal).then(
      () => (hasEnded = true),
    );
    const readiness = () =>
      fetch(`http://127.0.0.1:${ready}/ready`).then(
        ({ status }) => status,
        () => 0,
      );
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([`127.0.0.1:${port}`]);
    const answer = () => resolver.resolve4('kubernetes.default.svc.cluster.local');

    await eventually('ready', async () => (await readiness()) === 200);
    const [address] = await answer();
    assert.ok(address);

    stopping.abort(new Error('asked to stop'));
    assert.equal(await readiness(), 503);
    assert.deepEqual(await answer(), [address]);
    assert.ok(!hasEnded);

    await eventually('the end', () => Promise.resolve(hasEnded));
    await running;
    await assert.rejects(answer());
  });
});
