// The wire layout of each message: the schema graph by field numbers, compiled at first use and
// shared.
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { WireReader } from '../../util/protobuf/wire-reader.js';
import type { SchemaTable } from '../schema/facts.js';
import {
  messageName,
  mustStructOf,
  structOf,
  type FieldNode,
  type Scalar,
  type StructNode,
  type TypeNode,
} from '../schema/schema.js';

export interface ProtoField {
  /** JSON name. */
  name: string;
  number: number;
  type: TypeNode;
  /** A zero value stays in the JSON object. */
  keepZero: boolean;
  /** A list that is wrapped in a message. */
  wrapped: boolean;
  /** The fields of the message are inlined into the surrounding JSON object. */
  inline?: () => ProtoPlan;
  /** The plan of structs, and of lists and maps of structs. */
  plan?: () => ProtoPlan;
  union?: UnionReader;
}

export interface ProtoPlan {
  byNumber: ReadonlyMap<number, ProtoField>;
  /** Fields by ascending number, the order in which Go writes them. */
  fields: readonly ProtoField[];
}

/** Reads a message with several JSON shapes (JSONSchemaPropsOrBool). */
type UnionReader = (reader: WireReader, nested: ReadNested) => unknown;
type ReadNested = (reader: WireReader, plan: ProtoPlan) => unknown;

const plans = new WeakMap<SchemaTable, Map<string, ProtoPlan>>();

export function protoPlan(table: SchemaTable, schemaName: string): ProtoPlan {
  const known = getOrInsert(plans, table, () => new Map());
  return getOrInsert(known, schemaName, () =>
    compile(table, mustStructOf(table, schemaName), undefined),
  );
}

/** `owner` is the struct that an inlined message belongs to; its schema has the required fields. */
function compile(table: SchemaTable, struct: StructNode, owner: StructNode | undefined): ProtoPlan {
  const fields: ProtoField[] = [];
  for (const field of struct.fields.values()) {
    const { n: number, proto } = field.facts;
    if (number === undefined || proto === undefined) continue;
    const inOwner = owner?.fields.get(field.name);
    const required = (inOwner ?? field).facts.required === true;
    const element = elementOf(field.type);
    fields.push({
      name: field.name,
      number,
      type: field.type,
      keepZero: required || keepsZero(field),
      wrapped: field.type.kind === 'list' && !proto.startsWith('repeated '),
      ...(element.kind === 'struct' && { plan: () => protoPlan(table, element.struct.schemaName) }),
      ...unionOf(table, struct, proto),
    });
  }
  for (const [name, { n: number, proto }] of Object.entries(struct.facts.protoOnly ?? {})) {
    const inner = structOf(table, messageName(struct.schemaName, proto));
    if (!inner) continue;
    let plan: ProtoPlan | undefined;
    const inline = (): ProtoPlan => (plan ??= compile(table, inner, owner ?? struct));
    fields.push({
      name,
      number,
      type: { kind: 'struct', struct: inner },
      keepZero: true,
      wrapped: false,
      inline,
    });
  }
  fields.sort((a, b) => a.number - b.number);
  return { fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
}

function elementOf(type: TypeNode): TypeNode {
  if (type.kind === 'list') return elementOf(type.item);
  return type.kind === 'map' ? elementOf(type.value) : type;
}

/**
 * A pointer that is there is meant, even when it is zero; the zero of any other scalar means
 * absent.
 */
const keepsZero = ({ facts, type }: FieldNode): boolean =>
  facts.go?.startsWith('p') === true || type.kind !== 'scalar' || ALWAYS_MEANT.has(type.scalar);

const ALWAYS_MEANT: ReadonlySet<Scalar> = new Set(['intOrString', 'quantity', 'any']);

function unionOf(table: SchemaTable, struct: StructNode, proto: string): { union?: UnionReader } {
  const name = proto.replace(/^repeated |^map<string, |>$/g, '');
  const schema = (): ProtoPlan =>
    protoPlan(table, messageName(struct.schemaName, 'JSONSchemaProps'));
  if (name === 'JSONSchemaPropsOrBool') return { union: schemaOrBool(schema) };
  if (name === 'JSONSchemaPropsOrArray')
    return { union: schemaOrMany(schema, (reader, nested) => nested(reader.message(), schema())) };
  if (name === 'JSONSchemaPropsOrStringArray')
    return { union: schemaOrMany(schema, (reader) => reader.text()) };
  return {};
}

const schemaOrBool =
  (schema: () => ProtoPlan): UnionReader =>
  (reader, nested) => {
    let value: unknown = false;
    while (reader.next()) {
      if (reader.field === 1 && typeof value === 'boolean') value = reader.int64() !== 0;
      else if (reader.field === 2) value = nested(reader.message(), schema());
    }
    return value;
  };

/** Field 1 is one schema, field 2 repeated; `read` is for an element of the latter. */
const schemaOrMany =
  (schema: () => ProtoPlan, read: UnionReader): UnionReader =>
  (reader, nested) => {
    let value: unknown;
    while (reader.next()) {
      if (reader.field === 1) value = nested(reader.message(), schema());
      else if (reader.field === 2) {
        const list = Array.isArray(value) ? (value as unknown[]) : [];
        list.push(read(reader, nested));
        value = list;
      }
    }
    return value;
  };
