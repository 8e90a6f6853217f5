// Custom resource definitions on etcd while their servers die at any moment: a definition is
// established or gone, its deletion goes on by the next server, and objects that are stored in two
// versions stay readable.
import assert from 'node:assert/strict';
import { openEtcdStorage } from '../../../pkg/storage/etcd/etcd-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { widget, widgets, WIDGET_V1 } from '../extension/crds.js';
import type { Json, Reply } from './http-client.js';
import { startCluster, until, type Cluster, type Server } from './server-process.js';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const CALL_MS = 20_000;
const OBJECTS = 30;
const HELD = 'example.com/held';

describe('definitions of custom resources under kill -9', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let servers: [Server, Server];
  let storage: Storage;
  const call = (server: Server, method: string, path: string, body?: unknown): Promise<Reply> =>
    server.client.call(method, path, body, CALL_MS);
  /** Tries again while the server is dead: it may have done the work, or not. */
  const insist = async (
    server: Server,
    method: string,
    path: string,
    body: unknown,
    done: readonly number[],
  ): Promise<Json> => {
    let reply: Reply | undefined;
    await until(`${method} ${path}`, async () => {
      reply = await call(server, method, path, body).catch(() => undefined);
      return reply !== undefined && done.includes(reply.status);
    });
    return reply!.json;
  };
  const stored = async (group: string): Promise<Json[]> =>
    (await storage.list(`/registry/${group}/`)).kvs.map(({ value }) =>
      JSON.parse(new TextDecoder().decode(value)),
    );
  const pathOf = (group: string, version = 'v1') =>
    `/apis/${group}/${version}/namespaces/default/widgets`;
  const restart = async (server: Server) => {
    await server.kill();
    server.start();
    await server.ready();
  };

  before(async () => {
    cluster = await startCluster(2);
    servers = cluster.servers as [Server, Server];
    storage = openEtcdStorage({
      endpoints: [cluster.etcd.endpoint],
      env: realEnv('test', 'error'),
    });
  });
  after(async () => {
    await storage?.close();
    await cluster?.stop();
  });

  /** Creates a definition with objects, some of them held, and deletes it. */
  async function life(server: Server, group: string): Promise<void> {
    const own = `${CRDS}/widgets.${group}`;
    await insist(server, 'POST', CRDS, widgets(group), [201, 409]);
    for (let n = 0; n < OBJECTS; n++) {
      const object = widget(group, `w${n}`, { colour: 'c' });
      const metadata = { ...object.metadata, ...(n % 5 ? {} : { finalizers: [HELD] }) };
      await insist(server, 'POST', pathOf(group), { ...object, metadata }, [201, 409]);
    }
    await insist(server, 'DELETE', own, undefined, [200, 404]);
  }

  for (const [moment, delays] of [
    ['its creation and its objects', [0, 60, 150, 300]],
    ['its deletion', [400, 550, 700, 1_000]],
  ] as const)
    it(`finish their life when a server dies during ${moment}`, async () => {
      for (const [at, delay] of delays.entries()) {
        const group = `r${at}.${moment.includes('deletion') ? 'late' : 'early'}.example.com`;
        const [dying, other] = at % 2 ? servers : [servers[1], servers[0]];
        const living = life(dying, group);
        await new Promise((resolve) => setTimeout(resolve, delay));
        await restart(dying);
        await living;
        const definition = () => call(other, 'GET', `${CRDS}/widgets.${group}`);
        // The held objects stay, and hold the definition; all others go.
        const held = Math.ceil(OBJECTS / 5);
        await until(
          'only held objects are left',
          async () => (await stored(group)).length === held,
        );
        assert.equal((await definition()).status, 200);
        for (const { metadata } of await stored(group)) {
          assert.ok(metadata.deletionTimestamp, metadata.name);
          const path = `${pathOf(group)}/${metadata.name}`;
          const { json } = await call(other, 'GET', path);
          json.metadata.finalizers = [];
          assert.equal((await call(other, 'PUT', path, json)).status, 200);
        }
        await until('the definition is gone', async () => (await definition()).status === 404);
        assert.deepEqual(await stored(group), []);
        // Each server hears of the deletion by its own watch, so the two may differ for a moment.
        await until(
          'no server serves the group',
          async () => (await call(dying, 'GET', pathOf(group))).status === 404,
        );
      }
    });

  it('keep objects readable in each version while the stored version moves', async () => {
    const group = 'moving.example.com';
    const own = `${CRDS}/widgets.${group}`;
    const versions = (storageVersion: string, ...served: string[]) =>
      served.map((name) => ({ ...WIDGET_V1, name, storage: name === storageVersion }));
    const [one, two] = servers;
    await insist(one, 'POST', CRDS, widgets(group, versions('v1', 'v1', 'v2')), [201]);
    const names = Array.from({ length: OBJECTS }, (_, n) => `w${n}`);
    for (const name of names)
      await insist(one, 'POST', pathOf(group), widget(group, name, { colour: name }), [201]);
    const definition = await insist(one, 'GET', own, undefined, [200]);
    const { spec } = widgets(group, versions('v2', 'v1', 'v2'));
    await insist(one, 'PUT', own, { ...definition, spec }, [200]);
    const versionsStored = async () =>
      new Set((await stored(group)).map(({ apiVersion }) => String(apiVersion)));
    /** Writes each object once more, as the storage version migrator does. */
    const migrate = async (server: Server) => {
      for (const name of names)
        for (let status = 0; status !== 200;) {
          const path = `${pathOf(group)}/${name}`;
          const json = await insist(server, 'GET', path, undefined, [200]);
          const labels = { moved: 'yes' };
          const body = { ...json, metadata: { ...json.metadata, labels } };
          status = await call(server, 'PUT', path, body).then(
            (reply) => reply.status,
            () => 0,
          );
        }
    };
    const moving = migrate(two);
    await until('some are moved', async () => (await versionsStored()).size === 2);
    await two.kill();
    for (const version of ['v1', 'v2']) {
      const { items } = await insist(one, 'GET', pathOf(group, version), undefined, [200]);
      assert.deepEqual(
        items.map(({ apiVersion, metadata, spec: { colour } }: Json) => [
          apiVersion,
          metadata.name === colour,
        ]),
        names.map(() => [`${group}/${version}`, true]),
      );
    }
    two.start();
    await two.ready();
    await moving;
    assert.deepEqual([...(await versionsStored())], [`${group}/v2`]);
    const before = await insist(two, 'GET', own, undefined, [200]);
    assert.deepEqual(before.status.storedVersions, ['v1', 'v2']);
    const status = { ...before.status, storedVersions: ['v2'] };
    const after = await insist(two, 'PUT', `${own}/status`, { ...before, status }, [200]);
    const last = widgets(group, versions('v2', 'v2')).spec;
    await insist(two, 'PUT', own, { ...after, spec: last }, [200]);
    await restart(one);
    for (const server of servers) {
      const { items } = await insist(server, 'GET', pathOf(group, 'v2'), undefined, [200]);
      assert.equal(items.length, OBJECTS);
      await insist(server, 'GET', pathOf(group), undefined, [404]);
    }
  });
});
