// Thousands of malformed requests from a seed: every answer is a client error and no server error,
// and the server stays healthy.
import assert from 'node:assert/strict';
import { SeededRandom } from '../../support/virtual-env.js';
import { Api } from './harness.js';
import { serve } from './serve.js';

const REQUESTS = 3_000;
const CONCURRENCY = 16;

const ROOTS = [
  '/api/v1/pods',
  '/api/v1/services',
  '/api/v1/configmaps',
  '/api/v1/nodes',
  '/api/v1/namespaces',
  '/api/v1/replicationcontrollers',
  '/api/v1/secrets',
  '/api/v1/events',
  '/api/v1/bindings',
  '/apis/apps/v1/deployments',
  '/apis/batch/v1/jobs',
  '/apis/coordination.k8s.io/v1/leases',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/policy/v1/poddisruptionbudgets',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authentication.k8s.io/v1/tokenreviews',
  '/apis/autoscaling/v1/horizontalpodautoscalers',
  '/apis/events.k8s.io/v1/events',
  '/apis/x/y/z',
  '/api',
  '/openapi/v3',
];
const NAMES = ['', 'a', 'default', 'kubernetes', '%zz', '%2f', '..', 'x'.repeat(300)];
const SUBRESOURCES = [
  '',
  '',
  '',
  'status',
  'scale',
  'binding',
  'eviction',
  'exec',
  'log',
  'proxy',
  'token',
  'finalize',
  'approval',
  'ephemeralcontainers',
  'portforward',
  'none',
];
const QUERIES = [
  '',
  '',
  'limit=1',
  'limit=-5',
  'limit=abc',
  'continue=abc',
  'resourceVersion=abc',
  'resourceVersion=0',
  'labelSelector=%00',
  'labelSelector=a%20in%20(',
  'fieldSelector=x',
  'dryRun=All',
  'fieldManager=%00',
  'fieldManager=m',
  'fieldValidation=Strict',
  'force=true',
  'watch=1&timeoutSeconds=1',
  'timeoutSeconds=x',
  'gracePeriodSeconds=x',
  'propagationPolicy=y',
  'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1',
];
const TYPES = [
  'application/json',
  'application/yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
];
const ACCEPTS = [
  'application/json',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/yaml',
  'text/html',
];
const KEYS = [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'status',
  'data',
  'name',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'containers',
  'template',
  'selector',
  'replicas',
  'ports',
  'target',
  'deleteOptions',
  'rules',
  'subjects',
  'roleRef',
  'involvedObject',
  'managedFields',
  'uid',
  'resourceVersion',
  'generateName',
  'type',
  'clusterIP',
  '$patch',
  '__proto__',
  'conditions',
  'matchLabels',
  'scaleTargetRef',
  'metrics',
  'limits',
];
const VALUES = [
  null,
  1,
  -1,
  '',
  'a',
  [],
  {},
  [null],
  { a: null },
  true,
  '9999999999999999999',
  '\u0000',
  'x'.repeat(300),
  { name: 'a' },
  { name: 5 },
  [{ name: 'a' }],
  1.5,
  '10.0.0.1',
  '1Gi',
];
const TEXTS = [
  '{',
  '[]',
  'null',
  '"x"',
  'k8s\0abc',
  'a: [',
  '---\n---',
  '[{"op":"add"}]',
  '[{"op":"remove","path":"/metadata"}]',
  '{"a":1,"a":2}',
  '{"metadata":{"name":9223372036854775808}}',
];

describe('apiserver and malformed requests', function () {
  this.timeout(120_000);
  let api: Api;

  serve((_server, made) => (api = made));

  it('answers each with 2xx or 4xx, and is healthy afterwards', async () => {
    const random = new SeededRandom(20_261_121);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)]!;
    const body = (depth = 0): Record<string, unknown> => {
      const object: Record<string, unknown> =
        depth === 0 && random.next() < 0.7 ? { metadata: { name: pick(NAMES) } } : {};
      for (let n = random.next() * 6; n > 0; n--)
        object[pick(KEYS)] = depth < 3 && random.next() < 0.5 ? body(depth + 1) : pick(VALUES);
      return object;
    };
    const one = async () => {
      const method = pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'BREW']);
      let path = pick(ROOTS);
      if (random.next() < 0.6)
        path = path.replace(
          /\/([^/]+)$/,
          `/namespaces/${pick(['default', 'kube-system', 'none', '%'])}/$1`,
        );
      if (random.next() < 0.6) path += `/${pick(NAMES)}`;
      const subresource = pick(SUBRESOURCES);
      if (subresource) path += `/${subresource}`;
      path += `?${pick(QUERIES)}`;
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const payload = hasBody
        ? random.next() < 0.8
          ? JSON.stringify(body())
          : pick(TEXTS)
        : undefined;
      // Watches without a timeout would stay open.
      if (path.includes('watch=1') && !path.includes('timeoutSeconds')) return;
      const answer = await api.call(method, path, payload, {
        accept: pick(ACCEPTS),
        ...(hasBody ? { 'content-type': pick(TYPES) } : {}),
      });
      assert.ok(
        answer.status >= 200 && answer.status < 500,
        `${answer.status} ${method} ${path} ${payload?.slice(0, 300) ?? ''}: ${answer.bytes.toString().slice(0, 300)}`,
      );
      if (answer.status === 404 && answer.bytes.toString() === '404 page not found\n') return;
      if (answer.status >= 400 && method !== 'HEAD') assert.equal(answer.json.kind, 'Status', path);
    };
    let left = REQUESTS;
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        while (left-- > 0) await one();
      }),
    );
    assert.equal((await api.get('/readyz')).status, 200);
  });
});
