// Server-side apply: a patch that depends on the owners of fields, and creates missing objects.
import type { ManagerOptions } from '../../apimachinery/apply/managed-fields.js';
import { serverSideApply } from '../../apimachinery/apply/server-side-apply.js';
import type { DecodeMode } from '../../apimachinery/codec/strict.js';
import { jsonTypeOf, type ParsedJson } from '../../apimachinery/codec/json.js';
import { parseYaml, warningsOf } from '../../apimachinery/codec/yaml.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { errorText } from '../../util/errors/error-text.js';
import {
  badRequest,
  fieldErrors,
  invalid,
  isReason,
  statusError,
} from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { toObject, decodeMode } from '../codec/body.js';
import { isTrue } from '../request/request-info.js';
import { sendEntry } from './answer.js';
import { checkMayCreate, createObject } from './create.js';
import { answered, managerOptions } from './managed-fields.js';
import { checkName, unnamed } from './object-meta.js';
import type { ApiRequest } from './request.js';
import { updateObject } from './update.js';

type Json = Record<string, unknown>;

/** The error of sigs.k8s.io/yaml for a document that is no object. */
export const notAnObject = (value: unknown): string =>
  `json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type map[string]interface {}`;

/**
 * An applied object as sent, {} for an empty document. `mode` decides about duplicate keys. Throws
 * 400 for other values than objects.
 */
export function parseApplied(body: Buffer, mode: DecodeMode, warn: (text: string) => void): Json {
  let parsed: ParsedJson;
  try {
    parsed = parseYaml(body.toString('utf8'));
  } catch (error) {
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${errorText(error)}`);
  }
  const value = parsed.value ?? {};
  if (!isJsonObject(value))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: ${notAnObject(value)}`,
    );
  if (parsed.yamlProblem !== undefined && mode !== 'Ignore') {
    const problem = `error converting YAML to JSON: ${parsed.yamlProblem}`;
    if (mode === 'Strict') throw badRequest(`error strict decoding YAML: ${problem}`);
    warningsOf(problem).forEach(warn);
  }
  return value;
}

/**
 * Field ownership belongs to a version, so the applied object must name its version. Throws 400.
 */
export function checkVersion({ apiVersion, kind }: Json, expected: string): void {
  if (apiVersion !== expected) {
    const given = typeof apiVersion === 'string' ? apiVersion : '';
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${given}, expected: ${expected}`,
    );
  }
  if (typeof kind !== 'string' || !kind)
    throw badRequest(`no corresponding type for ${expected}, Kind=`);
}

/** As checkVersion, for kinds without a Go type. Throws 400. */
function checkType(
  { apiVersion, kind }: Json,
  { apiVersion: own, kind: ownKind }: { readonly apiVersion: string; readonly kind: string },
): void {
  if (apiVersion === own && kind === ownKind) return;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  throw badRequest(`invalid object type: ${text(apiVersion) || '/'}, Kind=${text(kind)}`);
}

/** The field manager and `force`. Throws 422 for an apply without a field manager. */
export function applyOptions(
  request: ApiRequest,
  subresource: string,
): ManagerOptions & { force: boolean } {
  const { query } = request;
  if (!query.get('fieldManager'))
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      fieldErrors.required('fieldManager', 'is required for apply patch'),
    ]);
  return { ...managerOptions(request, subresource), force: isTrue(query.get('force')) };
}

export async function applyPatch(request: ApiRequest, body: Buffer): Promise<void> {
  const { resource, query, info, exchange } = request;
  const { subresource } = info;
  const options = applyOptions(request, subresource);
  const applied = parseApplied(body, decodeMode(query), (text) => exchange.warn(text));
  if (resource.definition.codec) checkType(applied, resource);
  else checkVersion(applied, resource.apiVersion);
  const { expected } = resource;
  const merge = async (live: ApiObject | undefined): Promise<ApiObject> => {
    const steps = serverSideApply(live as unknown as Json | undefined, applied, options);
    const value = await answered(request, steps);
    return toObject(
      { value, duplicates: [] },
      expected,
      resource.schemas,
      decodeMode(query),
      (text) => exchange.warn(text),
    );
  };
  let created = false;
  const missing = async () => {
    const uid = (applied['metadata'] as { uid?: string } | undefined)?.uid;
    if (uid)
      throw resource.conflict(
        info.name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    await checkMayCreate(request);
    created = true;
    const object = await merge(undefined);
    if (!object.metadata.name) throw unnamed(info.name);
    checkName(object, info.name);
    return createObject(request, object, { isTracked: true }).catch((error: unknown) => {
      if (isReason(error, 'AlreadyExists'))
        throw statusError(
          'Conflict',
          `${resource.resource} "${info.name}" was created meanwhile, please apply again`,
        );
      throw error;
    });
  };
  const entry = await updateObject(request, {
    subresource,
    edit: merge,
    checkPreconditions: true,
    isPatch: true,
    isTracked: true,
    ...(!subresource && { missing }),
  });
  return sendEntry(request, created ? 201 : 200, entry);
}
