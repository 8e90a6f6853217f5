// Definitions and objects that a tenant makes to hurt the server: deep, wide, costly. Each is
// obeyed or refused with a Status, on every way in and out, and the server goes on.
import assert from 'node:assert/strict';
import { MAX_JSON_DEPTH } from '../../../pkg/apimachinery/limits.js';
import type { JSONSchemaProps } from '../../../pkg/apis/apiextensions/v1/types.js';
import { namespace, type Answer, type Api } from '../apiserver/harness.js';
import { serve } from '../apiserver/serve.js';
import { widget, widgets, WIDGET_V1 } from './crds.js';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ANY: JSONSchemaProps = { 'x-kubernetes-preserve-unknown-fields': true };

/** A value with that many levels below the first. */
function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

describe('hostile custom resources', function () {
  this.timeout(60_000);
  let api: Api;
  let ns = '';
  serve((_server, made) => (api = made));
  before(async () => (ns = await namespace(api, 'hostile')));

  async function define(group: string, schema: JSONSchemaProps, more = {}): Promise<string> {
    const version = { ...WIDGET_V1, schema: { openAPIV3Schema: schema }, selectableFields: [] };
    await api.ok(api.post(DEFINITIONS, widgets(group, [{ ...version, ...more }])), 201);
    return `/apis/${group}/v1/${ns.replace('/api/v1/', '')}/widgets`;
  }

  it('may be as deep as a body, in every form', async () => {
    const group = 'deep.example.com';
    const path = await define(
      group,
      { type: 'object', properties: { spec: ANY } },
      {
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: 'All', type: 'string', jsonPath: '..a' }],
      },
    );
    const media = [
      'application/json',
      'application/yaml',
      'application/json;as=Table;g=meta.k8s.io;v=v1',
    ];
    const wraps = { lists: (inner: unknown) => [inner], maps: (inner: unknown) => ({ a: inner }) };
    for (const [name, wrap] of Object.entries(wraps))
      for (const levels of [300, MAX_JSON_DEPTH - 10]) {
        const object = widget(group, `${name}-${levels}`, nested(levels, wrap) as object);
        const url = `${path}/${object.metadata.name}`;
        const stored = await api.ok(api.post(path, object), 201);
        assert.deepEqual(stored.spec, object.spec);
        const relabelled = { ...stored, metadata: { ...stored.metadata, labels: { a: 'b' } } };
        const test = [{ op: 'test', path: '/spec', value: object.spec }];
        const ways: (() => Promise<Answer>)[] = [
          ...media.map((accept) => () => api.get(url, { accept })),
          ...media.map((accept) => () => api.get(path, { accept })),
          () => api.put(url, relabelled),
          () => api.patch(url, 'application/merge-patch+json', { spec: object.spec }),
          () => api.patch(url, 'application/json-patch+json', test),
          () =>
            api.patch(`${url}?fieldManager=m&force=true`, 'application/apply-patch+yaml', object),
        ];
        for (const way of ways) await api.ok(way());
        const yaml = await api.get(url, { accept: 'application/yaml' });
        assert.equal(yaml.headers['content-type'], 'application/yaml');
        const again = { 'content-type': 'application/yaml' };
        await api.ok(api.call('PUT', url, yaml.bytes, again));
        await api.ok(api.delete(url));
      }
    const deeper = widget(group, 'deeper', nested(MAX_JSON_DEPTH, (inner) => [inner]) as object);
    assert.equal((await api.post(path, deeper)).status, 400);
  });
});
