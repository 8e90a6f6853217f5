// OpenAPI schemas as types, values and sizes.
import { deepEqual, strictEqual } from 'node:assert/strict';
import { estimateCost } from '../cost/estimate.js';
import { MAX_REQUEST_BYTES } from '../limits.js';
import { createProgram } from '../program/program.js';
import { formatType } from '../checker/types.js';
import { EvalError, type Value } from '../values/value.js';
import { checkKubernetes, kubernetesEnvironment } from './environment.js';
import { escapeName } from './escaping.js';
import { declareSchema, schemaSizes, schemaTypes, type Schema } from './schema.js';
import { schemaValue } from './schema-value.js';

const SCHEMA: Schema = {
  type: 'object',
  properties: {
    a: { type: 'integer' },
    n: { type: 'number' },
    t: { type: 'string', maxLength: 20 },
    free: { type: 'string' },
    e: { type: 'string', enum: ['one', 'three'] },
    b: { type: 'string', format: 'byte' },
    d: { type: 'string', format: 'date-time' },
    day: { type: 'string', format: 'date' },
    p: { type: 'string', format: 'duration' },
    io: { 'x-kubernetes-int-or-string': true },
    'a-b': { type: 'integer' },
    if: { type: 'integer' },
    l: { type: 'array', items: { type: 'integer' }, maxItems: 10 },
    long: { type: 'array', items: { type: 'integer' } },
    s: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    k: {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' }, v: { type: 'integer' } } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    m: { type: 'object', additionalProperties: { type: 'number' }, maxProperties: 4 },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
  },
};
const declaration = declareSchema(SCHEMA, 'self', true)!;
const environment = kubernetesEnvironment(
  { self: declaration.type },
  { types: schemaTypes([declaration]) },
);
const run = (text: string, self: Value): Value =>
  createProgram(checkKubernetes(text, environment)).evaluate({
    self: schemaValue(self, declaration),
  }).value;
const typeIs = (text: string): string => formatType(checkKubernetes(text, environment).type);

describe('CEL schemas', () => {
  it('give types', () => {
    const types = ['a', 'n', 't', 'b', 'd', 'p', 'io', 'l', 'm', 'k', 'kind', 'metadata.name'];
    deepEqual(
      types.map((name) => typeIs(`self.${name}`)),
      [
        'int',
        'double',
        'string',
        'bytes',
        'timestamp',
        'duration',
        'dyn',
        'list(int)',
        'map(string, double)',
        'list(self.k.@idx)',
        'string',
        'string',
      ],
    );
  });

  for (const [text, self] of [
    ['self.n == 3.0 && type(self.n) == double', { n: 3 }],
    ['self.b == b"hi"', { b: 'aGk=' }],
    ['self.d.getFullYear() == 2021', { d: '2021-02-03T04:05:06.789Z' }],
    ['self.day.getMonth() == 1', { day: '2021-02-03' }],
    ['self.p == duration("90s")', { p: '1m30s' }],
    ['type(self.io) == int ? self.io > 5 : self.io.endsWith("%")', { io: '7%' }],
    ['self.a__dash__b == 1 && self.__if__ == 2', { 'a-b': 1, if: 2 }],
    ['self.s == ["b", "a"] && self.s + ["c", "a"] == ["a", "b", "c"]', { s: ['a', 'b'] }],
    ['self.k == self.k && (self.k + self.k).size() == 2', { k: [{ name: 'x' }, { name: 'y' }] }],
    ['self.m.x == 1.0 && self.m.all(key, self.m[key] > 0.5)', { m: { x: 1 } }],
    ['!has(self.a) && has(self.m) && !has(self.metadata)', { m: {} }],
    ['self.l.map(x, x * 2) == [2, 4]', { l: [1, 2] }],
  ] as const)
    it(`read ${text}`, () => strictEqual(run(text, self), true));

  for (const [text, self, message] of [
    ['self.a == 1', {}, 'no such key: a'],
    [
      'self.b == b""',
      { b: '/w==' },
      'Invalid byte formatted string /w==: illegal base64 data at input byte 0',
    ],
    ['self.n > 1.0', { n: 'x' }, 'invalid data, expected number, got string'],
  ] as const)
    it(`fail on ${text} where the data is odd`, () =>
      strictEqual((run(text, self) as EvalError).message, message));

  it('hide what rules cannot see', () => {
    for (const field of ['any', 'nope', 'if'])
      try {
        checkKubernetes(`self.${field} == 1`, environment);
        throw new Error('compiles');
      } catch (error) {
        strictEqual(
          (error as Error).message.split('\n')[0],
          `ERROR: <input>:1:5: undefined field '${field}'`,
        );
      }
  });

  const names: [string, string | undefined][] = [
    ['plain', 'plain'],
    ['a-b', 'a__dash__b'],
    ['a.b/c', 'a__dot__b__slash__c'],
    ['a__b', 'a__underscores__b'],
    ['namespace', '__namespace__'],
    ['a b', undefined],
    ['1a', undefined],
    ['', undefined],
  ];
  for (const [name, escaped] of names)
    it(`escape '${name}'`, () => strictEqual(escapeName(name), escaped));

  const costs: [text: string, max: number][] = [
    ['true', 0],
    ['self.a == 1', 2],
    ['self.a > 1 && self.a < 10', 6],
    ['has(self.t)', 1],
    ['self.t.startsWith("abc")', 3],
    ['self.t == "abc"', 3],
    ['self.t.matches("^a.*z$")', 2 + 9 * 2],
    ['self.t in ["a", "b"]', 2 + 10 + 2],
    ['self.l.all(x, x > 0)', 2 + 10 * 5 + 1],
    ['self.l.exists(x, x > 0)', 2 + 10 * 6 + 1],
    ['self.l.map(x, x)', 2 + 10 + 10 * 13 + 1],
    ['self.l.size() > 3', 4],
    ['self.t.contains(self.t)', 4 + 64],
    ['self.free.matches("a")', 2 + Math.ceil((MAX_REQUEST_BYTES - 1) * 0.1)],
    ['self.e == self.e', 4 + 1],
    ['quantity(self.t).isGreaterThan(quantity("1"))', 2 + 8 + 1 + 1],
  ];
  for (const [text, max] of costs)
    it(`cost at most ${max} in ${text}`, () =>
      strictEqual(
        estimateCost(checkKubernetes(text, environment), schemaSizes(declaration)).max,
        max,
      ));

  it('bound what is open by the size of a request', () => {
    const cost = (text: string): number =>
      estimateCost(checkKubernetes(text, environment), schemaSizes(declaration)).max;
    strictEqual(
      cost('self.long.all(x, x > 0)'),
      2 + Math.floor((MAX_REQUEST_BYTES - 2) / 2) * 5 + 1,
    );
    strictEqual(cost('self.long.all(x, self.long.all(y, x > y))') > 1e12, true);
    strictEqual(cost('optional.none() == optional.none()') > 1e9, true);
  });
});
