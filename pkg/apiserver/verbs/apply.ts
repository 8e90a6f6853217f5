// Server-side apply: a patch that depends on the owners of fields, and creates missing objects.
import type { ManagerOptions } from '../../apimachinery/apply/managed-fields.js';
import { serverSideApply } from '../../apimachinery/apply/server-side-apply.js';
import type { DecodeMode } from '../../apimachinery/codec/strict.js';
import { parseYaml } from '../../apimachinery/codec/yaml.js';
import {
  badRequest,
  fieldErrors,
  invalid,
  isReason,
  statusError,
} from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { forbiddenError } from '../authz/forbidden.js';
import { toObject, decodeMode } from '../codec/body.js';
import { isTrue } from '../request/request-info.js';
import { sendEntry } from './answer.js';
import { createObject } from './create.js';
import { managerOptions } from './managed-fields.js';
import type { ApiRequest } from './request.js';
import { updateObject } from './update.js';

type Json = Record<string, unknown>;

/**
 * The applied object as sent. `mode` decides about duplicate keys. Throws 400 for other values than
 * objects.
 */
export function parseApplied(body: Buffer, mode: DecodeMode, warn: (text: string) => void): Json {
  let value: unknown;
  let duplicates: string[];
  try {
    ({ value, duplicates } = parseYaml(body.toString('utf8')));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('error decoding YAML: the patch is not an object');
  const problems = duplicates.map((key) => `key ${JSON.stringify(key)} already set in map`);
  if (problems.length && mode === 'Strict')
    throw badRequest(
      `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${problems.join('\n  ')}`,
    );
  if (mode === 'Warn') for (const problem of problems) warn(problem);
  return value as Json;
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

/** An apply that creates an object needs the verb create besides patch. Throws 403. */
function checkMayCreate({ info, user, core }: ApiRequest): void {
  const { group, version, resource, namespace, name } = info;
  const attributes = {
    user,
    verb: 'create',
    group,
    version,
    resource,
    subresource: '',
    namespace,
    name,
  };
  const decision = core.services.authorize(attributes);
  if (!decision.allowed) throw forbiddenError(attributes, decision.reason);
}

/** The field manager and `force`. Throws 422 for an apply without a field manager. */
export function applyOptions(
  request: ApiRequest,
  subresource: string,
): ManagerOptions & { force: boolean } {
  const { query } = request;
  if (!query.get('fieldManager')) {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      fieldErrors.required('fieldManager', 'is required for apply patch'),
    ]);
  }
  return { ...managerOptions(request, subresource), force: isTrue(query.get('force')) };
}

export async function applyPatch(request: ApiRequest, body: Buffer): Promise<void> {
  const { resource, query, info, exchange } = request;
  const { subresource } = info;
  const options = applyOptions(request, subresource);
  const applied = parseApplied(body, decodeMode(query), (text) => exchange.warn(text));
  checkVersion(applied, resource.apiVersion);
  const { expected } = resource;
  const merge = (live: ApiObject | undefined): ApiObject => {
    const value = serverSideApply(live as unknown as Json | undefined, applied, options);
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
    if (uid) {
      throw resource.conflict(
        info.name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    }
    checkMayCreate(request);
    created = true;
    const object = merge(undefined);
    object.metadata.name ||= info.name;
    return createObject(request, object, true).catch((error: unknown) => {
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
    isTracked: true,
    ...(subresource ? {} : { missing }),
  });
  return sendEntry(request, created ? 201 : 200, entry);
}
