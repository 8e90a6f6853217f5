// Decodes request bodies in JSON, YAML and protobuf with upstream's errors. The kind must be the
// one that the path names; fieldValidation decides about unknown fields.
import { errorText } from '../../util/errors/error-text.js';
import { parseJson, type ParsedJson } from '../../apimachinery/codec/json.js';
import {
  cannotBeHandled,
  decodeObject,
  strictDecodingError,
  type DecodeMode,
} from '../../apimachinery/codec/strict.js';
import { parseYaml } from '../../apimachinery/codec/yaml.js';
import { badRequest, invalid } from '../../apimachinery/errors/status-error.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { Exchange } from '../http/exchange.js';
import { bodyFormat, type BodyFormat } from './negotiate.js';
import { decodeProtobufBody } from './protobuf-body.js';

/** The kind that a body must have. */
export interface ExpectedKind {
  group: string;
  version: string;
  kind: string;
  /** Name in the schema table. */
  schema: string;
  /** Accepts any apiVersion of the kind: clients send options under any group's version. */
  anyVersion?: boolean;
}

/** Reads the query parameter fieldValidation. Throws 422 for unknown values. */
export function decodeMode(query: URLSearchParams): DecodeMode {
  const mode = query.get('fieldValidation');
  if (mode === null || mode === '') return 'Warn';
  if (mode === 'Strict' || mode === 'Warn' || mode === 'Ignore') return mode;
  throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [
    {
      type: 'FieldValueNotSupported',
      field: 'fieldValidation',
      message: `Unsupported value: ${JSON.stringify(mode)}: supported values: "", "Ignore", "Strict", "Warn"`,
    },
  ]);
}

function unrecognized(kind: string, error: unknown, body: Buffer): Error {
  const why = errorText(error);
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${body.subarray(0, 16).toString('hex')}${body.length > 16 ? ' ...' : ''})`,
  );
}

/** The body as JSON values, from any of the three formats. Throws 400. */
export function parseBody(
  body: Buffer,
  format: BodyFormat,
  expected: ExpectedKind,
  schemas: SchemaTable,
): ParsedJson {
  try {
    if (format === 'yaml') return parseYaml(body.toString('utf8'));
    if (format === 'json') return parseJson(body);
  } catch (error) {
    throw unrecognized(expected.kind, error, body);
  }
  return { value: decodeProtobufBody(body, expected, schemas), duplicates: [] };
}

function checkKind(value: Record<string, unknown>, expected: ExpectedKind): void {
  const wanted = apiVersionOf(expected);
  const apiVersion =
    value['apiVersion'] === undefined || value['apiVersion'] === '' ? wanted : value['apiVersion'];
  const kind = value['kind'] === undefined || value['kind'] === '' ? expected.kind : value['kind'];
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw badRequest(
      "couldn't get version/kind; json parse error: json: cannot unmarshal into Go struct field .apiVersion of type string",
    );
  if (kind !== expected.kind) {
    throw cannotBeHandled(
      apiVersion,
      kind,
      expected.kind,
      `no kind ${JSON.stringify(kind)} is registered for the resource, expected ${JSON.stringify(expected.kind)}`,
    );
  }
  if (apiVersion !== wanted && !expected.anyVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`,
    );
  }
  value['apiVersion'] = wanted;
  value['kind'] = kind;
}

/**
 * Makes an object of the expected kind from a parsed value. `mode` decides about unknown fields.
 * Throws 400.
 */
export function toObject<T extends ApiObject = ApiObject>(
  parsed: ParsedJson,
  expected: ExpectedKind,
  schemas: SchemaTable,
  mode: DecodeMode,
  warn: (text: string) => void,
): T {
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): the body is not an object`,
    );
  checkKind(value as Record<string, unknown>, expected);
  const { object, problems } = decodeObject<T>(
    value,
    expected.schema,
    schemas,
    mode,
    parsed.duplicates,
  );
  if (problems.length && mode === 'Strict')
    throw strictDecodingError(object, expected.kind, problems);
  for (const problem of problems) warn(problem);
  object.kind = expected.kind;
  object.apiVersion = apiVersionOf(expected);
  object.metadata ??= { name: '' };
  return object;
}

/** Decodes a body whose bytes are complete. Throws 400, 415. */
export function decodeBody<T extends ApiObject = ApiObject>(
  exchange: Exchange,
  body: Buffer,
  expected: ExpectedKind,
  schemas: SchemaTable,
  mode: DecodeMode,
): T {
  const format = bodyFormat(exchange.header('content-type'));
  return toObject<T>(parseBody(body, format, expected, schemas), expected, schemas, mode, (text) =>
    exchange.warn(text),
  );
}

/** Reads and decodes a whole body. Throws 400, 413, 415. */
export async function readObject<T extends ApiObject = ApiObject>(
  exchange: Exchange,
  expected: ExpectedKind,
  schemas: SchemaTable,
  mode: DecodeMode,
): Promise<T> {
  bodyFormat(exchange.header('content-type'));
  return decodeBody<T>(exchange, await exchange.readBody(), expected, schemas, mode);
}
