// delete and deletecollection: preconditions, grace periods, finalizers and propagation policies
// (upstream registry/rest/delete.go and registry/generic/registry/store.go).
import { durationSeconds } from '../../apimachinery/codec/time.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { DeleteOptions } from '../../apimachinery/meta/types.js';
import { stringifyJson } from '../../apimachinery/codec/json.js';
import { isReason } from '../../apimachinery/errors/status-error.js';
import { timestamp } from '../../util/env/env.js';
import type { OperationOptions } from '../admission/plugin.js';
import type { Entry } from '../cache/entry.js';
import { negotiate } from '../codec/negotiate.js';
import type { Change } from '../store/object-store.js';
import { admissionRequest } from './admission-request.js';
import { sendBytes, sendEntry, sendSuccess } from './answer.js';
import { unstoredEntry } from './create.js';
import { readDeleteOptions } from './delete-options.js';
import { DELETION_WORKERS } from '../limits.js';
import { FOREGROUND, hasFinalizers, ORPHAN } from './finalizers.js';
import { parseListOptions } from './list-options.js';
import { listPage } from './list.js';
import { contextOf, isDryRun, type ApiRequest } from './request.js';
import { selectionOf } from './selection.js';
import { RETURNS_OBJECT } from './facts.generated.js';

/** Throws 409 when the object is not the one, or not in the state, that the options ask for. */
export function checkPreconditions(
  request: ApiRequest,
  object: ApiObject,
  options: DeleteOptions,
): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = object;
  if (uid !== undefined && uid !== metadata.uid)
    throw request.resource.conflict(
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw request.resource.conflict(
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`,
    );
}

/** The finalizers of the requested propagation policy. */
function propagationFinalizers(
  request: ApiRequest,
  object: ApiObject,
  options: DeleteOptions,
): string[] {
  const others = (object.metadata.finalizers ?? []).filter(
    (finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND,
  );
  const present = object.metadata.finalizers ?? [];
  const { orphanDependents, propagationPolicy } = options;
  if (request.resource.definition.defaultPropagation === 'Unsupported') return others;
  if (propagationPolicy === 'Foreground') return [...others, FOREGROUND];
  if (propagationPolicy === 'Orphan' || orphanDependents === true) return [...others, ORPHAN];
  if (propagationPolicy === 'Background' || orphanDependents === false) return others;
  // Without a requested policy the present finalizers decide, then the resource's default.
  if (present.includes(ORPHAN)) return [...others, ORPHAN];
  if (present.includes(FOREGROUND)) return [...others, FOREGROUND];
  return request.resource.definition.defaultPropagation === 'Orphan' ? [...others, ORPHAN] : others;
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, at) => name === b[at]);

/**
 * Sets the deletion timestamp `grace` seconds from now. A later deletion can only shorten the
 * grace.
 */
function mark(object: ApiObject, grace: number, now: number): boolean {
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined) {
    const left = metadata.deletionGracePeriodSeconds ?? 0;
    if (grace >= left) return false;
    const asked = Date.parse(metadata.deletionTimestamp) - durationSeconds(left) * 1000;
    metadata.deletionTimestamp = timestamp(asked + durationSeconds(grace) * 1000);
    metadata.deletionGracePeriodSeconds = grace;
    return true;
  }
  metadata.deletionTimestamp = timestamp(now + durationSeconds(grace) * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  if (metadata.generation) metadata.generation++;
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') {
    const namespace = object as ApiObject & { status?: { phase?: string } };
    namespace.status = { ...namespace.status, phase: 'Terminating' };
  }
  return true;
}

/** Definitions that prepare the deletion themselves keep generation and have no grace period. */
function markOnly({ metadata }: ApiObject, now: number): boolean {
  metadata.deletionTimestamp = timestamp(now);
  return true;
}

/** The effect of one deletion request on the object. */
function decide(request: ApiRequest, entry: Entry, options: DeleteOptions): Change {
  const { resource, context } = request;
  const object = resource.parse(entry);
  checkPreconditions(request, object, options);
  const { prepareDelete } = resource.definition;
  const isNew = object.metadata.deletionTimestamp === undefined;
  if (isNew) prepareDelete?.(object, context);
  const { deletionGracePeriodSeconds: left = 0 } = object.metadata;
  const given = options.gracePeriodSeconds;
  const requested = given !== undefined && given < 0 ? 1 : given;
  const isPending = !isNew && left > 0;
  // A pending deletion can be shortened; a request that does not shorten it changes nothing, the
  // finalizers neither (upstream: registry/rest/delete.go BeforeDelete).
  if (isPending && (requested ?? left) >= left) return { keep: true };
  const grace = isPending
    ? requested!
    : (resource.definition.gracePeriod?.(object, requested) ?? 0);
  const finalizers = propagationFinalizers(request, object, options);
  const changed = !sameNames(finalizers, object.metadata.finalizers ?? []);
  if (finalizers.length) object.metadata.finalizers = finalizers;
  else delete object.metadata.finalizers;
  if (grace > 0 || hasFinalizers(object)) {
    // Finalizers alone need no grace period: their controllers decide.
    const marked =
      isNew && prepareDelete ? markOnly(object, context.now) : mark(object, grace, context.now);
    return marked || changed ? { put: object } : { keep: true };
  }
  return { remove: true };
}

/** Kinds of which a deletion never hits a later object with the same name. */
const DELETED_BY_UID = new Set(['namespaces', 'customresourcedefinitions']);

/** The options as upstream's strategies complete them before admission. */
function admittedOptions(
  { resource, context }: ApiRequest,
  oldObject: ApiObject,
  options: DeleteOptions,
): OperationOptions {
  const { gracePeriodSeconds, preconditions, orphanDependents, propagationPolicy } = options;
  const grace =
    resource.definition.gracePeriod?.(oldObject, gracePeriodSeconds) ?? gracePeriodSeconds;
  const { uid } = oldObject.metadata;
  const conditions =
    uid && DELETED_BY_UID.has(resource.resource) ? { uid, ...preconditions } : preconditions;
  return {
    kind: 'DeleteOptions',
    apiVersion: 'meta.k8s.io/v1',
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...(conditions && { preconditions: conditions }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(context.dryRun && { dryRun: ['All'] }),
  };
}

/**
 * Deletes one object by name. Throws 404, 409. `admits`: admission of a collection's deletion knows
 * no name; an eviction was admitted itself.
 */
export async function deleteObject(
  request: ApiRequest,
  name: string,
  options: DeleteOptions,
  admits: 'object' | 'collection' | 'nothing' = 'object',
): Promise<{ entry: Entry; removed: boolean }> {
  const { resource, core, info, exchange } = request;
  const context = {
    ...request.context,
    dryRun: request.context.dryRun || isDryRun(request.query, options),
  };
  const key = resource.keyOf(info.namespace, name);
  let wouldRemove = false;
  let wouldPut: Entry | undefined;
  const outcome = await core.store.change(resource, key, exchange, async (entry) => {
    if (!entry) throw resource.notFound(name);
    const [shown] = await resource.ready([entry]);
    const oldObject = resource.object(shown!);
    if (admits !== 'nothing')
      await core.admission.admit(
        admissionRequest({ ...request, context }, 'DELETE', {
          name: admits === 'collection' ? '' : name,
          subresource: '',
          oldObject,
          options: admittedOptions({ ...request, context }, oldObject, options),
        }),
      );
    const change = decide(request, shown!, options);
    if (!context.dryRun) return change;
    wouldRemove = 'remove' in change;
    if ('put' in change) wouldPut = unstoredEntry(resource, change.put, entry.revision);
    return { keep: true };
  });
  return { entry: wouldPut ?? outcome.entry, removed: outcome.removed || wouldRemove };
}

/** DELETE on an object. */
export async function deleteOne(request: ApiRequest): Promise<void> {
  const options = await readDeleteOptions(request);
  const { entry, removed } = await deleteObject(request, request.info.name, options);
  const { group, resource: kind } = request.resource;
  if (!removed || (RETURNS_OBJECT.has(kind) && group === '')) return sendEntry(request, 200, entry);
  const { uid } = entry.object().metadata;
  const details = { name: entry.name, ...(group && { group }), kind, ...(uid && { uid }) };
  return sendSuccess(request.exchange, 200, { details });
}

/** DELETE on a collection; answers with the list of the selected objects. */
export async function deleteCollection(request: ApiRequest): Promise<void> {
  const { core, resource, info, query, exchange } = request;
  const options = await readDeleteOptions(request);
  const media = negotiate(exchange.header('accept'));
  const page = await listPage(
    core,
    resource,
    info.namespace,
    parseListOptions(query),
    selectionOf(resource, query),
  );
  const queue = [...page.entries];
  const work = async (limit: number) => {
    for (let done = 0; done < limit; done++) {
      const entry = queue.shift();
      if (!entry) return;
      const one: ApiRequest = {
        ...request,
        info: { ...info, namespace: entry.namespace, name: entry.name },
        context: contextOf(core.env, request.user, request.context.dryRun),
      };
      await deleteObject(one, entry.name, structuredClone(options), 'collection').catch(
        (error: unknown) => {
          if (isReason(error, 'NotFound')) return;
          queue.length = 0;
          throw error;
        },
      );
    }
  };
  // A refusal of the first object ends the request before the others are asked about.
  await work(1);
  await Promise.all(Array.from({ length: DELETION_WORKERS }, () => work(Infinity)));
  const head = `{"kind":"${resource.kind}List","apiVersion":"${resource.apiVersion}","metadata":${stringifyJson({ ...(resource.definition.codec && { continue: '' }), resourceVersion: String(core.cacher.revision) })},"items":[`;
  const bytes = page.entries.map((entry) => resource.bytes(entry));
  await sendBytes(
    exchange,
    200,
    Buffer.concat([
      Buffer.from(head),
      ...bytes.flatMap((item, at) => (at ? [Buffer.from(','), item] : [item])),
      Buffer.from(']}'),
    ]),
    { ...media, as: '' },
  );
}
