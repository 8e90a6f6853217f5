// API groups of another server behind an APIService: availability, discovery, proxied requests,
// and the headers that name the user.
import { strict as assert } from 'node:assert';
import type { IncomingMessage } from 'node:http';
import { createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { isDialableOrLoopback } from '../../../pkg/apiserver/dial/dial-rule.js';
import { createCa, issue } from '../../../pkg/system/pki/certificates.js';
import { eventually } from '../../support/control-plane.js';
import { Api, type Json } from '../apiserver/harness.js';

const GROUP = 'wardle.example.com';
const BASE = `/apis/${GROUP}/v1alpha1`;
const SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  client: string;
}

describe('aggregation', function () {
  this.timeout(60_000);
  const serverCa = createCa('extension-ca');
  const frontCa = createCa('front-proxy-ca');
  let api: Api;
  let server: RunningApiServer;
  let extension: Server;
  let port: number;
  const seen: Seen[] = [];

  before(async () => {
    const { certPem: cert, keyPem: key } = issue({
      ca: serverCa,
      commonName: 'wardle',
      usages: ['server'],
      sans: ['wardle.default.svc'],
    });
    extension = createServer(
      { cert, key, ca: frontCa.certPem, requestCert: true, rejectUnauthorized: true },
      (request, answer) => {
        const { subject } = (request.socket as TLSSocket).getPeerCertificate();
        const { method = '', url = '', headers } = request;
        seen.push({ method, url, headers, client: String(subject.CN) });
        if (url.endsWith('?stale') && (request.socket as TLSSocket & { served?: true }).served)
          return void request.socket.destroy();
        Object.assign(request.socket, { served: true });
        const send = (value: unknown, status = 200): void => {
          answer.writeHead(status, { 'content-type': 'application/json' });
          answer.end(JSON.stringify(value));
        };
        if (url === BASE)
          return send({
            kind: 'APIResourceList',
            apiVersion: 'v1',
            groupVersion: `${GROUP}/v1alpha1`,
            resources: [
              {
                name: 'flunders',
                singularName: 'flunder',
                namespaced: true,
                kind: 'Flunder',
                verbs: ['get', 'list', 'watch', 'create'],
              },
            ],
          });
        if (url.includes('watch=')) {
          answer.writeHead(200, { 'content-type': 'application/json' });
          answer.write(`${JSON.stringify({ type: 'ADDED', object: flunder('a') })}\n`);
          return;
        }
        if (method === 'POST')
          return void collect(request).then((text) => send(JSON.parse(text), 201));
        if (url.endsWith('/missing'))
          return send({ kind: 'Status', code: 404, reason: 'NotFound' }, 404);
        send({
          kind: 'FlunderList',
          apiVersion: `${GROUP}/v1alpha1`,
          metadata: { resourceVersion: '1' },
          items: [flunder('a')],
        });
      },
    );
    await new Promise<void>((resolve) => extension.listen(0, '127.0.0.1', resolve));
    port = (extension.address() as AddressInfo).port;
    const front = issue({ ca: frontCa, commonName: 'front-proxy-client', usages: ['client'] });
    server = await startApiServer({
      storage: 'memory',
      frontProxy: {
        identity: { cert: front.certPem, key: front.keyPem },
        ca: frontCa.certPem,
        allowedNames: ['front-proxy-client'],
        allows: isDialableOrLoopback,
      },
    });
    await server.ready();
    api = new Api(server);
  });
  after(async () => {
    api?.close();
    await server?.stop();
    extension?.closeAllConnections();
    extension?.close();
  });

  const flunder = (name: string): object => ({
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'Flunder',
    metadata: { name, namespace: 'default' },
  });
  const collect = async (request: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text;
  };
  const available = async (): Promise<Json> => {
    const { json } = await api.get(`${SERVICES}/v1alpha1.${GROUP}`);
    return json.status?.conditions?.find(({ type }: { type: string }) => type === 'Available');
  };

  it('lists the APIServices of its own groups', async () => {
    const list = await eventually('own APIServices', async () => {
      const { json } = await api.get(SERVICES);
      assert.ok(json.items.some(({ metadata }: Json) => metadata.name === 'v2.autoscaling'));
      return json.items as Json[];
    });
    const core = list.find(({ metadata }) => metadata.name === 'v1.');
    assert.equal(core.spec.groupPriorityMinimum, 18_000);
    assert.equal(core.metadata.labels['kube-aggregator.kubernetes.io/automanaged'], 'onstart');
    assert.deepEqual(
      core.status.conditions.map(({ type, status, reason }: Json) => [type, status, reason]),
      [['Available', 'True', 'Local']],
    );
  });

  it('refuses bad APIServices with their causes', async () => {
    const { status, json } = await api.post(SERVICES, {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'wrong' },
      spec: { group: GROUP, version: 'v1', groupPriorityMinimum: 20_001, versionPriority: 0 },
    });
    assert.equal(status, 422);
    const fields = json.details.causes.map(({ field }: Json) => field);
    assert.deepEqual(fields, [
      'metadata.name',
      'spec.groupPriorityMinimum',
      'spec.versionPriority',
    ]);
  });

  it('answers 503, and serves all other groups, while the server cannot be reached', async () => {
    await api.ok(
      api.post(SERVICES, {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1alpha1.${GROUP}` },
        spec: {
          group: GROUP,
          version: 'v1alpha1',
          groupPriorityMinimum: 2_000,
          versionPriority: 15,
          caBundle: Buffer.from(serverCa.certPem).toString('base64'),
          service: { namespace: 'default', name: 'wardle', port },
        },
      }),
      201,
    );
    await eventually('not found', async () => {
      const { reason, message, status } = await available();
      assert.deepEqual(
        [status, reason, message],
        ['False', 'ServiceNotFound', 'service/wardle in "default" is not present'],
      );
      return true;
    });
    const { status, bytes } = await api.get(`${BASE}/namespaces/default/flunders`);
    assert.deepEqual([status, bytes.toString()], [503, 'service unavailable\n']);
    assert.equal((await api.get('/api/v1/pods')).status, 200);
    const { json } = await api.get('/apis', { accept: AGGREGATED });
    const group = json.items.find(({ metadata }: Json) => metadata.name === GROUP);
    assert.deepEqual(group.versions, [{ version: 'v1alpha1', resources: [], freshness: 'Stale' }]);
  });

  it('serves the group as soon as its server answers', async () => {
    await api.ok(
      api.post('/api/v1/namespaces/default/services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'wardle' },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      }),
      201,
    );
    await eventually('available', async () => {
      const { reason, message, status } = await available();
      assert.deepEqual([status, reason], ['True', 'Passed'], message);
      return true;
    });
    const { json } = await api.get('/apis', { accept: AGGREGATED });
    const names = json.items.map(({ metadata }: Json) => metadata.name);
    assert.equal(names.at(-1), GROUP);
    const [version] = json.items.at(-1).versions;
    assert.equal(version.freshness, 'Current');
    assert.deepEqual(
      version.resources.map(({ resource, scope }: Json) => [resource, scope]),
      [['flunders', 'Namespaced']],
    );
    const legacy = await api.ok(api.get(BASE));
    assert.equal(legacy.resources[0].kind, 'Flunder');
    const groups = await api.ok(api.get('/apis'));
    assert.ok(groups.groups.some(({ name }: Json) => name === GROUP));
  });

  it('passes requests on with the name of the user, and with none that a client forged', async () => {
    const list = await api.ok(
      api.get(`${BASE}/namespaces/default/flunders?limit=5`, {
        'x-remote-user': 'mallory',
        'x-remote-group': 'system:masters',
        'x-remote-extra-scopes': 'all',
        'impersonate-user': 'alice',
        'impersonate-group': 'system:masters',
        'impersonate-extra-a%2fb': 'c',
      }),
    );
    assert.equal(list.items.length, 1);
    const last = seen.at(-1)!;
    assert.equal(last.url, `${BASE}/namespaces/default/flunders?limit=5`);
    assert.equal(last.client, 'front-proxy-client');
    assert.equal(last.headers['x-remote-user'], 'alice');
    assert.match(String(last.headers['x-remote-group']), /^system:masters, system:authenticated$/);
    assert.equal(last.headers['x-remote-extra-a%2fb'], 'c');
    for (const name of ['authorization', 'x-remote-extra-scopes', 'impersonate-user'])
      assert.equal(last.headers[name], undefined, name);
  });

  it('passes bodies, refusals and watches on', async () => {
    const made = await api.ok(api.post(`${BASE}/namespaces/default/flunders`, flunder('b')), 201);
    assert.equal(made.metadata.name, 'b');
    const missing = await api.get(`${BASE}/namespaces/default/flunders/missing`);
    assert.deepEqual([missing.status, missing.json.reason], [404, 'NotFound']);
    const watch = api.watch(`${BASE}/namespaces/default/flunders?watch=1`);
    await watch.until((events) => events.length === 1);
    watch.close();
  });

  it('keeps connections for reads, and reads again when a kept connection was closed', async () => {
    let connections = 0;
    const count = () => connections++;
    extension.on('secureConnection', count);
    const reads = async (query: string) => {
      const before = [seen.length, connections];
      for (let n = 0; n < 5; n++)
        await api.ok(api.get(`${BASE}/namespaces/default/flunders${query}`));
      const asked = seen.slice(before[0]).filter(({ url }) => url.endsWith(`flunders${query}`));
      return [asked.length, connections - before[1]!];
    };
    try {
      await reads('');
      const [asked, made] = await reads('');
      assert.equal(asked, 5);
      assert.ok(made! < 5, `${made} connections for five reads`);
      const [again, remade] = await reads('?stale');
      assert.equal(again, 10);
      assert.ok(remade! >= 5, `${remade} connections where each is closed`);
      const before = connections;
      for (const name of ['c', 'd'])
        await api.ok(api.post(`${BASE}/namespaces/default/flunders`, flunder(name)), 201);
      assert.ok(connections >= before + 2, 'a write has a connection of its own');
    } finally {
      extension.off('secureConnection', count);
    }
  });

  // On a kept connection an unframed body would be a request of its own, with any user's name.
  it('frames the body of a read, and keeps no connection with it', async () => {
    const smuggled = 'GET /smuggled HTTP/1.1\r\nhost: x\r\nx-remote-user: admin\r\n\r\n';
    const { certPem: cert, keyPem: key } = server.pki.certificates['components/admin']!;
    const read = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const path = `${server.url}${BASE}/namespaces/default/flunders`;
        const request = httpsRequest(path, { ca: server.caPem, cert, key, headers, agent: false });
        request.on('response', (answer) =>
          answer.resume().on('end', () => resolve(answer.statusCode!)),
        );
        request.on('error', reject);
        request.end(smuggled);
      });
    const before = seen.length;
    for (const headers of [
      { 'transfer-encoding': 'chunked' },
      { 'content-length': String(smuggled.length) },
    ])
      assert.equal(await read(headers), 200, Object.keys(headers)[0]);
    await api.ok(api.get(`${BASE}/namespaces/default/flunders`));
    const asked = seen.slice(before).filter(({ url }) => url !== BASE);
    assert.deepEqual(
      asked.map(({ url, headers }) => [url.split('/').at(-1), headers.connection]),
      [
        ['flunders', 'close'],
        ['flunders', 'close'],
        ['flunders', 'keep-alive'],
      ],
    );
  });

  it('asks the authorizer first', async () => {
    const { status } = await api.get(`${BASE}/namespaces/default/flunders`, {
      'impersonate-user': 'nobody',
    });
    assert.equal(status, 403);
  });

  it('publishes how its requests are recognised', async () => {
    const { data } = await eventually<Json>('published', () =>
      api.ok(
        api.get('/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication'),
      ),
    );
    assert.equal(data['requestheader-allowed-names'], '["front-proxy-client"]');
    assert.equal(data['requestheader-username-headers'], '["X-Remote-User"]');
    assert.equal(data['requestheader-client-ca-file'].trim(), frontCa.certPem.trim());
  });

  it('follows the groups of custom resources', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await api.ok(
      api.post(path, {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.shop.example.com' },
        spec: {
          group: 'shop.example.com',
          names: { plural: 'widgets', kind: 'Widget' },
          scope: 'Namespaced',
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object' } },
            },
          ],
        },
      }),
      201,
    );
    const made = await eventually<Json>('its APIService', async () => {
      const { status, json } = await api.get(`${SERVICES}/v1.shop.example.com`);
      return status === 200 ? json : undefined;
    });
    assert.deepEqual([made.spec.groupPriorityMinimum, made.spec.versionPriority], [1_000, 100]);
    assert.equal(made.metadata.labels['kube-aggregator.kubernetes.io/automanaged'], 'true');
    await api.ok(api.delete(`${path}/widgets.shop.example.com`));
    await eventually(
      'the end of its APIService',
      async () => (await api.get(`${SERVICES}/v1.shop.example.com`)).status === 404,
    );
  });

  it('removes the group with its APIService', async () => {
    await api.ok(api.delete(`${SERVICES}/v1alpha1.${GROUP}`));
    await eventually('removed', async () => (await api.get(BASE)).status === 404);
    const { json } = await api.get('/apis', { accept: AGGREGATED });
    assert.ok(!json.items.some(({ metadata }: Json) => metadata.name === GROUP));
  });
});
