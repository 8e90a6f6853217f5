// The schemas of an OpenAPI v3 document as the expression language reads them (upstream
// apiserver/pkg/cel/openapi/resolver).
import type { Schema } from '../../cel/kubernetes/schema.js';
import type { Kind } from './plan.js';

interface Published extends Omit<Schema, 'items' | 'properties' | 'additionalProperties'> {
  readonly $ref?: string;
  readonly allOf?: readonly Published[];
  readonly items?: Published;
  readonly properties?: Readonly<Record<string, Published>>;
  readonly additionalProperties?: Published | boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly Kind[];
}

export interface Document {
  readonly components?: { readonly schemas?: Readonly<Record<string, Published>> };
}

/** Values without a type, such as quantities, may be anything. */
const ANYTHING: Schema = { 'x-kubernetes-int-or-string': true };

const PREFIX = '#/components/schemas/';

/** `open` has the names around the schema: a schema in itself ends the descent. */
function resolve(schema: Published, document: Document, open: ReadonlySet<string>): Schema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) {
    const name = reference.slice(PREFIX.length);
    const target = document.components?.schemas?.[name];
    return target && !open.has(name)
      ? resolve(target, document, new Set(open).add(name))
      : ANYTHING;
  }
  const { items, properties, additionalProperties: values, ...own } = schema;
  if (!schema.type || schema.format === 'int-or-string') return ANYTHING;
  const inner = (one: Published): Schema => resolve(one, document, open);
  return {
    ...own,
    ...(items && { items: inner(items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, inner(one)]),
      ),
    }),
    ...(typeof values === 'object' && { additionalProperties: inner(values) }),
  };
}

/** The whole schema of the kind's objects; undefined when the document has none. */
export function schemaOfKind(document: Document, wanted: Kind): Schema | undefined {
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    const isWanted = schema['x-kubernetes-group-version-kind']?.some(
      ({ group, version, kind }) =>
        group === wanted.group && version === wanted.version && kind === wanted.kind,
    );
    if (isWanted) return resolve(schema, document, new Set([name]));
  }
  return undefined;
}
