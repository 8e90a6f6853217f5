// The life of CustomResourceDefinitions: they are served at once, by every server of a store, until
// they are deleted with their objects.
import assert from 'node:assert/strict';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { createMemoryStorage } from '../../../pkg/storage/memory/memory-storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { Api, type Json } from '../apiserver/harness.js';
import { startEtcd } from '../../support/etcd-process.js';
import { widget, widgets, WIDGET_V1 } from './crds.js';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const G = 'made.example.com';
const PATH = `/apis/${G}/v1/namespaces/default/widgets`;
const FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** The definition once its condition has a status; fails after ten seconds. */
async function condition(api: Api, name: string, type: string, status: string): Promise<Json> {
  const watch = api.watch(`${CRDS}?watch=1&fieldSelector=metadata.name=${name}`);
  let found: Json;
  await watch.until((events) => {
    found = events.find(({ object }) =>
      object.status?.conditions?.some((one: Json) => one.type === type && one.status === status),
    )?.object;
    return found !== undefined;
  });
  watch.close();
  return found;
}

const reasonsOf = ({ status }: Json): Record<string, string> =>
  Object.fromEntries(status.conditions.map(({ type, reason }: Json) => [type, reason]));

describe('a custom resource definition', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;

  before(async () => {
    server = await startApiServer({ crds: [widgets('given.example.com')] });
    await server.ready();
    api = new Api(server);
  });
  after(async () => {
    api.close();
    await server.stop();
  });

  it('of the options is served when the server has started', async () => {
    const path = '/apis/given.example.com/v1/namespaces/default/widgets';
    await api.ok(api.post(path, widget('given.example.com', 'a', {})), 201);
    const [one, other] = [widgets('one.example.com'), widgets('one.example.com')];
    other.metadata.name = 'gadgets.one.example.com';
    other.spec.names = { plural: 'gadgets', kind: 'Widget' };
    await assert.rejects(startApiServer({ crds: [one, other] }), /"[wW]idget.*" is already in use/);
  });

  it('accepts objects after a few requests at most', async () => {
    const refused: number[] = [];
    for (let n = 0; n < 5; n++) {
      const group = `fast${n}.example.com`;
      await api.ok(api.post(CRDS, widgets(group)), 201);
      const path = `/apis/${group}/v1/namespaces/default/widgets`;
      refused[n] = 0;
      for (;;) {
        const { status } = await api.post(path, widget(group, 'a', {}));
        if (status === 201) break;
        assert.equal(status, 404);
        refused[n]!++;
      }
    }
    assert.ok(Math.min(...refused) < 20, `${refused.join()} refusals`);
  });

  it('is deleted after its objects, and takes no new ones', async () => {
    await api.ok(api.post(CRDS, widgets(G)), 201);
    const made = await condition(api, `widgets.${G}`, 'Established', 'True');
    assert.deepEqual(reasonsOf(made), {
      NamesAccepted: 'NoConflicts',
      Established: 'InitialNamesAccepted',
    });
    const held = widget(G, 'held', { colour: 'red' });
    await api.ok(
      api.post(PATH, { ...held, metadata: { name: 'held', finalizers: ['example.com/x'] } }),
      201,
    );
    for (let n = 0; n < 40; n++) await api.ok(api.post(PATH, widget(G, `w${n}`, {})), 201);
    const watch = api.watch(`${PATH}?watch=1`);
    await watch.begun;
    const deleted = await api.ok(api.delete(`${CRDS}/widgets.${G}`));
    assert.deepEqual(deleted.metadata.finalizers, [FINALIZER]);
    assert.equal(reasonsOf(deleted)['Terminating'], 'InstanceDeletionPending');
    const refused = await api.post(PATH, widget(G, 'late', {}));
    assert.deepEqual(
      [refused.status, refused.json.message],
      [405, 'create not allowed while custom resource definition is terminating'],
    );
    await watch.until((events) => events.filter(({ type }) => type === 'DELETED').length === 40);
    assert.equal((await api.ok(api.get(PATH))).items.length, 1);
    assert.equal((await api.get(`${CRDS}/widgets.${G}`)).status, 200);
    await api.ok(
      api.patch(`${PATH}/held`, 'application/merge-patch+json', { metadata: { finalizers: null } }),
    );
    await watch.ended;
    assert.equal((await api.get(`${CRDS}/widgets.${G}`)).status, 404);
    assert.equal((await api.get(PATH)).bytes.toString(), '404 page not found\n');
    await api.ok(api.post(CRDS, widgets(G)), 201);
    await condition(api, `widgets.${G}`, 'Established', 'True');
    assert.deepEqual((await api.ok(api.get(PATH))).items, []);
  });

  it('ends its watches when its shape changes, and serves what it then says', async () => {
    const group = 'shape.example.com';
    const path = `/apis/${group}/v1/namespaces/default/widgets`;
    await api.ok(api.post(CRDS, widgets(group)), 201);
    await condition(api, `widgets.${group}`, 'Established', 'True');
    await api.ok(api.post(path, widget(group, 'a', { colour: 'red' })), 201);
    const watch = api.watch(`${path}?watch=1`);
    await watch.begun;
    const second = { ...WIDGET_V1, name: 'v2', storage: false };
    await api.ok(
      api.patch(`${CRDS}/widgets.${group}`, 'application/merge-patch+json', {
        spec: { versions: [WIDGET_V1, second] },
      }),
    );
    await watch.ended;
    const shown = await api.ok(api.get(path.replace('/v1/', '/v2/') + '/a'));
    assert.deepEqual([shown.apiVersion, shown.spec.colour], [`${group}/v2`, 'red']);
    await api.ok(
      api.patch(`${CRDS}/widgets.${group}`, 'application/merge-patch+json', {
        spec: { versions: [{ ...WIDGET_V1, served: false }, second] },
      }),
    );
    const gone = condition(api, `widgets.${group}`, 'Established', 'True');
    await gone;
    assert.equal((await api.get(`${path}/a`)).status, 404);
  });

  it('waits for names that another definition has, and takes them when they are free', async () => {
    const group = 'names.example.com';
    const other = widgets(group, [WIDGET_V1], {
      names: { plural: 'gadgets', kind: 'Widget', shortNames: ['wd'] },
    });
    other.metadata.name = `gadgets.${group}`;
    await api.ok(api.post(CRDS, widgets(group)), 201);
    await condition(api, `widgets.${group}`, 'Established', 'True');
    await api.ok(api.post(CRDS, other), 201);
    const waiting = await condition(api, `gadgets.${group}`, 'NamesAccepted', 'False');
    assert.equal(reasonsOf(waiting)['Established'], 'NotAccepted');
    assert.deepEqual(waiting.status.acceptedNames, { plural: 'gadgets', kind: '' });
    assert.equal((await api.get(`/apis/${group}/v1/gadgets`)).status, 404);
    await api.ok(api.delete(`${CRDS}/widgets.${group}`));
    await condition(api, `gadgets.${group}`, 'Established', 'True');
    assert.equal((await api.get(`/apis/${group}/v1/gadgets`)).status, 200);
  });
});

describe('custom resource definitions of several servers', function () {
  this.timeout(120_000);

  it('are the same on all of them, from the answer of one on', async () => {
    const etcd = await startEtcd();
    const servers = await Promise.all(
      [1, 2, 3].map(() => startApiServer({ storage: { etcd: [etcd.endpoint] } })),
    );
    const apis = servers.map((server) => new Api(server));
    try {
      await Promise.all(servers.map((server) => server.ready()));
      for (let round = 0; round < 10; round++) {
        const group = `round${round}.example.com`;
        const path = `/apis/${group}/v1/namespaces/default/widgets`;
        const [first, ...others] = [0, 1, 2].map((at) => apis[(at + round) % 3]!);
        await first!.ok(first!.post(CRDS, widgets(group)), 201);
        await condition(first!, `widgets.${group}`, 'Established', 'True');
        await Promise.all(
          others.map((api, at) => api.ok(api.post(path, widget(group, `w${at}`, {})), 201)),
        );
        assert.equal((await first!.ok(first!.get(path))).items.length, 2);
        const [second, third] = others;
        await second!.ok(second!.delete(`${CRDS}/widgets.${group}`));
        const watch = third!.watch(`${CRDS}?watch=1&fieldSelector=metadata.name=widgets.${group}`);
        await watch
          .until((events) => events.some(({ type }) => type === 'DELETED'))
          .catch(async (error: unknown) => {
            if ((await third!.get(`${CRDS}/widgets.${group}`)).status !== 404) throw error;
          });
        watch.close();
      }
    } finally {
      for (const api of apis) api.close();
      await Promise.all(servers.map((server) => server.stop()));
      await etcd.stop();
    }
  });

  it('are there again after a server has died in the middle of a deletion', async () => {
    const storage = createMemoryStorage(realEnv('memory', 'error'));
    const group = 'killed.example.com';
    const path = `/apis/${group}/v1/namespaces/default/widgets`;
    const first = await startApiServer({ storage, crds: [widgets(group)] });
    await first.ready();
    const api = new Api(first);
    for (let n = 0; n < 50; n++) await api.ok(api.post(path, widget(group, `w${n}`, {})), 201);
    await api.ok(api.delete(`${CRDS}/widgets.${group}`));
    api.close();
    await first.stop();
    const second = await startApiServer({ storage });
    const after = new Api(second);
    try {
      const watch = after.watch(`${CRDS}?watch=1`);
      await watch.begun;
      const gone = async () => (await after.get(`${CRDS}/widgets.${group}`)).status === 404;
      if (!(await gone()))
        await watch.until((events) => events.some(({ type }) => type === 'DELETED'));
      assert.ok(await gone());
      assert.equal((await storage.list(`/registry/${group}/`)).kvs.length, 0);
      watch.close();
    } finally {
      after.close();
      await second.stop();
      await storage.close();
    }
  });
});
