import { deepStrictEqual as equal } from 'node:assert/strict';
import { scalar, struct } from '../../../test/support/type-nodes.js';
import type { TypeNode } from '../schema/schema.js';
import type { Typed } from './structure.js';
import { typedProblems } from './typed-problems.js';

const text = scalar('string');
const untyped: { kind: 'map'; value: TypeNode } = { kind: 'map', value: text };
untyped.value = untyped;

const spec = struct({
  s: [text],
  n: [scalar('int64')],
  b: [scalar('boolean')],
  any: [scalar('intOrString')],
  o: [struct({ s: [text] })],
  open: [struct({ s: [text] }, true)],
  free: [untyped],
  l: [{ kind: 'list', item: text }],
  m: [{ kind: 'map', value: text }],
  keyed: [
    { kind: 'list', item: struct({ k: [text], v: [text] }) },
    { 'list-type': 'map', 'list-map-keys': ['k'] },
  ],
});
const typed: Typed = { type: struct({ spec: [spec] }), facts: undefined };
const problems = (value: unknown): string[] => typedProblems({ spec: value }, typed);

describe('an applied configuration without a Go type', () => {
  it('has only fields that the schema declares', () => {
    equal(problems({ zz: 1, o: { zz: 1 }, open: { zz: 1 }, free: { a: [{ b: 1 }] } }), [
      '.spec.zz: field not declared in schema',
      '.spec.o.zz: field not declared in schema',
    ]);
    equal(typedProblems({ other: 1 }, typed), ['.other: field not declared in schema']);
  });

  it('has values of the declared types, or null', () => {
    equal(problems('x'), ['.spec: expected map, got &{x}']);
    equal(problems({ s: 1, n: 'x', b: {}, o: [], l: { a: 1, b: [2] }, m: { k: 1 }, any: 5 }), [
      '.spec.s: expected string, got &value.valueUnstructured{Value:1}',
      '.spec.n: expected numeric (int or float), got string',
      '.spec.b: expected boolean, got &{map[]}',
      '.spec.o: expected map, got &{[]}',
      '.spec.l: expected list, got &{map[a:1 b:[2]]}',
      '.spec.m.k: expected string, got &value.valueUnstructured{Value:1}',
    ]);
    equal(problems({ s: null, n: 1.5, b: false, o: null, l: [null], keyed: null }), []);
  });

  it('has each key of a list once', () => {
    equal(problems({ keyed: [{ k: 'a' }, { k: 'b', v: 1 }, { k: 'a' }] }), [
      '.spec.keyed[k="b"].v: expected string, got &value.valueUnstructured{Value:1}',
      '.spec.keyed: duplicate entries for key [k="a"]',
    ]);
    equal(problems({ l: ['a', 'a'] }), []);
  });
});
