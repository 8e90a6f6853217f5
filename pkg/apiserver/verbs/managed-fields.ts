// Field ownership: updates metadata.managedFields on every write.
import {
  managerName,
  updateManagedFields,
  type KindSchema,
  type ManagerOptions,
} from '../../apimachinery/apply/managed-fields.js';
import { typedProblems } from '../../apimachinery/apply/typed-problems.js';
import { fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { timestamp } from '../../util/env/env.js';
import type { ApiRequest } from './request.js';

const STATUS = [['status']];
const SPEC = [['spec']];
const MAX_MANAGER_LENGTH = 128;
/** The options in which a request names its manager. */
const OPTIONS: Readonly<Record<string, string>> = { PUT: 'UpdateOptions', PATCH: 'PatchOptions' };

/** Subresources that change a part of the status, or an object with a status of another meaning. */
const WITH_STATUS = new Set(['approval', 'scale']);

/** Fields that an endpoint never changes, so that its writers do not own them. */
function resetFields(
  { resource: { definition } }: ApiRequest,
  subresource: string,
): NonNullable<ManagerOptions['resetFields']> {
  if (subresource === 'status') return definition.status?.resets ?? SPEC;
  const hasStatus = definition.facts.subresources?.some(({ name }) => name === 'status');
  return hasStatus && !WITH_STATUS.has(subresource) ? STATUS : [];
}

function schemaOf({ definition, schemas }: ApiRequest['resource']): KindSchema {
  const { codec, schema } = definition;
  return codec ? { typed: codec.typed() } : { schemaName: schema, table: schemas };
}

/** Throws 422 for a fieldManager that is too long or not printable. */
export function managerOptions(request: ApiRequest, subresource: string): ManagerOptions {
  const { resource, query, exchange, context } = request;
  const given = query.get('fieldManager') ?? '';
  const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(given);
  if (given.length > MAX_MANAGER_LENGTH || !printable) {
    const error = printable
      ? fieldErrors.tooLong('fieldManager', MAX_MANAGER_LENGTH)
      : fieldErrors.invalid('fieldManager', given, 'should only contain printable characters');
    throw invalid({ group: 'meta.k8s.io', kind: OPTIONS[exchange.method] ?? 'CreateOptions' }, '', [
      error,
    ]);
  }
  return {
    manager: managerName(given || undefined, exchange.header('user-agent')),
    apiVersion: resource.apiVersion,
    time: timestamp(context.now),
    ...schemaOf(resource),
    resetFields: resetFields(request, subresource),
    ...(subresource ? { subresource } : {}),
  };
}

type Json = Record<string, unknown>;

/**
 * Owners of fields in another version are compared in that version. Upstream drops all owners when
 * that version does not declare a field of the object.
 */
function isLost({ resource }: ApiRequest, next: ApiObject, old: ApiObject): boolean {
  const { codec, stored } = resource.definition;
  // Fields that a webhook renames cannot be compared; their owners stay.
  if (!codec || stored?.convert) return false;
  const versions = new Set(old.metadata.managedFields?.map(({ apiVersion = '' }) => apiVersion));
  versions.delete(resource.apiVersion);
  return [...versions].some((version) => {
    const typed = codec.typedOf(version);
    return typed !== undefined && [old, next].some((one) => typedProblems(one, typed).length > 0);
  });
}

/**
 * Makes the writer the owner of the fields that differ between `old` and `next`; without `old`, of
 * all fields.
 */
export function trackFields(
  request: ApiRequest,
  next: ApiObject,
  old: ApiObject | undefined,
  subresource: string,
): void {
  if (old && isLost(request, next, old)) {
    delete next.metadata.managedFields;
    return;
  }
  const managed = updateManagedFields(
    old as Json | undefined,
    next as unknown as Json,
    managerOptions(request, subresource),
  );
  if (managed.length) next.metadata.managedFields = managed;
  else delete next.metadata.managedFields;
}
