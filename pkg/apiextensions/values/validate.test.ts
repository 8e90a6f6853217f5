import { deepStrictEqual as equal, ok } from 'node:assert/strict';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { loadEngine } from '../rules/engine.js';
import { validateDefault } from './default-check.js';
import { compileSchema } from './program.js';

const text: JSONSchemaProps = { type: 'string' };
const integer: JSONSchemaProps = { type: 'integer' };
const object = (
  properties: Record<string, JSONSchemaProps>,
  more: JSONSchemaProps = {},
): JSONSchemaProps => ({ type: 'object', properties, ...more });
const list = (items: JSONSchemaProps, more: JSONSchemaProps = {}): JSONSchemaProps => ({
  type: 'array',
  items,
  ...more,
});
const rules = (...texts: string[]): JSONSchemaProps => ({
  'x-kubernetes-validations': texts.map((rule) => ({ rule })),
});

const foo = (x: unknown): ApiObject =>
  ({ apiVersion: 'e/v1', kind: 'Foo', metadata: { name: 'a' }, x }) as unknown as ApiObject;

/** The problems of a field x; with `old`, those of an update. */
function problems(
  x: JSONSchemaProps,
  value: unknown,
  old?: unknown,
  warnings?: string[],
): string[] {
  const program = compileSchema(object({ x }), 'Foo');
  const warn = warnings && ((warning: string): void => void warnings.push(warning));
  const errors =
    old === undefined
      ? program.validate(foo(value))
      : program.validateUpdate(foo(value), foo(old), warn);
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

before(() => loadEngine([{ pattern: 'x' }]));

describe('types of custom resources', () => {
  it('are named as JSON names them', () => {
    for (const [value, name] of [
      [1, 'integer'],
      [1.5, 'number'],
      [2n ** 60n, 'integer'],
      [2n ** 70n, 'number'],
      [true, 'boolean'],
      [null, 'null'],
      [[], 'array'],
      [{}, 'object'],
    ] as const)
      equal(problems(text, value), [
        `x: Invalid value: "${name}": x in body must be of type string: "${name}"`,
      ]);
  });

  it('take integers for numbers, whole numbers for integers, and null where it is allowed', () => {
    equal(problems({ type: 'number' }, 1), []);
    equal(problems(integer, 1e300), []);
    equal(problems({ ...integer, nullable: true }, null), []);
    equal(problems({ 'x-kubernetes-int-or-string': true }, '5%'), []);
    equal(problems({ 'x-kubernetes-int-or-string': true }, 1.5), [
      'x: Invalid value: "number": x in body must be of type integer,string: "number"',
    ]);
  });

  it('give way to a format that texts have', () => {
    const date: JSONSchemaProps = { type: 'string', format: 'date' };
    equal(problems(date, '2020-02-30'), [
      'x: Invalid value: "2020-02-30": x in body must be of type date: "2020-02-30"',
    ]);
    equal(problems(date, 1), [
      'x: Invalid value: "int64": x in body must be of type date: "int64"',
    ]);
    equal(problems({ type: 'string', format: 'made-up' }, 'a'), []);
  });
});

describe('limits of custom resources', () => {
  it('count code points', () => {
    equal(problems({ ...text, maxLength: 2 }, '😀😀'), []);
    equal(problems({ ...text, maxLength: 2 }, 'abc'), [
      'x: Too long: may not be more than 2 bytes',
    ]);
    equal(problems({ ...text, minLength: 2, pattern: '^b' }, '😀'), [
      'x: Invalid value: "😀": x in body should be at least 2 chars long',
    ]);
    equal(problems({ ...text, pattern: '^b' }, 'a'), [
      `x: Invalid value: "a": x in body should match '^b'`,
    ]);
  });

  it('match hostile patterns in linear time', () => {
    equal(problems({ ...text, pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`).length, 1);
  });

  it('compare integers with the whole part of a bound', () => {
    const above = 'should be greater than';
    equal(problems({ ...integer, minimum: 2.5 }, 2), []);
    equal(problems({ type: 'number', minimum: 2.5 }, 2.25), [
      `x: Invalid value: 2.25: x in body ${above} or equal to 2.5`,
    ]);
    equal(problems({ ...integer, minimum: 1, exclusiveMinimum: true }, 1), [
      `x: Invalid value: 1: x in body ${above} 1`,
    ]);
    equal(problems({ ...integer, maximum: 5 }, 2n ** 60n), [
      'x: Invalid value: 1152921504606846976: x in body should be less than or equal to 5',
    ]);
    equal(problems({ type: 'number', multipleOf: 0.1 }, 0.35), [
      'x: Invalid value: 0.35: x in body should be a multiple of 0.1',
    ]);
    equal(problems({ type: 'number', multipleOf: 0.1 }, 1), [
      'x: Invalid value: 0: factor MultipleOf declared for x must be positive: 0',
    ]);
  });

  it('count items and properties', () => {
    equal(problems(list(text, { maxItems: 1 }), ['a', 'b']), [
      'x: Too many: 2: must have at most 1 items',
    ]);
    equal(problems(list(text, { minItems: 1 }), []), [
      'x: Invalid value: 0: x in body should have at least 1 items',
    ]);
    const map: JSONSchemaProps = { type: 'object', additionalProperties: text };
    equal(problems({ ...map, maxProperties: 1 }, { a: 1, b: 'x' }), [
      'x: Too many: 2: must have at most 1 items',
    ]);
    equal(problems({ ...map, minProperties: 1 }, {}), [
      'x: Invalid value: 0: x in body should have at least 1 properties',
    ]);
  });

  it('name members of enumerations', () => {
    equal(problems({ ...text, enum: ['a', null], nullable: true }, null), [
      'x: Unsupported value: "null": supported values: "a", "null"',
    ]);
    const pair = object({ a: integer }, { enum: [{ a: 1 }] as unknown[] });
    equal(problems(pair, { a: 1 }), []);
    equal(problems(pair, { a: 2 }), [
      'x: Unsupported value: map[string]interface {}{"a":2}: supported values: "{\\"a\\":1}"',
    ]);
  });

  it('are found at every depth, each once', () => {
    const inner = object({ a: text, b: integer }, { required: ['a'] });
    const outer = object({ l: list(inner), m: { type: 'object', additionalProperties: inner } });
    equal(problems(outer, { l: [{ b: 'x' }], m: { 'k.k': {} } }).sort(), [
      'x.l[0].a: Required value',
      'x.l[0].b: Invalid value: "string": x.l[0].b in body must be of type integer: "string"',
      'x.m.k.k.a: Required value',
    ]);
    const twice = { ...text, allOf: [{ minLength: 2 }, { minLength: 2 }] };
    equal(problems(twice, 'a'), [
      'x: Invalid value: "a": x in body should be at least 2 chars long',
      '<nil>: Invalid value: "": "x" must validate all the schemas (allOf). None validated',
    ]);
  });
});

describe('branches of schemas', () => {
  const composite = (what: string): string => `<nil>: Invalid value: "": "x" must ${what}`;

  it('tell what the nearest branch misses', () => {
    const ab = object({ a: text, b: text, c: text });
    const any = { ...ab, anyOf: [{ required: ['a', 'b'] }, { required: ['c'] }] };
    equal(problems(any, { a: '' }), [
      composite('validate at least one schema (anyOf)'),
      'x.b: Required value',
    ]);
    equal(problems(any, { c: '' }), []);
    const one = { ...ab, oneOf: [{ required: ['a'] }, { required: ['b'] }] };
    equal(problems(one, { a: '', b: '' }), [
      composite('validate one and only one schema (oneOf). Found 2 valid alternatives'),
    ]);
    equal(problems(one, {}), [
      composite('validate one and only one schema (oneOf). Found none valid'),
      'x.a: Required value',
    ]);
    equal(problems({ ...ab, not: { required: ['a'] } }, { a: '' }), [
      composite('not validate the schema (not)'),
    ]);
  });
});

describe('rules of custom resources', () => {
  it('run at every depth with the place of their value', () => {
    const x = object({
      l: list({ ...integer, ...rules('self > 1') }),
      m: { type: 'object', additionalProperties: { ...integer, ...rules('self > 1') } },
    });
    equal(problems(x, { l: [2, 1], m: { 'a.b': 1 } }), [
      'x.l[1]: Invalid value: "integer": failed rule: self > 1',
      'x.m[a.b]: Invalid value: "integer": failed rule: self > 1',
    ]);
  });

  it('wait until the value fits the schema', () => {
    equal(problems(object({ a: text }, { required: ['a'], ...rules('self.a == ""') }), {}), [
      'x.a: Required value',
      '<nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ]);
    equal(problems({ ...text, minLength: 1, ...rules('self == "a"') }, '').length, 2);
  });

  it('say what they were told to say', () => {
    const rule = (more: object): JSONSchemaProps =>
      object(
        { a: integer, b: text },
        { 'x-kubernetes-validations': [{ rule: 'self.a > 1', ...more }] },
      );
    const said = (more: object, value: unknown = { a: 1, b: 'x' }) => problems(rule(more), value);
    equal(said({ message: ' no ' }), ['x: Invalid value: "object": no']);
    equal(said({ messageExpression: '"b is " + self.b', message: 'no' }), [
      'x: Invalid value: "object": b is x',
    ]);
    for (const useless of ['" "', '"a\\nb"', 'self.b + string(1 / (self.a - 1))'])
      equal(said({ messageExpression: useless, message: 'no' }), [
        'x: Invalid value: "object": no',
      ]);
    equal(said({ fieldPath: '.a', reason: 'FieldValueForbidden' }), [
      'x.a: Forbidden: failed rule: self.a > 1',
    ]);
    equal(said({ reason: 'FieldValueRequired' }), ['x: Required value: failed rule: self.a > 1']);
    equal(said({ reason: 'FieldValueDuplicate' }), ['x: Duplicate value: "object"']);
    equal(said({}, { b: 'x' }), [
      'x: Invalid value: "object": no such key: a evaluating rule: self.a > 1',
    ]);
  });

  it('compare with the former value where it has the same place', () => {
    const grows = { ...integer, ...rules('self >= oldSelf') };
    equal(problems(object({ a: grows }), { a: 1 }), []);
    equal(problems(object({ a: grows }), { a: 1 }, { a: 2 }).length, 1);
    equal(problems(object({ a: grows }), { a: 1 }, {}), []);
    const keyed = list(object({ k: text, n: grows }), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    });
    const former = [
      { k: 'a', n: 1 },
      { k: 'b', n: 5 },
    ];
    equal(
      problems(
        keyed,
        [
          { k: 'b', n: 2 },
          { k: 'c', n: 0 },
          { k: 'a', n: 1 },
        ],
        former,
      ),
      ['x[0].n: Invalid value: "integer": failed rule: self >= oldSelf'],
    );
    const optional = {
      ...integer,
      'x-kubernetes-validations': [{ rule: 'oldSelf.hasValue()', optionalOldSelf: true }],
    };
    equal(problems(optional, 1).length, 1);
    equal(problems(optional, 1, 2), []);
  });

  it('stop when they cost too much', () => {
    const slow = object(
      { l: list(integer) },
      rules('self.l.all(a, self.l.all(b, self.l.all(c, a + b + c >= 0)))', 'false'),
    );
    const value = { l: Array.from({ length: 100 }, (_, i) => i) };
    const [only, ...others] = problems(slow, value);
    equal(others, []);
    ok(only?.includes('no further validation rules will be run due to call cost exceeds limit'));
    const often = list({ ...list(integer), ...rules('self.all(a, self.all(b, a + b >= 0))') });
    const many = Array.from({ length: 300 }, () => value.l);
    const last = problems(often, many).at(-1);
    ok(last?.includes('running out of cost budget, no further validation rules will be run'));
  });
});

describe('unchanged parts of custom resources', () => {
  it('keep problems of the schema', () => {
    const x = object({
      a: object({ n: { ...integer, maximum: 5 } }, { required: ['m'] }),
      b: text,
    });
    equal(problems(x, { a: { n: 9 }, b: 'new' }, { a: { n: 9 }, b: 'old' }), []);
    equal(problems(x, { a: { n: 8 } }, { a: { n: 9 } }).length, 2);
    const keyed = list(object({ k: text, v: { ...text, maxLength: 1 } }), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    });
    const bad = { k: 'a', v: 'bad' };
    equal(problems(keyed, [{ k: 'b', v: 'x' }, bad], [bad]), []);
    equal(problems(keyed, [{ k: 'b', v: 'bad' }, bad], [bad]).length, 1);
    const atomic = list({ ...text, maxLength: 1 });
    equal(problems(object({ l: atomic, b: text }), { l: ['bad'], b: 'y' }, { l: ['bad'] }), []);
    equal(problems(atomic, ['bad', 'x'], ['bad']).length, 1);
  });

  it('keep no problems inside a branch that changed elsewhere', () => {
    const x = object({ a: text, b: text }, { allOf: [{ properties: { a: { maxLength: 1 } } }] });
    equal(problems(x, { a: 'bad', b: 'y' }, { a: 'bad', b: 'x' }).length, 2);
    equal(problems(object({ o: x }), { o: { a: 'bad' } }, { o: { a: 'bad' } }), []);
  });

  it('turn failed rules into warnings, unless they compare', () => {
    const x = object({ a: { ...integer, ...rules('self < 3') }, b: text });
    const warnings: string[] = [];
    equal(problems(x, { a: 5, b: 'new' }, { a: 5 }, warnings), []);
    equal(warnings, ['x.a: Invalid value: "integer": failed rule: self < 3']);
    equal(problems(x, { a: 6 }, { a: 5 }).length, 1);
    equal(problems({ ...integer, ...rules('self > oldSelf') }, 5, 5).length, 1);
  });
});

describe('hostile custom resources', () => {
  const many = <T>(item: T): T[] => Array.from({ length: 300_000 }, () => item);

  it('are told of a bounded number of errors', () => {
    for (const x of [list(text), list({ ...integer, ...rules('self > 1') })]) {
      const found = problems(x, many(1));
      ok(found.length > 0 && found.length <= 1000, String(found.length));
    }
    const pairs = many(0).map((_, i) => i >> 1);
    equal(problems(list(integer, { 'x-kubernetes-list-type': 'set' }), pairs).length, 1000);
    const any = list({ ...text, anyOf: [{ minLength: 2 }, { pattern: '^b' }] });
    equal(problems(any, many('a')).length, 1000);
  });

  it('may be deep', () => {
    const keep: JSONSchemaProps = { 'x-kubernetes-preserve-unknown-fields': true };
    let deep: unknown = 1;
    for (let depth = 0; depth < 3500; depth++) deep = depth % 2 ? [deep] : { a: deep };
    equal(problems(list(keep, { 'x-kubernetes-list-type': 'set' }), [deep, deep]).length, 1);
    equal(problems({ ...keep, enum: [1] }, deep).length, 1);
    equal(problems(object({ a: keep, b: text }), { a: deep }, { a: deep }), []);
  });
});

describe('defaults in schemas', () => {
  const check = (schema: JSONSchemaProps, isRoot = false): string[] =>
    validateDefault(schema, 'd', { isPruned: true, isRoot, costs: { left: 1_000_000 } }).map(
      ({ field, message }) => `${field}: ${message}`,
    );

  it('are values of their schema', () => {
    equal(check({ ...text, default: 1 }), [
      'd: Invalid value: "integer":  in body must be of type string: "integer"',
    ]);
    equal(check(object({ a: text }, { default: { b: 1 }, required: ['a'] })), [
      'd: Invalid value: map[string]interface {}{"b":1}: must not have unknown fields',
      'd.a: Required value',
    ]);
    equal(check(list(integer, { default: ['a'] })), [
      'd[0]: Invalid value: "string": [0] in body must be of type integer: "string"',
    ]);
    equal(check({ ...integer, default: 1, ...rules('self > oldSelf') }), [
      'd: Invalid value: "integer": failed rule: self > oldSelf',
    ]);
    equal(check({ ...integer, default: 1 }), []);
    equal(check(object({}, { default: {} }), true), [
      'd.apiVersion: Required value: must not be empty',
      'd.kind: Required value: must not be empty',
    ]);
  });
});
