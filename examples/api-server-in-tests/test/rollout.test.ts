import assert from 'node:assert/strict';
import { AppsV1Api, BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { startCluster, type TestServer } from 'wheelhouse-test';

async function until(holds: () => Promise<boolean | undefined>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('not within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a cluster with controllers and nodes', () => {
  let cluster: TestServer;
  const config = new KubeConfig();
  const containers = [{ name: 'web', image: 'nginx' }];
  const labels = { app: 'web' };

  before(async () => {
    cluster = await startCluster({ nodes: 3 });
    config.loadFromFile(cluster.kubeconfig);
  });
  after(() => cluster.stop());

  it('makes a deployment available on all nodes', async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const key = { namespace: 'default', name: 'web' };
    await apps.createNamespacedDeployment({
      namespace: 'default',
      body: {
        metadata: { name: 'web' },
        spec: {
          replicas: 6,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              initContainers: [
                { name: 'init', image: 'busybox' },
                { name: 'sidecar', image: 'envoy', restartPolicy: 'Always' },
              ],
              containers,
            },
          },
        },
      },
    });
    await until(async () => (await apps.readNamespacedDeployment(key)).status?.readyReplicas === 6);
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod(key);
    assert.equal(new Set(items.map(({ spec }) => spec?.nodeName)).size, 3);
  });

  it('completes a job', async () => {
    const batch = config.makeApiClient(BatchV1Api);
    await batch.createNamespacedJob({
      namespace: 'default',
      body: {
        metadata: { name: 'once' },
        spec: { completions: 2, template: { spec: { restartPolicy: 'Never', containers } } },
      },
    });
    const read = () => batch.readNamespacedJob({ namespace: 'default', name: 'once' });
    await until(async () => (await read()).status?.succeeded === 2);
  });

  it('removes a namespace with what it holds', async () => {
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name: 'short' } } });
    await core.createNamespacedPod({
      namespace: 'short',
      body: { metadata: { name: 'web' }, spec: { containers } },
    });
    await core.deleteNamespace({ name: 'short' });
    await until(async () =>
      (await core.listNamespace()).items.every(({ metadata }) => metadata?.name !== 'short'),
    );
  });
});
