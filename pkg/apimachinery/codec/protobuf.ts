// Kubernetes protobuf bodies: 'k8s\0' + runtime.Unknown around a message, read as JSON objects.
// The field numbers come from the fact tables. kubectl and client-go from v1.32 on send such bodies
// and do not retry with JSON. Unknown field numbers are skipped.
// Format: k8s.io/apimachinery/pkg/runtime/generated.proto, serializer/protobuf.
import { BYTES, WireError, WireReader } from '../../util/protobuf/wire-reader.js';
import { badRequest } from '../errors/status-error.js';
import { setMember } from '../meta/clone.js';
import type { SchemaTable } from '../schema/facts.js';
import { schemaNameOf } from '../schema/kinds.js';
import type { ScalarNode, TypeNode } from '../schema/schema.js';
import { encodeBase64 } from './base64.js';
import { parseTrustedJson } from './json.js';
import { protoPlan, type ProtoField, type ProtoPlan } from './protobuf-plan.js';
import { formatMicroTime, formatTime } from './time.js';

type JsonObject = Record<string, unknown>;

export interface ProtobufObject {
  apiVersion: string;
  kind: string;
  /** The object with apiVersion and kind, as in a JSON body. */
  object: JsonObject;
}

const MAGIC = [0x6b, 0x38, 0x73, 0x00] as const;

export const isProtobuf = (bytes: Uint8Array): boolean =>
  MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * `expected` is the kind of an envelope without apiVersion and kind.
 * @throws StatusError BadRequest for bytes in another format and for kinds that the table lacks.
 */
export function decodeProtobuf(
  bytes: Uint8Array,
  table: SchemaTable,
  expected?: { apiVersion: string; kind: string; schemaName: string },
): ProtobufObject {
  if (!isProtobuf(bytes))
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  try {
    const envelope = readEnvelope(new WireReader(bytes, MAGIC.length));
    const apiVersion = envelope.apiVersion || (expected?.apiVersion ?? '');
    const kind = envelope.kind || (expected?.kind ?? '');
    const same = expected && expected.kind === kind && expected.apiVersion === apiVersion;
    const schemaName = same ? expected.schemaName : schemaNameOf(table, apiVersion, kind);
    if (!schemaName)
      throw badRequest(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
      );
    const object: JsonObject = { apiVersion, kind };
    readMessage(new WireReader(envelope.raw), protoPlan(table, schemaName), object);
    return { apiVersion, kind, object };
  } catch (error) {
    if (error instanceof WireError) throw badRequest(`unable to decode protobuf: ${error.message}`);
    throw error;
  }
}

function readEnvelope(reader: WireReader): { apiVersion: string; kind: string; raw: Uint8Array } {
  const envelope = { apiVersion: '', kind: '', raw: new Uint8Array(0) as Uint8Array };
  while (reader.next()) {
    if (reader.field === 1) {
      const meta = reader.message();
      while (meta.next()) {
        if (meta.field === 1) envelope.apiVersion = meta.text();
        else if (meta.field === 2) envelope.kind = meta.text();
      }
    } else if (reader.field === 2) envelope.raw = reader.bytes();
  }
  return envelope;
}

function readMessage(reader: WireReader, plan: ProtoPlan, into: JsonObject): void {
  while (reader.next()) {
    const field = plan.byNumber.get(reader.field);
    if (field?.inline) readMessage(reader.message(), field.inline(), into);
    else if (field) readField(reader, field, into);
  }
}

function readField(reader: WireReader, field: ProtoField, into: JsonObject): void {
  const { name, type } = field;
  if (type.kind === 'list') {
    const list = (into[name] ??= []) as unknown[];
    if (field.wrapped) readWrapped(reader.message(), list);
    else if (reader.type === BYTES && isPackable(type.item)) {
      const packed = reader.packed(type.item.scalar === 'double' ? 'doubles' : 'varints');
      while (!packed.done) list.push(readValue(packed, type.item, field));
    } else list.push(readValue(reader, type.item, field));
    return;
  }
  if (type.kind === 'map') {
    readMapEntry(reader.message(), field, type.value, (into[name] ??= {}) as JsonObject);
    return;
  }
  const value = readValue(reader, type, field);
  if (value === undefined || (isZero(value) && !field.keepZero)) return;
  into[name] = value;
}

const isPackable = (type: TypeNode): type is ScalarNode =>
  type.kind === 'scalar' &&
  (type.scalar === 'int32' ||
    type.scalar === 'int64' ||
    type.scalar === 'boolean' ||
    type.scalar === 'double');

const isZero = (value: unknown): boolean => value === 0 || value === '' || value === false;

/** ExtraValue and Verbs: a message with the list in field 1. */
function readWrapped(reader: WireReader, list: unknown[]): void {
  while (reader.next()) if (reader.field === 1) list.push(reader.text());
}

function readMapEntry(
  reader: WireReader,
  field: ProtoField,
  type: TypeNode,
  into: JsonObject,
): void {
  let name = '';
  let value: unknown;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) {
      if (type.kind === 'list') readWrapped(reader.message(), (value = []) as unknown[]);
      else value = readValue(reader, type, field);
    }
  }
  setMember(into, name, value ?? (type.kind === 'struct' ? {} : type.kind === 'list' ? [] : ''));
}

function readValue(reader: WireReader, type: TypeNode, field: ProtoField): unknown {
  if (type.kind === 'struct') return readNested(reader.message(), field.plan!());
  if (type.kind !== 'scalar') throw new WireError(`unsupported nesting in ${field.name}`);
  switch (type.scalar) {
    case 'string':
      return reader.text();
    case 'boolean':
      return reader.int64() !== 0;
    case 'int32':
      return reader.int32();
    case 'int64':
      return reader.int64();
    case 'double':
      return reader.double();
    case 'bytes':
      return encodeBase64(reader.bytes());
    case 'quantity':
      return readSingle(reader.message(), (inner) => inner.text()) ?? '0';
    case 'intOrString':
      return readIntOrString(reader.message());
    case 'time':
    case 'microTime':
      return readTime(reader.message(), type.scalar === 'microTime');
    case 'duration':
      return `${Number(readSingle(reader.message(), (inner) => inner.int64()) ?? 0) / 1e9}s`;
    case 'any':
      return readAny(reader.message(), field);
  }
}

/** Field 1 of a message with one field. */
function readSingle<T>(reader: WireReader, read: (inner: WireReader) => T): T | undefined {
  let value: T | undefined;
  while (reader.next()) if (reader.field === 1) value = read(reader);
  return value;
}

function readIntOrString(reader: WireReader): number | string {
  let isString = false;
  let number = 0;
  let text = '';
  while (reader.next()) {
    if (reader.field === 1) isString = reader.int64() === 1;
    else if (reader.field === 2) number = reader.int32();
    else if (reader.field === 3) text = reader.text();
  }
  return isString ? text : number;
}

/** undefined for an empty message, which is Go's zero time. */
function readTime(reader: WireReader, micro: boolean): string | undefined {
  if (reader.done) return undefined;
  let seconds = 0;
  let nanos = 0;
  while (reader.next()) {
    if (reader.field === 1) seconds = Number(reader.int64());
    else if (reader.field === 2) nanos = reader.int32();
  }
  return micro ? formatMicroTime(seconds, nanos) : formatTime(seconds);
}

function readAny(reader: WireReader, field: ProtoField): unknown {
  if (field.union) return field.union(reader, readNested);
  const raw = readSingle(reader, (inner) => inner.bytes());
  if (!raw || raw.length === 0) return undefined;
  try {
    return parseTrustedJson(raw);
  } catch {
    throw new WireError(`${field.name} does not hold JSON`);
  }
}

/** A nested message, for JSONSchemaPropsOrBool and similar unions (protobuf-plan.ts). */
function readNested(reader: WireReader, plan: ProtoPlan): JsonObject {
  const object: JsonObject = {};
  readMessage(reader, plan, object);
  return object;
}
