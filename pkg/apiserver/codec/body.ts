// Decodes request bodies in JSON, YAML and protobuf with upstream's errors. The kind must be the
// one that the path names; fieldValidation decides about unknown fields.
import { errorText } from '../../util/errors/error-text.js';
import {
  jsonTypeOf,
  parseJson,
  stringifyJson,
  type ParsedJson,
} from '../../apimachinery/codec/json.js';
import {
  cannotBeHandled,
  decodeObject,
  strictDecodingError,
  type Decoded,
  type DecodeMode,
} from '../../apimachinery/codec/strict.js';
import { parseYaml, warningsOf } from '../../apimachinery/codec/yaml.js';
import { badRequest, fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { schemaNameOf } from '../../apimachinery/schema/kinds.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { ObjectCodec } from '../resource/definition.js';
import type { Exchange } from '../http/exchange.js';
import { bodyFormat, unsupportedMedia, type BodyFormat } from './negotiate.js';
import { decodeProtobuf } from '../../apimachinery/codec/protobuf.js';

// Protobuf bodies: kubectl and client-go from 1.32 on send them, and do not fall back to JSON.

/**
 * The object as JSON values; kind and apiVersion come from the envelope. Throws 400 for a damaged
 * body.
 */
const decodeProtobufBody = (body: Buffer, expected: ExpectedKind, schemas: SchemaTable): unknown =>
  decodeProtobuf(body, schemas, {
    apiVersion: apiVersionOf(expected),
    kind: expected.kind,
    schemaName: expected.schema,
  }).object;

/** The kind that a body must have. */
export interface ExpectedKind {
  group: string;
  version: string;
  kind: string;
  /** Name in the schema table. */
  schema: string;
  /** Decodes the kind in the place of the schema table. */
  codec?: ObjectCodec;
  /** Accepts any apiVersion of the kind: clients send options under any group's version. */
  anyVersion?: boolean;
}

/** Bytes of a body that an error shows. */
const SUMMARY_BYTES = 30;

/** Reads the query parameter fieldValidation. Throws 422 for unknown values. */
export function decodeMode(query: URLSearchParams): DecodeMode {
  const mode = query.get('fieldValidation');
  if (mode === null || mode === '') return 'Warn';
  if (mode === 'Strict' || mode === 'Warn' || mode === 'Ignore') return mode;
  throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [
    fieldErrors.notSupported('fieldValidation', mode, ['', 'Ignore', 'Strict', 'Warn']),
  ]);
}

/** The body as upstream shows it: JSON objects as text, other bytes in hex (summarizeData). */
function summaryOf(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const head = body.subarray(0, SUMMARY_BYTES);
  const text = body[0] === 0x7b ? head.toString('utf8') : head.toString('hex');
  return body.length > SUMMARY_BYTES ? `${text} ...` : text;
}

const unrecognized = (kind: string, why: string, body: Buffer): Error =>
  badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${summaryOf(body)})`,
  );

/** Why kind and apiVersion of a parsed body cannot be read; undefined when they can. */
export function headProblem(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (!isJsonObject(value))
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  for (const field of ['apiVersion', 'kind']) {
    const member = value[field];
    if (member !== undefined && member !== null && typeof member !== 'string')
      return `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonTypeOf(member)} into Go struct field .${field} of type string`;
  }
  return undefined;
}

/** The body as JSON values, from any of the three formats. Throws 400. */
export function parseBody(
  body: Buffer,
  format: BodyFormat,
  expected: ExpectedKind,
  schemas: SchemaTable,
): ParsedJson {
  if (format === 'protobuf')
    return { value: decodeProtobufBody(body, expected, schemas), duplicates: [] };
  let parsed: ParsedJson;
  try {
    parsed = format === 'yaml' ? parseYaml(body.toString('utf8')) : parseJson(body);
  } catch (error) {
    const why = errorText(error);
    const head = format === 'yaml' ? '' : "couldn't get version/kind; json parse error: ";
    throw unrecognized(expected.kind, head + why, body);
  }
  const problem = headProblem(parsed.value);
  if (problem !== undefined) throw unrecognized(expected.kind, problem, body);
  return parsed.value === null ? { ...parsed, value: {} } : parsed;
}

function checkKind(
  value: Record<string, unknown>,
  expected: ExpectedKind,
  schemas: SchemaTable,
): void {
  const wanted = apiVersionOf(expected);
  const textOf = (field: string, other: string): string =>
    value[field] === undefined || value[field] === null || value[field] === ''
      ? other
      : (value[field] as string);
  const apiVersion = textOf('apiVersion', wanted);
  const kind = textOf('kind', expected.kind);
  if (kind !== expected.kind) {
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
    const why = schemaNameOf(schemas, apiVersion, kind)
      ? `converting (${version}.${kind}) to (${expected.group.split('.')[0] || 'core'}.${expected.kind}): unknown conversion`
      : `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
    throw cannotBeHandled(apiVersion, kind, expected.kind, why);
  }
  if (apiVersion !== wanted && !expected.anyVersion)
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`,
    );
  value['apiVersion'] = wanted;
  value['kind'] = kind;
}

/** The reason in an error of toObject, without the words about the object. */
export const decodingReason = (error: unknown): string =>
  errorText(error).replace(/^.*? cannot be handled as a .*?: /, '');

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
  const problem = headProblem(value);
  if (problem !== undefined) throw badRequest(problem);
  const body = (value ?? {}) as Record<string, unknown>;
  checkKind(body, expected, schemas);
  const { object, problems } = expected.codec
    ? (expected.codec.decode(body, mode, parsed.duplicates) as Decoded<T>)
    : decodeObject<T>(body, expected.schema, schemas, mode, parsed.duplicates);
  if (parsed.patchProblems && mode !== 'Ignore') problems.unshift(...parsed.patchProblems);
  if (parsed.yamlProblem && mode !== 'Ignore') problems.unshift(parsed.yamlProblem);
  if (problems.length && mode === 'Strict')
    throw strictDecodingError(object, expected.kind, problems);
  for (const problem of problems) warningsOf(problem).forEach(warn);
  object.kind = expected.kind;
  object.apiVersion = apiVersionOf(expected);
  object.metadata ??= { name: '' };
  return object;
}

/** The format of the body. Custom resources have no protobuf form. Throws 415. */
function formatOf(exchange: Exchange, { codec }: ExpectedKind): BodyFormat {
  const format = bodyFormat(exchange.header('content-type'));
  if (codec && format === 'protobuf')
    throw unsupportedMedia(['application/json', 'application/yaml']);
  return format;
}

/**
 * Objects without a Go type say their kind and version themselves. Throws 400, and 422 for another
 * kind, which is a value to the validation.
 */
function checkHead(value: unknown, expected: ExpectedKind, body: Buffer): void {
  const { kind, apiVersion, metadata } = value as Partial<ApiObject>;
  if (!kind)
    throw unrecognized(expected.kind, `Object 'Kind' is missing in '${body.toString()}'`, body);
  const wanted = apiVersionOf(expected);
  if (!apiVersion)
    throw badRequest(
      `the API version in the data () does not match the expected API version (${wanted})`,
    );
  if (apiVersion === wanted && kind !== expected.kind)
    throw invalid({ group: expected.group, kind }, metadata?.name ?? '', [
      fieldErrors.invalid('kind', kind, `must be ${expected.kind}`),
    ]);
}

/** Decodes a body whose bytes are complete. Throws 400, 415. */
export function decodeBody<T extends ApiObject = ApiObject>(
  exchange: Exchange,
  body: Buffer,
  expected: ExpectedKind,
  schemas: SchemaTable,
  mode: DecodeMode,
): T {
  const format = formatOf(exchange, expected);
  const parsed = parseBody(body, format, expected, schemas);
  if (expected.codec) checkHead(parsed.value, expected, body);
  const object = toObject<T>(parsed, expected, schemas, mode, (text) => exchange.warn(text));
  exchange.audit?.describe(object.metadata);
  exchange.audit?.request(() => stringifyJson(object));
  return object;
}

/** Reads and decodes a whole body. Throws 400, 413, 415. */
export async function readObject<T extends ApiObject = ApiObject>(
  { exchange, query }: { readonly exchange: Exchange; readonly query: URLSearchParams },
  expected: ExpectedKind,
  schemas: SchemaTable,
): Promise<T> {
  const mode = decodeMode(query);
  formatOf(exchange, expected);
  return decodeBody<T>(exchange, await exchange.readBody(), expected, schemas, mode);
}
