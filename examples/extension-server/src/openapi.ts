// The OpenAPI documents, which `kubectl explain` and client-side validation read: v3 with an index,
// and v2. The cluster's API server merges both into its own.
import { createHash } from 'node:crypto';
import type { Document } from './discovery.js';

const GROUP = 'pantry.example.com';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const JAR = 'com.example.pantry.v1.Jar';
const kind = { group: GROUP, version: 'v1', kind: 'Jar' };
const OF_KIND = { 'x-kubernetes-group-version-kind': kind };

const schemas = (prefix: string) => ({
  [META]: { type: 'object', description: 'Metadata that all objects have.' },
  [JAR]: {
    type: 'object',
    description: 'A jar in the pantry.',
    'x-kubernetes-group-version-kind': [kind],
    properties: {
      apiVersion: { type: 'string', description: 'The version of this object.' },
      kind: { type: 'string', description: 'The kind of this object.' },
      metadata: {
        description: "Standard object's metadata.",
        ...(prefix.includes('components')
          ? { allOf: [{ $ref: prefix + META }] }
          : { $ref: prefix + META }),
      },
      spec: {
        type: 'object',
        description: 'What is in the jar.',
        required: ['content'],
        properties: {
          content: { type: 'string', description: 'The food.' },
          grams: { type: 'integer', format: 'int32', description: 'Weight of the food.' },
        },
      },
    },
  },
});

const ITEM = `/apis/${GROUP}/v1/namespaces/{namespace}/jars/{name}`;
const PARAMETERS = ['namespace', 'name'].map((name) => ({ name, in: 'path', required: true }));
const GET = { 'x-kubernetes-action': 'get', operationId: 'readJar', ...OF_KIND };

const V3 = {
  openapi: '3.0.0',
  info: { title: 'Pantry', version: 'v1' },
  paths: {
    [ITEM]: {
      parameters: PARAMETERS.map((one) => ({ ...one, schema: { type: 'string' } })),
      get: {
        ...GET,
        responses: {
          200: {
            description: 'OK',
            content: { 'application/json': { schema: { $ref: `#/components/schemas/${JAR}` } } },
          },
        },
      },
    },
  },
  components: { schemas: schemas('#/components/schemas/') },
};

const V2 = {
  swagger: '2.0',
  info: V3.info,
  paths: {
    [ITEM]: {
      parameters: PARAMETERS.map((one) => ({ ...one, type: 'string' })),
      get: {
        ...GET,
        produces: ['application/json'],
        responses: { 200: { description: 'OK', schema: { $ref: `#/definitions/${JAR}` } } },
      },
    },
  },
  definitions: schemas('#/definitions/'),
};

const hash = createHash('sha256').update(JSON.stringify(V3)).digest('hex').toUpperCase();
const PATH = `/openapi/v3/apis/${GROUP}/v1`;

const DOCUMENTS: Record<string, unknown> = {
  '/openapi/v3': { paths: { [`apis/${GROUP}/v1`]: { serverRelativeURL: `${PATH}?hash=${hash}` } } },
  [PATH]: V3,
  '/openapi/v2': V2,
};

export const openApiOf = (path: string): Document | undefined =>
  path in DOCUMENTS
    ? { body: DOCUMENTS[path], type: 'application/json', etag: `"${hash}"` }
    : undefined;
