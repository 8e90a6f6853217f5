// Custom resources in several versions: by the same fields (None) and by a webhook.
import assert from 'node:assert/strict';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import type { CustomResourceDefinitionVersion } from '../../../pkg/apis/apiextensions/v1/types.js';
import { eventually } from '../../support/control-plane.js';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.js';
import { Api, type Json } from '../apiserver/harness.js';
import { widget, widgets } from './crds.js';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const MERGE = 'application/merge-patch+json';

/** v1 says spec.host, v2 says spec.address; both have spec.size, which v1 gives a default. */
function version(name: string, field: string, storage: boolean): CustomResourceDefinitionVersion {
  return {
    name,
    served: true,
    storage,
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: {
              [field]: { type: 'string' },
              size: { type: 'integer', ...(storage ? { default: 3 } : {}) },
            },
          },
        },
      },
    },
    selectableFields: [{ jsonPath: `.spec.${field}` }],
  };
}
const VERSIONS = [version('v1', 'host', true), version('v2', 'address', false)];

const rename = (object: Json, apiVersion: string): Json => {
  const { host, address, ...spec } = object.spec ?? {};
  const name = host ?? address;
  const field = apiVersion.endsWith('/v2') ? 'address' : 'host';
  return {
    ...object,
    apiVersion,
    spec: { ...spec, ...(name === undefined ? {} : { [field]: name }) },
  };
};

describe('versions of a custom resource', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;
  let converter: WebhookServer;
  let calls: Json[] = [];
  /** The converted objects of an answer; undefined answers with 500. */
  let answer: (objects: Json[], desired: string) => Json[] | undefined;
  /** Holds the answers of the converter back. */
  let pause = (): Promise<void> => Promise.resolve();
  const honest: typeof answer = (objects, desired) => objects.map((one) => rename(one, desired));

  before(async () => {
    server = await startApiServer();
    await server.ready();
    api = new Api(server);
    answer = honest;
    converter = await startWebhookServer((call) => {
      const { request } = call.review as Json;
      calls.push(request);
      const convertedObjects = answer(request.objects, request.desiredAPIVersion);
      call.answer.statusCode = convertedObjects ? 200 : 500;
      call.answer.setHeader('content-type', 'application/json');
      const response = { uid: request.uid, result: { status: 'Success' }, convertedObjects };
      const text = JSON.stringify({ ...(call.review as Json), response });
      void pause().then(() => call.answer.end(text));
    });
  });
  beforeEach(() => {
    pause = () => Promise.resolve();
    answer = honest;
    calls = [];
  });
  after(async () => {
    api.close();
    await server.stop();
    await converter.stop();
  });

  /** Establishes the definition of a group and returns the path of a version's widgets. */
  async function served(group: string, byWebhook: boolean): Promise<(name: string) => string> {
    const webhook = {
      conversionReviewVersions: ['v1'],
      clientConfig: { url: `${converter.url}/convert`, caBundle: converter.caBundle },
    };
    const crd = widgets(
      group,
      VERSIONS,
      byWebhook ? { conversion: { strategy: 'Webhook', webhook } } : {},
    );
    await api.ok(api.post(CRDS, crd), 201);
    const watch = api.watch(`${CRDS}?watch=1&fieldSelector=metadata.name=widgets.${group}`);
    await watch.until((events) =>
      events.some(({ object }) =>
        object.status?.conditions?.some(
          ({ type, status }: Json) => type === 'Established' && status === 'True',
        ),
      ),
    );
    watch.close();
    return (name) => `/apis/${group}/${name}/namespaces/default/widgets`;
  }

  it('show the same fields without a converter, pruned by each schema', async () => {
    const group = 'none.example.com';
    const path = await served(group, false);
    await api.ok(api.post(path('v1'), widget(group, 'a', { host: 'x' })), 201);
    const second = await api.ok(api.get(`${path('v2')}/a`));
    assert.deepEqual([second.apiVersion, second.spec], [`${group}/v2`, { size: 3 }]);
    // The storage version knows no address.
    const made = await api.ok(
      api.post(path('v2'), widget(group, 'b', { address: 'y', size: 1 }, 'v2')),
      201,
    );
    assert.deepEqual(made.spec, { size: 1 });
    // v1 declares no address, so that its owners cannot be compared with the change.
    const owners = async (name: string, spec: object) => {
      const { metadata } = await api.ok(api.patch(`${path('v2')}/${name}`, MERGE, { spec }));
      return metadata.managedFields?.length;
    };
    assert.equal(await owners('a', { size: 3 }), 1);
    assert.equal(await owners('a', { address: 'z' }), undefined);
    const list = await api.ok(api.get(path('v2')));
    assert.deepEqual(
      list.items.map(({ apiVersion, spec }: Json) => [apiVersion, spec]),
      [
        [`${group}/v2`, { size: 3 }],
        [`${group}/v2`, { size: 1 }],
      ],
    );
  });

  it('are converted with one call for a list, and back for a write', async () => {
    const group = 'list.example.com';
    const path = await served(group, true);
    for (let n = 0; n < 20; n++)
      await api.ok(api.post(path('v1'), widget(group, `w${n}`, { host: `h${n % 2}` })), 201);
    assert.equal(calls.length, 0, 'nothing to convert');
    const list = await api.ok(api.get(path('v2')));
    assert.equal(list.items.length, 20);
    assert.equal(calls.length, 1);
    assert.equal(calls[0]!.objects[0].metadata.resourceVersion, undefined);
    assert.ok(
      list.items.every(({ metadata, spec }: Json) => metadata.resourceVersion && spec.address),
    );
    const half = await api.ok(api.get(`${path('v2')}?fieldSelector=spec.address=h1&limit=7`));
    assert.deepEqual([half.items.length, half.items[0].spec.address], [7, 'h1']);
    const rest = await api.ok(
      api.get(
        `${path('v2')}?fieldSelector=spec.address=h1&limit=7&continue=${half.metadata.continue}`,
      ),
    );
    assert.equal(rest.items.length, 3);
    const patched = await api.ok(
      api.patch(`${path('v2')}/w0`, MERGE, { spec: { address: 'new' } }),
    );
    assert.equal(patched.spec.address, 'new');
    assert.equal((await api.ok(api.get(`${path('v1')}/w0`))).spec.host, 'new');
    const { kvs } = await server.storage.list(`/registry/${group}/`);
    assert.ok(kvs.every(({ value }) => Buffer.from(value).includes(`"${group}/v1"`)));
  });

  it('are watched in order, from a revision too, until the converter fails', async () => {
    const group = 'watch.example.com';
    const path = await served(group, true);
    await api.ok(api.post(path('v1'), widget(group, 'a', { host: '0' })), 201);
    const { metadata } = await api.ok(api.get(path('v1')));
    for (let n = 1; n <= 5; n++)
      await api.ok(api.patch(`${path('v1')}/a`, MERGE, { spec: { host: `${n}` } }));
    const watch = api.watch(`${path('v2')}?watch=1&resourceVersion=${metadata.resourceVersion}`);
    const fresh = api.watch(`${path('v2')}?watch=1`);
    await watch.until((events) => events.length === 5);
    for (let n = 6; n <= 9; n++)
      await api.ok(api.patch(`${path('v1')}/a`, MERGE, { spec: { host: `${n}` } }));
    await api.ok(api.delete(`${path('v1')}/a`));
    await watch.until((events) => events.length === 10);
    assert.deepEqual(
      watch.events.map(({ type, object }) => `${type} ${object.apiVersion} ${object.spec.address}`),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 9].map(
        (n, at) => `${at === 9 ? 'DELETED' : 'MODIFIED'} ${group}/v2 ${n}`,
      ),
    );
    await fresh.until((events) => events.at(-1)?.type === 'DELETED');
    answer = () => undefined;
    await api.ok(api.post(path('v1'), widget(group, 'b', {})), 201);
    await watch.ended;
    const { type, object } = watch.events.at(-1)!;
    assert.deepEqual([type, object.code], ['ERROR', 500]);
    assert.match(
      object.message,
      /^conversion webhook for watch.example.com\/v1, Kind=Widget failed: /,
    );
    answer = honest;
    const again = api.watch(`${path('v2')}?watch=1`);
    await again.until((events) => events[0]?.object.metadata.name === 'b');
    again.close();
  });

  it('lose no change to a watch that begins while the converter fails', async () => {
    const group = 'failing.example.com';
    const path = await served(group, true);
    const { metadata } = await api.ok(api.get(path('v2')));
    answer = () => undefined;
    await api.ok(api.post(path('v1'), widget(group, 'a', {})), 201);
    const since = `${path('v2')}?watch=1&resourceVersion=${metadata.resourceVersion}`;
    const refused = await api.get(`${since}&timeoutSeconds=1`);
    assert.equal(refused.status, 500, JSON.stringify(refused.json));
    answer = honest;
    const watch = api.watch(since);
    await watch.until((events) => events[0]?.object.metadata.name === 'a');
    watch.close();
  });

  it('store no object whose creation ends after the kind has gone', async () => {
    const group = 'late.example.com';
    const path = await served(group, true);
    let go = (): void => {};
    const gone = new Promise<void>((resolve) => (go = resolve));
    pause = () => gone;
    const object = { ...widget(group, 'late', {}), apiVersion: `${group}/v2` };
    const late = api.post(path('v2'), object);
    await eventually('the converter is asked', async () => calls.length > 0);
    pause = () => Promise.resolve();
    await api.ok(api.delete(`${CRDS}/widgets.${group}`));
    await eventually('the kind is gone', async () => {
      return (await api.get(`${CRDS}/widgets.${group}`)).status === 404;
    });
    go();
    const { status, json } = await late;
    assert.equal(status, 405);
    assert.match((json as Json).message, /create not allowed while custom resource definition is/);
    assert.deepEqual((await server.storage.list(`/registry/${group}/`)).kvs, []);
  });

  it('end a watch whose kind went while it waited for its revision', async () => {
    const group = 'going.example.com';
    const path = await served(group, false);
    const { metadata } = await api.ok(api.get(path('v1')));
    const future = Number(metadata.resourceVersion) + 12;
    const watch = api.watch(`${path('v1')}?watch=1&resourceVersion=${future}&timeoutSeconds=600`);
    await api.ok(api.delete(`${CRDS}/widgets.${group}`));
    for (let revision = 0; revision < future;) {
      const map = { metadata: { generateName: 'm-' } };
      const made = await api.ok(api.post('/api/v1/namespaces/default/configmaps', map), 201);
      revision = Number(made.metadata.resourceVersion);
    }
    await watch.ended;
    assert.deepEqual(watch.events, []);
  });

  it('refuse a converter that lies, and restore the metadata that it changes', async () => {
    const group = 'lies.example.com';
    const path = await served(group, true);
    const made = widget(group, 'a', { host: 'x' });
    const labelled = { ...made, metadata: { ...made.metadata, labels: { l: '1' } } };
    await api.ok(api.post(path('v1'), labelled), 201);
    const message = async (lie: typeof answer): Promise<string> => {
      answer = lie;
      const { status, json } = await api.get(`${path('v2')}/a`);
      assert.equal(status, 500);
      return json.message.replace(`conversion webhook for ${group}/v1, Kind=Widget `, '');
    };
    const changed =
      (change: (object: Json) => void): typeof answer =>
      (objects, desired) =>
        objects.map((one) => {
          const object = structuredClone(rename(one, desired));
          change(object);
          return object;
        });
    assert.equal(await message(() => []), 'returned 0 objects, expected 1');
    assert.equal(
      await message(() => ['a']),
      'returned invalid object at index 0: unexpected type string',
    );
    assert.equal(
      await message(changed((one) => (one.metadata.uid = 'other'))).then(
        (text) => text.split(':')[1],
      ),
      ' must have the same UID',
    );
    assert.equal(
      await message(changed((one) => (one.metadata.namespace = 'kube-system'))),
      'returned invalid object: must have the same namespace: default != kube-system',
    );
    assert.equal(
      await message(changed((one) => (one.metadata.labels = { l: 1 }))),
      'returned invalid metadata: metadata.labels[l] must be a string, but is int64 in converted object',
    );
    assert.match(
      await message(changed((one) => delete one.metadata)),
      /must have the same name|missing metadata/,
    );
    answer = changed((one) => {
      one.metadata.finalizers = ['example.com/mine'];
      one.metadata.generation = 99;
      one.metadata.labels = { l: '2' };
    });
    const { metadata } = await api.ok(api.get(`${path('v2')}/a`));
    assert.deepEqual(
      [metadata.finalizers, metadata.generation, metadata.labels],
      [undefined, 1, { l: '2' }],
    );
  });

  it('know the owners of fields that the converter renames', async () => {
    const group = 'owners.example.com';
    const path = await served(group, true);
    const apply = (name: string, manager: string, spec: object, more = '') =>
      api.patch(
        `${path(name)}/a?fieldManager=${manager}${more}`,
        'application/apply-patch+yaml',
        widget(group, 'a', spec, name),
      );
    const owners = ({ metadata }: Json) =>
      metadata.managedFields?.map((one: Json) => [one.manager, one.fieldsV1['f:spec']]);
    await api.ok(apply('v1', 'm', { host: 'x', size: 4 }), 201);
    const refused = await apply('v2', 'n', { address: 'y' });
    assert.equal(refused.status, 409);
    assert.equal(
      refused.json.message,
      'Apply failed with 1 conflict: conflict with "m": .spec.host',
    );
    const shared = await api.ok(apply('v2', 'n', { address: 'x' }));
    assert.deepEqual(Object.fromEntries(owners(shared)), {
      m: { 'f:host': {}, 'f:size': {} },
      n: { 'f:address': {} },
    });
    const left = await api.ok(apply('v1', 'm', { size: 4 }));
    assert.deepEqual(left.spec, { host: 'x', size: 4 });
    const forced = await api.ok(apply('v2', 'o', { address: 'y', size: 5 }, '&force=true'));
    assert.deepEqual(owners(forced), [['o', { 'f:address': {}, 'f:size': {} }]]);
    const merged = await api.ok(
      api.patch(`${path('v1')}/a?fieldManager=u`, MERGE, { spec: { host: 'z' } }),
    );
    assert.deepEqual(Object.fromEntries(owners(merged)), {
      o: { 'f:size': {} },
      u: { 'f:host': {} },
    });
    answer = () => undefined;
    assert.equal((await apply('v1', 'p', { host: 'w' }, '&force=true')).status, 500);
    answer = honest;
    assert.equal((await api.ok(api.get(`${path('v1')}/a`))).spec.host, 'z');
  });

  it('leave the other version and the deletion of the kind to a broken converter', async () => {
    const group = 'broken.example.com';
    const path = await served(group, true);
    await api.ok(api.post(path('v1'), widget(group, 'a', { host: 'x' })), 201);
    answer = () => undefined;
    assert.equal((await api.get(path('v2'))).status, 500);
    assert.equal((await api.post(path('v2'), widget(group, 'b', {}, 'v2'))).status, 500);
    assert.equal((await api.ok(api.get(path('v1')))).items.length, 1);
    const watch = api.watch(`${CRDS}?watch=1&fieldSelector=metadata.name=widgets.${group}`);
    await watch.begun;
    await api.ok(api.delete(`${CRDS}/widgets.${group}`));
    await watch.until((events) => events.some(({ type }) => type === 'DELETED'));
    watch.close();
    assert.equal((await server.storage.list(`/registry/${group}/`)).kvs.length, 0);
  });
});
