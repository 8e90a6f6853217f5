// Expressions that build patches (k8s.io/apiserver/pkg/cel/mutation).
import assert from 'node:assert/strict';
import { DYN } from '../checker/types.js';
import { createProgram } from '../program/program.js';
import { isError } from '../values/value.js';
import { checkKubernetes, kubernetesEnvironment } from './environment.js';
import { jsonOf, misnamedTypes, PATCH_FUNCTIONS, PATCH_TYPES } from './mutation.js';

const environment = kubernetesEnvironment(
  { object: DYN },
  { types: PATCH_TYPES, libraries: [PATCH_FUNCTIONS] },
);

function run(expression: string, object: object = {}) {
  const { value } = createProgram(checkKubernetes(expression, environment)).evaluate({
    object: object as never,
  });
  assert.ok(!isError(value), isError(value) ? value.message : '');
  return value;
}

const fails = (expression: string): string => {
  try {
    checkKubernetes(expression, environment);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('expressions that build patches', () => {
  for (const [expression, json] of [
    ['Object{spec: Object.spec{replicas: 1 + 2}}', { spec: { replicas: 3 } }],
    ['Object{spec: Object.spec{?a: optional.none(), ?b: optional.of("x")}}', { spec: { b: 'x' } }],
    [
      'Object{spec: Object.spec{list: [Object.spec.list{name: "a"}], map: {"k": 1.5}}}',
      { spec: { list: [{ name: 'a' }], map: { k: 1.5 } } },
    ],
    [
      'Object{d: duration("90s"), t: timestamp("2025-01-01T00:00:00Z"), b: b"ab", u: 3u, n: null}',
      { d: '90s', t: '2025-01-01T00:00:00Z', b: 'YWI=', u: 3, n: null },
    ],
    ['Object{metadata: object.metadata}', { metadata: { labels: { __proto__x: 'y' } } }],
    [
      '[JSONPatch{op: "add", path: "/a/" + jsonpatch.escapeKey("k8s.io/x~y"), value: {"a": [1]}}]',
      [{ op: 'add', path: '/a/k8s.io~1x~0y', value: { a: [1] } }],
    ],
    [
      '[string(has(JSONPatch{op: "x"}.op)), string(has(JSONPatch{}.from)), JSONPatch{from: "f"}.from]',
      ['true', 'false', 'f'],
    ],
    [
      '[JSONPatch{op: "a"} == JSONPatch{op: "a"}, JSONPatch{op: "a"} == JSONPatch{op: "b"}]',
      [true, false],
    ],
    ['object.items.map(i, Object.items{n: i})', [{ n: 1 }, { n: 2 }]],
  ] as const)
    it(`gives the JSON of ${expression}`, () => {
      const object = { metadata: { labels: { __proto__x: 'y' } }, items: [1, 2] };
      assert.deepEqual(jsonOf(run(expression, object)), json);
    });

  it('keeps a key that is a name of the language', () => {
    const object = JSON.parse('{"metadata": {"__proto__": "x"}}') as object;
    assert.equal(JSON.stringify(jsonOf(run('object.metadata', object))), '{"__proto__":"x"}');
  });

  for (const [expression, complaints] of [
    ['Object{spec: Object.spec{a: Object.spec.a{}}}', []],
    [
      'Object{spec: Object.specx{}}',
      ['unexpected type name "Object.specx", expected "Object.spec"'],
    ],
    ['Object{spec: [Object{}]}', ['unexpected type name "Object", expected "Object.spec"']],
    [
      'Object{spec: {"k": Object.k{}}}',
      ['unexpected type name "Object.k", expected "Object.spec"'],
    ],
    ['Object.a.b{c: Object.a.b.c{}}', []],
    ['Object.a.b{c: Object.a.c{}}', ['unexpected type name "Object.a.c", expected "Object.a.b.c"']],
    ['{"a": Object.anything{}}', []],
  ] as const)
    it(`compares the type names of ${expression}`, () => {
      const found = misnamedTypes(run(expression));
      assert.deepEqual(
        found.map((text) =>
          text.replace(', which matches field name path from root Object type', ''),
        ),
        complaints,
      );
    });

  it('refuses fields that a patch does not have, and types that nobody declared', () => {
    assert.match(fails('JSONPatch{value: 1, other: 2}'), /undefined field 'other'/);
    assert.match(
      fails('JSONPatch{op: 1}'),
      /expected type of field 'op' is 'string' but provided type is 'int'/,
    );
    assert.match(fails('Objects{}'), /undeclared reference to 'Objects'/);
    assert.match(fails('object.escapeKey("a")'), /undeclared reference to 'escapeKey'/);
  });

  it('knows the types only where patches are built', () => {
    assert.throws(
      () => checkKubernetes('Object{}', kubernetesEnvironment({})),
      /undeclared reference/,
    );
    assert.throws(
      () => checkKubernetes('jsonpatch.escapeKey("a")', kubernetesEnvironment({})),
      /undeclared reference/,
    );
  });

  it('refuses a result that repeats a large value', () => {
    const object = { items: Array.from({ length: 2000 }, () => 1), text: 'x'.repeat(10_000) };
    assert.throws(() => jsonOf(run('object.items.map(i, object.text)', object)), /too large/);
  });
});
