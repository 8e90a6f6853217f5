// Bodies without content to every endpoint that takes a body: each is refused with the words of
// upstream, or taken. No answer holds a word of JavaScript, and none is a server error.
import assert from 'node:assert/strict';
import { RESOURCES } from '../../../pkg/apis/facts/resources.js';
import { APPLY, JSON_PATCH, MERGE, STRATEGIC, withServer } from './serve.js';

const META = [
  '{"name":"x"}',
  '{"name":null}',
  '{"name":""}',
  '{"name":"x","namespace":"elsewhere"}',
  '{"name":"x","ownerReferences":[{}],"managedFields":[{}]}',
  '{"name":"x","labels":{"":""},"annotations":{"":""},"finalizers":[""]}',
];
const BODIES = [
  'null',
  '{}',
  '{"metadata":null}',
  '{"metadata":{}}',
  ...META.map((metadata) => `{"metadata":${metadata}}`),
  '{"metadata":{"name":"x"},"spec":null}',
  '{"metadata":{"generateName":"x"},"spec":{},"status":null}',
];
const PATCHES: readonly (readonly [type: string, body: string])[] = [
  ...[MERGE, STRATEGIC, APPLY].flatMap((type) => [[type, 'null'] as const, [type, '{}'] as const]),
  ...['null', '[]', '[null]', '[{}]'].map((body) => [JSON_PATCH, body] as const),
];
const FOREIGN = /undefined|NaN|\[object|TypeError|Cannot read|is not a function|is not iterable/;

withServer('bodies without content', (suite) => {
  it('are refused in the words of upstream, at every endpoint', async () => {
    const { api } = suite;
    const wrong: string[] = [];
    let count = 0;
    for (const { group, version, resource, namespaced, verbs, subresources = [] } of RESOURCES) {
      const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
      const list = `${root}${namespaced ? `/namespaces/${suite.name}` : ''}/${resource}`;
      const endpoints = [
        { create: list, path: `${list}/x`, verbs },
        ...subresources.map(({ name, verbs: own }) => ({
          create: `${list}/x/${name}`,
          path: `${list}/x/${name}`,
          verbs: own,
        })),
      ];
      const requests = endpoints.flatMap((one) => [
        ...(one.verbs.includes('create') ? BODIES.map((b) => ['POST', one.create, b]) : []),
        ...(one.verbs.includes('update') ? BODIES.map((b) => ['PUT', one.path, b]) : []),
        ...(one.verbs.includes('patch') ? PATCHES.map(([t, b]) => ['PATCH', one.path, b, t]) : []),
      ]) as [method: string, path: string, body: string, type?: string][];
      for (const [method, path, body, type = 'application/json'] of requests) {
        const headers = { 'content-type': type };
        const query = 'dryRun=All&fieldManager=m';
        const { status, bytes } = await api.call(method, `${path}?${query}`, body, headers);
        count++;
        const text = bytes.toString();
        if (status >= 500 || FOREIGN.test(text))
          wrong.push(`${method} ${path} ${body}: ${status} ${text.slice(0, 300)}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(count > 2_000, `${count} requests`);
  });

  it('have the empty name of the object in their refusal, and Go quotes other names', async () => {
    const { api, ns } = suite;
    for (const body of ['null', '{}', '{"metadata":{"name":null}}'])
      assert.equal(
        (await api.post(`${ns}/configmaps`, body)).json.message,
        'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
        body,
      );
    for (const [path, shown] of [
      ['a%22b', '"a\\"b"'],
      ['a%5Cb', '"a\\\\b"'],
      ['a%0Ab', '"a\\nb"'],
    ])
      assert.equal(
        (await api.get(`${ns}/configmaps/${path}`)).json.message,
        `configmaps ${shown} not found`,
      );
  });
});
