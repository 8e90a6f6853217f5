// OpenAPI documents of servers behind an APIService: v3 by reference, v2 merged, bad ones left out;
// and the condition of a server with a certificate that the APIService does not trust.
import { strict as assert } from 'node:assert';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { isDialableOrLoopback } from '../../../pkg/apiserver/dial/dial-rule.js';
import { createCa, issue } from '../../../pkg/system/pki/certificates.js';
import { eventually } from '../../support/control-plane.js';
import { Api, type Json } from '../apiserver/harness.js';

const SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
type Answer = { status?: number; body?: unknown; etag?: string };
type Answers = (path: string, request: IncomingMessage) => Answer;

/** A document about `thing` in a group. */
const second = (group: string): Json => ({
  swagger: '2.0',
  info: { title: group },
  paths: {
    [`/apis/${group}/v1/things/{name}`]: {
      get: {
        produces: ['application/json'],
        responses: { 200: { description: 'OK', schema: { $ref: '#/definitions/Thing' } } },
      },
    },
    '/apis/apps/v1/deployments': { get: { description: 'stolen' } },
  },
  definitions: {
    Thing: { description: group, properties: { metadata: { $ref: `#/definitions/${META}` } } },
    [META]: { description: 'not ours' },
  },
});

describe('OpenAPI of aggregated servers', function () {
  this.timeout(60_000);
  const ca = createCa('things-ca');
  const other = createCa('other-ca');
  const servers: Server[] = [];
  const asked: string[] = [];
  let server: RunningApiServer;
  let api: Api;

  before(async () => {
    server = await startApiServer({ frontProxy: { allows: isDialableOrLoopback } });
    await server.ready();
    api = new Api(server);
    await api.ok(
      api.post('/api/v1/namespaces/default/services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'things' },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      }),
      201,
    );
  });
  after(async () => {
    api?.close();
    await server?.stop();
    for (const one of servers) {
      one.closeAllConnections();
      one.close();
    }
  });

  /** Starts a server for a group and registers it. */
  async function add(group: string, answers: Answers, trusted = ca): Promise<void> {
    const { certPem: cert, keyPem: key } = issue({
      ca,
      commonName: 'things',
      usages: ['server'],
      sans: ['things.default.svc'],
    });
    const handle = (request: IncomingMessage, answer: ServerResponse): void => {
      const path = (request.url ?? '').split('?', 1)[0]!;
      const user = String(request.headers['x-remote-user']);
      const known = String(request.headers['if-none-match'] ?? '');
      asked.push(`${group} ${path} ${user} ${known}`);
      const { status = 200, body, etag } = answers(path, request);
      answer.writeHead(status, { 'content-type': 'application/json', ...(etag ? { etag } : {}) });
      answer.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    };
    const started = createServer({ cert, key }, handle);
    servers.push(started);
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    const { port } = started.address() as AddressInfo;
    await api.ok(
      api.post(SERVICES, {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1.${group}` },
        spec: {
          group,
          version: 'v1',
          groupPriorityMinimum: 2_000,
          versionPriority: 15,
          caBundle: Buffer.from(trusted.certPem).toString('base64'),
          service: { namespace: 'default', name: 'things', port },
        },
      }),
      201,
    );
    await eventually('available', async () => (await available(group)).status === 'True');
  }
  /** The condition Available. */
  const available = async (group: string): Promise<Json> =>
    (await api.get(`${SERVICES}/v1.${group}`)).json.status?.conditions?.[0] ?? {};
  /** A change of the APIService has its server looked at again. */
  let looks = 0;
  const look = (group: string): Promise<Json> =>
    api.ok(
      api.patch(`${SERVICES}/v1.${group}`, 'application/merge-patch+json', {
        metadata: { labels: { look: String(looks++) } },
      }),
    );
  const index = async (): Promise<Json> => (await api.ok(api.get('/openapi/v3'))).paths;
  const paths = async (): Promise<Json> => (await api.ok(api.get('/openapi/v2'))).paths;
  const pathOf = (group: string) => `/apis/${group}/v1/things/{name}`;

  it('names v3 documents with their hashes, and passes requests for them on', async () => {
    const group = 'third.example.com';
    const url = `/openapi/v3/apis/${group}/v1?hash=ABC`;
    await add(group, (path) =>
      path === '/openapi/v3'
        ? {
            body: {
              paths: {
                [`apis/${group}/v1`]: { serverRelativeURL: url },
                version: { serverRelativeURL: '/openapi/v3/version?hash=THEIRS' },
                bad: { serverRelativeURL: 7 },
              },
            },
          }
        : path === `/openapi/v3/apis/${group}/v1`
          ? { body: { openapi: '3.0.0', info: { title: 'third' } }, etag: '"E"' }
          : { status: path.startsWith('/openapi') ? 404 : 200 },
    );
    await eventually('named', async () => (await index())[`apis/${group}/v1`] !== undefined);
    const all = await index();
    assert.equal(all[`apis/${group}/v1`].serverRelativeURL, url);
    assert.ok(!all.version.serverRelativeURL.includes('THEIRS'), 'our own documents win');
    assert.equal(all.bad, undefined);
    const { json, headers } = await api.get(url);
    assert.deepEqual([json.info.title, headers['etag']], ['third', '"E"']);
    assert.ok(!asked.at(-1)!.includes('system:aggregator'), 'the user asks');
    assert.ok(asked.some((one) => one.startsWith(`${group} /openapi/v3 system:aggregator`)));
  });

  it('merges v2 documents, and converts those of servers without v3', async () => {
    const group = 'second.example.com';
    await add(group, (path) =>
      path === '/openapi/v2'
        ? { body: second(group), etag: '"ONE"' }
        : { status: path.startsWith('/openapi') ? 404 : 200 },
    );
    await eventually('merged', async () => (await paths())[pathOf(group)] !== undefined);
    const all = await api.ok(api.get('/openapi/v2'));
    assert.notEqual(all.paths['/apis/apps/v1/deployments'].get.description, 'stolen');
    assert.deepEqual(all.definitions.Thing.properties.metadata, {
      $ref: `#/definitions/${META}_v2`,
    });
    assert.deepEqual(all.definitions[`${META}_v2`], { description: 'not ours' });
    assert.notEqual(all.definitions[META].description, 'not ours');
    const { serverRelativeURL } = (await index())[`apis/${group}/v1`];
    const converted = await api.ok(api.get(serverRelativeURL));
    assert.equal(converted.components.schemas.Thing.description, group);
    assert.ok(converted.paths[pathOf(group)].get.responses[200].content['application/json']);
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const { bytes } = await api.get('/openapi/v2', { accept });
    assert.ok(bytes.includes(pathOf(group)) && bytes.includes(`#/definitions/${META}_v2`));
  });

  for (const [title, body] of [
    ['broken', '{"paths":'],
    ['deep', `{"paths":{"x":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`],
    ['a list', '[]'],
  ] as const)
    it(`leaves a document out that is ${title}`, async () => {
      const group = `${title.replaceAll(' ', '-')}.example.com`;
      await add(group, (path) =>
        path === '/openapi/v2' ? { body } : { status: path === '/openapi/v3' ? 404 : 200 },
      );
      await eventually('asked', async () =>
        asked.some((one) => one.startsWith(`${group} /openapi/v2`)),
      );
      assert.equal((await paths())[pathOf(group)], undefined);
      assert.ok((await paths())['/api/v1/pods']);
      assert.equal((await index())[`apis/${group}/v1`], undefined);
    });

  it('keeps a document that has not changed', async () => {
    const group = 'same.example.com';
    let isDown = false;
    await add(group, (path, { headers }) => {
      if (isDown) return { status: 500 };
      if (path !== '/openapi/v2') return { status: path === '/openapi/v3' ? 404 : 200 };
      return headers['if-none-match'] === '"SAME"'
        ? { status: 304, body: '' }
        : { body: second(group), etag: '"SAME"' };
    });
    await eventually('merged', async () => (await paths())[pathOf(group)] !== undefined);
    for (const down of [true, false]) {
      isDown = down;
      await look(group);
      await eventually(
        'seen',
        async () => (await available(group)).status === (down ? 'False' : 'True'),
      );
    }
    await eventually('asked', async () =>
      asked.includes(`${group} /openapi/v2 system:aggregator "SAME"`),
    );
    assert.ok((await paths())[pathOf(group)]);
    assert.ok((await index())[`apis/${group}/v1`]);
  });

  it('drops the documents with the APIService', async () => {
    const group = 'second.example.com';
    await api.ok(api.delete(`${SERVICES}/v1.${group}`));
    await eventually('gone', async () => (await paths())[pathOf(group)] === undefined);
    assert.equal((await index())[`apis/${group}/v1`], undefined);
    assert.equal((await api.get(`/openapi/v3/apis/${group}/v1`)).status, 404);
  });

  it('is available with a certificate of another authority, but no request passes', async () => {
    const group = 'untrusted.example.com';
    await add(group, () => ({ body: { resources: [] } }), other);
    const { status, json } = await api.get(`/apis/${group}/v1/things`);
    assert.equal(status, 503);
    assert.equal(
      json.message,
      'error trying to reach service: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const { items } = (await api.get('/apis', { accept })).json;
    const found = items.find(({ metadata }: Json) => metadata.name === group);
    assert.equal(found.versions[0].freshness, 'Stale');
  });

  for (const [title, body] of [
    ['numbers', { resources: [7, null, { name: 5, kind: 'A' }, { name: 'as', kind: 'A' }] }],
    ['nothing', null],
    ['a text', '"x"'],
  ] as const)
    it(`keeps discovery whole when a server lists ${title}`, async () => {
      const group = `${title.replace(' ', '-')}.lists.example.com`;
      await add(group, () => ({ body: typeof body === 'string' ? body : JSON.stringify(body) }));
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
      const found = await eventually<Json>('discovered', async () => {
        const { items } = await api.ok(api.get('/apis', { accept }));
        return items.find(({ metadata }: Json) => metadata.name === group);
      });
      const resources = found.versions[0].resources.map(({ resource }: Json) => resource);
      assert.deepEqual(resources, title === 'numbers' ? ['as'] : []);
      await api.ok(api.get('/apis'));
    });

  it('says why a server does not answer', async () => {
    const group = 'silent.example.com';
    let status = 200;
    await add(group, () => ({ status }));
    status = 500;
    await look(group);
    await eventually('not available', async () => {
      const { reason, message } = await available(group);
      return (
        reason === 'FailedDiscoveryCheck' &&
        /^failing or missing response from (https:\S+): bad status from \1: 500$/.test(message)
      );
    });
    servers.at(-1)!.closeAllConnections();
    servers.at(-1)!.close();
    await look(group);
    await eventually('refused', async () => {
      const { message } = await available(group);
      return /: Get "https:\S+": dial tcp \S+: connect: connection refused$/.test(message);
    });
  });
});
