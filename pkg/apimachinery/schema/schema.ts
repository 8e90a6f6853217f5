// The schema graph: each message of a fact table is compiled at first use into nodes, which
// decoders, patches, managed fields and OpenAPI walk. Nodes describe fields; their users decide the
// behaviour. Nodes are shared and never change.
import { assert } from '../../util/assert/assert.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { FieldFacts, MessageFacts, SchemaTable } from './facts.js';
import { JSON_SCALARS, PROTO_SCALARS, GO_SCALARS } from './facts.generated.js';

/** 'bytes' is base64 text in JSON; 'any' is any JSON: RawExtension, FieldsV1, JSON. */
export type Scalar = keyof typeof GO_SCALARS;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly scalar: Scalar;
  /** Any JSON that is a schema, or something of this kind in its place. */
  readonly schemaOr?: SchemaOr;
}
interface SchemaOr {
  readonly other: 'boolean' | 'schemas' | 'strings';
  readonly schema: StructRef;
}
export interface ListNode {
  readonly kind: 'list';
  readonly item: TypeNode;
  /** The attributes of the items, where they have any: schemas of custom resources only. */
  readonly elementFacts?: FieldFacts;
}
export interface MapNode {
  readonly kind: 'map';
  readonly value: TypeNode;
  /** As for the items of a list. */
  readonly elementFacts?: FieldFacts;
}
export interface StructRef {
  readonly kind: 'struct';
  readonly struct: StructNode;
}
export type TypeNode = ScalarNode | ListNode | MapNode | StructRef;

export interface FieldNode {
  readonly name: string;
  /** 'f:' and the name: the element of paths in managed fields. */
  readonly element: string;
  readonly type: TypeNode;
  readonly facts: FieldFacts;
  /** The fate of a zero value in Go: pointers keep it, other fields drop it or write null. */
  readonly zero: 'keep' | 'drop' | 'null';
}

/** A field that Go writes although it holds its zero value. */
export interface WrittenField {
  readonly name: string;
  /** The zero value in JSON; undefined for a struct, whose own fields decide. */
  readonly zero: '' | 0 | false | null | '0' | undefined;
  readonly type: TypeNode;
}

export interface StructNode {
  /** 'io.k8s.api.core.v1.Pod' */
  readonly schemaName: string;
  /** 'Pod' */
  readonly name: string;
  /** By JSON name. */
  readonly fields: ReadonlyMap<string, FieldNode>;
  /** Fields that the canonical form always has. */
  readonly written: readonly WrittenField[];
  readonly facts: MessageFacts;
  /** Other fields are allowed too: custom resources that keep unknown fields. */
  readonly isOpen?: boolean;
}

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const APIEXTENSIONS = 'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1';

const WELL_KNOWN: Readonly<Record<string, Scalar>> = {
  [`${META}.Time`]: 'time',
  [`${META}.MicroTime`]: 'microTime',
  [`${META}.Duration`]: 'duration',
  [`${META}.FieldsV1`]: 'any',
  [`${META}.Patch`]: 'any',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  [`${APIEXTENSIONS}.JSON`]: 'any',
};

const SCHEMA_OR: Readonly<Record<string, SchemaOr['other']>> = {
  [`${APIEXTENSIONS}.JSONSchemaPropsOrArray`]: 'schemas',
  [`${APIEXTENSIONS}.JSONSchemaPropsOrBool`]: 'boolean',
  [`${APIEXTENSIONS}.JSONSchemaPropsOrStringArray`]: 'strings',
};

const scalarNodes = new Map<Scalar, ScalarNode>();
const scalarNode = (scalar: Scalar): ScalarNode =>
  getOrInsert(scalarNodes, scalar, () => ({ kind: 'scalar', scalar }));

const compiled = new WeakMap<SchemaTable, Map<string, StructNode>>();

/** The node of a message; undefined when the table has no such message. */
export function structOf(table: SchemaTable, schemaName: string): StructNode | undefined {
  const nodes = getOrInsert(compiled, table, () => new Map());
  const known = nodes.get(schemaName);
  if (known) return known;
  const facts = table[schemaName];
  if (!facts) return undefined;
  const fields = new Map<string, FieldNode>();
  const written: WrittenField[] = [];
  const node: StructNode = {
    schemaName,
    name: schemaName.slice(schemaName.lastIndexOf('.') + 1),
    fields,
    written,
    facts,
  };
  nodes.set(schemaName, node);
  const factsOf = Object.entries(facts.fields ?? {});
  if (isTopLevel(facts)) {
    for (const name of TYPE_META)
      fields.set(name, {
        name,
        element: `f:${name}`,
        type: scalarNode('string'),
        facts: { type: 'string' },
        zero: 'drop',
      });
  }
  for (const [name, field] of factsOf) {
    const type = fieldType(table, schemaName, field);
    const isKept = KEPT_EMPTY.has(`${node.name}.${name}`);
    const isTypeMeta = field.go === undefined && TYPE_META.includes(name);
    fields.set(name, {
      name,
      element: `f:${name}`,
      type,
      facts: field,
      zero: isKept ? 'keep' : isTypeMeta ? 'drop' : zeroForm(field.go, type),
    });
    const zero = writtenZero(field.go, type);
    if (zero !== 'nothing') written.push({ name, zero, type });
  }
  return node;
}

/** Members of every kind, also inside others; omitempty in Go. */
const TYPE_META = ['apiVersion', 'kind'];

const isIntOrString = (type: TypeNode): boolean =>
  type.kind === 'scalar' && type.scalar === 'intOrString';

/** Lists whose absence and whose emptiness have different answers. */
const KEPT_EMPTY = new Set(['HPAScalingRules.policies', 'CustomResourceDefinitionSpec.versions']);

/** encoding/json's omitempty drops zero scalars and empty lists and maps, but never structs. */
function zeroForm(go: string | undefined, type: TypeNode): FieldNode['zero'] {
  if (go === undefined || isIntOrString(type)) return 'keep';
  if (/^[tnblm]$/.test(go)) return 'drop';
  // An empty list is nil after its way through protobuf, in which upstream stores.
  return /^[lm]!$/.test(go) ? 'null' : 'keep';
}

const ZEROS: Readonly<Record<string, WrittenField['zero']>> = { t: '', n: 0, b: false, q: '0' };

function writtenZero(go: string | undefined, type: TypeNode): WrittenField['zero'] | 'nothing' {
  if (go === undefined) return 'nothing';
  const shape = go[0]!;
  if (shape === 's') return undefined;
  if (isIntOrString(type) && shape !== 'p') return 0;
  if (!go.endsWith('!') && shape !== 'T' && shape !== 'q') return 'nothing';
  return ZEROS[shape] ?? null;
}

/** @throws AssertionFailure for an unknown message. */
export function mustStructOf(table: SchemaTable, schemaName: string): StructNode {
  const node = structOf(table, schemaName);
  assert(node, `no message ${schemaName} in the schema table`);
  return node;
}

function isTopLevel(facts: MessageFacts): boolean {
  if (facts.gvk !== undefined) return true;
  const metadata = facts.noSchema ? facts.fields?.['metadata']?.proto : undefined;
  return metadata !== undefined && /\.(ObjectMeta|ListMeta)$/.test(metadata);
}

function fieldType(table: SchemaTable, owner: string, facts: FieldFacts): TypeNode {
  if (facts.type !== undefined) return jsonType(table, facts.type);
  assert(facts.proto !== undefined, `a field of ${owner} has neither type`);
  return protoType(table, owner, facts.proto);
}

function jsonType(table: SchemaTable, type: string): TypeNode {
  if (type.endsWith('[]')) return { kind: 'list', item: jsonType(table, type.slice(0, -2)) };
  const map = /^map<(.*)>$/.exec(type);
  if (map)
    return {
      kind: 'map',
      value: jsonType(table, map[1] === 'string:byte' ? 'string:byte' : map[1]!),
    };
  const scalar = JSON_SCALARS[type];
  return scalar ? scalarNode(scalar) : messageType(table, type);
}

function protoType(table: SchemaTable, owner: string, proto: string): TypeNode {
  if (proto.startsWith('repeated '))
    return { kind: 'list', item: protoType(table, owner, proto.slice(9)) };
  const map = /^map<string, (.*)>$/.exec(proto);
  if (map) return { kind: 'map', value: protoType(table, owner, map[1]!) };
  const scalar = PROTO_SCALARS[proto];
  if (scalar) return scalarNode(scalar);
  const name = messageName(owner, proto);
  // ExtraValue and Verbs are lists in JSON and messages with a list in protobuf.
  if (isItemsWrapper(table, name)) return { kind: 'list', item: scalarNode('string') };
  return messageType(table, name);
}

/** The schema name of a protobuf type that a field of `owner` names. */
export function messageName(owner: string, proto: string): string {
  if (proto.startsWith('k8s.io.')) return `io.k8s.${proto.slice(7)}`;
  return proto.includes('.') ? proto : `${owner.slice(0, owner.lastIndexOf('.'))}.${proto}`;
}

function isItemsWrapper(table: SchemaTable, name: string): boolean {
  const facts = table[name];
  if (!facts?.noSchema || !facts.fields) return false;
  const names = Object.keys(facts.fields);
  return (
    names.length === 1 && names[0] === 'items' && facts.fields['items']!.proto === 'repeated string'
  );
}

/** A struct that is compiled at first use, because messages refer to one another in cycles. */
class LazyStruct implements StructRef {
  readonly kind = 'struct';
  private node: StructNode | undefined;
  constructor(
    private readonly table: SchemaTable,
    private readonly name: string,
  ) {}

  get struct(): StructNode {
    return (this.node ??= mustStructOf(this.table, this.name));
  }
}

function messageType(table: SchemaTable, name: string): TypeNode {
  const scalar = WELL_KNOWN[name];
  if (scalar) return scalarNode(scalar);
  const other = SCHEMA_OR[name];
  if (other) {
    const schema = new LazyStruct(table, `${APIEXTENSIONS}.JSONSchemaProps`);
    return { kind: 'scalar', scalar: 'any', schemaOr: { other, schema } };
  }
  return table[name] ? new LazyStruct(table, name) : scalarNode('any');
}

/** The Go type in error messages: '[]v1.Container', 'map[string]string', 'int32'. */
export function goTypeName(type: TypeNode): string {
  switch (type.kind) {
    case 'list':
      return `[]${goTypeName(type.item)}`;
    case 'map':
      return `map[string]${goTypeName(type.value)}`;
    case 'struct': {
      const parts = type.struct.schemaName.split('.');
      return parts.slice(-2).join('.');
    }
    case 'scalar':
      return GO_SCALARS[type.scalar];
  }
}
