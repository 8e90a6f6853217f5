// Admission webhooks on a real server: every write path asks them, and their answers count.
import assert from 'node:assert/strict';
import { configMap, pod, type Json } from '../apiserver/harness.js';
import { hookSuite, patchOf, refusal } from './webhook-suite.js';

const MERGE = 'application/merge-patch+json';

describe('admission webhooks', function () {
  this.timeout(60_000);
  const suite = hookSuite();
  const allow = () => ({});
  const deny = (message: string) => () => ({ allowed: false, status: { message } });
  /** 'OPERATION resource/part Kind name' of each review. */
  const seen = () =>
    suite.asked.map(({ request: { operation, resource, subResource, kind, name = '' } }) =>
      [
        operation,
        `${resource.resource}${subResource ? `/${subResource}` : ''}`,
        kind.kind,
        name,
      ].join(' '),
    );

  it('are asked on every write path, about the objects of that path', async () => {
    const { api, ns } = suite;
    await suite.add('validating', 'v', allow);
    const deployment = {
      metadata: { name: 'd' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: 'c', image: 'x' }] },
        },
      },
    };
    const apps = ns.replace('/api/v1', '/apis/apps/v1');
    const writes: [() => Promise<{ status: number }>, ...string[]][] = [
      [() => api.post(`${ns}/configmaps`, configMap('a')), 'CREATE configmaps ConfigMap a'],
      [
        () => api.put(`${ns}/configmaps/a`, configMap('a', { b: '1' })),
        'UPDATE configmaps ConfigMap a',
      ],
      [
        () => api.patch(`${ns}/configmaps/a`, MERGE, { data: { c: '1' } }),
        'UPDATE configmaps ConfigMap a',
      ],
      [
        () =>
          api.patch(`${ns}/configmaps/a`, 'application/json-patch+json', [
            { op: 'add', path: '/data/d', value: '1' },
          ]),
        'UPDATE configmaps ConfigMap a',
      ],
      [
        () =>
          api.patch(`${ns}/configmaps/a`, 'application/strategic-merge-patch+json', {
            data: { e: '1' },
          }),
        'UPDATE configmaps ConfigMap a',
      ],
      [
        () =>
          api.patch(
            `${ns}/configmaps/a?fieldManager=m`,
            'application/apply-patch+yaml',
            configMap('a', { f: '1' }),
          ),
        'UPDATE configmaps ConfigMap a',
      ],
      [
        () =>
          api.patch(
            `${ns}/configmaps/b?fieldManager=m`,
            'application/apply-patch+yaml',
            configMap('b'),
          ),
        'CREATE configmaps ConfigMap b',
      ],
      [
        () => api.post(`${ns}/configmaps?dryRun=All`, configMap('c')),
        'CREATE configmaps ConfigMap c',
      ],
      [() => api.delete(`${ns}/configmaps/b`), 'DELETE configmaps ConfigMap b'],
      [() => api.post(`${ns}/configmaps`, configMap('b')), 'CREATE configmaps ConfigMap b'],
      // The objects of a collection have no name in their reviews.
      [
        () => api.delete(`${ns}/configmaps`),
        'DELETE configmaps ConfigMap ',
        'DELETE configmaps ConfigMap ',
      ],
      [() => api.post(`${apps}/deployments`, deployment), 'CREATE deployments Deployment d'],
      [
        () => api.patch(`${apps}/deployments/d/status`, MERGE, { status: { replicas: 1 } }),
        'UPDATE deployments/status Deployment d',
      ],
      [
        () => api.patch(`${apps}/deployments/d/scale`, MERGE, { spec: { replicas: 2 } }),
        'UPDATE deployments/scale Scale d',
      ],
      [
        () =>
          api.put(`${apps}/deployments/d/scale`, {
            apiVersion: 'autoscaling/v1',
            kind: 'Scale',
            metadata: { name: 'd' },
            spec: { replicas: 3 },
          }),
        'UPDATE deployments/scale Scale d',
      ],
      [() => api.post(`${ns}/pods`, pod('p')), 'CREATE pods Pod p'],
      [() => api.post(`${ns}/pods`, pod('q')), 'CREATE pods Pod q'],
      [
        () =>
          api.patch(`${ns}/pods/p/ephemeralcontainers`, MERGE, {
            spec: { ephemeralContainers: [{ name: 'e', image: 'x' }] },
          }),
        'UPDATE pods/ephemeralcontainers Pod p',
      ],
      [
        () =>
          api.post(`${ns}/pods/p/binding`, {
            metadata: { name: 'p' },
            target: { kind: 'Node', name: 'n' },
          }),
        'CREATE pods/binding Binding p',
      ],
      [
        () =>
          api.post(`${ns}/bindings`, {
            metadata: { name: 'q' },
            target: { kind: 'Node', name: 'n' },
          }),
        'CREATE bindings Binding q',
      ],
      [
        () =>
          api.post(`${ns}/pods/q/eviction`, {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name: 'q' },
          }),
        'CREATE pods/eviction Eviction q',
      ],
      [
        () =>
          api.post(`${ns}/serviceaccounts/default/token`, {
            apiVersion: 'authentication.k8s.io/v1',
            kind: 'TokenRequest',
            spec: {},
          }),
        'CREATE serviceaccounts/token TokenRequest default',
      ],
    ];
    for (const [write, ...reviews] of writes) {
      suite.asked.length = 0;
      const { status } = await write();
      assert.ok(status < 300, `${reviews[0]}: ${status}`);
      assert.deepEqual(seen(), reviews);
    }
  });

  it('are asked about exec and the like with their options', async () => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/pods`, pod('p')), 201);
    await suite.add('validating', 'v', deny('closed'), {
      rules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/*'] },
      ],
    });
    const paths: [string, string, object][] = [
      [
        'exec?command=sh&command=-c&stdin=true&tty=1&container=c',
        'PodExecOptions',
        { command: ['sh', '-c'], stdin: true, tty: true, container: 'c' },
      ],
      ['attach?stdout=true', 'PodAttachOptions', { stdout: true }],
      ['portforward?ports=80&ports=81', 'PodPortForwardOptions', { ports: [80, 81] }],
      ['proxy/a/b?x=1', 'PodProxyOptions', { path: '/a/b' }],
    ];
    for (const [path, kind, options] of paths) {
      suite.asked.length = 0;
      const message = await refusal(api.get(`${ns}/pods/p/${path}`), 400);
      assert.equal(message, 'admission webhook "v.example.com" denied the request: closed');
      const { request } = suite.asked[0]!;
      assert.deepEqual(request.object, { kind, apiVersion: 'v1', ...options });
      assert.equal(request.operation, 'CONNECT');
      assert.equal(request.options, null);
    }
    // Logs are a read.
    suite.asked.length = 0;
    await api.get(`${ns}/pods/p/log`);
    assert.deepEqual(suite.asked, []);
  });

  it('deny with their own code, reason and details, and stop the write', async () => {
    const { api, ns } = suite;
    await suite.add('validating', 'v', () => ({
      allowed: false,
      warnings: ['look out'],
      status: { code: 409, reason: 'Busy', message: 'later', details: { retryAfterSeconds: 7 } },
    }));
    const answer = await api.post(`${ns}/configmaps`, configMap('a'));
    assert.equal(answer.status, 409);
    assert.equal(answer.json.reason, 'Busy');
    assert.equal(answer.headers['retry-after'], '7');
    assert.equal(answer.headers['warning'], '299 - "look out"');
    assert.equal((await api.get(`${ns}/configmaps/a`)).status, 404);
  });

  it('change objects one after the other, and once more when they want that', async () => {
    const { api, ns } = suite;
    const append = (text: string) => (request: Json) => {
      const order = request.object.data?.order ?? '';
      return patchOf([{ op: 'add', path: '/data', value: { order: order + text } }]);
    };
    await suite.add('mutating', 'b', append('b'));
    await suite.add('mutating', 'a', append('a'), { reinvocationPolicy: 'IfNeeded' });
    const made: Json = await api.ok(
      api.post(`${ns}/configmaps`, configMap('x', { order: '' })),
      201,
    );
    assert.equal(made.data.order, 'aba');
    const fields = JSON.stringify(made.metadata.managedFields);
    assert.match(fields, /f:data/);
  });

  it('see defaults of what an earlier one added, and tell of their patches', async () => {
    const { api, ns } = suite;
    await suite.add('mutating', 'a', (request: Json) =>
      request.object.spec.containers.length > 1
        ? {}
        : patchOf([{ op: 'add', path: '/spec/containers/-', value: { name: 's', image: 's:1' } }]),
    );
    await suite.add('mutating', 'b', allow);
    const made: Json = await api.ok(api.post(`${ns}/pods`, pod('p')), 201);
    assert.equal(made.spec.containers[1].imagePullPolicy, 'IfNotPresent');
    const second = suite.asked.find(({ hook }) => hook === 'b')!.request;
    assert.equal(second.object.spec.containers[1].terminationMessagePath, '/dev/termination-log');
    assert.equal(second.object.metadata.uid, undefined);
  });

  it('change a scale, which is then the size of its parent', async () => {
    const { api, ns } = suite;
    const apps = `${ns.replace('/api/v1', '/apis/apps/v1')}/replicasets`;
    const template = {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    };
    await api.ok(
      api.post(apps, {
        metadata: { name: 'r' },
        spec: { replicas: 1, selector: { matchLabels: { a: 'b' } }, template },
      }),
      201,
    );
    await suite.add('mutating', 'half', (request: Json) =>
      patchOf([
        {
          op: 'replace',
          path: '/spec/replicas',
          value: Math.floor(request.object.spec.replicas / 2),
        },
      ]),
    );
    const scale = await api.ok(api.patch(`${apps}/r/scale`, MERGE, { spec: { replicas: 8 } }));
    assert.equal(scale.spec.replicas, 4);
    assert.equal((await api.ok(api.get(`${apps}/r`))).spec.replicas, 4);
  });

  it('get a PUT as the client sent it, and the stored object beside it', async () => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/configmaps`, configMap('a', { x: '1' })), 201);
    await suite.add('mutating', 'm', allow);
    await suite.add('validating', 'v', allow);
    await api.ok(api.put(`${ns}/configmaps/a`, configMap('a', { x: '2' })));
    const [mutating, validating] = suite.asked.map(({ request }) => request);
    assert.equal(mutating.object.metadata.uid, undefined);
    assert.equal(mutating.object.metadata.resourceVersion, undefined);
    assert.equal(mutating.oldObject.data.x, '1');
    assert.equal(validating.object.metadata.uid, mutating.oldObject.metadata.uid);
    // A stale PUT loses only after the mutating webhooks, as upstream.
    suite.asked.length = 0;
    const stale = { ...configMap('a'), metadata: { name: 'a', resourceVersion: '1' } };
    await refusal(api.put(`${ns}/configmaps/a`, stale), 409);
    assert.deepEqual([...new Set(suite.asked.map(({ hook }) => hook))], ['m']);
  });

  it('let requests through when they fail and may, and count that', async () => {
    const { api, ns } = suite;
    const broken = (_request: Json, { answer }: { answer: { destroy(): void } }) => {
      answer.destroy();
      return undefined;
    };
    await suite.add('validating', 'open', broken, { failurePolicy: 'Ignore' });
    await suite.add('mutating', 'openm', broken, { failurePolicy: 'Ignore' });
    await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
    await suite.add('validating', 'closed', broken);
    assert.match(
      await refusal(api.post(`${ns}/configmaps`, configMap('b')), 500),
      /^Internal error occurred: failed calling webhook "closed.example.com": failed to call webhook: Post "https:\/\/127.0.0.1:\d+\/closed\?timeout=5s": EOF$/,
    );
    const metrics = (await api.get('/metrics')).bytes.toString();
    for (const line of [
      'apiserver_admission_webhook_fail_open_count{name="open.example.com",type="validating"} 2',
      'apiserver_admission_webhook_fail_open_count{name="openm.example.com",type="admit"} 2',
      'apiserver_admission_webhook_rejection_count{name="closed.example.com",type="validating",operation="CREATE",error_type="calling_webhook_error",rejection_code="503"} 1',
      'apiserver_admission_webhook_request_total{name="closed.example.com",type="validating",operation="CREATE",code="503",rejected="true"} 1',
    ])
      assert.ok(metrics.includes(line), line);
    for (const pattern of [
      /apiserver_admission_step_admission_duration_seconds_count\{type="validate",operation="CREATE",rejected="true"\} [1-9]/,
      /apiserver_admission_controller_admission_duration_seconds_count\{name="ValidatingAdmissionWebhook",type="validate",operation="CREATE",rejected="true"\} [1-9]/,
      /apiserver_admission_controller_admission_duration_seconds_bucket\{name="NamespaceLifecycle",type="admit",operation="CREATE",rejected="false",le="2.5"\} [1-9]/,
    ])
      assert.match(metrics, pattern);
    assert.match(
      metrics,
      /apiserver_admission_webhook_admission_duration_seconds_count\{name="open.example.com",type="validating",operation="CREATE",rejected="false"\} 2/,
    );
  });

  it('are skipped by conditions, which know who asks and what that user may do', async () => {
    const { api, ns } = suite;
    await suite.add('validating', 'v', deny('no'), {
      matchConditions: [
        { name: 'kind', expression: 'request.kind.kind == "ConfigMap"' },
        {
          name: 'rights',
          expression: '!authorizer.group("").resource("secrets").check("get").allowed()',
        },
      ],
    });
    // The administrator may read secrets.
    await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
    assert.deepEqual(suite.asked, []);
    await suite.add('validating', 'w', deny('no'), {
      failurePolicy: 'Ignore',
      matchConditions: [{ name: 'broken', expression: 'object.nothing == 1' }],
    });
    await api.ok(api.post(`${ns}/configmaps`, configMap('b')), 201);
    await suite.add('validating', 'x', deny('no'), {
      matchConditions: [{ name: 'broken', expression: 'object.nothing == 1' }],
    });
    assert.equal(
      await refusal(api.post(`${ns}/configmaps`, configMap('c')), 403),
      `configmaps "c" is forbidden: expression 'object.nothing == 1' resulted in error: no such key: nothing`,
    );
    assert.deepEqual(suite.asked, []);
  });

  it('take part from the moment their configuration is written until it is deleted', async () => {
    const { api, ns } = suite;
    for (let round = 0; round < 5; round++) {
      const name = `v${round}`;
      await suite.add('validating', name, deny('no'));
      await refusal(api.post(`${ns}/configmaps?dryRun=All`, configMap('a')), 400);
      const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
      await api.ok(api.delete(`${path}/${suite.name}-${name}`));
      await api.ok(api.post(`${ns}/configmaps?dryRun=All`, configMap('a')), 201);
    }
  });

  it('may ask the server themselves', async () => {
    const { api, ns } = suite;
    await suite.add('validating', 'v', (request: Json, { answer }) => {
      void api
        .get(`${ns}/configmaps/kube`)
        .then(({ status }) =>
          answer.end(
            JSON.stringify({
              apiVersion: 'admission.k8s.io/v1',
              kind: 'AdmissionReview',
              response: {
                uid: request.uid,
                allowed: false,
                status: { message: `found ${status}` },
              },
            }),
          ),
        );
      return undefined;
    });
    assert.match(await refusal(api.post(`${ns}/configmaps`, configMap('a')), 400), /found 404$/);
  });

  it('deny before the quota is charged', async () => {
    const { api, ns } = suite;
    await api.ok(
      api.post(`${ns}/resourcequotas`, {
        metadata: { name: 'q' },
        spec: { hard: { 'count/configmaps': '1' } },
      }),
      201,
    );
    const quota = `${ns}/resourcequotas/q`;
    await api.ok(
      api.put(`${quota}/status`, {
        metadata: { name: 'q' },
        spec: { hard: { 'count/configmaps': '1' } },
        status: { hard: { 'count/configmaps': '1' }, used: { 'count/configmaps': '0' } },
      }),
    );
    await suite.add('validating', 'v', deny('no'), {
      rules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
      ],
    });
    await refusal(api.post(`${ns}/configmaps`, configMap('a')), 400);
    assert.equal((await api.ok(api.get(quota))).status.used['count/configmaps'], '0');
  });
});
