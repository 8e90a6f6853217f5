// Webhooks and custom resources: patches, pruning, defaults, and other versions of the same kind.
import assert from 'node:assert/strict';
import type { Json } from '../apiserver/harness.js';
import { hookSuite, patchOf } from './webhook-suite.js';

const GROUP = 'hooks.example.com';
const SPEC = {
  type: 'object',
  properties: {
    size: { type: 'integer', maximum: 100 },
    colour: { type: 'string', default: 'grey' },
    parts: {
      type: 'array',
      items: { type: 'object', properties: { n: { type: 'string', default: 'x' } } },
    },
  },
};

describe('admission webhooks of custom resources', function () {
  this.timeout(60_000);
  const suite = hookSuite();
  const path = (version: string) => `/apis/${GROUP}/${version}/namespaces/${suite.name}/widgets`;
  const widget = (version: string, spec: object): Json => ({
    apiVersion: `${GROUP}/${version}`,
    kind: 'Widget',
    metadata: { name: 'w' },
    spec,
  });

  before(async () => {
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: SPEC } } };
    await suite.api.ok(
      suite.api.post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
        metadata: { name: `widgets.${GROUP}` },
        spec: {
          group: GROUP,
          scope: 'Namespaced',
          names: { plural: 'widgets', kind: 'Widget' },
          versions: [
            { name: 'v1', served: true, storage: true, schema },
            { name: 'v2', served: true, storage: false, schema },
          ],
        },
      }),
      201,
    );
    for (let tries = 0; ; tries++) {
      const { status } = await suite.api.get(`/apis/${GROUP}/v2`);
      if (status === 200) return;
      assert.ok(tries < 500, 'the kind is not served');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  it('may patch them: unknown fields reach the next webhook, but not the store', async () => {
    const { api } = suite;
    await suite.add('mutating', 'a', () =>
      patchOf([
        { op: 'remove', path: '/spec/colour' },
        { op: 'add', path: '/spec/secret', value: 1 },
        { op: 'add', path: '/spec/parts', value: [{}] },
      ]),
    );
    await suite.add('validating', 'v', () => ({}));
    const made: Json = await api.ok(api.post(path('v1'), widget('v1', { size: 1 })), 201);
    const spec = { size: 1, colour: 'grey', parts: [{ n: 'x' }] };
    assert.deepEqual(made.spec, spec);
    assert.deepEqual((await api.ok(api.get(`${path('v1')}/w`))).spec, spec);
    const [, validating] = suite.asked.map(({ request }) => request);
    assert.deepEqual(validating.object.spec, { ...spec, secret: 1 });
    const updated: Json = await api.ok(
      api.patch(`${path('v1')}/w`, 'application/merge-patch+json', { spec: { size: 2 } }),
    );
    assert.deepEqual(updated.spec, { ...spec, size: 2 });
  });

  it('may not make their metadata unreadable', async () => {
    const { api } = suite;
    for (const [name, value] of [
      ['text', 'x'],
      ['labels', { name: 'w', labels: { a: 5 } }],
    ] as const) {
      await suite.add('mutating', name, () =>
        patchOf([{ op: 'replace', path: '/metadata', value }]),
      );
      const { status, json } = await api.post(path('v1'), widget('v1', {}));
      assert.ok(status >= 400, `${name}: ${status} ${JSON.stringify(json)}`);
      await api.delete(
        `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${suite.name}-${name}`,
      );
    }
  });

  it('see every version as the one that they ask for', async () => {
    const { api } = suite;
    const rules = [
      { apiGroups: [GROUP], apiVersions: ['v1'], operations: ['*'], resources: ['widgets'] },
    ];
    await suite.add('mutating', 'm', () => patchOf([{ op: 'add', path: '/spec/size', value: 7 }]), {
      rules,
    });
    await suite.add('validating', 'exact', () => ({}), { rules, matchPolicy: 'Exact' });
    const made: Json = await api.ok(api.post(path('v2'), widget('v2', {})), 201);
    assert.equal(made.apiVersion, `${GROUP}/v2`);
    assert.equal(made.spec.size, 7);
    assert.deepEqual(
      suite.asked.map(({ hook, request }) => [
        hook,
        request.object.apiVersion,
        request.kind.version,
        request.requestKind.version,
      ]),
      [['m', `${GROUP}/v1`, 'v1', 'v2']],
    );
  });
});
