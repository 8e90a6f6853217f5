// Admission on a real server: the plugins together, and under concurrent requests.
import { strict as assert } from 'node:assert';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api } from '../apiserver/harness.js';

interface Body {
  message: string;
  reason: string;
  metadata: { name: string };
  spec: {
    serviceAccountName: string;
    priority: number;
    tolerations: object[];
    volumes: { name: string }[];
    containers: { resources: object }[];
  };
}

describe('admission on a server', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;

  const post = async (path: string, object: object) => {
    const { status, json, headers } = await api.call('POST', path, object);
    return { status, body: json as Body, headers };
  };
  const pod = (name: string, spec: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'x' }], ...spec },
  });

  before(async () => {
    server = await startApiServer({ storage: 'memory' });
    await server.ready();
    api = new Api(server);
  });
  after(async () => {
    api?.close();
    await server?.stop();
  });

  async function namespace(name: string, labels: object = {}): Promise<string> {
    assert.equal((await post('/api/v1/namespaces', { metadata: { name, labels } })).status, 201);
    assert.equal(
      (await post(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } }))
        .status,
      201,
    );
    return `/api/v1/namespaces/${name}`;
  }

  it('completes a pod: account, token, priority, tolerations, defaults', async () => {
    const base = await namespace('whole');
    await post(`${base}/limitranges`, {
      metadata: { name: 'l' },
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '100m' } }] },
    });
    const { status, body } = await post(
      `${base}/pods`,
      pod('p', { priorityClassName: 'system-cluster-critical' }),
    );
    assert.equal(status, 201, body.message);
    const { spec } = body;
    assert.deepEqual(
      [spec.serviceAccountName, spec.priority, spec.tolerations.length, spec.volumes.length],
      ['default', 2_000_000_000, 2, 1],
    );
    assert.deepEqual(spec.containers[0]!.resources, { requests: { cpu: '100m' } });
  });

  it('enforces a quota under concurrent creates', async () => {
    const base = await namespace('narrow');
    await post(`${base}/resourcequotas`, {
      metadata: { name: 'q' },
      spec: { hard: { pods: '5' } },
    });
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, i) => post(`${base}/pods`, pod(`p${i}`))),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 5);
    assert.match(
      answers.find(({ status }) => status === 403)!.body.message,
      /exceeded quota: q, requested: pods=1, used: pods=\d, limited: pods=5/,
    );
  });

  it('creates nothing in a namespace that is missing or terminating', async () => {
    const missing = await post('/api/v1/namespaces/nowhere/pods', pod('p'));
    assert.deepEqual(
      [missing.status, missing.body.message],
      [404, 'namespaces "nowhere" not found'],
    );
    const base = await namespace('going');
    assert.equal((await api.call('DELETE', base)).status, 200);
    const late = await post(`${base}/configmaps`, { metadata: { name: 'c' } });
    assert.deepEqual(
      [late.status, late.body.message],
      [
        403,
        'configmaps "c" is forbidden: unable to create new content in namespace going because it is being terminated',
      ],
    );
  });

  it('sends warnings as headers and denials as messages', async () => {
    const base = await namespace('strict', {
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/warn': 'restricted',
    });
    const refused = await post(`${base}/pods`, pod('p', { hostNetwork: true }));
    assert.deepEqual(
      [refused.status, refused.body.message],
      [
        403,
        'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
      ],
    );
    const warned = await post(`${base}/pods`, pod('p'));
    assert.equal(warned.status, 201);
    assert.match(
      String(warned.headers['warning']),
      /299 - "would violate PodSecurity \\"restricted:latest\\"/,
    );
  });

  it('changes nothing on a dry run', async () => {
    const base = await namespace('dry');
    await post(`${base}/resourcequotas`, {
      metadata: { name: 'q' },
      spec: { hard: { pods: '1' } },
    });
    assert.equal((await post(`${base}/pods?dryRun=All`, pod('p'))).status, 201);
    assert.equal((await post(`${base}/pods`, pod('p'))).status, 201);
    assert.equal((await post(`${base}/pods?dryRun=All`, pod('r'))).status, 403);
  });
});
