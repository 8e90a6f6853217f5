// The v2 document as protobuf: gnostic's openapi.v2.Document (openapiv2/OpenAPIv2.proto). kubectl
// reads v2 in this form only: old releases for apply and explain, present ones for `explain
// --output=plaintext-openapiv2` and for kinds without a v3 document. The tables below translate the
// JSON document; members that they do not name are left out, except extensions (x-...), which
// become YAML text.
import { WireWriter } from '../../storage/etcd/wire.js';

export const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/**
 * Whether an Accept header names the type; kubectl writes an @ in place of the dot before the
 * version.
 */
export const acceptsV2Protobuf = (accept: string) =>
  /application\/com\.github\.proto-openapi\.spec\.v2[.@]v1\.0\+protobuf/.test(accept);

type Json = Record<string, unknown>;
/** Writes a value after its key; a nested message gets its own writer. */
type Encode = (writer: WireWriter, number: number, value: unknown) => void;
type Fields = Readonly<Record<string, readonly [number: number, encode: Encode]>>;

const text: Encode = (writer, number, value) => void writer.text(number, String(value as string));
const bool: Encode = (writer, number, value) => void writer.number(number, value ? 1 : 0);

const texts: Encode = (writer, number, value) => {
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
    text(writer, number, one);
};

/** A message made by `write`. */
function message(write: (inner: WireWriter, value: unknown) => void): Encode {
  return (writer, number, value) => {
    const inner = new WireWriter();
    write(inner, value);
    writer.message(number, inner);
  };
}

const each =
  (encode: Encode): Encode =>
  (writer, number, value) => {
    for (const one of value as unknown[]) encode(writer, number, one);
  };

const YAML = 2;
const any = message((writer, value) => text(writer, YAML, `${JSON.stringify(value)}\n`));

/** A map as a list of names and values. */
function named(encode: Encode): Encode {
  const entry = message((writer, pair) => {
    const [name, value] = pair as [string, unknown];
    text(writer, 1, name);
    encode(writer, 2, value);
  });
  return (writer, number, value) => {
    for (const pair of Object.entries(value as Json)) entry(writer, number, pair);
  };
}

/** A message with the given fields. */
const object = (fields: Fields, extensions: number): Encode =>
  message((writer, value) => {
    const extra: Json = {};
    for (const [name, member] of Object.entries(value as Json)) {
      const field = fields[name];
      if (field) field[1](writer, field[0], member);
      else if (name.startsWith('x-')) extra[name] = member;
    }
    named(any)(writer, extensions, extra);
  });

/** A oneof that always has this member. */
const choice = (number: number, encode: Encode): Encode =>
  message((writer, value) => encode(writer, number, value));

/** Schemas are recursive. */
const schema: Encode = (writer, number, value) => SCHEMA(writer, number, value);
const SCHEMA = object(
  {
    $ref: [1, text],
    format: [2, text],
    title: [3, text],
    description: [4, text],
    default: [5, any],
    pattern: [13, text],
    required: [19, texts],
    enum: [20, each(any)],
    additionalProperties: [
      21,
      (writer, number, value) =>
        (typeof value === 'boolean' ? choice(2, bool) : choice(1, schema))(writer, number, value),
    ],
    type: [22, choice(1, texts)],
    items: [23, choice(1, schema)],
    allOf: [24, each(schema)],
    properties: [25, choice(1, named(schema))],
  },
  31,
);

const bodyParameter = object(
  {
    description: [1, text],
    name: [2, text],
    in: [3, text],
    required: [4, bool],
    schema: [5, schema],
  },
  6,
);

/** The members from `type` on have other numbers in a path than in a query. */
const plainParameter = (type: number): Encode =>
  object(
    {
      required: [1, bool],
      in: [2, text],
      description: [3, text],
      name: [4, text],
      type: [type, text],
      format: [type + 1, text],
      uniqueItems: [type + 14, bool],
    },
    type + 17,
  );
const pathParameter = plainParameter(5);
const queryParameter = plainParameter(6);

/** Parameter: a body or none, then the place. */
const parameterOf: Encode = (writer, number, value) => {
  const place = (value as Json)['in'];
  const of =
    place === 'body'
      ? choice(1, bodyParameter)
      : choice(2, place === 'path' ? choice(4, pathParameter) : choice(3, queryParameter));
  of(writer, number, value);
};

const reference = message((writer, value) => text(writer, 1, (value as Json)['$ref']));

/** ParametersItem and ResponseValue: the value itself or a reference. */
const orReference =
  (encode: Encode): Encode =>
  (writer, number, value) =>
    (typeof (value as Json)['$ref'] === 'string' ? choice(2, reference) : choice(1, encode))(
      writer,
      number,
      value,
    );
const parameter = orReference(parameterOf);

const response = object({ description: [1, text], schema: [2, choice(1, schema)] }, 5);

const operation = object(
  {
    tags: [1, texts],
    summary: [2, text],
    description: [3, text],
    operationId: [5, text],
    produces: [6, texts],
    consumes: [7, texts],
    parameters: [8, each(parameter)],
    responses: [9, choice(1, named(orReference(response)))],
    schemes: [10, texts],
    deprecated: [11, bool],
  },
  13,
);

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const pathItem = object(
  {
    ...Object.fromEntries(METHODS.map((method, at) => [method, [2 + at, operation] as const])),
    parameters: [9, each(parameter)],
  },
  10,
);

const DOCUMENT: Fields = {
  swagger: [1, text],
  info: [2, object({ title: [1, text], version: [2, text] }, 7)],
  paths: [8, choice(2, named(pathItem))],
  definitions: [9, choice(1, named(schema))],
  parameters: [10, choice(1, named(parameterOf))],
  responses: [11, choice(1, named(response))],
};

/** `json`: the body of GET /openapi/v2. */
export function v2Protobuf(json: Uint8Array): Uint8Array {
  const document = new WireWriter();
  const content = JSON.parse(new TextDecoder().decode(json)) as Json;
  for (const [name, [number, encode]] of Object.entries(DOCUMENT)) {
    if (content[name] !== undefined) encode(document, number, content[name]);
  }
  return document.finish();
}
