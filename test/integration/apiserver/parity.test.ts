// Answers that other servers' clients rely on, as kube-apiserver 1.32 gives them.
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { protobufBody } from '../../support/protobuf-body.js';
import { Api, configMap, namespace, pod, type Json } from './harness.js';
import { serve } from './serve.js';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

describe('parity of the API server', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;
  let ns = '';
  let run = 0;

  serve((...made) => ([server, api] = made), 'memory');
  beforeEach(async () => {
    assert.ok(server);
    ns = await namespace(api, `parity-${run++}`);
  });

  describe('resourceVersion "0"', () => {
    it('is no version on create, replace and patch', async () => {
      const unset = (more: Json): Json => ({ ...configMap('a'), ...more });
      const zero = { name: 'a', resourceVersion: '0' };
      await api.ok(api.post(`${ns}/configmaps`, unset({ metadata: zero })), 201);
      await api.ok(api.put(`${ns}/configmaps/a`, unset({ metadata: zero, data: { q: '1' } })));
      await api.ok(api.patch(`${ns}/configmaps/a`, MERGE, { metadata: zero, data: { q: '2' } }));
      await api.ok(
        api.patch(`${ns}/configmaps/a`, JSON_PATCH, [
          { op: 'replace', path: '/metadata/resourceVersion', value: '0' },
          { op: 'replace', path: '/data/r', value: '3' },
        ]),
      );
      const { data } = await api.ok(api.get(`${ns}/configmaps/a`));
      assert.deepEqual([data.q, data.r], ['2', '3']);
    });

    it('does not replace the version that a kind requires', async () => {
      const lease = { metadata: { name: 'l' }, spec: { holderIdentity: 'a' } };
      const leases = ns.replace('/api/v1', '/apis/coordination.k8s.io/v1') + '/leases';
      await api.ok(api.post(leases, lease), 201);
      const answer = await api.put(`${leases}/l`, {
        ...lease,
        metadata: { name: 'l', resourceVersion: '0' },
      });
      assert.equal(answer.status, 422);
      assert.match(answer.json.message, /metadata.resourceVersion: Invalid value: 0x0/);
    });

    it('leaves other versions a precondition', async () => {
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const patch = { metadata: { resourceVersion: '1' } };
      assert.equal((await api.patch(`${ns}/configmaps/a`, MERGE, patch)).status, 409);
    });
  });

  it('gives the object without finalizers when an update removes the last one', async () => {
    const held = (name: string): Json => ({
      ...configMap(name),
      metadata: { name, finalizers: ['example.com/hold'] },
    });
    for (const name of ['a', 'b']) {
      await api.ok(api.post(`${ns}/configmaps`, held(name)), 201);
      await api.ok(api.delete(`${ns}/configmaps/${name}`));
    }
    const patched = await api.ok(
      api.patch(`${ns}/configmaps/a`, MERGE, {
        metadata: { finalizers: null, labels: { x: 'y' } },
      }),
    );
    const put = await api.ok(api.put(`${ns}/configmaps/b`, { ...configMap('b') }));
    for (const answer of [patched, put]) {
      assert.equal(answer.metadata.finalizers, undefined);
      assert.match(answer.metadata.resourceVersion, /^[1-9]/);
      assert.equal((await api.get(`${ns}/configmaps/${answer.metadata.name}`)).status, 404);
    }
    assert.deepEqual(patched.metadata.labels, { x: 'y' });
  });

  describe('texts of refusals', () => {
    const told = async (body: string, query = ''): Promise<string> =>
      (await api.post(`${ns}/configmaps${query}`, body)).json.message;
    const head = 'the object provided is unrecognized (must be of type ConfigMap): ';
    const parse = `${head}couldn't get version/kind; json parse error: `;

    it('of bodies are those of Go', async () => {
      assert.equal(await told('{"a":'), `${parse}unexpected end of JSON input ({"a":)`);
      assert.equal(await told(''), `${parse}unexpected end of JSON input (<empty>)`);
      assert.equal(
        await told('x'),
        `${parse}invalid character 'x' looking for beginning of value (78)`,
      );
      assert.equal(
        await told('[]'),
        `${parse}json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)`,
      );
      assert.equal(
        await told('{"kind":5}'),
        `${parse}json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})`,
      );
      assert.equal(
        await told('{"kind":"Pod"}'),
        'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion',
      );
      assert.match(await told('{"kind":"Dog"}'), /no kind "Dog" is registered for version "v1"/);
      assert.match(await told('null'), /name or generateName is required/);
    });

    it('name problems in the order of the document', async () => {
      assert.equal(
        await told('{"zz":1,"metadata":{"name":"a","name":"b"},"yy":2}', '?fieldValidation=Strict'),
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "zz", duplicate field "metadata.name", unknown field "yy"',
      );
      const yaml = 'metadata: {name: a}\ndata: {a: "1"}\ndata: {b: "1"}\nfoo: 1\n';
      const { json } = await api.post(`${ns}/configmaps?fieldValidation=Strict`, yaml, {
        'content-type': 'application/yaml',
      });
      assert.match(
        json.message,
        /error: yaml: unmarshal errors:\n {2}line 3: key "data" already set in map, unknown field "foo"$/,
      );
    });

    it('of patches are those of upstream', async () => {
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const patched = async (type: string, body: string): Promise<[number, string]> => {
        const { status, json } = await api.patch(
          `${ns}/configmaps/a?fieldManager=x`,
          `application/${type}`,
          body,
        );
        return [status, json.message];
      };
      const noObject = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
      for (const [type, body, status, text] of [
        ['merge-patch+json', '{', 400, 'Invalid JSON Patch'],
        ['merge-patch+json', '5', 400, 'Invalid JSON Patch'],
        ['json-patch+json', '{', 400, 'unexpected end of JSON input'],
        ['json-patch+json', '[]', 200, undefined],
        ['strategic-merge-patch+json', '[]', 400, noObject],
        ['strategic-merge-patch+json', 'null', 200, undefined],
        [
          'apply-patch+yaml',
          '[]',
          400,
          `error decoding YAML: error unmarshaling JSON: while decoding JSON: ${noObject}`,
        ],
      ] as const)
        assert.deepEqual(await patched(type, body), [status, text], `${type} ${body}`);
    });

    it('are a Status for every path of a served group', async () => {
      for (const path of ['/apis/apps/v2/x', '/apis/apps/v1/x', '/apis/apps/v2', '/api/v2/pods']) {
        const { status, json } = await api.get(path);
        assert.deepEqual([status, json.kind, json.details], [404, 'Status', {}], path);
      }
      for (const path of ['/apis/none.example.com/v1/x', '/apis//x', '/none']) {
        const { status, bytes } = await api.get(path);
        assert.deepEqual([status, bytes.toString()], [404, '404 page not found\n'], path);
      }
    });
  });

  describe('rooms that change a part', () => {
    it('finalize follows the finalizers in the metadata of the body', async () => {
      await api.ok(api.patch(ns, MERGE, { metadata: { finalizers: ['example.com/hold'] } }));
      await api.ok(api.delete(ns));
      const { metadata, spec, ...rest } = await api.ok(api.get(ns));
      const { finalizers: _, ...free } = metadata;
      const held = await api.ok(
        api.put(`${ns}/finalize`, { ...rest, metadata, spec: { ...spec, finalizers: [] } }),
      );
      assert.deepEqual(held.metadata.finalizers, ['example.com/hold']);
      const { resourceVersion: _version, ...fresh } = free;
      const last = await api.ok(
        api.put(`${ns}/finalize`, { ...rest, metadata: fresh, spec: {}, status: { phase: 'Odd' } }),
      );
      assert.deepEqual([last.metadata.finalizers, last.status.phase], [undefined, 'Terminating']);
      assert.equal((await api.get(ns)).status, 404);
    });

    it('evictions ask the budget in a dry run too, and take nothing', async () => {
      const account = { metadata: { name: 'default' } };
      await api.post(`${ns}/serviceaccounts`, account);
      const labels = { app: 'x' };
      const made = { ...pod('p'), metadata: { name: 'p', labels } };
      await api.ok(api.post(`${ns}/pods`, made), 201);
      await api.ok(
        api.patch(`${ns}/pods/p/status`, MERGE, {
          status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
        }),
      );
      const budgets = `${ns.replace('/api/v1', '/apis/policy/v1')}/poddisruptionbudgets`;
      await api.ok(
        api.post(budgets, {
          metadata: { name: 'b' },
          spec: { minAvailable: 1, selector: { matchLabels: labels } },
        }),
        201,
      );
      const allow = (disruptionsAllowed: number) =>
        api.ok(
          api.patch(`${budgets}/b/status`, MERGE, {
            status: { disruptionsAllowed, observedGeneration: 1, currentHealthy: 1 },
          }),
        );
      const evict = (query: string) =>
        api.post(`${ns}/pods/p/eviction${query}`, { metadata: { name: 'p' } });
      await allow(0);
      for (const query of ['?dryRun=All', '']) assert.equal((await evict(query)).status, 429);
      await allow(1);
      assert.equal((await evict('?dryRun=All')).status, 201);
      const { status } = await api.ok(api.get(`${budgets}/b`));
      assert.deepEqual([status.disruptionsAllowed, status.disruptedPods], [1, undefined]);
      await api.ok(api.get(`${ns}/pods/p`));
    });
  });

  it('keeps priority and preemption policy when an update leaves them out', async () => {
    await api.post(`${ns}/serviceaccounts`, { metadata: { name: 'default' } });
    const made = await api.ok(api.post(`${ns}/pods`, pod('p')), 201);
    const { priority: _, preemptionPolicy: _policy, ...spec } = made.spec;
    const next = await api.ok(api.put(`${ns}/pods/p`, { ...made, spec }));
    assert.deepEqual([next.spec.priority, next.spec.preemptionPolicy], [0, 'PreemptLowerPriority']);
  });

  describe('bytes', () => {
    it('escape what Go escapes, in objects, lists, events and Status', async () => {
      const value = '<a href="x">&\u2028\u2029\u007f é</a>';
      const made = { ...configMap('a'), data: { '<': value } };
      const answer = await api.post(`${ns}/configmaps`, { ...made, data: { k: value } });
      const wanted =
        '"k":"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028\\u2029\u007f é\\u003c/a\\u003e"';
      for (const { bytes } of [answer, await api.get(`${ns}/configmaps`)])
        assert.ok(bytes.toString().includes(wanted), bytes.toString());
      assert.equal(answer.json.data.k, value);
      const refused = await api.post(`${ns}/configmaps`, made);
      assert.equal(refused.status, 422);
      assert.ok(!/[<>&]/.test(refused.bytes.toString()), refused.bytes.toString());
    });
  });

  describe('discovery', () => {
    it('names storage versions', async () => {
      const hashes = async (path: string): Promise<Record<string, string | undefined>> => {
        const { resources } = await api.ok(api.get(path));
        return Object.fromEntries(
          resources.map((one: Json) => [one.name, one.storageVersionHash as string | undefined]),
        );
      };
      const core = await hashes('/api/v1');
      assert.deepEqual(
        [core['pods'], core['events'], core['pods/status'], core['bindings']],
        ['xPOwRZ+Yhw8=', 'r2yiGXH7wu8=', undefined, undefined],
      );
      assert.equal((await hashes('/apis/events.k8s.io/v1'))['events'], 'r2yiGXH7wu8=');
      const [one, two] = [
        await hashes('/apis/autoscaling/v1'),
        await hashes('/apis/autoscaling/v2'),
      ];
      assert.equal(one['horizontalpodautoscalers'], two['horizontalpodautoscalers']);
      assert.equal((await hashes('/apis/authentication.k8s.io/v1'))['tokenreviews'], undefined);
    });

    it('lists resources by name', async () => {
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
      for (const path of ['/api', '/apis']) {
        const { items } = await api.ok(api.get(path, { accept }));
        for (const { versions } of items)
          for (const { resources } of versions) {
            const names = resources.map(({ resource }: Json) => resource as string);
            assert.deepEqual(names, names.toSorted());
          }
      }
    });
  });

  it('gives the blueprint of an empty list with the end of the initial events', async () => {
    const query =
      '?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1';
    const key = 'kubernetes.io/initial-events-list-blueprint';
    for (const [as, kind] of [
      ['', 'ConfigMapList'],
      [';as=PartialObjectMetadata;g=meta.k8s.io;v=v1', 'PartialObjectMetadataList'],
      [';as=Table;g=meta.k8s.io;v=v1', 'Table'],
    ] as const) {
      const watch = api.watch(`${ns}/configmaps${query}`, { accept: `application/json${as}` });
      await watch.until((events) => events.some(({ type }) => type === 'BOOKMARK'));
      watch.close();
      const { object } = watch.events.find(({ type }) => type === 'BOOKMARK')!;
      const { annotations } = (object.rows?.[0].object ?? object).metadata;
      assert.equal(annotations['k8s.io/initial-events-end'], 'true');
      const text = Buffer.from(annotations[key], 'base64').toString();
      const blueprint = JSON.parse(text) as Json;
      assert.deepEqual([blueprint.kind, text.endsWith('\n')], [kind, true]);
      if (kind === 'Table') assert.ok(blueprint.columnDefinitions.length && !blueprint.rows.length);
      else assert.equal(blueprint.items, null);
    }
  });

  it('has no Table of a review, and falls back to what else the client accepts', async () => {
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const ask = { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } };
    const reviews: [string, Json][] = [
      ['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', ask],
      ['/apis/authentication.k8s.io/v1/selfsubjectreviews', {}],
      ['/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: 'x' } }],
    ];
    for (const [path, body] of reviews) {
      const refused = await api.post(path, body, { accept: table });
      assert.deepEqual([refused.status, refused.json.reason], [406, 'NotAcceptable'], path);
      const made = await api.post(path, body, { accept: `${table},application/json` });
      assert.deepEqual([made.status, /Table/.test(made.json.kind)], [201, false], path);
    }
    await api.ok(api.get(`${ns}/pods`, { accept: table }));
  });

  it('gives a list of metadata without objects null items', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    assert.equal((await api.ok(api.get(`${ns}/secrets`, { accept }))).items, null);
    assert.deepEqual((await api.ok(api.get(`${ns}/secrets`))).items, []);
  });

  describe('a list whose continue token names a compacted revision', () => {
    const compacted = async (): Promise<{ path: string; token: string }> => {
      const path = `${ns}/configmaps`;
      for (const name of ['a', 'b', 'c', 'd']) await api.ok(api.post(path, configMap(name)), 201);
      const first = await api.ok(api.get(`${path}?limit=2`));
      await api.ok(api.delete(`${path}/c`));
      await api.ok(api.post(path, configMap('e')), 201);
      const again = await api.get(`${path}?limit=2&continue=${first.metadata.continue}`);
      assert.deepEqual([again.status, again.json.items[0].metadata.name], [200, 'c']);
      await server.storage.compact(await server.storage.currentRevision());
      return { path, token: first.metadata.continue };
    };
    const names = ({ items }: Json) => items.map(({ metadata }: Json) => metadata.name as string);

    it('answers 410 with a token, from which the list goes on', async () => {
      const { path, token } = await compacted();
      const { status, json } = await api.get(`${path}?limit=2&continue=${token}`);
      assert.deepEqual([status, json.reason], [410, 'Expired']);
      assert.match(json.message, /^The provided continue parameter is too old to display/);
      const rest = await api.ok(api.get(`${path}?limit=1&continue=${json.metadata.continue}`));
      assert.deepEqual(names(rest), ['d']);
      const last = await api.ok(api.get(`${path}?limit=5&continue=${rest.metadata.continue}`));
      assert.deepEqual(names(last), ['e', 'kube-root-ca.crt'].slice(0, last.items.length));
      assert.equal(last.metadata.continue, undefined);
    });

    it('answers 410 without a token for the revision itself', async () => {
      const { path } = await compacted();
      const query = '?resourceVersionMatch=Exact&resourceVersion=2';
      const { status, json } = await api.get(`${path}${query}`);
      assert.deepEqual([status, json.reason, json.metadata], [410, 'Expired', {}]);
    });
  });

  describe('watches over WebSockets', () => {
    const open = (path: string, protocols: string[] = []): WebSocket => {
      const admin = server.pki.certificates['components/admin']!;
      return new WebSocket(`${server.url.replace('https', 'wss')}${path}`, protocols, {
        ca: server.caPem,
        cert: admin.certPem,
        key: admin.keyPem,
      });
    };
    const received = async (socket: WebSocket, count: number): Promise<[Buffer, boolean][]> => {
      const messages: [Buffer, boolean][] = [];
      await new Promise<void>((resolve, reject) => {
        socket.on('message', (data: Buffer, isBinary) => {
          if (messages.push([data, isBinary]) === count) resolve();
        });
        socket.on('error', reject);
      });
      return messages;
    };

    for (const [protocol, isBinary, decode] of [
      ['', false, (data: Buffer) => data.toString()],
      ['binary.k8s.io', true, (data: Buffer) => data.toString()],
      [
        'base64.binary.k8s.io',
        false,
        (data: Buffer) => Buffer.from(data.toString(), 'base64').toString(),
      ],
    ] as const)
      it(`send one event a message (${protocol || 'text'})`, async () => {
        const path = `${ns}/secrets`;
        const { metadata } = await api.ok(api.get(path));
        const socket = open(
          `${path}?watch=1&resourceVersion=${metadata.resourceVersion}`,
          protocol ? [protocol] : [],
        );
        const arriving = received(socket, 3);
        await api.ok(api.post(path, { metadata: { name: 'a' } }), 201);
        await api.ok(api.post(path, { metadata: { name: 'b' } }), 201);
        await api.ok(api.delete(`${path}/a`));
        const messages = await arriving;
        assert.equal(socket.protocol, protocol);
        const events = messages.map(([data, binary]) => {
          assert.equal(binary, isBinary);
          return JSON.parse(decode(data)) as Json;
        });
        assert.deepEqual(
          events.map(({ type, object }) => [type, object.metadata.name]),
          [
            ['ADDED', 'a'],
            ['ADDED', 'b'],
            ['DELETED', 'a'],
          ],
        );
        socket.close();
        await new Promise((resolve) => socket.once('close', resolve));
      });

    it('send rows of tables to browsers, which cannot set Accept', async () => {
      const path = `${ns}/configmaps`;
      const { metadata } = await api.ok(api.get(path));
      const bearer = 'base64url.bearer.authorization.k8s.io.bm9uZQ';
      const socket = open(`${path}?watch=1&resourceVersion=${metadata.resourceVersion}`, [
        'table.wheelhouse.io',
        bearer,
      ]);
      const arriving = received(socket, 1);
      await api.ok(api.post(path, { ...configMap('a'), data: { k: 'v' } }), 201);
      const [[data] = []] = await arriving;
      assert.equal(socket.protocol, 'table.wheelhouse.io');
      const { type, object } = JSON.parse(data!.toString()) as Json;
      assert.deepEqual(
        [type, object.kind, object.rows[0].cells.slice(0, 2), object.rows[0].object.kind],
        ['ADDED', 'Table', ['a', 1], 'PartialObjectMetadata'],
      );
      socket.close();
    });

    it('end with the time-out of the watch, and ignore what the client says', async () => {
      const socket = open(`${ns}/secrets?watch=1&timeoutSeconds=1`);
      socket.on('open', () => socket.send('hello'));
      const code = await new Promise((resolve) => socket.once('close', resolve));
      assert.equal(code, 1000);
    });

    it('are refused where there is no such kind', async () => {
      const socket = open(`${ns}/dogs?watch=1`);
      const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
      assert.match(error.message, /404/);
    });
  });
});

describe('a store that upstream wrote', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;
  serve((...made) => ([server, api] = made), 'memory');

  const put = (key: string, value: Uint8Array | string) =>
    server.storage.transact(
      [],
      [{ type: 'put', key, value: typeof value === 'string' ? Buffer.from(value) : value }],
      [],
    );

  it('is read: protobuf objects, and JSON in any order', async () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', namespace: 'default', uid: 'u', labels: { a: 'b' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: 'c', image: 'x', resources: { limits: { cpu: '1' } } }] },
        },
      },
    };
    const schema = 'io.k8s.api.apps.v1.Deployment';
    await put('/registry/deployments/default/d', protobufBody(object, schema));
    await put(
      '/registry/configmaps/default/j',
      '{"metadata":{"namespace":"default","name":"j"},"data":{"a":"1"},"apiVersion":"v1","kind":"ConfigMap"}',
    );
    const found = await api.ok(api.get('/apis/apps/v1/namespaces/default/deployments/d'));
    assert.deepEqual(
      [found.spec.replicas, found.spec.template.spec.containers[0].resources.limits.cpu],
      [2, '1'],
    );
    assert.deepEqual([found.status, found.spec.strategy], [{}, {}]);
    assert.equal(found.spec.template.metadata.creationTimestamp, null);
    const { items } = await api.ok(
      api.get('/apis/apps/v1/namespaces/default/deployments?labelSelector=a=b'),
    );
    assert.equal(items.length, 1);
    await api.ok(
      api.patch('/apis/apps/v1/namespaces/default/deployments/d', MERGE, { spec: { replicas: 3 } }),
    );
    assert.equal((await api.ok(api.get('/api/v1/namespaces/default/configmaps/j'))).data.a, '1');
  });

  for (const [what, value] of [
    ['text', 'garbage'],
    ['half an object', '{"kind":"Secret","apiVersion":"v1","metadata":{"name":"bad","na'],
    ['encrypted', 'k8s:enc:aescbc:v1:key:\u0001\u0002'],
    ['protobuf of no known kind', Buffer.from('6b387300' + '0a070a0376311200', 'hex')],
  ] as const)
    it(`costs only the lists of one resource when a value is ${what}`, async () => {
      await put('/registry/secrets/default/bad', value);
      const path = '/api/v1/namespaces/default/secrets';
      for (const url of [path, `${path}/bad`, '/api/v1/secrets?limit=1']) {
        const { status, json } = await api.get(url);
        assert.equal(status, 500, url);
        assert.match(json.message, /unable to decode secrets\/default\/bad in the store/);
      }
      assert.equal((await api.get('/api/v1/namespaces/default/configmaps')).status, 200);
      const second = await startApiServer({ storage: server.storage });
      await second.ready();
      const other = new Api(second);
      assert.equal((await other.get(path)).status, 500);
      assert.equal((await other.get('/api/v1/namespaces')).status, 200);
      other.close();
      await second.stop();
      await server.storage.transact(
        [],
        [{ type: 'delete', key: '/registry/secrets/default/bad' }],
        [],
      );
      await api.ok(api.get(path));
    });
});
