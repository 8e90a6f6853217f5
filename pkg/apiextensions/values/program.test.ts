import { deepStrictEqual as equal, throws } from 'node:assert/strict';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import type { JsonObject } from './node.js';
import { compileSchema, type SchemaProgram } from './program.js';

const text: JSONSchemaProps = { type: 'string' };
const object = (
  properties: Record<string, JSONSchemaProps>,
  more: JSONSchemaProps = {},
): JSONSchemaProps => ({ type: 'object', properties, ...more });

/** The program of a kind whose spec has this schema. */
const program = (spec: JSONSchemaProps): SchemaProgram =>
  compileSchema(object({ spec, status: object({ a: text }) }), 'Foo');

const foo = (spec: unknown, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Foo',
  metadata: { name: 'a' },
  ...(spec === undefined ? {} : { spec }),
  ...more,
});

function decoded(spec: JSONSchemaProps, value: JsonObject): { spec: unknown; problems: string[] } {
  const { object: made, problems } = program(spec).decode(value, 'Strict', []);
  return { spec: (made as unknown as JsonObject)['spec'], problems };
}

function defaulted(spec: JSONSchemaProps, value: unknown): unknown {
  const made = foo(value) as unknown as ApiObject;
  program(spec).applyDefaults(made);
  return (made as unknown as JsonObject)['spec'];
}

describe('pruning of custom resources', () => {
  it('names unknown fields in order, those of metadata first', () => {
    const value = foo(
      { z: 1, a: 'x', l: [{ b: 'y', c: 1 }], m: { k: { b: 'y', d: 1 } } },
      { metadata: { name: 'a', zz: 1 }, other: {}, status: { b: 1 } },
    );
    const inner = object({ b: text });
    const spec = object({
      a: text,
      l: { type: 'array', items: inner },
      m: { type: 'object', additionalProperties: inner },
    });
    equal(decoded(spec, value), {
      spec: { a: 'x', l: [{ b: 'y' }], m: { k: { b: 'y' } } },
      problems: ['metadata.zz', 'other', 'spec.l[0].c', 'spec.m.k.d', 'spec.z', 'status.b'].map(
        (path) => `unknown field "${path}"`,
      ),
    });
  });

  it('keeps unknown fields where the schema says so, but not below a specified field', () => {
    const keep = { 'x-kubernetes-preserve-unknown-fields': true };
    const spec = object({ a: object({ b: text }) }, keep);
    equal(decoded(spec, foo({ a: { b: 'x', c: 1 }, d: { e: [{ f: 1 }] } })), {
      spec: { a: { b: 'x' }, d: { e: [{ f: 1 }] } },
      problems: ['unknown field "spec.a.c"'],
    });
  });

  it('empties objects of which the schema says nothing, at any depth of lists', () => {
    const spec = object({ m: { type: 'object', additionalProperties: true } });
    equal(decoded(spec, foo({ m: { a: { b: 1 }, c: [[{ d: 1 }], 2] } })).spec, {
      m: { a: {}, c: [[{}], 2] },
    });
  });

  it('keeps and coerces the metadata of embedded resources', () => {
    const spec = object({
      e: object({ spec: object({ a: text }) }, { 'x-kubernetes-embedded-resource': true }),
    });
    const e = {
      apiVersion: 'v1',
      kind: 'P',
      metadata: { name: 'a', zz: 1, creationTimestamp: null },
      other: 1,
    };
    equal(decoded(spec, foo({ e })), {
      spec: { e: { apiVersion: 'v1', kind: 'P', metadata: { name: 'a' } } },
      problems: ['unknown field "spec.e.other"', 'unknown field "spec.e.metadata.zz"'],
    });
    throws(
      () => decoded(spec, foo({ e: { kind: 'P', metadata: { labels: { a: 1 } } } })),
      /cannot be handled as a Foo: spec\.e\.metadata: Invalid value: .*ObjectMeta\.labels of type string/,
    );
    throws(
      () => decoded(spec, foo({ e: { kind: 1 } })),
      /cannot be handled as a Foo: spec\.e\.kind: Invalid value: 1: must be a string/,
    );
  });

  it('refuses metadata of a wrong type in a body and drops it from the store', () => {
    const spec = object({});
    throws(
      () => decoded(spec, foo({}, { metadata: 'x' })),
      /json: cannot unmarshal string into Go value of type v1\.ObjectMeta/,
    );
    const stored = foo({}, { metadata: { name: 'a', labels: 'x', annotations: { a: 'b' } } });
    program(spec).fromStorage(stored as unknown as ApiObject);
    equal(stored['metadata'], { name: 'a', annotations: { a: 'b' } });
  });

  it('keeps a member named __proto__ a member', () => {
    const value = JSON.parse('{"m":{"__proto__":{"a":"x","b":1}}}') as JsonObject;
    const spec = object({ m: { type: 'object', additionalProperties: object({ a: text }) } });
    const { spec: kept } = decoded(spec, foo(value));
    equal(JSON.stringify(kept), '{"m":{"__proto__":{"a":"x"}}}');
  });
});

describe('defaults of custom resources', () => {
  const spec = object({
    a: text,
    b: { ...text, nullable: true },
    c: { ...text, default: 'd' },
    d: { ...text, nullable: true, default: 'd' },
    o: object({ x: { ...text, default: 'y' } }, { default: {} }),
    l: { type: 'array', items: object({ x: { ...text, default: 'y' } }) },
    m: { type: 'object', additionalProperties: { ...text, default: 'z' } },
  });

  it('take the place of missing fields and of forbidden nulls', () => {
    equal(
      defaulted(spec, { a: null, b: null, c: null, d: null, o: null, l: [{}], m: { k: null } }),
      { b: null, c: 'd', d: null, o: { x: 'y' }, l: [{ x: 'y' }], m: { k: 'z' } },
    );
    equal(defaulted(spec, {}), { c: 'd', d: 'd', o: { x: 'y' } });
  });

  it('do not make the object that would hold them', () => {
    equal(defaulted(spec, undefined), undefined);
    equal(defaulted(spec, 'text'), 'text');
  });

  it('are copies', () => {
    const list: JSONSchemaProps = { type: 'array', items: text, default: ['a'] };
    const shared = program(object({ l: list }));
    const made = (): { spec: { l: string[] } } => {
      const value = foo({}) as unknown as ApiObject;
      shared.applyDefaults(value);
      return value as unknown as { spec: { l: string[] } };
    };
    made().spec.l.push('b');
    equal(made().spec.l, ['a']);
  });
});

describe('lists of custom resources with a type', () => {
  const problems = (list: JSONSchemaProps, value: unknown[]): string[] =>
    program(object({ l: list }))
      .validate(foo({ l: value }) as unknown as ApiObject)
      .map(({ field, message }) => `${field}: ${message}`);

  it('have each item of a set once, reported at its second place', () => {
    const set: JSONSchemaProps = { type: 'array', 'x-kubernetes-list-type': 'set' };
    equal(problems({ ...set, items: text }, ['a', 'b', 'a', 'a']), [
      'spec.l[2]: Duplicate value: "a"',
    ]);
    equal(problems(set, [1, '1', true, 'true', null, { a: 1, b: 2 }, { b: 2, a: 1 }]), [
      'spec.l[6]: Duplicate value: map[string]interface {}{"a":1, "b":2}',
    ]);
  });

  it('have the keys of a map once', () => {
    const keepsAny: JSONSchemaProps = { 'x-kubernetes-preserve-unknown-fields': true };
    const list: JSONSchemaProps = {
      type: 'array',
      items: object({ k: text, j: text }),
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k', 'j'],
    };
    equal(problems(list, [{ k: 'a' }, { k: 'a', j: 'b' }, { j: 'b', k: 'a' }, {}, {}]), [
      'spec.l[2]: Duplicate value: map[string]interface {}{"j":"b", "k":"a"}',
      'spec.l[4]: Duplicate value: map[string]interface {}{}',
    ]);
    equal(problems({ ...list, items: keepsAny }, [{}, 1]), [
      'spec.l[1]: Invalid value: 1: must be an object for an array of list-type map',
    ]);
  });

  it('may keep duplicates that they have already', () => {
    const set: JSONSchemaProps = { type: 'array', items: text, 'x-kubernetes-list-type': 'set' };
    const kind = program(object({ l: set }));
    const check = (before: string[], after: string[]): number =>
      kind.validateUpdate(
        foo({ l: after }) as unknown as ApiObject,
        foo({ l: before }) as unknown as ApiObject,
      ).length;
    equal(check(['a', 'a'], ['b', 'b']), 0);
    equal(check(['a', 'b'], ['b', 'b']), 1);
  });
});
