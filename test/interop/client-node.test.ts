// The official JavaScript client from npm: lists, informers, watches, patches, errors.
import assert from 'node:assert/strict';
import {
  ApiException,
  ApiextensionsV1Api,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  ListWatch,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
  Watch,
  type KubernetesListObject,
  type KubernetesObject,
  type V1ConfigMap,
  type V1Deployment,
} from '@kubernetes/client-node';
import { parse } from 'yaml';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import { eventually } from '../support/control-plane.js';
import { manifestOf } from '../support/example-process.js';

const NAMESPACE = 'default';

describe('@kubernetes/client-node', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let config: KubeConfig;
  let core: CoreV1Api;

  before(async () => {
    server = await startApiServer();
    await server.ready();
    config = new KubeConfig();
    config.loadFromFile(server.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
  });
  after(() => server.stop());

  const configMap = (name: string, data: Record<string, string>): V1ConfigMap => ({
    metadata: { name, labels: { set: 'mine' } },
    data,
  });

  it('creates, reads, lists in pages, replaces and deletes typed objects', async () => {
    for (const name of ['a', 'b', 'c'])
      await core.createNamespacedConfigMap({
        namespace: NAMESPACE,
        body: configMap(name, { k: name }),
      });
    const one = await core.readNamespacedConfigMap({ namespace: NAMESPACE, name: 'a' });
    assert.deepEqual(
      [one.data, one.metadata?.creationTimestamp instanceof Date],
      [{ k: 'a' }, true],
    );
    const first = await core.listNamespacedConfigMap({
      namespace: NAMESPACE,
      labelSelector: 'set=mine',
      limit: 2,
    });
    const rest = await core.listNamespacedConfigMap({
      namespace: NAMESPACE,
      labelSelector: 'set=mine',
      limit: 2,
      _continue: first.metadata!._continue!,
    });
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ metadata }) => metadata!.name),
      ['a', 'b', 'c'],
    );
    one.data = { k: '2' };
    const replaced = await core.replaceNamespacedConfigMap({
      namespace: NAMESPACE,
      name: 'a',
      body: one,
    });
    assert.equal(replaced.data?.['k'], '2');
    await assert.rejects(
      core.replaceNamespacedConfigMap({ namespace: NAMESPACE, name: 'a', body: one }),
      (error: ApiException<string>) => {
        assert.equal(error.code, 409);
        assert.match(error.body, /the object has been modified/);
        return true;
      },
    );
    await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: 'c' });
    await assert.rejects(
      core.readNamespacedConfigMap({ namespace: NAMESPACE, name: 'c' }),
      (error: ApiException<string>) => error.code === 404,
    );
    const left = await core.deleteCollectionNamespacedConfigMap({
      namespace: NAMESPACE,
      labelSelector: 'set=mine',
    });
    assert.ok(left);
    assert.equal(
      (await core.listConfigMapForAllNamespaces({ labelSelector: 'set=mine' })).items.length,
      0,
    );
  });

  it('patches with every patch type', async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const template = {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    };
    const wanted = (replicas: number): V1Deployment => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { replicas, selector: { matchLabels: { a: 'b' } }, template },
    });
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: wanted(1) });
    const patch = (strategy: PatchStrategy, value: unknown, more: object = {}) =>
      apps.patchNamespacedDeployment(
        { namespace: NAMESPACE, name: 'd', body: value, ...more },
        setHeaderOptions('Content-Type', strategy),
      );
    const json = await patch(PatchStrategy.JsonPatch, [
      { op: 'replace', path: '/spec/replicas', value: 2 },
    ]);
    const merge = await patch(PatchStrategy.MergePatch, { metadata: { annotations: { m: '1' } } });
    const strategic = await patch(PatchStrategy.StrategicMergePatch, {
      spec: { template: { spec: { containers: [{ name: 'side', image: 'busybox' }] } } },
    });
    assert.deepEqual(
      [
        json.spec?.replicas,
        merge.metadata?.annotations?.['m'],
        strategic.spec?.template.spec?.containers.length,
      ],
      [2, '1', 2],
    );
    const applied = await patch(PatchStrategy.ServerSideApply, wanted(5), {
      fieldManager: 'me',
      force: true,
    });
    assert.deepEqual(
      [
        applied.spec?.replicas,
        applied.metadata?.managedFields?.some(
          ({ manager, operation }) => manager === 'me' && operation === 'Apply',
        ),
      ],
      [5, true],
    );
    const scale = await apps.readNamespacedDeploymentScale({ namespace: NAMESPACE, name: 'd' });
    scale.spec!.replicas = 7;
    await apps.replaceNamespacedDeploymentScale({ namespace: NAMESPACE, name: 'd', body: scale });
    const status = await apps.patchNamespacedDeploymentStatus(
      { namespace: NAMESPACE, name: 'd', body: { status: { replicas: 7 } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    assert.deepEqual([status.spec?.replicas, status.status?.replicas], [7, 7]);
    await apps.deleteNamespacedDeployment({
      namespace: NAMESPACE,
      name: 'd',
      body: { propagationPolicy: 'Background' },
    });
  });

  it('runs an informer with existing, added, changed and deleted objects', async () => {
    const seen: string[] = [];
    await core.createNamespacedConfigMap({ namespace: NAMESPACE, body: configMap('before', {}) });
    const list = () =>
      core.listNamespacedConfigMap({ namespace: NAMESPACE, labelSelector: 'set=mine' });
    const informer = makeInformer(
      config,
      `/api/v1/namespaces/${NAMESPACE}/configmaps`,
      list,
      'set=mine',
    );
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, (object) => seen.push(`${verb} ${object.metadata!.name!}`));
    const errors: unknown[] = [];
    informer.on('error', (error) => errors.push(error));
    await informer.start();
    await eventually('the first', async () => seen.includes('add before'));
    await core.createNamespacedConfigMap({ namespace: NAMESPACE, body: configMap('later', {}) });
    await core.patchNamespacedConfigMap(
      { namespace: NAMESPACE, name: 'later', body: { data: { k: '1' } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: 'before' });
    await eventually('what came', async () =>
      ['add later', 'update later', 'delete before'].every((one) => seen.includes(one)),
    );
    assert.deepEqual(
      (informer as ListWatch<V1ConfigMap>).list(NAMESPACE).map(({ metadata }) => metadata!.name),
      ['later'],
    );
    assert.deepEqual(errors, []);
    await informer.stop();
    await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: 'later' });
  });

  it('watches from a resource version until it is stopped, and is told when the version is too old', async () => {
    const events: string[] = [];
    const from = (await core.listNamespacedConfigMap({ namespace: NAMESPACE })).metadata!
      .resourceVersion!;
    const watch = new Watch(config);
    const controller = await watch.watch(
      `/api/v1/namespaces/${NAMESPACE}/configmaps`,
      { resourceVersion: from, allowWatchBookmarks: true },
      (phase, object: V1ConfigMap) => events.push(`${phase} ${object.metadata!.name!}`),
      () => undefined,
    );
    await core.createNamespacedConfigMap({ namespace: NAMESPACE, body: configMap('w', {}) });
    await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: 'w' });
    await eventually('both', async () => events.length === 2);
    controller.abort();
    assert.deepEqual(events, ['ADDED w', 'DELETED w']);
    const second = await startApiServer({ storage: server.storage });
    try {
      const other = new KubeConfig();
      other.loadFromFile(second.kubeconfig);
      const heard = await new Promise<{ phase: string; code: number }>((resolve, reject) => {
        new Watch(other)
          .watch(
            '/api/v1/configmaps',
            { resourceVersion: '1' },
            (phase, status: { code: number }) => resolve({ phase, code: status.code }),
            reject,
          )
          .catch(reject);
      });
      assert.deepEqual(heard, { phase: 'ERROR', code: 410 });
    } finally {
      await second.stop();
    }
  });

  it('handles untyped objects, jobs, versions and evictions', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const made = await objects.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: NAMESPACE },
      stringData: { a: 'b' },
    } as never);
    assert.deepEqual((made as unknown as { data: object }).data, { a: 'Yg==' });
    await objects.patch({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: NAMESPACE, labels: { l: '1' } },
    });
    assert.equal(
      (
        await objects.read({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 's', namespace: NAMESPACE },
        })
      ).metadata?.labels?.['l'],
      '1',
    );
    await objects.delete({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: NAMESPACE },
    });
    const job = await config
      .makeApiClient(BatchV1Api)
      .createNamespacedJob({
        namespace: NAMESPACE,
        body: {
          metadata: { generateName: 'j-' },
          spec: {
            template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } },
          },
        },
        dryRun: 'All',
      });
    assert.match(job.metadata!.name!, /^j-[a-z0-9]{5}$/);
    assert.match((await config.makeApiClient(VersionApi).getCode()).gitVersion, /^v1\.32\./);
  });

  it('runs an informer on a custom resource that comes and goes', async () => {
    const kind = { group: 'example.com', version: 'v1', plural: 'websites' };
    const mine = { ...kind, namespace: NAMESPACE };
    const definitions = config.makeApiClient(ApiextensionsV1Api);
    const custom = config.makeApiClient(CustomObjectsApi);
    // The typed client renames fields, such as "default" to "_default"; this one does not.
    await custom.createClusterCustomObject({
      group: 'apiextensions.k8s.io',
      version: 'v1',
      plural: 'customresourcedefinitions',
      body: parse(manifestOf('operator', 'crd.yaml')) as object,
    });
    const siteOf = (name: string, page: string) => ({
      ...mine,
      body: { apiVersion: 'example.com/v1', kind: 'Website', metadata: { name }, spec: { page } },
    });
    await eventually('its first object', () =>
      custom.createNamespacedCustomObject(siteOf('first', '<a>')),
    );
    interface Website extends KubernetesObject {
      spec: { page: string; replicas: number };
      status?: { phase: string };
    }
    const informer = makeInformer<Website>(
      config,
      `/apis/${kind.group}/${kind.version}/namespaces/${NAMESPACE}/${kind.plural}`,
      () => custom.listNamespacedCustomObject(mine) as Promise<KubernetesListObject<Website>>,
    );
    const seen: string[] = [];
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, ({ metadata, spec, status }) =>
        seen.push(`${verb} ${metadata!.name} ${spec.page} ${spec.replicas} ${status?.phase}`),
      );
    const errors: unknown[] = [];
    informer.on('error', (error) => errors.push(error));
    await informer.start();
    await custom.createNamespacedCustomObject(siteOf('second', '<b>'));
    await custom.patchNamespacedCustomObjectStatus(
      { ...mine, name: 'second', body: { status: { phase: 'Done' } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    await custom.deleteNamespacedCustomObject({ ...mine, name: 'first' });
    await eventually('all events', async () => seen.length >= 4);
    assert.deepEqual(seen, [
      'add first <a> 1 undefined',
      'add second <b> 1 undefined',
      'update second <b> 1 Done',
      'delete first <a> 1 undefined',
    ]);
    assert.deepEqual(errors, []);
    await definitions.deleteCustomResourceDefinition({ name: 'websites.example.com' });
    await eventually('the end', async () => seen.includes('delete second <b> 1 Done'));
    await informer.stop();
  });
});
