// Extensions of a running server: resources that come and go, and delegates for unknown groups.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import type { SchemaTable } from '../../../pkg/apimachinery/schema/facts.js';
import type { ResourceDefinition } from '../../../pkg/apiserver/resource/definition.js';
import { createMemoryStorage } from '../../../pkg/storage/memory/memory-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { startEtcd } from '../../support/etcd-process.js';
import { createKubectl } from '../../support/kubectl-process.js';
import { Api, type Json } from './harness.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const TOY_SCHEMA = 'com.example.toys.v1.Toy';
const SCHEMAS: SchemaTable = {
  [TOY_SCHEMA]: {
    gvk: [{ group: 'toys.example.com', version: 'v1', kind: 'Toy' }],
    fields: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: `${META}.ObjectMeta` },
      spec: { type: 'com.example.toys.v1.ToySpec' },
    },
  },
  'com.example.toys.v1.ToySpec': { fields: { colour: { type: 'string' } } },
};
const TOYS: ResourceDefinition = {
  facts: {
    group: 'toys.example.com',
    version: 'v1',
    kind: 'Toy',
    resource: 'toys',
    singular: 'toy',
    namespaced: true,
    shortNames: ['ty'],
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  },
  schema: TOY_SCHEMA,
  storage: 'toys.example.com/toys',
};
const AGGREGATED = {
  accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
};
const PATH = '/apis/toys.example.com/v1/namespaces/default/toys';
const toy = (name: string, colour: string) => ({
  apiVersion: 'toys.example.com/v1',
  kind: 'Toy',
  metadata: { name },
  spec: { colour },
});

/** The parts of discovery and OpenAPI that must change with the list. */
async function documents(
  api: Api,
): Promise<{ etag: string; groups: string[]; openApi: string[]; v2: boolean }> {
  const { headers, json } = await api.get('/apis', AGGREGATED);
  const legacy: Json = await api.ok(api.get('/apis'));
  const groups: string[] = json.items.map(({ metadata }: Json) => metadata.name);
  assert.deepEqual(
    legacy.groups.map(({ name }: Json) => name),
    groups,
  );
  const openApi: Json = await api.ok(api.get('/openapi/v3'));
  const v2: Json = await api.ok(api.get('/openapi/v2'));
  return {
    etag: headers['etag']!,
    groups,
    openApi: Object.keys(openApi.paths),
    v2: TOY_SCHEMA in v2.definitions,
  };
}

describe('resources that come and go', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;

  before(async () => {
    server = await startApiServer();
    await server.ready();
    api = new Api(server);
  });
  after(async () => {
    api.close();
    await server.stop();
  });

  it('are served, discovered, described and watched while they are registered', async () => {
    const before = await documents(api);
    const unknown = await api.get(PATH);
    assert.deepEqual(
      [unknown.status, unknown.bytes.toString(), unknown.headers['content-type']],
      [404, '404 page not found\n', 'text/plain; charset=utf-8'],
    );
    await server.server.register(TOYS, SCHEMAS);
    await assert.rejects(server.server.register(TOYS, SCHEMAS), /is served already/);

    const during = await documents(api);
    assert.ok(during.etag !== before.etag && during.groups.includes('toys.example.com'));
    assert.deepEqual(
      [during.openApi.includes('apis/toys.example.com/v1'), during.v2],
      [true, true],
    );
    assert.deepEqual(
      (await api.ok(api.get('/apis/toys.example.com/v1'))).resources.map(({ name }: Json) => name),
      ['toys'],
    );
    const kubectl = await createKubectl(server.kubeconfig);
    assert.equal(
      await kubectl.ok(['create', '-f', '-'], JSON.stringify(toy('ball', 'red'))),
      'toy.toys.example.com/ball created\n',
    );
    assert.match(await kubectl.ok(['get', 'ty']), /^NAME +CREATED AT\nball /);
    assert.match(await kubectl.ok(['explain', 'toys.spec']), /colour\t<string>/);
    await kubectl.close();
    const objects = async () =>
      /apiserver_storage_objects\{resource="toys.toys.example.com"\} (\d+)/.exec(
        (await api.get('/metrics')).bytes.toString(),
      )?.[1];
    assert.equal(await objects(), '1');
    const watch = api.watch(`${PATH}?watch=1`);
    await watch.begun;
    await api.ok(
      api.patch(`${PATH}/ball`, 'application/merge-patch+json', { spec: { colour: 'blue' } }),
    );
    await watch.until((events) => events.length === 2);
    assert.deepEqual(
      watch.events.map(({ type, object }) => [type, object.spec.colour]),
      [
        ['ADDED', 'red'],
        ['MODIFIED', 'blue'],
      ],
    );
    const wrong = await api.post(`${PATH}?fieldValidation=Strict`, {
      ...toy('other', 'red'),
      more: 1,
    });
    assert.match(wrong.json.message, /unknown field "more"/);

    assert.equal(
      server.server.unregister({ group: 'toys.example.com', version: 'v1', resource: 'toys' }),
      true,
    );
    assert.equal(
      server.server.unregister({ group: 'toys.example.com', version: 'v1', resource: 'toys' }),
      false,
    );
    await watch.ended;
    assert.equal(await objects(), '0');
    const after = await documents(api);
    assert.deepEqual(after, before);
    assert.equal((await api.get(`${PATH}/ball`)).status, 404);
  });

  it('find objects that were stored before or are written meanwhile', async () => {
    await server.server.register(TOYS, SCHEMAS);
    assert.equal((await api.ok(api.get(`${PATH}/ball`))).spec.colour, 'blue');
    await api.ok(api.delete(`${PATH}/ball`));
    server.server.unregister(TOYS.facts);
  });

  it('refuse a folder within another, and one without its schema', async () => {
    await assert.rejects(
      server.server.register({ ...TOYS, storage: 'pods/toys' }, SCHEMAS),
      /clashes with pods/,
    );
    await assert.rejects(
      server.server.register({ ...TOYS, storage: 'services' }, SCHEMAS),
      /clashes with services\//,
    );
    await assert.rejects(
      server.server.register({ ...TOYS, storage: 'ranges' }, SCHEMAS),
      /folder ranges is taken/,
    );
    await assert.rejects(server.server.register(TOYS), /no schema/);
  });
});

describe('a resource that is registered during writes of other servers', function () {
  this.timeout(60_000);

  async function exact(storage: Storage, disturb: () => Promise<void>): Promise<void> {
    const [writer, reader] = await Promise.all([
      startApiServer({ storage }),
      startApiServer({ storage }),
    ]);
    await writer.server.register(TOYS, SCHEMAS);
    const [writing, reading] = [new Api(writer), new Api(reader)];
    let n = 0;
    let over = false;
    const seed = Array.from({ length: 20 }, (_, at) =>
      writing.ok(writing.post(PATH, toy(`t${at}`, '0')), 201),
    );
    await Promise.all(seed);
    const writers = [0, 1, 2].map(async (own) => {
      while (!over) {
        n++;
        const name = `t${(n * 3 + own) % 20}`;
        if (n % 5)
          await writing.patch(`${PATH}/${name}`, 'application/merge-patch+json', {
            spec: { colour: String(n) },
          });
        else if ((await writing.delete(`${PATH}/${name}`)).status === 200)
          await writing.post(PATH, toy(name, String(n)));
      }
    });
    for (let round = 0; round < 8; round++) {
      const [, joined] = await Promise.allSettled([
        disturb(),
        reader.server.register(TOYS, SCHEMAS),
      ]);
      if (joined.status === 'rejected') {
        assert.match(String(joined.reason), /Too large resource version|did not answer|etcd/);
        continue;
      }
      const text = async (api: Api) => {
        const { items } = (await api.ok(api.get(PATH))) as { items: Json[] };
        return createHash('sha256').update(JSON.stringify(items)).digest('hex');
      };
      // At the reader's revision, the writer lists exactly the same objects.
      const list: Json = await reading.ok(reading.get(PATH));
      const same: Json = await writing.ok(
        writing.get(
          `${PATH}?resourceVersion=${list.metadata.resourceVersion}&resourceVersionMatch=Exact`,
        ),
      );
      assert.deepEqual(list.items, same.items);
      const watch = reading.watch(
        `${PATH}?watch=1&resourceVersion=${list.metadata.resourceVersion}`,
      );
      await watch.until((events) => events.length > 20);
      watch.close();
      const versions = watch.events.map(({ object }) => Number(object.metadata.resourceVersion));
      assert.deepEqual(
        versions,
        [...versions].sort((a, b) => a - b),
      );
      if (round === 7) {
        over = true;
        await Promise.all(writers);
        assert.equal(await text(reading), await text(writing));
      }
      reader.server.unregister(TOYS.facts);
    }
    over = true;
    await Promise.all(writers);
    for (const api of [writing, reading]) api.close();
    await Promise.all([writer.stop(), reader.stop()]);
  }

  it('is exact on memory', async () => {
    const storage = createMemoryStorage(realEnv('test', 'error'));
    await exact(storage, () => Promise.resolve());
    await storage.close();
  });

  it('is exact on etcd, also when the connection to it breaks', async () => {
    const etcd = await startEtcd();
    const { openEtcdStorage } = await import('../../../pkg/storage/etcd/etcd-storage.js');
    const storage = openEtcdStorage({ endpoints: [etcd.endpoint], env: realEnv('test', 'error') });
    let round = 0;
    try {
      await exact(storage, async () => {
        if (round++ % 3 === 1) await etcd.restart();
      });
    } finally {
      await storage.close();
      await etcd.stop();
    }
  });
});

describe('delegates', function () {
  this.timeout(60_000);

  it('answer for groups that are not served, after authentication and authorization', async () => {
    const server = await startApiServer({
      delegates: [
        {
          name: 'none',
          accepts: () => false,
          handle: () => Promise.reject(new Error('not asked')),
        },
        {
          name: 'echo',
          accepts: ({ group }) => group === 'echo.example.com',
          handle(request) {
            request.respond(
              200,
              { 'content-type': 'application/json' },
              JSON.stringify({
                user: request.user.name,
                resource: request.info.resource,
                url: request.url,
              }),
            );
            return Promise.resolve();
          },
        },
      ],
    });
    await server.ready();
    const [api, nobody] = [new Api(server), new Api(server, null)];
    const answer: Json = await api.ok(api.get('/apis/echo.example.com/v1/things?limit=1'));
    assert.deepEqual(answer, {
      user: 'kubernetes-admin',
      resource: 'things',
      url: '/apis/echo.example.com/v1/things?limit=1',
    });
    assert.equal((await nobody.get('/apis/echo.example.com/v1/things')).status, 403);
    for (const path of ['/apis/else.example.com/v1/things', '/nothing']) {
      assert.deepEqual(
        [(await api.get(path)).bytes.toString(), (await api.get(path)).status],
        ['404 page not found\n', 404],
        path,
      );
    }
    for (const path of ['/apis/apps/v1/things', '/apis/apps/v9/deployments', '/api/v2/pods'])
      assert.equal(
        (await api.get(path)).json.message,
        'the server could not find the requested resource',
        path,
      );
    for (const one of [api, nobody]) one.close();
    await server.stop();
  });
});
