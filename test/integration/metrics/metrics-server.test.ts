// kubectl top, and who may read what kubectl top reads.
import { strict as assert } from 'node:assert';
import { PODS } from '../../../pkg/apis/resource-types.js';
import type { Client } from '../../../pkg/client/client.js';
import { createCa, issue } from '../../../pkg/system/pki/certificates.js';
import { eventually } from '../../support/control-plane.js';
import { createKubectl } from '../../support/kubectl-process.js';
import { startMetricsCluster, type MetricsCluster } from '../../support/metrics-cluster.js';

describe('metrics-server', function () {
  this.timeout(60_000);
  let cluster: MetricsCluster;

  before(async () => {
    cluster = await startMetricsCluster(async (client) => {
      await run(client, 'busy', '250m', { app: 'web' });
      await run(client, 'calm', '10m');
    });
  });
  after(() => cluster?.stop());

  const run = (client: Client, name: string, cpu: string, labels: Record<string, string> = {}) =>
    client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: 'default',
        labels,
        annotations: { 'hollow.wheelhouse/cpu': cpu, 'hollow.wheelhouse/memory': '64Mi' },
      },
      spec: {
        nodeName: 'paper',
        serviceAccountName: 'default',
        automountServiceAccountToken: false,
        containers: ['a', 'b'].map((one) => ({ name: one, image: 'any' })),
      },
    });

  /** The rows of kubectl top, without the head. */
  const top = async (...args: string[]) =>
    (await cluster.kubectl.ok(['top', ...args, '--no-headers']))
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));

  it('shows the usage of nodes, pods and containers by kubectl top', async () => {
    await eventually('usage of both pods', async () => (await top('pods')).length === 2);
    /** kubectl rounds up, and the clock reads whole milliseconds. */
    const isNear = (cpu: string | undefined, wanted: number) =>
      assert.ok(
        Math.abs(Number.parseInt(cpu!, 10) - wanted) <= wanted / 10,
        `${cpu}, not ${wanted}m`,
      );
    const [busy, calm] = await top('pods');
    assert.deepEqual([busy![0], busy![2], calm![0], calm![2]], ['busy', '128Mi', 'calm', '128Mi']);
    isNear(busy![1], 500);
    isNear(calm![1], 20);
    const containers = await top('pods', '--containers', '-l', 'app=web');
    assert.deepEqual(
      containers.map(([pod, name, , memory]) => [pod, name, memory]),
      [
        ['busy', 'a', '64Mi'],
        ['busy', 'b', '64Mi'],
      ],
    );
    for (const [, , cpu] of containers) isNear(cpu, 250);
    const [[name, cpu, , memory] = []] = await top('nodes');
    assert.deepEqual([name, memory], ['paper', '256Mi']);
    isNear(cpu, 520);
    const table = await cluster.kubectl.ok(['get', 'pods.metrics.k8s.io', 'busy']);
    assert.match(table, /^NAME +CPU +MEMORY +WINDOW\nbusy +\d+[num]? +128Mi +\d/);
  });

  it('answers those whom the front proxy names, and nobody who only says so', async () => {
    const { front, frontCa } = cluster;
    const ask: MetricsCluster['ask'] = (...args) => cluster.ask(...args);
    const masters = { 'x-remote-user': 'root', 'x-remote-group': 'system:masters' };
    const fake = issue({
      ca: createCa('front-proxy-ca'),
      commonName: 'front-proxy-client',
      usages: ['client'],
    });
    const other = issue({ ca: frontCa, commonName: 'somebody', usages: ['client'] });
    assert.equal(await ask(masters, front), 200);
    assert.equal(await ask({ 'x-remote-user': 'nobody' }, front), 403);
    assert.equal(await ask({}, front), 401);
    assert.equal(await ask(masters), 401);
    assert.equal(await ask(masters, fake), 401);
    assert.equal(await ask(masters, other), 401);
    assert.equal(await ask({ authorization: 'Bearer made-up' }), 401);
  });

  it('lets viewers of a namespace read its pods', async () => {
    const viewer = await createKubectl(undefined);
    try {
      const file = await cluster.written('viewer.conf', cluster.kubeconfigFor('viewer'));
      const look = (...args: string[]) => viewer.run(['--kubeconfig', file, 'top', ...args]);
      assert.match((await look('pods')).stderr, /pods.metrics.k8s.io is forbidden: User "viewer"/);
      await cluster.kubectl.ok([
        'create',
        'rolebinding',
        'v',
        '--clusterrole=system:aggregated-metrics-reader',
        '--user=viewer',
      ]);
      await eventually('the right', async () => (await look('pods')).code === 0);
      assert.match((await look('nodes')).stderr, /forbidden/);
    } finally {
      await viewer.close();
    }
  });
});
