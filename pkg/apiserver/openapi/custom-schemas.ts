// The schemas of custom resources as OpenAPI publishes them. v3 shows the structural schema; v2
// leaves out all that its clients cannot read.
// Source: apiextensions-apiserver pkg/controller/openapi/builder/builder.go, v2/conversion.go.
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import type { PublishedKind } from '../resource/definition.js';
import type { Json } from './schemas.js';
import { SHOWN } from './custom-members.generated.js';

/** The documents' own parts that custom kinds refer to. */
export interface SharedSchemas {
  /** {$ref} to a message. */
  reference(name: string): Json;
  /** The text of a built-in field. */
  description(schema: string, field: string): string | undefined;
}

type Version = 'v2' | 'v3';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** A built-in kind: what its type and metadata mean is what those of custom kinds mean. */
const MODEL = 'io.k8s.api.core.v1.Pod';

/** 'com.example.v1.Foo' */
export const customSchemaName = (group: string, version: string, kind: string): string =>
  `${group.split('.').reverse().join('.')}.${version}.${kind}`;

const described = (text: string | undefined): Json => (text ? { description: text } : {});

/** apiVersion, kind and metadata of an object. */
function typeFields(shared: SharedSchemas, model: string, meta: string, version: Version): Json {
  const text = (field: string) => described(shared.description(model, field));
  const reference = shared.reference(`${META}.${meta}`);
  return {
    apiVersion: { ...text('apiVersion'), type: 'string' },
    kind: { ...text('kind'), type: 'string' },
    // OpenAPI v3 ignores siblings of a $ref.
    metadata: { ...text('metadata'), ...(version === 'v3' ? { allOf: [reference] } : reference) },
  };
}

function ownMembers(schema: JSONSchemaProps): Json {
  const out: Json = {};
  for (const member of SHOWN) {
    const value = schema[member];
    if (value !== undefined && value !== false && value !== '') out[member] = value;
  }
  return out;
}

function nested(schema: JSONSchemaProps, write: (inner: JSONSchemaProps) => Json): Json {
  const { items, properties, additionalProperties: values } = schema;
  const names = Object.keys(properties ?? {});
  return {
    ...(names.length && {
      properties: Object.fromEntries(names.map((name) => [name, write(properties![name]!)])),
    }),
    ...(items && !Array.isArray(items) && { items: write(items) }),
    ...(typeof values === 'object'
      ? { additionalProperties: write(values) }
      : values
        ? { additionalProperties: true }
        : {}),
  };
}

const CONVENTIONS =
  'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
/** Upstream writes other texts for the type of an object in an object. */
const EMBEDDED_TYPE = {
  apiVersion: {
    description: `apiVersion defines the versioned schema of this representation of an object. More info: ${CONVENTIONS}#resources`,
    type: 'string',
  },
  kind: {
    description: `kind is a string value representing the type of this object. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
    type: 'string',
  },
};

function embed(out: Json, shared: SharedSchemas, version: Version): Json {
  const required = (out['required'] as string[] | undefined) ?? [];
  return {
    ...out,
    properties: {
      ...(out['properties'] as Json | undefined),
      ...typeFields(shared, MODEL, 'ObjectMeta', version),
      ...EMBEDDED_TYPE,
    },
    required: [
      ...required.filter((name) => name !== 'kind' && name !== 'apiVersion'),
      'kind',
      'apiVersion',
    ],
  };
}

function writeV3(schema: JSONSchemaProps, shared: SharedSchemas): Json {
  const write = (inner: JSONSchemaProps): Json => writeV3(inner, shared);
  const { allOf, anyOf, oneOf, not } = schema;
  const out: Json = {
    ...ownMembers(schema),
    ...nested(schema, write),
    ...(allOf?.length && { allOf: allOf.map(write) }),
    ...(anyOf?.length && { anyOf: anyOf.map(write) }),
    ...(oneOf?.length && { oneOf: oneOf.map(write) }),
    ...(not && { not: write(not) }),
  };
  return schema['x-kubernetes-embedded-resource'] ? embed(out, shared, 'v3') : out;
}

/** Values that v2 clients would refuse wrongly stay without a type and without fields. */
function writeV2(schema: JSONSchemaProps, shared: SharedSchemas): Json {
  const { default: _, nullable, type, ...members } = ownMembers(schema) as Json & { type?: string };
  const isOpen =
    nullable === true ||
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    (type === 'array' && schema.items === undefined);
  if (isOpen)
    return schema['x-kubernetes-embedded-resource'] ? embed(members, shared, 'v2') : members;
  const required = schema.required?.filter((name) => !schema.properties?.[name]?.nullable);
  const out: Json = {
    ...members,
    ...(type && { type }),
    ...nested(schema, (inner) => writeV2(inner, shared)),
  };
  delete out['required'];
  if (required?.length) out['required'] = required;
  return schema['x-kubernetes-embedded-resource'] ? embed(out, shared, 'v2') : out;
}

const extensions = ({ group, version, selectableFields }: PublishedKind, kind: string): Json => ({
  'x-kubernetes-group-version-kind': [{ group, kind, version }],
  'x-kubernetes-selectable-fields': selectableFields.map((fieldPath) => ({ fieldPath })),
});

/** The schema of the objects. */
export function customSchema(custom: PublishedKind, shared: SharedSchemas, version: Version): Json {
  const schema = custom.schema() ?? {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
  };
  const marks = extensions(custom, custom.kind);
  if (version === 'v2' && schema['x-kubernetes-preserve-unknown-fields'])
    return { type: 'object', ...marks };
  const { properties, ...own } =
    version === 'v3' ? writeV3(schema, shared) : writeV2(schema, shared);
  return {
    ...own,
    type: 'object',
    properties: {
      ...(properties as Json | undefined),
      ...typeFields(shared, MODEL, 'ObjectMeta', version),
    },
    ...marks,
  };
}

/** The schema of lists. */
export function customListSchema(
  custom: PublishedKind,
  shared: SharedSchemas,
  version: Version,
): Json {
  const { group, kind, listKind, plural } = custom;
  return {
    description: `${listKind} is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...typeFields(shared, `${MODEL}List`, 'ListMeta', version),
      items: {
        description: `List of ${plural}. More info: ${CONVENTIONS}`,
        type: 'array',
        items: shared.reference(customSchemaName(group, custom.version, kind)),
      },
    },
    ...extensions(custom, listKind),
  };
}
