import { deepStrictEqual as equal } from 'node:assert/strict';
import { parseJsonPath, printValue } from './json-path.js';

const object = {
  kind: 'Foo',
  spec: {
    s: 'text',
    nil: null,
    l: ['x', 'y', 'z'],
    o: { p: 'q', 'a.b': 'dot', 'c-d': 'dash' },
    ol: [
      { k: 'a', v: 1, on: true, o: { x: '1' } },
      { k: 'b', v: 2, on: false },
      { k: 'c', v: 3.5, on: true },
    ],
    m: { 'k.2': 'v2', '*': 'star' },
  },
};
const find = (path: string): unknown[] | undefined => parseJsonPath(path)?.find(object);

describe('JSONPath of printer columns', () => {
  const cases: [path: string, values: unknown[] | undefined][] = [
    ['.spec.s', ['text']],
    ['.kind', ['Foo']],
    ['.spec.zz.yy', []],
    ['.spec.s.deeper', []],
    ['.spec.nil', [null]],
    ['.spec.nil.x', []],
    ['.spec.__proto__', []],
    ['.spec.l[0]', ['x']],
    ['.spec.l[-1]', ['z']],
    ['.spec.l[-3]', ['x']],
    ['.spec.l[*]', ['x', 'y', 'z']],
    ['.spec.l[:]', ['x', 'y', 'z']],
    ['.spec.l[0:2]', ['x', 'y']],
    ['.spec.l[1:]', ['y', 'z']],
    ['.spec.l[:-1]', ['x', 'y']],
    ['.spec.l[0:3:2]', ['x', 'z']],
    ['.spec.l[0:3:0]', []],
    ['.spec.l[2:1]', []],
    ['.spec.l[9]', []],
    ['.spec.l[-4]', []],
    ['.spec.l[1:9]', []],
    ['.spec.l[0, 2]', ['x', 'z']],
    ['.spec.s[0]', []],
    ["['spec']['s']", ['text']],
    ['.spec.m.k\\.2', ['v2']],
    ["['spec'].m['k\\.2']", ['v2']],
    ["['spec.s']", ['text']],
    ['.spec.o.c-d', ['dash']],
    ["['spec'].o['a\\.b','p']", ['dot', 'q']],
    ['.spec.o.*', ['q', 'dot', 'dash']],
    ['.spec.m.\\*', ['star']],
    ['..k', ['a', 'b', 'c']],
    ['..o.x', ['1']],
    ['.spec.ol[*].o.x', ['1']],
    ['.spec.ol[?(@.k=="b")].v', [2]],
    [".spec.ol[?(@.k=='b')].v", [2]],
    ['.spec.ol[?(@.on==true)].k', ['a', 'c']],
    ['.spec.ol[?(@.o)].k', ['a']],
    ['.spec.ol[?(@.k!="b")].k', ['a', 'c']],
    ['.spec.ol[?(@.k>="b")].k', ['b', 'c']],
    ['.spec.ol[?(@.k=="a)]")].k', []],
    // One fraction among whole numbers ends the comparison.
    ['.spec.ol[?(@.v>1)].k', []],
    ['.spec.ol[0:2]', [object.spec.ol[0], object.spec.ol[1]]],
    ['.spec.ol[?(@.k=="a" && @.v==1)].k', undefined],
    ['...kind', ['Foo']],
    ['..kind..', ['Foo']],
    ['.spec.ol[?@.k]', undefined],
    ['.spec.ol[?(@.k=="a"', undefined],
    ['.spec[', undefined],
    ['.spec.l[x]', undefined],
    ['.spec.l[0', undefined],
    ['....k', undefined],
    ['.spec,.kind', undefined],
    ['.spec.s}', undefined],
  ];
  for (const [path, values] of cases)
    it(path, () => {
      equal(find(path), values);
    });

  it('looks at a bounded number of values', () => {
    let deep: unknown = { x: 1 };
    for (let i = 0; i < 5000; i++) deep = { a: deep };
    equal(parseJsonPath('..a..a..a')?.find(deep), []);
    equal(parseJsonPath('..x')?.find(deep), [1]);
  });

  it('prints values as Go does', () => {
    equal(['a', 5, 2.75, 1e21, 0.00001, true, null, 10n ** 20n].map(printValue), [
      'a',
      '5',
      '2.75',
      '1e+21',
      '1e-05',
      'true',
      '<no value>',
      '100000000000000000000',
    ]);
    equal(
      printValue({ b: ['<x>', 1.5, null], a: 'é' }),
      '{"a":"é","b":["\\u003cx\\u003e",1.5,null]}',
    );
  });
});
