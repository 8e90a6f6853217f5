// The paths of OpenAPI documents that belong to no resource: discovery, version, token issuer.
import type { ResourceFacts } from '../../apimachinery/schema/facts.js';
import { groupVersionPath } from './group-version.js';
import { type General, groupWord, tagOf } from './names.js';
import { OPERATIONS } from './operations.generated.js';
import type { Json, SchemaWriter } from './schemas.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** Of the answers that are objects. */
export const BODY_TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
];

/** The documents of a server with these resources, besides those of group versions. */
export function generalDocuments(resources: readonly ResourceFacts[]): General[] {
  const groups = new Set(resources.map(({ group }) => group).filter((group) => group !== ''));
  return [
    ...OPERATIONS.general,
    ...[...groups].map((group) => ({
      document: `apis/${group}`,
      tag: tagOf(group),
      description: 'get information of a group',
      operationId: `get${groupWord(group)}APIGroup`,
      types: BODY_TYPES,
      schema: 'APIGroup',
    })),
  ];
}

/** The path that lists the resources of a group version. */
export function resourceListOf(resource: { group: string; version: string }): General {
  const { group, version } = resource;
  return {
    document: groupVersionPath(resource),
    tag: `${tagOf(group)}_${version}`,
    description: 'get available resources',
    operationId: `get${groupWord(group)}${version[0]!.toUpperCase()}${version.slice(1)}APIResources`,
    types: BODY_TYPES,
    schema: 'APIResourceList',
  };
}

export function generalPath(general: General, schemas: SchemaWriter): Json {
  const schema = general.schema
    ? schemas.reference(`${META}.${general.schema}`)
    : { type: 'string' };
  const { document, types } = general;
  return { [`/${document}/`]: { get: plainGet(general, types, types, schema) } };
}

/** A GET with one good answer, of this schema. */
export const plainGet = (
  { tag, description, operationId }: Pick<General, 'tag' | 'description' | 'operationId'>,
  consumes: readonly string[],
  produces: readonly string[],
  schema: Json,
): Json => ({
  tags: [tag],
  description,
  operationId,
  consumes,
  produces,
  schemes: ['https'],
  responses: { 200: { description: 'OK', schema }, 401: { description: 'Unauthorized' } },
});
