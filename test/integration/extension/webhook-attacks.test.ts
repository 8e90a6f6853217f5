// Webhooks that lie, hang and flood: each costs its own request and nothing else.
import assert from 'node:assert/strict';
import { eventually } from '../../support/control-plane.js';
import { configMap, type Json } from '../apiserver/harness.js';
import { hookSuite, patchOf, refusal, type Behaviour } from './webhook-suite.js';

describe('hostile admission webhooks', function () {
  this.timeout(60_000);
  const suite = hookSuite({ maxInFlight: { reads: 40, writes: 20 } });
  const failed = (name: string, why: string) =>
    `Internal error occurred: failed calling webhook "${name}.example.com": ${why}`;

  /** Adds a webhook, tries a write of its namespace, and gives the refusal's message. */
  async function tried(
    kind: 'validating' | 'mutating',
    behaviour: Behaviour,
    code = 500,
    object: object = configMap('a', { a: 'b' }),
  ): Promise<string> {
    const name = `h${suite.asked.length}`;
    await suite.add(kind, name, behaviour, { timeoutSeconds: 30 });
    const message = await refusal(suite.api.post(`${suite.ns}/configmaps`, object), code);
    await suite.api.ok(
      suite.api.delete(
        `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/${suite.name}-${name}`,
      ),
    );
    return message;
  }
  const raw =
    (text: string): Behaviour =>
    (_request, { answer }) => {
      answer.end(text);
      return undefined;
    };

  it('cannot answer for another request', async () => {
    assert.match(
      await tried('validating', () => ({ uid: 'other' })),
      /received invalid webhook response: expected response.uid="[-0-9a-f]{36}", got "other"$/,
    );
    assert.match(
      await tried('mutating', (request) => ({ uid: request.object.metadata.name })),
      /got "a"$/,
    );
  });

  it('cannot answer in another form', async () => {
    const cases: [string, RegExp][] = [
      ['{}', /webhook response was absent$/],
      ['[]', /cannot unmarshal array/],
      ['{"response":{"allowed":true}} trailing', /json parse error: /],
      ['{"response":{"allowed":1}}', /cannot unmarshal number into Go struct field/],
      [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, /failed to call webhook/],
      [`{"response":${'{"x":'.repeat(20_000)}1${'}'.repeat(20_000)}}`, /failed to call webhook/],
      ['a: &a [x]\nb: [*a, *a]\nresponse: 5', /failed to call webhook/],
    ];
    for (const [text, expected] of cases)
      assert.match(await tried('validating', raw(text)), expected, text.slice(0, 40));
  });

  it('cannot flood the server with an answer', async () => {
    const endless: Behaviour = (_request, { answer }) => {
      const block = Buffer.alloc(1024 * 1024, ' ');
      const more = () => {
        while (!answer.destroyed && answer.write(block));
      };
      answer.on('drain', more).on('error', () => {});
      more();
      return undefined;
    };
    const before = process.memoryUsage().rss;
    assert.match(await tried('validating', endless), /has more than 8388608 bytes$/);
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
  });

  it('hold their own requests only, while they hang', async () => {
    const { api, ns } = suite;
    // More than the places of all writes together.
    const hanging = 60;
    await suite.add('validating', 'hang', () => undefined, {
      timeoutSeconds: 8,
      rules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] },
      ],
    });
    const held = Array.from({ length: hanging }, (_, at) =>
      api.post(`${ns}/secrets`, { metadata: { name: `s${at}` } }),
    );
    while (suite.asked.length < hanging) await new Promise((resolve) => setTimeout(resolve, 10));
    let answered = 0;
    for (const answer of held) void answer.then(() => answered++);
    for (let at = 0; at < 20; at++)
      await api.ok(api.post(`${ns}/configmaps`, configMap(`c${at}`)), 201);
    assert.equal(answered, 0, 'other writes waited for the webhook');
    for (const answer of held)
      assert.match(await refusal(answer, 500), /\?timeout=8s": context deadline exceeded$/);
    await eventually('no write in flight', async () =>
      /apiserver_current_inflight_requests\{request_kind="mutating"\} 0/.test(
        (await api.get('/metrics')).bytes.toString(),
      ),
    );
  });

  it('cannot lead the server elsewhere', async () => {
    assert.equal(
      await tried('validating', (_request, { answer }) => {
        answer.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end();
        return undefined;
      }),
      failed('h0', 'failed to call webhook: the server could not find the requested resource'),
    );
    for (const url of ['https://169.254.169.254/x', 'https://[fe80::1]/x', 'https://0.0.0.0/x']) {
      await suite.add('validating', 'meta', () => ({}), { clientConfig: { url } });
      assert.match(
        await refusal(suite.api.post(`${suite.ns}/configmaps`, configMap('a')), 500),
        /address not allowed$/,
      );
      await suite.api.delete(
        `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${suite.name}-meta`,
      );
    }
  });

  it('cannot blow an object up by a patch', async () => {
    const doubling = [
      { op: 'add', path: '/data/x', value: 'x'.repeat(10_000) },
      ...Array.from({ length: 100 }, (_, at) => ({
        op: 'copy',
        from: '/data',
        path: `/data/copy${at}`,
      })),
    ];
    assert.match(
      await tried('mutating', () => patchOf(doubling)),
      /accumulated size increase of copy is \d+, exceeding the limit 3145728$/,
    );
    const many = Array.from({ length: 10_001 }, () => ({
      op: 'test',
      path: '/data/a',
      value: 'b',
    }));
    assert.match(
      await tried('mutating', () => patchOf(many)),
      /allowed maximum operations in a JSON patch is 10000, got 10001$/,
    );
    const deep = (depth: number): unknown => (depth ? { a: deep(depth - 1) } : 1);
    assert.match(
      await tried('mutating', () => patchOf([{ op: 'add', path: '/data/a', value: deep(500) }])),
      /cannot unmarshal object into Go struct field ConfigMap.data of type string$/,
    );
  });

  it('cannot make another object of the one under review', async () => {
    const replace =
      (path: string, value: unknown): Behaviour =>
      () =>
        patchOf([{ op: 'replace', path, value }]);
    assert.match(
      await tried('mutating', replace('/metadata/namespace', 'kube-system'), 400),
      /does not match the namespace sent on the request$/,
    );
    assert.match(await tried('mutating', replace('/kind', 'Pod')), /^Internal error occurred: /);
    assert.match(
      await tried('mutating', replace('/kind', 'Nonsense')),
      /no kind "Nonsense" is registered for version "v1"/,
    );
    assert.match(await tried('mutating', replace('', null)), /^Internal error occurred: /);
    assert.match(
      await tried('mutating', replace('/metadata', null), 422),
      /metadata.name: Required value/,
    );
    const { api, ns } = suite;
    const made: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('old')), 201);
    for (const [field, value] of [
      ['name', 'new'],
      ['uid', '6f8a7a52-0000-4000-8000-000000000000'],
    ] as const) {
      await suite.add('mutating', field, replace(`/metadata/${field}`, value));
      assert.match(
        await refusal(api.put(`${ns}/configmaps/old`, made), 422),
        new RegExp(`metadata.${field}: Invalid value: "${value}": field is immutable$`),
      );
      await api.delete(
        `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${suite.name}-${field}`,
      );
    }
    // The fields that only the server writes stay the server's.
    await suite.add('mutating', 'server', () =>
      patchOf([
        { op: 'add', path: '/metadata/uid', value: 'mine' },
        { op: 'add', path: '/metadata/creationTimestamp', value: '2001-01-01T00:00:00Z' },
        { op: 'add', path: '/metadata/deletionTimestamp', value: '2001-01-01T00:00:00Z' },
        { op: 'add', path: '/metadata/generation', value: 7 },
        { op: 'add', path: '/__proto__', value: { polluted: true } },
      ]),
    );
    const fresh: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('fresh')), 201);
    assert.notEqual(fresh.metadata.uid, 'mine');
    assert.notEqual(fresh.metadata.creationTimestamp, '2001-01-01T00:00:00Z');
    assert.equal(fresh.metadata.deletionTimestamp, undefined);
    assert.equal(fresh.metadata.generation, undefined);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('cannot turn a refusal into a success, nor break the answer', async () => {
    const { api, ns } = suite;
    const statuses: [object, number][] = [
      [{ code: 200, status: 'Success' }, 400],
      [{ code: -5 }, 400],
      [{ code: 2_000_000_000 }, 500],
      [{ code: 403, reason: 'x'.repeat(100_000), message: '\u0000\r\nset-cookie: a=b' }, 403],
    ];
    for (const [at, [status, code]] of statuses.entries()) {
      await suite.add('validating', `s${at}`, () => ({
        allowed: false,
        status,
        warnings: [
          'a\r\nset-cookie: c=d',
          'é"\\',
          ...Array.from({ length: 5_000 }, (_, i) => `w${i}`),
        ],
        auditAnnotations: Object.fromEntries(
          Array.from({ length: 5_000 }, (_, i) => [`k${i}`, 'v'.repeat(100)]),
        ),
      }));
      const answer = await api.post(`${ns}/configmaps`, configMap('a'));
      assert.equal(answer.status, code);
      assert.equal(answer.json.status, 'Failure');
      assert.equal(answer.headers['set-cookie'], undefined);
      assert.ok((answer.headers['warning'] ?? '').length < 10_000);
      await api.delete(
        `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${suite.name}-s${at}`,
      );
    }
  });

  it('cannot lock administrators out of their own configuration', async () => {
    const { api } = suite;
    const all = {
      namespaceSelector: {},
      rules: [
        {
          apiGroups: ['admissionregistration.k8s.io'],
          apiVersions: ['*'],
          operations: ['*'],
          resources: ['*/*'],
        },
      ],
    };
    await suite.add('validating', 'lock', () => ({ allowed: false }), all);
    await suite.add('mutating', 'lockm', () => ({ allowed: false }), all);
    const root = '/apis/admissionregistration.k8s.io/v1';
    const path = `${root}/validatingwebhookconfigurations/${suite.name}-lock`;
    await api.ok(
      api.patch(path, 'application/merge-patch+json', { metadata: { labels: { a: 'b' } } }),
    );
    await api.ok(
      api.post(`${root}/validatingadmissionpolicybindings?dryRun=All`, {
        metadata: { name: 'x' },
        spec: { policyName: 'p', validationActions: ['Audit'] },
      }),
      201,
    );
    await api.ok(api.delete(path));
    assert.deepEqual(suite.asked, []);
  });

  it('cannot hold requests longer than the client waits', async () => {
    const { api, ns } = suite;
    for (const name of ['one', 'two', 'three'])
      await suite.add('mutating', name, () => undefined, {
        timeoutSeconds: 30,
        failurePolicy: 'Ignore',
      });
    const started = Date.now();
    const answer = await api.post(`${ns}/configmaps?timeout=1s`, configMap('a'));
    assert.equal(answer.status, 504);
    assert.ok(Date.now() - started < 25_000);
    assert.deepEqual(
      suite.asked.map(({ query }) => query),
      ['?timeout=1s'],
    );
    assert.equal((await api.get(`${ns}/configmaps/a`)).status, 404);
  });
});
