// Field ownership: updates metadata.managedFields on every write.
import {
  managerName,
  updateManagedFields,
  type Asking,
  type KindSchema,
  type ManagerOptions,
} from '../../apimachinery/apply/managed-fields.js';
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
  return codec
    ? { typed: codec.typed(), typedIn: (apiVersion) => codec.typedOf(apiVersion) }
    : { schemaName: schema, table: schemas };
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
    ...(subresource && { subresource }),
  };
}

type Json = Record<string, unknown>;

/** Runs `steps` with the converter of the kind. Throws what the converter's failure causes. */
export async function answered<T>({ resource }: ApiRequest, steps: Asking<T>): Promise<T> {
  const convert = resource.definition.stored?.convert;
  let step = steps.next();
  while (!step.done) {
    const { object, apiVersion } = step.value;
    const shown = convert
      ? await convert.toVersion(structuredClone(object) as unknown as ApiObject, apiVersion)
      : { ...object, apiVersion };
    step = steps.next(shown as Json);
  }
  return step.value;
}

/**
 * Makes the writer the owner of the fields that differ between `old` and `next`; without `old`, of
 * all fields. Upstream drops all owners when the version of one does not declare a field of the
 * object.
 */
export async function trackFields(
  request: ApiRequest,
  next: ApiObject,
  old: ApiObject | undefined,
  subresource: string,
): Promise<void> {
  const options = managerOptions(request, subresource);
  const steps = updateManagedFields(old as Json | undefined, next as unknown as Json, options);
  const managed = await answered(request, steps);
  if (managed.length) next.metadata.managedFields = managed;
  else delete next.metadata.managedFields;
}
