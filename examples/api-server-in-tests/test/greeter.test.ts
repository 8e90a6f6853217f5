import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
} from '@kubernetes/client-node';
import { startApiServer, type TestServer } from 'wheelhouse-test';
import { startGreeter } from '../src/greeter.js';

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error('not within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('greeter', () => {
  let server: TestServer;
  let config: KubeConfig;
  let api: CoreV1Api;
  let stop: () => Promise<void>;

  before(async () => {
    server = await startApiServer();
    config = new KubeConfig();
    config.loadFromFile(server.kubeconfig);
    api = config.makeApiClient(CoreV1Api);
    stop = await startGreeter(config, 'default');
  });

  after(async () => {
    await stop();
    await server.stop();
  });

  it('greets labelled config maps', async () => {
    await api.createNamespacedConfigMap({
      namespace: 'default',
      body: { metadata: { name: 'anna', labels: { greet: 'yes' } } },
    });
    const greeting = await until(
      async () =>
        (await api.readNamespacedConfigMap({ name: 'anna', namespace: 'default' })).data?.greeting,
    );
    assert.equal(greeting, 'hello, anna');
  });

  it('validates as a real server does', async () => {
    const wrong = api.createNamespacedConfigMap({
      namespace: 'default',
      body: { metadata: { name: 'Not A Name' } },
    });
    await assert.rejects(
      wrong,
      (error) =>
        error instanceof ApiException &&
        error.code === 422 &&
        /RFC 1123 subdomain/.test(String(error.body)),
    );
  });

  it('authorizes other users by their roles', async () => {
    const other = new KubeConfig();
    other.loadFromString(await server.kubeconfigFor('system:serviceaccount:default:reader'));
    const asOther = other.makeApiClient(CoreV1Api);
    await assert.rejects(
      asOther.listNamespacedConfigMap({ namespace: 'default' }),
      (error) => error instanceof ApiException && error.code === 403,
    );
    await config
      .makeApiClient(RbacAuthorizationV1Api)
      .createNamespacedRoleBinding({
        namespace: 'default',
        body: {
          metadata: { name: 'reader' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
          subjects: [
            {
              kind: 'User',
              apiGroup: 'rbac.authorization.k8s.io',
              name: 'system:serviceaccount:default:reader',
            },
          ],
        },
      });
    const { items } = await until(() =>
      asOther.listNamespacedConfigMap({ namespace: 'default' }).catch(() => undefined),
    );
    assert.deepEqual(
      items.map(({ metadata }) => metadata?.name),
      ['anna'],
    );
  });

  it('answers kubectl', async function () {
    const run = promisify(execFile);
    const kubectl = run('kubectl', [
      `--kubeconfig=${server.kubeconfig}`,
      'get',
      'configmaps',
      '-o',
      'name',
    ]);
    const answer = await kubectl.catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? undefined : Promise.reject(error),
    );
    if (!answer) return this.skip();
    assert.match(answer.stdout, /configmap\/anna/);
  });
});
