// create: decode, default, admit, prepare, allocate, validate, admit again, write.
import {
  badRequest,
  fieldErrors,
  invalid,
  isReason,
  statusError,
} from '../../apimachinery/errors/status-error.js';
import { cloneJson } from '../../apimachinery/meta/clone.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { AdmissionRequest } from '../admission/plugin.js';
import { forbiddenError } from '../../apimachinery/errors/forbidden.js';
import { Entry, entryOf } from '../cache/entry.js';
import { readObject } from '../codec/body.js';
import { encodeStored } from '../codec/object-bytes.js';
import { negotiateWithoutTable } from '../codec/negotiate.js';
import { MAX_NAME_ATTEMPTS, MAX_WRITE_ATTEMPTS } from '../limits.js';
import type { Reservation } from '../resource/definition.js';
import type { ServedResource } from '../served/served.js';
import { reservationRefusal, ReservationHeldError } from '../store/object-store.js';
import { admissionRequest } from './admission-request.js';
import { sendEntry, sendValue } from './answer.js';
import { trackFields } from './managed-fields.js';
import {
  dropDoubleOwners,
  dropServerMeta,
  fillNewMeta,
  fitNamespace,
  generateName,
  isVersionSet,
} from './object-meta.js';
import type { ApiRequest } from './request.js';

/** The object as a read would show it if it were stored; uses up its argument. */
function asStored({ definition: { stored } }: ServedResource, object: ApiObject): ApiObject {
  if (!stored || stored.isOwnShape) return object;
  return stored.fromStored(stored.convert ? object : stored.toStored(object));
}

/**
 * An entry of an object that is not stored, for the answer of a dry run. `revision` 0 means none.
 * Uses up the object.
 */
export function unstoredEntry(
  resource: ServedResource,
  object: ApiObject,
  revision: number,
): Entry {
  const { namespace = '', name } = object.metadata;
  const key = resource.keyOf(namespace, name);
  const bytes = encodeStored(asStored(resource, object));
  const entry = revision
    ? entryOf(key, resource.namespaced, bytes, revision)
    : new Entry(key, namespace, name, 0, undefined, { bytes, revisionAt: 0 });
  return resource.markShown(entry);
}

/**
 * Chooses free values if the definition allocates any. A value that the cache knows as held may be
 * free since: a refusal waits for the state of the store. Throws 422.
 */
export async function allocate(
  request: Pick<ApiRequest, 'core' | 'resource' | 'context'>,
  object: ApiObject,
  old: ApiObject | undefined,
  lost: ReadonlySet<Reservation>,
): Promise<void> {
  const { resource, core, context } = request;
  const isFree = (reservation: Reservation): boolean =>
    !lost.has(reservation) && !core.cacher.isReserved(reservation);
  const attempt = () => resource.definition.allocate?.(object, old, { ...context, isFree });
  if (!attempt()?.length) return;
  await core.cacher.fresh();
  const errors = attempt();
  if (errors?.length) throw invalid(resource, object.metadata.name, errors);
}

/**
 * All steps between the decoded object and the write. The object changes in place, and a webhook
 * may replace it: the result is the object that counts.
 */
async function prepare(
  request: ApiRequest,
  decoded: ApiObject,
  admission: AdmissionRequest,
  { isTracked, status }: CreateOptions,
): Promise<ApiObject> {
  const { resource, core, context, exchange } = request;
  const { definition } = resource;
  definition.defaults?.(decoded);
  // Upstream decodes with defaults, and its audit log shows them.
  exchange.audit?.request(() => encodeStored(decoded).toString('utf8'));
  dropServerMeta(decoded);
  if (!isTracked) await trackFields(request, decoded, undefined, '');
  await core.admission.mutate(admission);
  const object = admission.object!;
  fitNamespace(resource, object, request.info.namespace);
  dropDoubleOwners(object, (text) => exchange.warn(text));
  definition.defaults?.(object);
  dropServerMeta(object);
  fillNewMeta(resource, object, context);
  definition.prepareCreate?.(object, { ...context, warn: (text) => exchange.warn(text) });
  if (status) {
    const before = { ...object };
    (object as ApiObject & { status: object }).status = status;
    await trackFields(request, object, before, 'status');
  }
  return object;
}

async function check(
  request: ApiRequest,
  object: ApiObject,
  admission: AdmissionRequest,
): Promise<void> {
  const { resource, core, exchange } = request;
  const { load, validate, validateCreate } = resource.definition;
  if (load) await load(object);
  const errors = [...(validate?.(object) ?? []), ...(validateCreate?.(object) ?? [])];
  if (errors.length) throw invalid(resource, object.metadata.name, errors);
  for (const warning of resource.definition.warnings?.(object) ?? []) exchange.warn(warning);
  await core.admission.validate(admission);
}

/** Allocates, checks and writes, and repeats that while other writers take the chosen values. */
async function write(
  request: ApiRequest,
  prepared: ApiObject,
  admission: AdmissionRequest,
): Promise<Entry> {
  const { resource, core, context } = request;
  const { definition } = resource;
  // Without both, validation refuses the object.
  const generated = !prepared.metadata.name && Boolean(prepared.metadata.generateName);
  const fixed = new Set(definition.allocate ? definition.reservations?.(prepared) : []);
  const lost = new Set<Reservation>();
  let names = 0;
  for (let attempt = 0; ; attempt++) {
    const object = definition.allocate ? cloneJson(prepared) : prepared;
    if (generated)
      object.metadata.name = generateName(prepared.metadata.generateName!, context.random);
    admission.object = object;
    admission.name = object.metadata.name;
    if (definition.allocate) await allocate(request, object, undefined, lost);
    await check(request, object, admission);
    const key = resource.keyOf(object.metadata.namespace ?? '', object.metadata.name);
    const final = admission.patched ? resource.pruned(object) : object;
    if (context.dryRun) {
      await core.cacher.fresh();
      if (resource.cache.index.get(key)) throw resource.alreadyExists(object.metadata.name);
      return unstoredEntry(resource, final, 0);
    }
    try {
      return await core.store.create(resource, key, final, request.exchange);
    } catch (error) {
      if (error instanceof ReservationHeldError) {
        if (fixed.has(error.reservation) || attempt >= MAX_WRITE_ATTEMPTS)
          throw reservationRefusal(resource, object, error.reservation);
        lost.add(error.reservation);
      } else if (generated && isReason(error, 'AlreadyExists')) {
        if (++names >= MAX_NAME_ATTEMPTS) throw error;
      } else throw error;
    }
  }
}

/**
 * For a PUT or an apply that creates an object: needs the verb create besides its own.
 * @throws StatusError Forbidden
 */
export async function checkMayCreate({ info, user, core }: ApiRequest): Promise<void> {
  const { group, version, resource, namespace, name } = info;
  const target = { group, version, resource, subresource: '', namespace, name };
  const attributes = { user, verb: 'create', ...target };
  const decision = await core.services.authorize(attributes);
  if (!decision.allowed) throw forbiddenError(attributes, decision.reason);
}

export interface CreateOptions {
  /** The object has its managedFields. */
  isTracked?: boolean;
  /** The first status, as if an update of the status followed at once. */
  status?: object;
}

/** Creates a decoded object; resolves to the stored entry. */
export async function createObject(
  request: ApiRequest,
  object: ApiObject,
  options: CreateOptions = {},
): Promise<Entry> {
  const { resource, info, exchange } = request;
  fitNamespace(resource, object, info.namespace);
  dropDoubleOwners(object, (text) => exchange.warn(text));
  const admission = admissionRequest(request, 'CREATE', {
    name: object.metadata.name ?? '',
    subresource: '',
    object,
  });
  return write(request, await prepare(request, object, admission, options), admission);
}

export async function create(request: ApiRequest): Promise<void> {
  const { resource } = request;
  const object = await readObject(request, resource.expected, resource.schemas);
  if (!resource.definition.storage) return answerCreate(request, object);
  if (request.info.name) throw notAllowed();
  // The store refuses it, so that a dry run passes.
  if (isVersionSet(object.metadata.resourceVersion) && !request.context.dryRun)
    throw badRequest('resourceVersion should not be set on objects to be created');
  return sendEntry(request, 201, await createObject(request, object));
}

const notAllowed = (): Error =>
  statusError(
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  );

/** Resources without storage, such as reviews: the definition answers. */
async function answerCreate(request: ApiRequest, object: ApiObject): Promise<void> {
  const { resource, core, context, info } = request;
  if (!resource.definition.create) throw notAllowed();
  negotiateWithoutTable(request.exchange.header('accept'));
  if (resource.namespaced) {
    if (object.metadata.namespace && object.metadata.namespace !== info.namespace)
      throw invalid(resource, '', [
        fieldErrors.invalid(
          'metadata.namespace',
          object.metadata.namespace,
          'does not match the namespace of the request',
        ),
      ]);
    object.metadata.namespace = info.namespace;
  }
  const admission = admissionRequest(request, 'CREATE', {
    name: object.metadata.name ?? '',
    object,
  });
  await core.admission.admit(admission);
  const answer = await resource.definition.create(admission.object!, {
    ...context,
    namespace: info.namespace,
    ...core.services,
  });
  const { metadata } = answer as Partial<ApiObject>;
  if (metadata?.name === '') delete (metadata as Partial<ApiObject['metadata']>).name;
  return sendValue(request.exchange, 201, answer);
}
