// patch: the four patch types. A patch is applied again in each round of the write loop, so a
// client gets a conflict only when its patch names a resourceVersion or uid.
import {
  jsonTypeOf,
  parseJson,
  stringifyJson,
  type ParsedJson,
} from '../../apimachinery/codec/json.js';
import { parseYaml } from '../../apimachinery/codec/yaml.js';
import { canonicalText, goText } from '../../apimachinery/meta/go-text.js';
import type { DecodeMode } from '../../apimachinery/codec/strict.js';
import {
  badRequest,
  fieldErrors,
  invalid,
  isReason,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import { applyJsonPatch } from '../../apimachinery/patch/json-patch.js';
import { applyMergePatch } from '../../apimachinery/patch/merge-patch.js';
import { applyStrategicMergePatch } from '../../apimachinery/patch/strategic-merge.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import { errorText } from '../../util/errors/error-text.js';
import { decodeMode, decodingReason, toObject, type ExpectedKind } from '../codec/body.js';
import { mediaType, unsupportedMedia } from '../codec/negotiate.js';
import type { Exchange } from '../http/exchange.js';
import { sendEntry } from './answer.js';
import { applyPatch, notAnObject, parseApplied } from './apply.js';
import type { ApiRequest } from './request.js';
import { updateObject } from './update.js';

export const APPLY_PATCH = 'application/apply-patch+yaml';
const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';

/** The text of the library that upstream gives merge patches to. */
const BAD_MERGE_PATCH = 'Invalid JSON Patch';

function parsePatch(
  type: string,
  body: Buffer,
  mode: DecodeMode,
  warn: (text: string) => void,
): ParsedJson {
  let parsed: ParsedJson;
  try {
    // Only parts of objects (scale, approval) are applied here, as a merge over the part.
    if (type === APPLY_PATCH) return { value: parseApplied(body, mode, warn), duplicates: [] };
    parsed = parseJson(body);
  } catch (error) {
    if (isReason(error, 'BadRequest')) throw error;
    throw badRequest(type === MERGE_PATCH ? BAD_MERGE_PATCH : errorText(error));
  }
  const { value } = parsed;
  if (type === MERGE_PATCH && (typeof value !== 'object' || value === null))
    throw badRequest(BAD_MERGE_PATCH);
  if (type === JSON_PATCH && mode !== 'Ignore') return withProblems(parsed);
  if (type !== STRATEGIC_PATCH) return parsed;
  if (value === null) return { ...parsed, value: {} };
  if (!isJsonObject(value)) throw badRequest(notAnObject(value));
  return parsed;
}

const OPERATION_FIELDS = new Set(['op', 'from', 'path', 'value']);

/** Duplicate and unknown fields of a JSON patch's operations. Throws 400 for other values. */
function withProblems({ value, duplicates }: ParsedJson): ParsedJson {
  if (value !== null && !Array.isArray(value))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type []handlers.jsonPatchOp`,
    );
  const problems = duplicates.map((path) => `json patch duplicate field ${JSON.stringify(path)}`);
  for (const [at, operation] of ((value ?? []) as unknown[]).entries())
    for (const field of isJsonObject(operation) ? Object.keys(operation) : [])
      if (!OPERATION_FIELDS.has(field))
        problems.push(`json patch unknown field ${JSON.stringify(`[${at}].${field}`)}`);
  return { value, duplicates: [], patchProblems: problems };
}

/** The body's patch as a function from the current object to the next one. Throws 400, 415. */
export function patchFunction(
  { exchange, query, resource }: ApiRequest,
  body: Buffer,
  expected: ExpectedKind = resource.expected,
  schemas: SchemaTable = resource.schemas,
): (current: ApiObject) => ApiObject {
  const type = mediaType(exchange.header('content-type'));
  const mode = decodeMode(query);
  const warn = (text: string): void => exchange.warn(text);
  // A custom resource, or a part of one.
  const isStructural = resource.definition.codec !== undefined;
  // Strategic merge needs merge keys, which structural schemas do not have.
  const accepted = isStructural
    ? [JSON_PATCH, MERGE_PATCH, APPLY_PATCH]
    : [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];
  if (!accepted.includes(type)) throw unsupportedMedia(accepted);
  const patch = parsePatch(type, body, mode, warn);
  const apply = (current: ApiObject): unknown => {
    if (type === APPLY_PATCH) return applyMergePatch(current, patch.value);
    if (type === JSON_PATCH) return applyJsonPatch(current, patch.value);
    if (type === MERGE_PATCH) return applyMergePatch(current, patch.value);
    return applyStrategicMergePatch(current, patch.value, expected.schema, schemas);
  };
  return (current) => {
    const { duplicates, patchProblems = [] } = patch;
    const value = apply(current);
    if (isStructural) checkTypeMeta(value, expected, current);
    try {
      return toObject({ value, duplicates, patchProblems }, expected, schemas, mode, warn);
    } catch (error) {
      if (!isReason(error, 'BadRequest')) throw error;
      // Decoding consumed the value.
      const again = apply(current);
      const json = isStructural ? canonicalText(again) : stringifyJson(again);
      throw unusable(type === STRATEGIC_PATCH ? goText(patch.value) : json, error as Error);
    }
  };
}

/** Kind and version of a custom resource are values, which its validation checks. Throws 422. */
function checkTypeMeta(value: unknown, expected: ExpectedKind, { metadata }: ApiObject): void {
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  const errors: FieldError[] = [];
  const own = apiVersionOf(expected);
  if (kind !== expected.kind)
    errors.push(fieldErrors.invalid('kind', kind, `must be ${expected.kind}`));
  if (apiVersion !== own)
    errors.push(fieldErrors.invalid('apiVersion', apiVersion, `must be ${own}`));
  const named = typeof kind === 'string' ? kind : '';
  if (errors.length) throw invalid({ group: expected.group, kind: named }, metadata.name, errors);
}

/**
 * The error of a patched object that cannot be decoded; the Status names no kind (upstream
 * patch.go).
 */
const unusable = (shown: string, error: Error): Error =>
  invalid({ group: '', kind: '' }, '', [
    fieldErrors.invalid('patch', shown, decodingReason(error)),
  ]);

/** The body of a patch, which the audit log shows as it came. Throws 413. */
export async function readPatch(exchange: Exchange): Promise<Buffer> {
  const body = await exchange.readBody();
  exchange.audit?.request(() => {
    try {
      return stringifyJson(parseYaml(body.toString('utf8')).value);
    } catch {
      return JSON.stringify(body.toString('utf8'));
    }
  });
  return body;
}

export async function patch(request: ApiRequest): Promise<void> {
  const { exchange, query, info } = request;
  const type = mediaType(exchange.header('content-type'));
  if (type !== APPLY_PATCH && query.get('force') !== null)
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      fieldErrors.forbidden('force', 'may not be specified for non-apply patch'),
    ]);
  const body = await readPatch(exchange);
  if (type === APPLY_PATCH) return applyPatch(request, body);
  const entry = await updateObject(request, {
    subresource: info.subresource,
    edit: patchFunction(request, body),
    checkPreconditions: true,
    isPatch: true,
  });
  return sendEntry(request, 200, entry);
}
