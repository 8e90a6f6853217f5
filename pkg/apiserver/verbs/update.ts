// update: one path for PUT, every patch and every subresource that changes an object. They differ
// only in their Edit, which makes the next object from the current one.
import {
  fieldErrors,
  invalid,
  isReason,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { cloneJson } from '../../apimachinery/meta/clone.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Entry } from '../cache/entry.js';
import { readObject } from '../codec/body.js';
import { encodeStored } from '../codec/object-bytes.js';
import { MAX_WRITE_ATTEMPTS } from '../limits.js';
import type { Reservation, ResourceDefinition } from '../resource/definition.js';
import { reservationRefusal, ReservationHeldError, type Change } from '../store/object-store.js';
import type { AdmissionRequest } from '../admission/plugin.js';
import { admissionRequest } from './admission-request.js';
import { sendEntry } from './answer.js';
import { allocate, checkMayCreate, createObject, unstoredEntry } from './create.js';
import { isReadyToRemove } from './finalizers.js';
import { trackFields } from './managed-fields.js';
import {
  bumpGeneration,
  carryMeta,
  checkName,
  checkUid,
  checkVersion,
  dropDoubleOwners,
  finalizerErrors,
  fitNamespace,
  giveBack,
  isVersionSet,
  unnamed,
} from './object-meta.js';
import type { ApiRequest } from './request.js';

/**
 * Makes the next object from the current one, which is shared and stays unchanged. `copy` parses
 * another one, which the edit may change and return.
 */
export type Edit = (old: ApiObject, copy: () => ApiObject) => ApiObject | Promise<ApiObject>;

/** The preparation and checks of an update through one endpoint. */
interface Strategy {
  prepare: ((next: ApiObject, old: ApiObject) => void) | undefined;
  validateUpdate: ResourceDefinition['validateUpdate'] | undefined;
  /** Whether the whole object is validated as at create. */
  validatesAll: boolean;
  bumpsGeneration: boolean;
}

function statusPrepare(request: ApiRequest): Strategy['prepare'] {
  const { status } = request.resource.definition;
  if (status?.prepareUpdate)
    return (next, old) => status.prepareUpdate!(next, old, request.context);
  return (next, old) => {
    // Without a strategy in the definition, only status and metadata change.
    const target = next as ApiObject & Record<string, unknown>;
    const stored = old as ApiObject & Record<string, unknown>;
    for (const field of Object.keys(target))
      if (field !== 'status' && field !== 'metadata' && !(field in stored)) delete target[field];
    for (const field of Object.keys(stored))
      if (field !== 'status' && field !== 'metadata') target[field] = cloneJson(stored[field]);
  };
}

function strategyOf(request: ApiRequest, subresource: string): Strategy {
  const { definition } = request.resource;
  if (subresource === 'status')
    return {
      prepare: statusPrepare(request),
      validateUpdate: definition.status?.validateUpdate,
      validatesAll: false,
      bumpsGeneration: false,
    };
  if (subresource === '' || subresource === 'scale') {
    const prepare = definition.prepareUpdate;
    return {
      prepare: prepare && ((next, old) => prepare(next, old, request.context)),
      validateUpdate: definition.validateUpdate,
      validatesAll: true,
      bumpsGeneration: true,
    };
  }
  return {
    prepare: undefined,
    validateUpdate: definition.subresources?.[subresource]?.validateUpdate,
    validatesAll: false,
    bumpsGeneration: false,
  };
}

export interface UpdateOptions {
  subresource: string;
  edit: Edit;
  /** Called when the object does not exist; default: 404. */
  missing?: () => Promise<Entry>;
  /** Compares uid and resourceVersion of the edit's result with the stored ones. */
  checkPreconditions: boolean;
  isPatch?: boolean;
  /** True when the edit has updated managedFields. */
  isTracked?: boolean;
  /**
   * Admission judges the object by default; a part of it; or nothing, when the caller's own object
   * (a binding, an eviction) was admitted.
   */
  admits?: AdmittedPart | 'nothing';
}

/** A part with a kind of its own (scale), made from the object and written back to it. */
export interface AdmittedPart {
  read(object: ApiObject): ApiObject;
  write(object: ApiObject, part: ApiObject): void;
}

/** Leaves the write loop in order to create the object. */
class MissingObject extends Error {}

/**
 * Changes one object. Resolves to its new entry; an update that removes the object gives it as the
 * update left it.
 */
export async function updateObject(request: ApiRequest, options: UpdateOptions): Promise<Entry> {
  const { resource, info, core, context } = request;
  const key = resource.keyOf(info.namespace, info.name);
  const lost = new Set<Reservation>();
  let answer: Entry | undefined;
  const step = async (entry: Entry | undefined): Promise<Change> => {
    if (!entry) throw options.missing ? new MissingObject() : resource.notFound(info.name);
    const [shown] = await resource.ready([entry]);
    const old = resource.object(shown!);
    const next = await nextObject(request, options, shown!, old, lost);
    const isLast = isReadyToRemove(next);
    // The answer to an update that removes the object is the object of the request.
    answer = context.dryRun || isLast ? unstoredEntry(resource, next, entry.revision) : undefined;
    if (context.dryRun) return { keep: true };
    return isLast ? { remove: true } : { put: next };
  };
  for (let attempt = 0; ; attempt++) {
    try {
      const { entry } = await core.store.change(resource, key, request.exchange, step);
      return answer ?? entry;
    } catch (error) {
      if (error instanceof MissingObject) return options.missing!();
      if (!(error instanceof ReservationHeldError)) throw error;
      if (lost.has(error.reservation) || attempt >= MAX_WRITE_ATTEMPTS)
        throw reservationRefusal(
          resource,
          resource.object(resource.cache.index.get(key)!),
          error.reservation,
        );
      lost.add(error.reservation);
    }
  }
}

async function nextObject(
  request: ApiRequest,
  options: UpdateOptions,
  shown: Entry,
  old: ApiObject,
  lost: ReadonlySet<Reservation>,
): Promise<ApiObject> {
  const { resource, exchange, info } = request;
  const { definition } = resource;
  const { subresource } = options;
  const strategy = strategyOf(request, subresource);
  const edited = await options.edit(old, () => resource.parse(shown));
  checkEdited(request, options, edited, old);
  const sent = carryMeta(edited, old);
  definition.defaults?.(edited);
  if (!options.isTracked) await trackFields(request, edited, old, subresource);
  giveBack(edited, sent);
  const admission = await mutated(request, options, edited, old);
  const next = admission?.object ?? edited;
  const immutable = admission ? renamed(next, old) : [];
  if (immutable.length) throw invalid(resource, info.name, immutable);
  if (resource.namespaced) fitNamespace(resource, next, info.namespace);
  dropDoubleOwners(next, (text) => exchange.warn(text));
  if (options.checkPreconditions) checkVersion(resource, next, old);
  carryMeta(next, old);
  definition.defaults?.(next);
  strategy.prepare?.(next, old);
  if (strategy.bumpsGeneration) bumpGeneration(resource, next, old);
  if (subresource === '' && definition.allocate) await allocate(request, next, old, lost);
  if (definition.load) await definition.load(next);
  const errors = [
    ...(strategy.validatesAll ? (definition.validate?.(next) ?? []) : []),
    ...(strategy.validateUpdate?.(next, old, (text) => exchange.warn(text)) ?? []),
    ...finalizerErrors(next, old),
  ];
  if (errors.length) throw invalid(resource, info.name, errors);
  if (strategy.validatesAll)
    for (const warning of definition.warnings?.(next, old) ?? []) exchange.warn(warning);
  await validated(request, options, next, admission);
  return admission?.request.patched ? resource.pruned(next) : next;
}

/** The checks between the edit and admission. Throws 400 and 409. */
function checkEdited(
  { resource, info, exchange }: ApiRequest,
  options: UpdateOptions,
  edited: ApiObject,
  old: ApiObject,
): void {
  checkName(edited, old.metadata.name);
  if (resource.namespaced) fitNamespace(resource, edited, info.namespace);
  dropDoubleOwners(edited, (text) => exchange.warn(text));
  if (options.checkPreconditions) checkUid(resource, edited, old, options.isPatch);
}

interface Admitted {
  request: AdmissionRequest;
  object: ApiObject;
}

/** The mutating phase. undefined when admission judges nothing. */
async function mutated(
  request: ApiRequest,
  { admits, subresource }: UpdateOptions,
  edited: ApiObject,
  old: ApiObject,
): Promise<Admitted | undefined> {
  if (admits === 'nothing') return undefined;
  const admission = admissionRequest(request, 'UPDATE', {
    name: request.info.name,
    subresource,
    object: admits ? admits.read(edited) : edited,
    oldObject: admits ? admits.read(old) : old,
  });
  await request.core.admission.mutate(admission);
  if (!admits) return { request: admission, object: admission.object! };
  admits.write(edited, admission.object!);
  return { request: admission, object: edited };
}

async function validated(
  { core }: ApiRequest,
  { admits }: UpdateOptions,
  next: ApiObject,
  admission: Admitted | undefined,
): Promise<void> {
  if (!admission) return;
  admission.request.object = admits && admits !== 'nothing' ? admits.read(next) : next;
  await core.admission.validate(admission.request);
}

/** The errors of a webhook that changed the name or the uid. */
const renamed = (next: ApiObject, old: ApiObject): FieldError[] =>
  (['name', 'uid'] as const).flatMap((field) => {
    const value = next.metadata[field];
    return value && value !== old.metadata[field]
      ? [fieldErrors.invalid(`metadata.${field}`, value, 'field is immutable')]
      : [];
  });

/** PUT on the object or its status. */
export async function update(request: ApiRequest): Promise<void> {
  const { resource, exchange, info } = request;
  const body = await readObject(request, resource.expected, resource.schemas);
  exchange.audit?.request(() => {
    const shown = cloneJson(body);
    resource.definition.defaults?.(shown);
    return encodeStored(shown).toString('utf8');
  });
  if (!body.metadata.name) throw unnamed(info.name);
  let created = false;
  const creates = resource.definition.allowCreateOnUpdate && info.subresource === '';
  const entry = await updateObject(request, {
    subresource: info.subresource,
    edit: () => cloneJson(body),
    checkPreconditions: true,
    ...(creates && {
      missing: async () => {
        if (isVersionSet(body.metadata.resourceVersion)) throw resource.notFound(info.name);
        await checkMayCreate(request);
        created = true;
        return createObject(request, cloneJson(body)).catch((error: unknown) => {
          if (isReason(error, 'AlreadyExists')) throw resource.conflict(info.name);
          throw error;
        });
      },
    }),
  });
  return sendEntry(request, created ? 201 : 200, entry);
}
