// The server in operation: discovery, health, protocols, several servers, a store that fails.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../../cmd/kube-apiserver/options.js';
import { runKubeApiserver } from '../../../cmd/kube-apiserver/run.js';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { MAX_REQUESTS_QUEUED } from '../../../pkg/apiserver/limits.js';
import { realEnv } from '../../../pkg/system/env.js';
import { freePort, startEtcd, type EtcdProcess } from '../../support/etcd-process.js';
import { Api, configMap, namespace, type Json } from './harness.js';
import { serve } from './serve.js';

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

function http1(
  server: RunningApiServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const admin = server.pki.certificates['components/admin']!;
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      `${server.url}${path}`,
      { ca: server.caPem, cert: admin.certPem, key: admin.keyPem, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('apiserver operation', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;

  serve((...made) => ([server, api] = made));

  it('publishes the authorities of every server, and since when legacy tokens are tracked', async () => {
    // On a store of their own, because servers write their port to the endpoints that others test.
    const first = await startApiServer();
    await first.ready();
    const api = new Api(first);
    const path = (name: string) => `/api/v1/namespaces/kube-system/configmaps/${name}`;
    const read = async (name: string): Promise<Record<string, string>> => {
      const { data }: Json = await api.ok(api.get(path(name)));
      return data;
    };
    const [authorities, tracking] = [
      'extension-apiserver-authentication',
      'kube-apiserver-legacy-service-account-token-tracking',
    ] as const;
    const { since } = await read(tracking);
    assert.match(since!, /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(await read(authorities), { 'client-ca-file': first.caPem });
    await api.ok(
      api.patch(path(authorities), 'application/merge-patch+json', { data: { other: 'kept' } }),
    );
    const second = await startApiServer({ storage: first.storage });
    try {
      await second.ready();
      const both = { 'client-ca-file': first.caPem + second.caPem, other: 'kept' };
      assert.deepEqual(await read(authorities), both);
      assert.deepEqual(await read(tracking), { since });
      await api.ok(
        api.patch(path(tracking), 'application/merge-patch+json', { data: { since: 'some day' } }),
      );
    } finally {
      await second.stop();
    }
    const third = await startApiServer({ storage: first.storage });
    try {
      await third.ready();
      assert.match((await read(tracking))['since']!, /^\d{4}-\d\d-\d\d$/);
    } finally {
      await third.stop();
      api.close();
      await first.stop();
    }
  });

  it('serves old and aggregated discovery', async () => {
    const groups: Json = await api.ok(api.get('/apis'));
    assert.ok(groups.groups.some(({ name }: Json) => name === 'apps'));
    const core: Json = await api.ok(api.get('/api/v1'));
    const find = (name: string) => core.resources.find((one: Json) => one.name === name);
    assert.deepEqual(
      [find('pods').kind, find('pods').shortNames, find('pods/eviction').group],
      ['Pod', ['po'], 'policy'],
    );
    for (const path of ['/api', '/apis']) {
      const answer = await api.get(path, { accept: AGGREGATED });
      assert.equal(
        answer.headers['content-type'],
        'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      );
      assert.equal(answer.json.kind, 'APIGroupDiscoveryList');
      assert.equal(
        (await api.get(path, { accept: AGGREGATED, 'if-none-match': answer.headers['etag']! }))
          .status,
        304,
      );
    }
    assert.equal((await api.get('/apis/none.example.com')).status, 404);
    assert.match((await api.ok(api.get('/version'))).gitVersion, /^v1\.32\.\d+\+wheelhouse/);
  });

  it('serves its health checks', async () => {
    for (const path of ['/healthz', '/livez', '/readyz', '/livez/ping', '/readyz?exclude=etcd']) {
      const answer = await api.get(path);
      assert.deepEqual([answer.status, answer.bytes.toString()], [200, 'ok'], path);
    }
    assert.match(
      (await api.get('/readyz?verbose')).bytes.toString(),
      /\[\+\]etcd ok[^]*readyz check passed/,
    );
    assert.equal((await api.get('/livez/none')).status, 404);
    await api.get('/api/v1/nodes');
    const metrics = (await api.get('/metrics')).bytes.toString();
    assert.match(metrics, /apiserver_request_total\{[^}]*resource="nodes"[^}]*\} \d/);
    assert.match(metrics, /apiserver_request_duration_seconds_bucket/);
  });

  it('speaks HTTP/1.1 on the same port', async () => {
    assert.equal((await http1(server, '/api/v1/namespaces/default')).status, 200);
    const refused = await http1(
      server,
      '/api/v1/namespaces/default/pods/none/exec?command=x&stdout=true',
      {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': 'v5.channel.k8s.io',
      },
    );
    assert.equal(refused.status, 404);
    assert.equal((JSON.parse(refused.text) as Json).kind, 'Status');
  });

  it('authenticates users', async () => {
    const nobody = new Api(server, null);
    const stranger = await nobody.get('/api/v1/nodes');
    assert.equal(stranger.status, 403);
    assert.match(
      stranger.json.message,
      /User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope/,
    );
    assert.equal(
      (await nobody.get('/api/v1/nodes', { authorization: 'Bearer nonsense' })).status,
      401,
    );
    nobody.close();
  });

  it('refuses a namespace in the path of a cluster-scoped resource', async () => {
    for (const path of [
      'nodes',
      'nodes/n',
      'namespaces',
      'namespaces/kube-system',
      'persistentvolumes',
    ]) {
      assert.equal((await api.get(`/api/v1/namespaces/default/${path}`)).status, 404, path);
    }
    assert.equal(
      (await api.get('/apis/rbac.authorization.k8s.io/v1/namespaces/default/clusterroles')).status,
      404,
    );
  });

  it('creates the namespaces and the service of every cluster', async () => {
    const list: Json = await api.ok(api.get('/api/v1/namespaces'));
    assert.deepEqual(
      list.items.map(({ metadata }: Json) => metadata.name),
      ['default', 'kube-node-lease', 'kube-public', 'kube-system'],
    );
    const service: Json = await api.ok(api.get('/api/v1/namespaces/default/services/kubernetes'));
    assert.equal(service.spec.clusterIP, '10.100.0.1');
    const endpoints: Json = await api.ok(
      api.get('/api/v1/namespaces/default/endpoints/kubernetes'),
    );
    assert.equal(endpoints.subsets[0].ports[0].port, server.port);
    const slices: Json = await api.ok(
      api.get(
        '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name%3Dkubernetes',
      ),
    );
    assert.equal(slices.items.length, 1);
  });

  it("creates upstream's flow schemas and priority levels, and resets only its own", async () => {
    const FLOWS = '/apis/flowcontrol.apiserver.k8s.io/v1';
    const names = async (resource: string) =>
      ((await api.ok(api.get(`${FLOWS}/${resource}`))).items as Json[])
        .map(({ metadata }) => metadata.name as string)
        .sort();
    const schemas = [
      'catch-all',
      'endpoint-controller',
      'exempt',
      'global-default',
      'kube-controller-manager',
      'kube-scheduler',
      'kube-system-service-accounts',
      'probes',
      'service-accounts',
      'system-leader-election',
      'system-node-high',
      'system-nodes',
      'workload-leader-election',
    ];
    const levels = [
      'catch-all',
      'exempt',
      'global-default',
      'leader-election',
      'node-high',
      'system',
      'workload-high',
      'workload-low',
    ];
    assert.deepEqual(
      [await names('flowschemas'), await names('prioritylevelconfigurations')],
      [schemas, levels],
    );
    const path = (level: string) => `${FLOWS}/prioritylevelconfigurations/${level}`;
    const shares = (count: number, own?: string) => ({
      ...(own ? { metadata: { annotations: { 'apf.kubernetes.io/autoupdate-spec': own } } } : {}),
      spec: { limited: { nominalConcurrencyShares: count } },
    });
    const merge = (level: string, body: unknown) =>
      api.ok(api.patch(path(level), 'application/merge-patch+json', body));
    await merge('system', shares(77));
    await merge('node-high', shares(77, 'false'));
    const fixed = await api.patch(
      path('catch-all'),
      'application/merge-patch+json',
      shares(77, 'false'),
    );
    assert.equal(fixed.status, 422, 'the spec of catch-all is fixed');
    await api.ok(api.delete(path('workload-low')));
    const before: Json = await api.ok(api.get(path('global-default')));
    const other = await startApiServer({ storage: server.storage, advertiseAddress: '192.0.2.78' });
    await other.ready();
    await other.stop();
    const found = await Promise.all(
      ['system', 'node-high', 'catch-all', 'workload-low'].map(
        async (level) =>
          (await api.ok(api.get(path(level)))).spec.limited.nominalConcurrencyShares as number,
      ),
    );
    assert.deepEqual(found, [30, 77, 5, 100]);
    assert.equal(
      (await api.ok(api.get(path('global-default')))).metadata.resourceVersion,
      before.metadata.resourceVersion,
    );
  });

  it('refuses excess requests with 429 and Retry-After, without priority and fairness', async () => {
    const small = await startApiServer({ fairness: false, maxInFlight: { reads: 400, writes: 1 } });
    await small.ready();
    const client = new Api(small);
    const admin = small.pki.certificates['components/admin']!;
    // Writes without their bodies: one is in flight, the others are queued.
    const session = connectHttp2(small.url, {
      ca: small.caPem,
      cert: admin.certPem,
      key: admin.keyPem,
    });
    const held = Array.from({ length: MAX_REQUESTS_QUEUED + 1 }, () => {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/api/v1/namespaces/default/configmaps',
        'content-type': 'application/json',
      });
      return stream.on('error', () => {});
    });
    try {
      const deadline = Date.now() + 30_000;
      for (;;) {
        const answer = await client.post('/api/v1/namespaces?timeout=500ms', {
          metadata: { generateName: 'more-' },
        });
        if (answer.status === 429) {
          assert.deepEqual(
            [
              answer.headers['retry-after'],
              answer.json.reason,
              answer.json.details.retryAfterSeconds,
            ],
            ['1', 'TooManyRequests', 1],
          );
          break;
        }
        assert.ok(Date.now() < deadline, String(answer.status));
      }
      await client.ok(client.get('/api/v1/namespaces'));
      for (const stream of held) stream.end(JSON.stringify({ metadata: { generateName: 'c-' } }));
      while (
        (await client.post('/api/v1/namespaces', { metadata: { name: 'later' } })).status === 429
      )
        assert.ok(Date.now() < deadline);
      await client.ok(client.get('/api/v1/namespaces/later'));
    } finally {
      session.destroy();
      client.close();
      await small.stop();
    }
  });

  it('is ready with an address that endpoints may not have, logs that, and keeps the endpoints of others', async () => {
    const warnings: string[] = [];
    const real = realEnv('test', 'error');
    const env = {
      ...real,
      log: {
        ...real.log,
        warn: (event: string, fields?: object) =>
          void warnings.push(`${event} ${JSON.stringify(fields)}`),
      },
    };
    for (const [prefix, advertiseAddress] of [
      ['/registry', '127.0.0.1'],
      ['/alone', '127.1.2.3'],
    ] as const) {
      const other = await startApiServer({
        storage: server.storage,
        advertiseAddress,
        env,
        prefix,
      });
      await other.ready();
      const client = new Api(other);
      await client.ok(client.get('/api/v1/namespaces/default/services/kubernetes'));
      assert.equal((await client.get('/readyz')).status, 200);
      assert.equal(
        (await client.get('/api/v1/namespaces/default/endpoints/kubernetes')).status,
        prefix === '/registry' ? 200 : 404,
      );
      client.close();
      await other.stop();
      assert.equal(
        warnings.filter(
          (text) =>
            text.includes('no endpoint of the service kubernetes') && text.includes('loopback'),
        ).length,
        1,
        warnings.join(),
      );
      warnings.length = 0;
    }
    const endpoints: Json = await api.ok(
      api.get('/api/v1/namespaces/default/endpoints/kubernetes'),
    );
    assert.equal(endpoints.subsets[0].addresses.length, 1);
  });

  it('takes its address out of the endpoints when it stops, but not the last one', async () => {
    const addresses = async () => {
      const endpoints: Json = await api.ok(
        api.get('/api/v1/namespaces/default/endpoints/kubernetes'),
      );
      const slice: Json = await api.ok(
        api.get('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes'),
      );
      const shown: string[] = endpoints.subsets[0].addresses.map(({ ip }: Json) => ip);
      assert.deepEqual(
        slice.endpoints.map((endpoint: Json) => endpoint.addresses[0]),
        shown,
      );
      return shown;
    };
    const [own] = await addresses();
    const other = await startApiServer({ storage: server.storage, advertiseAddress: '192.0.2.77' });
    await other.ready();
    assert.deepEqual(await addresses(), [own!, '192.0.2.77'].sort());
    await other.stop();
    assert.deepEqual(await addresses(), [own]);
  });

  it('ends watches cleanly when it stops', async () => {
    const other = await startApiServer({ storage: server.storage });
    const watcher = new Api(other);
    const watch = watcher.watch('/api/v1/namespaces?watch=1&resourceVersion=0');
    await watch.until((events) => events.length >= 4);
    await other.stop();
    await watch.ended;
    watcher.close();
  });
});

describe('the apiserver program', function () {
  this.timeout(60_000);

  it('answers during the shutdown delay without being ready, and ends its watches afterwards', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wheelhouse-program-'));
    const port = await freePort();
    await writeFile(join(folder, 'tokens'), 'good,root,1,"system:masters"\n');
    const config = parseOptions([
      '--etcd-servers=memory',
      `--token-auth-file=${join(folder, 'tokens')}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${folder}`,
      '--shutdown-delay-duration=2s',
      '--min-request-timeout=1',
    ]);
    const stop = new AbortController();
    const running = runKubeApiserver(config, realEnv('test', 'error'), stop.signal);
    const ask = (path: string) =>
      new Promise<{ status: number; text: string }>((resolve) => {
        const outgoing = httpsRequest(
          {
            host: '127.0.0.1',
            port,
            path,
            headers: { authorization: 'Bearer good' },
            rejectUnauthorized: false,
            agent: false,
          },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            response.on('close', () => resolve({ status: response.statusCode!, text }));
          },
        );
        outgoing.on('error', () => resolve({ status: 0, text: '' }));
        outgoing.end();
      });
    const deadline = Date.now() + 40_000;
    while ((await ask('/readyz')).status !== 200) assert.ok(Date.now() < deadline);
    // A watch without a timeout lasts between one and two seconds.
    assert.match((await ask('/api/v1/namespaces?watch=1')).text, /kube-system/);
    stop.abort(new Error('over'));
    while ((await ask('/readyz')).status !== 500) assert.ok(Date.now() < deadline);
    assert.deepEqual(
      [(await ask('/livez')).status, (await ask('/api/v1/namespaces')).status],
      [200, 200],
    );
    await running;
    assert.equal((await ask('/livez')).status, 0);
    await rm(folder, { recursive: true, force: true });
  });
});

describe('apiservers on one etcd', function () {
  this.timeout(60_000);
  let etcd: EtcdProcess;
  let servers: RunningApiServer[] = [];
  let apis: Api[] = [];

  before(async () => {
    etcd = await startEtcd();
    servers = await Promise.all(
      [1, 2].map(() => startApiServer({ storage: { etcd: [etcd.endpoint] } })),
    );
    await Promise.all(servers.map((server) => server.ready()));
    apis = servers.map((server) => new Api(server));
  });
  after(async () => {
    for (const api of apis) api.close();
    await Promise.all(servers.map((server) => server.stop()));
    await etcd.stop();
  });

  it('never serve stale reads: a write to one is visible on the other', async () => {
    const [one, two] = apis as [Api, Api];
    const ns = await namespace(one, 'pair');
    for (let n = 0; n < 30; n++) {
      const made: Json = await one.ok(one.post(`${ns}/configmaps`, configMap(`c${n}`)), 201);
      const read: Json = await two.ok(two.get(`${ns}/configmaps/c${n}`));
      assert.equal(read.metadata.resourceVersion, made.metadata.resourceVersion);
      const changed: Json = await two.ok(
        two.patch(`${ns}/configmaps/c${n}`, 'application/merge-patch+json', {
          data: { n: String(n) },
        }),
      );
      const list: Json = await one.ok(one.get(`${ns}/configmaps`));
      assert.equal(
        list.items.find(({ metadata }: Json) => metadata.name === `c${n}`).metadata.resourceVersion,
        changed.metadata.resourceVersion,
      );
    }
  });

  it('never give one node port to two services', async () => {
    const [one, two] = apis as [Api, Api];
    const ns = await namespace(one, 'ports');
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, at) => {
        const api = at % 2 ? one : two;
        return api.ok(
          api.post(`${ns}/services`, {
            metadata: { name: `s${at}` },
            spec: { type: 'NodePort', ports: [{ port: 80 }] },
          }),
          201,
        );
      }),
    );
    assert.equal(new Set(made.map((service: Json) => service.spec.ports[0].nodePort)).size, 40);
  });

  it('recover after an outage of etcd with their watches, without losing acknowledged writes', async () => {
    const [one, two] = apis as [Api, Api];
    const ns = await namespace(one, 'outage');
    await one.ok(one.post(`${ns}/configmaps`, configMap('before')), 201);
    const watch = two.watch(`${ns}/configmaps?watch=1`);
    await watch.until((events) => events.length === 1);
    await etcd.kill();
    assert.equal((await one.get('/readyz/etcd')).status, 500);
    await etcd.start();
    const deadline = Date.now() + 40_000;
    for (;;) {
      const answer = await one.post(`${ns}/configmaps`, configMap('after'));
      if (answer.status === 201 || answer.status === 409) break;
      assert.ok(Date.now() < deadline, `still ${answer.status}`);
    }
    await watch.until((events) => events.length === 2);
    assert.deepEqual(
      watch.events.map(({ object }) => object.metadata.name),
      ['before', 'after'],
    );
    const list: Json = await two.ok(two.get(`${ns}/configmaps`));
    assert.deepEqual(
      list.items.map(({ metadata }: Json) => metadata.name),
      ['after', 'before'],
    );
    watch.close();
  });
});
