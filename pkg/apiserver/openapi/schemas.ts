// Writes components.schemas (v3) and definitions (v2) from the schema graph.
import type { FieldFacts, ResourceFacts, SchemaTable } from '../../apimachinery/schema/facts.js';
import {
  structOf,
  type FieldNode,
  type Scalar,
  type StructNode,
  type TypeNode,
} from '../../apimachinery/schema/schema.js';
import { customListSchema, customSchema, customSchemaName } from './custom-schemas.js';
import type { PublishedKind } from '../resource/definition.js';
import type { Descriptions } from './descriptions.js';
import { gvkOf, schemaOfResource, type Kind } from './group-version.js';

export type Json = { [key: string]: unknown };

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const RUNTIME = 'io.k8s.apimachinery.pkg';

/** Scalars with a schema of their own that fields refer to. */
const NAMED_SCALARS: Partial<Record<Scalar, { name: string; v2: Json; v3: Json }>> = {
  quantity: named(
    `${RUNTIME}.api.resource.Quantity`,
    { type: 'string' },
    { oneOf: [{ type: 'string' }, { type: 'number' }] },
  ),
  intOrString: named(
    `${RUNTIME}.util.intstr.IntOrString`,
    { type: 'string', format: 'int-or-string' },
    { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  ),
  time: named(`${META}.Time`, { type: 'string', format: 'date-time' }),
  microTime: named(`${META}.MicroTime`, { type: 'string', format: 'date-time' }),
  duration: named(`${META}.Duration`, { type: 'string' }),
};

function named(name: string, v2: Json, v3: Json = v2): { name: string; v2: Json; v3: Json } {
  return { name, v2, v3 };
}

const INLINE_SCALARS: Readonly<Record<string, Json>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
};

/** Messages that are free-form objects with a name in the documents. */
const FREE_FORM = new Set([`${RUNTIME}.runtime.RawExtension`, `${META}.FieldsV1`, `${META}.Patch`]);

interface CustomSchema {
  readonly name: string;
  readonly custom: PublishedKind;
  readonly write: typeof customSchema;
}

export class SchemaWriter {
  private readonly wanted: string[] = [];
  private readonly written = new Map<string, Json>();

  constructor(
    private readonly table: SchemaTable,
    private readonly descriptions: Descriptions,
    private readonly prefix: string,
    readonly isThird: boolean,
    customs: readonly PublishedKind[] = [],
  ) {
    for (const custom of customs) {
      const { group, version, kind, listKind } = custom;
      const keep = (named: string, write: CustomSchema['write']): void => {
        const name = customSchemaName(group, version, named);
        this.customs.set(`${group}/${version}/${named}`, { name, custom, write });
        this.customsByName.set(name, { name, custom, write });
      };
      keep(kind, customSchema);
      keep(listKind, customListSchema);
    }
  }

  private readonly customs = new Map<string, CustomSchema>();
  private readonly customsByName = new Map<string, CustomSchema>();

  /** Whether a kind is a custom resource. */
  isCustom({ group, version, kind }: Kind): boolean {
    return this.customs.has(`${group}/${version}/${kind}`);
  }

  /** The kind of a resource's lists. */
  listKind({ group, version, kind }: Kind): string {
    return this.customs.get(`${group}/${version}/${kind}`)?.custom.listKind ?? `${kind}List`;
  }

  /** {$ref} to a message; the message becomes part of the document. */
  reference(name: string): Json {
    this.want(name);
    return { $ref: this.prefix + name };
  }

  /** The message of a kind, {type: object} when it has none. */
  kind(resource: Kind): Json {
    const { group, version, kind } = resource;
    const name =
      this.customs.get(`${group}/${version}/${kind}`)?.name ??
      schemaOfResource(this.table, resource);
    return name ? this.reference(name) : { type: 'object' };
  }

  /** The text of a message's field. */
  description(schema: string, field: string): string | undefined {
    return this.descriptions[schema]?.[field];
  }

  private want(name: string): void {
    if (this.written.has(name)) return;
    this.written.set(name, {});
    this.wanted.push(name);
  }

  /**
   * Every schema that was referred to, by name; kinds of `resources` carry their
   * group-version-kind.
   */
  finish(resources: readonly ResourceFacts[]): Json {
    const kinds = new Map<string, Json>();
    for (const resource of resources) {
      const name = schemaOfResource(this.table, resource);
      if (name) kinds.set(name, gvkOf(resource));
    }
    for (let name = this.wanted.pop(); name !== undefined; name = this.wanted.pop())
      this.written.set(name, this.write(name, kinds.get(name)));
    return Object.fromEntries([...this.written].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private write(name: string, kind: Json | undefined): Json {
    const own = this.customsByName.get(name);
    if (own) return own.write(own.custom, this, this.isThird ? 'v3' : 'v2');
    const scalar = Object.values(NAMED_SCALARS).find((s) => s.name === name);
    const description = this.descriptions[name]?.[''];
    const head: Json = description ? { description } : {};
    if (scalar) return { ...head, ...(this.isThird ? scalar.v3 : scalar.v2) };
    const struct = structOf(this.table, name);
    if (!struct || FREE_FORM.has(name)) return { ...head, type: 'object' };
    return { ...head, ...this.struct(struct, kind) };
  }

  private struct(struct: StructNode, kind: Json | undefined): Json {
    const properties: Json = {};
    const required: string[] = [];
    for (const field of struct.fields.values()) {
      properties[field.name] = this.field(struct, field);
      if (field.facts.required) required.push(field.name);
    }
    const gvks = struct.facts.gvk ?? (kind ? [kind] : undefined);
    return {
      type: 'object',
      ...(required.length && { required }),
      ...(Object.keys(properties).length && { properties }),
      ...(gvks && { 'x-kubernetes-group-version-kind': gvks }),
      ...(struct.facts['map-type'] && { 'x-kubernetes-map-type': struct.facts['map-type'] }),
      ...(struct.facts.unions ? { 'x-kubernetes-unions': struct.facts.unions } : {}),
    };
  }

  private field(struct: StructNode, field: FieldNode): Json {
    const description =
      this.descriptions[struct.schemaName]?.[field.name] ?? this.textOfTarget(field.type);
    const type = this.type(field.type);
    const zero = this.isThird ? zeroDefault(field) : undefined;
    const extra: Json = {
      ...(description && { description }),
      ...(zero !== undefined && { default: zero }),
      ...extensionsOf(field.facts),
    };
    if (Object.keys(extra).length === 0) return type;
    // OpenAPI v3 ignores siblings of a $ref, so the reference moves into allOf.
    return this.isThird && '$ref' in type ? { ...extra, allOf: [type] } : { ...extra, ...type };
  }

  /** The schema of a list's or map's members, which are values and not pointers in Go. */
  private member(type: TypeNode): Json {
    const schema = this.type(type);
    if (!this.isThird) return schema;
    if (type.kind === 'struct') return { default: {}, allOf: [schema] };
    const zero = type.kind === 'scalar' ? ZERO_OF_SCALAR[type.scalar] : undefined;
    return zero === undefined ? schema : { default: zero, ...schema };
  }

  private textOfTarget(type: TypeNode): string | undefined {
    return type.kind === 'struct' ? this.descriptions[type.struct.schemaName]?.[''] : undefined;
  }

  private type(type: TypeNode): Json {
    switch (type.kind) {
      case 'list':
        return { type: 'array', items: this.member(type.item) };
      case 'map':
        return { type: 'object', additionalProperties: this.member(type.value) };
      case 'struct':
        return this.reference(type.struct.schemaName);
      case 'scalar': {
        const scalar = NAMED_SCALARS[type.scalar];
        return scalar ? this.reference(scalar.name) : { ...INLINE_SCALARS[type.scalar] };
      }
    }
  }
}

const ZERO_OF_SCALAR: Readonly<Partial<Record<Scalar, unknown>>> = {
  string: '',
  boolean: false,
  int32: 0,
  int64: 0,
  double: 0,
};

/**
 * The default of a field that is a value in Go: structs always, others when their zero is written
 * (kube-openapi generators/openapi.go mustEnforceDefault).
 */
function zeroDefault({ facts, type }: FieldNode): unknown {
  const { go = '' } = facts;
  if (type.kind === 'struct') return go.startsWith('s') ? {} : undefined;
  return type.kind === 'scalar' && go.endsWith('!') && !go.startsWith('p')
    ? ZERO_OF_SCALAR[type.scalar]
    : undefined;
}

const EXTENSIONS = [
  'list-map-keys',
  'list-type',
  'map-type',
  'patch-merge-key',
  'patch-strategy',
] as const;

function extensionsOf(facts: FieldFacts): Json {
  const out: Json = facts.default === undefined ? {} : { default: facts.default };
  for (const name of EXTENSIONS) if (facts[name]) out[`x-kubernetes-${name}`] = facts[name];
  return out;
}
