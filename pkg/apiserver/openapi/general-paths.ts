// The paths of OpenAPI documents that belong to no resource: discovery, version, token issuer.
import type { ResourceFacts } from '../../apimachinery/schema/facts.js';
import { groupVersionPath } from './group-version.js';
import { groupWord, tagOf } from './names.js';
import type { Json, SchemaWriter } from './schemas.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const OBJECT_TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
];

interface General {
  /** The document in /openapi/v3, which is also the path. */
  readonly document: string;
  readonly tag: string;
  readonly description: string;
  readonly operationId: string;
  readonly types: readonly string[];
  /** A message of the schema table; a text without. */
  readonly schema?: string;
}

const FIXED: readonly General[] = [
  {
    document: '.well-known/openid-configuration',
    tag: 'WellKnown',
    description: 'get the configuration of the issuer of service account tokens',
    operationId: 'getServiceAccountIssuerOpenIDConfiguration',
    types: ['application/json'],
  },
  {
    document: 'api',
    tag: 'core',
    description: 'get available API versions',
    operationId: 'getCoreAPIVersions',
    types: OBJECT_TYPES,
    schema: `${META}.APIVersions`,
  },
  {
    document: 'apis',
    tag: 'apis',
    description: 'get available API groups',
    operationId: 'getAPIVersions',
    types: OBJECT_TYPES,
    schema: `${META}.APIGroupList`,
  },
  {
    document: 'openid/v1/jwks',
    tag: 'openid',
    description: 'get the public keys that verify service account tokens',
    operationId: 'getServiceAccountIssuerOpenIDKeyset',
    types: ['application/jwk-set+json'],
  },
  {
    document: 'version',
    tag: 'version',
    description: 'get the version of this server',
    operationId: 'getCodeVersion',
    types: ['application/json'],
  },
];

/** The documents of a server with these resources, besides those of group versions. */
export function generalDocuments(resources: readonly ResourceFacts[]): General[] {
  const groups = new Set(resources.map(({ group }) => group).filter((group) => group !== ''));
  return [
    ...FIXED,
    ...[...groups].map((group) => ({
      document: `apis/${group}`,
      tag: tagOf(group),
      description: 'get information of a group',
      operationId: `get${groupWord(group)}APIGroup`,
      types: OBJECT_TYPES,
      schema: `${META}.APIGroup`,
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
    types: OBJECT_TYPES,
    schema: `${META}.APIResourceList`,
  };
}

export function generalPath(general: General, schemas: SchemaWriter, version: 'v2' | 'v3'): Json {
  const schema = general.schema ? schemas.reference(general.schema) : { type: 'string' };
  const content = Object.fromEntries(general.types.map((type) => [type, { schema }]));
  const get = {
    tags: [general.tag],
    description: general.description,
    operationId: general.operationId,
    ...(version === 'v2'
      ? { consumes: general.types, produces: general.types, schemes: ['https'] }
      : {}),
    responses: {
      200: { description: 'OK', ...(version === 'v2' ? { schema } : { content }) },
      401: { description: 'Unauthorized' },
    },
  };
  return { [`/${general.document}/`]: { get } };
}
