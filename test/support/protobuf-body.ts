// Kubernetes protobuf bodies, as Go writes them. The server only reads such bodies, so that these
// bytes come from protobufjs and the field numbers alone.
import protobuf from 'protobufjs';
import { parseTime } from '../../pkg/apimachinery/codec/time.js';
import { messageName } from '../../pkg/apimachinery/schema/schema.js';
import { MESSAGES } from '../../pkg/apis/facts/messages.js';

type Json = { [name: string]: unknown };

const raw = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Messages with a JSON shape of their own, by the last part of their names. */
const SPECIAL: { [name: string]: (value: unknown) => Json } = {
  Time: (value) => ({ seconds: parseTime(value as string)!.seconds, nanos: 0 }),
  MicroTime: (value) => ({ ...parseTime(value as string)! }),
  Duration: (value) => ({ duration: Math.round(parseFloat(value as string) * 1e9) }),
  Quantity: (value) => ({ string: String(value) }),
  IntOrString: (value) =>
    typeof value === 'number' ? { type: 0, intVal: value } : { type: 1, strVal: value },
  RawExtension: (value) => ({ raw: raw(value) }),
  FieldsV1: (value) => ({ Raw: raw(value) }),
  JSON: (value) => ({ raw: raw(value) }),
  ExtraValue: (items) => ({ items }),
  Verbs: (items) => ({ items }),
  JSONSchemaPropsOrBool: (value) =>
    typeof value === 'boolean' ? { allows: value } : { allows: true, schema: value },
  JSONSchemaPropsOrArray: (value) =>
    Array.isArray(value) ? { jSONSchemas: value as unknown } : { schema: value },
  JSONSchemaPropsOrStringArray: (value) =>
    Array.isArray(value) ? { property: value as unknown } : { schema: value },
};

const WIRE_TYPES: { [proto: string]: number } = { bool: 0, int32: 0, int64: 0, double: 1 };

type Writer = protobuf.Writer;

function writeMessage(writer: Writer, schemaName: string, json: unknown): void {
  const special = SPECIAL[schemaName.slice(schemaName.lastIndexOf('.') + 1)];
  const value = special ? special(json) : (json as Json);
  const { fields = {}, protoOnly = {} } = MESSAGES[schemaName]!;
  for (const { n, proto } of Object.values(protoOnly)) {
    if (!MESSAGES[messageName(schemaName, proto)]) continue;
    writeValue(writer, schemaName, n, proto, value);
  }
  for (const [name, { n, proto }] of Object.entries(fields)) {
    const member = value[name];
    if (member === undefined || member === null || !n || !proto) continue;
    const [, item] = /^repeated (.*)$/.exec(proto) ?? [];
    const [, entry] = /^map<string, (.*)>$/.exec(proto) ?? [];
    if (item) for (const one of member as unknown[]) writeValue(writer, schemaName, n, item, one);
    else if (entry)
      for (const [key, one] of Object.entries(member as Json)) {
        writer.uint32(n * 8 + 2).fork();
        writer.uint32(10).string(key);
        writeValue(writer, schemaName, 2, entry, one);
        writer.ldelim();
      }
    else writeValue(writer, schemaName, n, proto, member);
  }
}

function writeValue(writer: Writer, owner: string, n: number, proto: string, value: unknown): void {
  const key = writer.uint32(n * 8 + (WIRE_TYPES[proto] ?? 2));
  if (proto === 'string') key.string(value as string);
  else if (proto === 'bool') key.bool(value as boolean);
  else if (proto === 'double') key.double(Number(value));
  else if (proto === 'int32') key.int32(Number(value));
  else if (proto === 'int64') key.int64(String(value));
  else if (proto === 'bytes')
    key.bytes(typeof value === 'string' ? Buffer.from(value, 'base64') : (value as Buffer));
  else {
    key.fork();
    writeMessage(writer, messageName(owner, proto), value);
    writer.ldelim();
  }
}

/** The body of `object`, whose apiVersion and kind go into the envelope. */
export function protobufBody(object: object, schemaName: string): Buffer {
  const { apiVersion = '', kind = '' } = object as { apiVersion?: string; kind?: string };
  const writer = protobuf.Writer.create();
  writer.uint32(10).fork().uint32(10).string(apiVersion).uint32(18).string(kind).ldelim();
  writer.uint32(18).fork();
  writeMessage(writer, schemaName, object);
  writer.ldelim().uint32(26).string('').uint32(34).string('');
  return Buffer.concat([Buffer.from('k8s\0'), writer.finish()]);
}
