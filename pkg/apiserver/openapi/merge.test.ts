import assert from 'node:assert/strict';
import { convertV2 } from './convert-v2.js';
import { mergeSpecs, onlyPaths, type Swagger } from './merge.js';

const KINDS = 'x-kubernetes-group-version-kind';
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const using = (name: string) => ({ get: { responses: { 200: { schema: ref(name) } } } });

describe('merging OpenAPI documents', () => {
  const base: Swagger = {
    swagger: '2.0',
    info: { title: 'base' },
    paths: { '/a': using('Meta') },
    definitions: { Meta: { description: 'ours', [KINDS]: [{ kind: 'A' }] } },
  };

  it('adds paths with all that they refer to, and nothing else', () => {
    const other: Swagger = {
      info: { title: 'other' },
      paths: { '/b': using('B'), '/a': using('Stolen') },
      definitions: {
        B: { properties: { next: ref('C') } },
        C: { properties: { back: ref('B') } },
        Stolen: {},
        Unused: {},
      },
    };
    const { paths, definitions, info } = mergeSpecs(base, [other]);
    assert.deepEqual(paths, { '/a': using('Meta'), '/b': using('B') });
    assert.deepEqual(Object.keys(definitions as object), ['Meta', 'B', 'C']);
    assert.deepEqual(info, { title: 'base' });
    assert.deepEqual(Object.keys(base['definitions'] as object), ['Meta'], 'the base is kept');
  });

  it('renames what has the name of something else, and what refers to it', () => {
    const other = (text: string, path: string): Swagger => ({
      paths: { [path]: using('B') },
      definitions: { B: { items: ref('Meta') }, Meta: { description: text } },
    });
    const merged = mergeSpecs(base, [other('theirs', '/b'), other('third', '/c')]);
    assert.deepEqual(merged.paths, {
      '/a': using('Meta'),
      '/b': using('B'),
      '/c': using('B_v2'),
    } satisfies object);
    assert.deepEqual(merged['definitions'], {
      Meta: { description: 'ours', [KINDS]: [{ kind: 'A' }] },
      B: { items: ref('Meta_v2') },
      Meta_v2: { description: 'theirs' },
      B_v2: { items: ref('Meta_v3') },
      Meta_v3: { description: 'third' },
    });
  });

  it('takes equal definitions once, with the kinds of both', () => {
    const other: Swagger = {
      paths: { '/b': using('Meta') },
      definitions: { Meta: { description: 'ours', [KINDS]: [{ kind: 'B' }, { kind: 'A' }] } },
    };
    assert.deepEqual(mergeSpecs(base, [other])['definitions'], {
      Meta: { description: 'ours', [KINDS]: [{ kind: 'A' }, { kind: 'B' }] },
    });
  });

  it('leaves names alone that the other document uses itself', () => {
    const other: Swagger = {
      paths: { '/b': { get: { x: ref('Meta'), y: ref('Meta_v2') } } },
      definitions: { Meta: { description: 'theirs' }, Meta_v2: { description: 'also theirs' } },
    };
    const { paths, definitions } = mergeSpecs(base, [other]);
    assert.deepEqual(paths!['/b'], { get: { x: ref('Meta_v3'), y: ref('Meta_v2') } });
    assert.deepEqual((definitions as Swagger)['Meta_v3'], { description: 'theirs' });
  });

  it('follows shared parameters and responses, and names like __proto__', () => {
    const other = JSON.parse(
      '{"paths":{"/b":{"get":{"parameters":[{"$ref":"#/parameters/body"}],"responses":{"401":{"$ref":"#/responses/no"}}}}},' +
        '"parameters":{"body":{"schema":{"$ref":"#/definitions/__proto__"}},"more":{}},' +
        '"responses":{"no":{"description":"no"}},"definitions":{"__proto__":{"type":"object"}}}',
    ) as Swagger;
    const kept = onlyPaths(other, () => true);
    assert.deepEqual(Object.keys(kept['parameters'] as object), ['body']);
    assert.deepEqual(Object.keys(kept['responses'] as object), ['no']);
    const merged = mergeSpecs(base, [other]);
    assert.deepEqual(Object.keys(merged['definitions'] as object), ['Meta', '__proto__']);
    assert.deepEqual(Object.keys(merged['parameters'] as object), ['body']);
  });
});

describe('converting OpenAPI v2 to v3', () => {
  it('moves bodies, types, references and schemas', () => {
    const parameters = [
      { name: 'body', in: 'body', schema: ref('A') },
      { name: 'limit', in: 'query', type: 'integer', format: 'int64', description: 'n' },
      { $ref: '#/parameters/pretty' },
    ];
    const converted = convertV2({
      swagger: '2.0',
      info: { title: 't' },
      paths: {
        '/a': {
          parameters: [{ name: 'ns', in: 'path', required: true, type: 'string' }],
          'x-kept': 1,
          post: {
            operationId: 'x',
            consumes: ['application/json'],
            produces: ['application/yaml'],
            schemes: ['https'],
            parameters,
            responses: { 200: { description: 'OK', schema: ref('A') }, 401: { description: 'no' } },
          },
        },
      },
      parameters: { pretty: { name: 'pretty', in: 'query', type: 'string' } },
      definitions: {
        A: { properties: { b: { description: 'd', ...ref('B') }, c: ref('B') } },
        B: {},
      },
    });
    const a = { $ref: '#/components/schemas/A' };
    const b = { $ref: '#/components/schemas/B' };
    assert.deepEqual(JSON.parse(JSON.stringify(converted)), {
      openapi: '3.0.0',
      info: { title: 't' },
      paths: {
        '/a': {
          parameters: [{ name: 'ns', in: 'path', required: true, schema: { type: 'string' } }],
          'x-kept': 1,
          post: {
            operationId: 'x',
            parameters: [
              {
                name: 'limit',
                in: 'query',
                description: 'n',
                schema: { type: 'integer', format: 'int64' },
              },
              { $ref: '#/components/parameters/pretty' },
            ],
            requestBody: { content: { 'application/json': { schema: a } } },
            responses: {
              200: { description: 'OK', content: { 'application/yaml': { schema: a } } },
              401: { description: 'no' },
            },
          },
        },
      },
      components: {
        schemas: { A: { properties: { b: { description: 'd', allOf: [b] }, c: b } }, B: {} },
        parameters: { pretty: { name: 'pretty', in: 'query', schema: { type: 'string' } } },
      },
    });
  });
});
