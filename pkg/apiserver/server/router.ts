// Routes a resource request to its code: verbs on objects, subresources, connect handlers.
// Authorization has happened before.
import { qualified, StatusError, statusError } from '../../apimachinery/errors/status-error.js';
import type { ConnectHandler, HandlerRequest } from '../extension/handler.js';
import { readObject } from '../codec/body.js';
import { negotiateWithoutTable } from '../codec/negotiate.js';
import type { RequestInfo } from '../request/request-info.js';
import type { ServedResource } from '../served/served.js';
import { createBinding } from '../subresources/binding.js';
import { createEviction } from '../subresources/eviction.js';
import { isPartialUpdate, patchPart, updatePart } from '../subresources/partial-updates.js';
import { getScale, patchScale, updateScale } from '../subresources/scale.js';
import { admissionRequest } from '../verbs/admission-request.js';
import { sendValue } from '../verbs/answer.js';
import { connectOptions } from '../verbs/connect-options.js';
import { getComputed, listComputed } from '../verbs/computed.js';
import { create } from '../verbs/create.js';
import { deleteCollection, deleteOne } from '../verbs/delete.js';
import { get } from '../verbs/get.js';
import { list } from '../verbs/list.js';
import { patch } from '../verbs/patch.js';
import type { ApiRequest } from '../verbs/request.js';
import { update } from '../verbs/update.js';
import { watch } from '../verbs/watch.js';

type Verb = (request: ApiRequest) => Promise<void> | void;

/** The 404 in a served group and version; extension/delegation.ts has the one for other paths. */
export const pageNotFound = (): StatusError =>
  new StatusError({
    message: 'the server could not find the requested resource',
    reason: 'NotFound',
    code: 404,
    details: {},
  });

/** A path that no server knows, which has the answer of extension/delegation.ts. */
export class UnknownPathError extends Error {
  override name = 'UnknownPathError';
}

export function methodNotAllowed(): StatusError {
  return statusError(
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** Custom resources have no routes of their own upstream, so their text is another one. */
function unsupportedVerb(resource: ServedResource, verb: string): StatusError {
  if (!resource.definition.codec) return methodNotAllowed();
  return statusError(
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind ${JSON.stringify(qualified(resource))}`,
    { group: resource.group, kind: resource.resource },
  );
}

const OBJECT_VERBS: Record<string, Verb> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: deleteOne,
  deletecollection: deleteCollection,
};
const COMPUTED_VERBS: Record<string, Verb> = { get: getComputed, list: listComputed };
const STATUS_VERBS: Record<string, Verb> = { get, update, patch };
const SCALE_VERBS: Record<string, Verb> = { get: getScale, update: updateScale, patch: patchScale };
const PART_VERBS: Record<string, Verb> = { get, update: updatePart, patch: patchPart };

function subresourceVerbs(
  resource: ServedResource,
  info: RequestInfo,
): Record<string, Verb> | undefined {
  const { subresource } = info;
  if (!resource.definition.facts.subresources?.some(({ name }) => name === subresource))
    return undefined;
  if (subresource === 'status') return STATUS_VERBS;
  if (subresource === 'scale' && resource.definition.scale) return SCALE_VERBS;
  const path = `${resource.resource}/${subresource}`;
  if (isPartialUpdate(resource.resource, subresource)) return PART_VERBS;
  if (path === 'pods/binding') return { create: createBinding };
  return path === 'pods/eviction' ? { create: createEviction } : {};
}

/** The verb of a POST to a creator: tokens and reviews. */
function creatorVerb(request: ApiRequest): Verb | undefined {
  const { core, resource, info } = request;
  const creator = core.creators.find(
    (one) =>
      one.group === resource.group &&
      one.resource === resource.resource &&
      one.subresource === info.subresource,
  );
  if (!creator || info.verb !== 'create') return undefined;
  return async () => {
    negotiateWithoutTable(request.exchange.header('accept'));
    const facts = resource.definition.facts.subresources?.find(
      ({ name }) => name === info.subresource,
    );
    const expected = facts
      ? {
          group: facts.group ?? resource.group,
          version: facts.version ?? resource.version,
          kind: facts.kind,
          schema: schemaOf(resource, facts),
        }
      : resource.expected;
    const object = await readObject(request, expected, resource.schemas);
    const target = { namespace: info.namespace, name: info.name, context: request.context };
    const admission = admissionRequest(request, 'CREATE', { name: info.name, object });
    await core.admission.admit(admission);
    const answer = await creator.create(admission.object!, target, core.services);
    await sendValue(request.exchange, 201, answer);
  };
}

function schemaOf(
  resource: ServedResource,
  facts: { kind: string; group?: string; version?: string },
): string {
  const group = facts.group ?? resource.group;
  const version = facts.version ?? resource.version;
  for (const [name, message] of Object.entries(resource.schemas)) {
    if (
      message.gvk?.some(
        (gvk) => gvk.kind === facts.kind && gvk.group === group && gvk.version === version,
      )
    )
      return name;
  }
  throw pageNotFound();
}

/**
 * Throws unless the path has a namespace exactly when the resource is namespaced: a permission in
 * one namespace must not reach objects outside of that namespace. Across namespaces only reads are
 * served.
 */
export function checkScope(resource: ServedResource, info: RequestInfo): void {
  const { namespace, name, verb } = info;
  if (resource.definition.codec) {
    const fits = resource.namespaced
      ? namespace !== '' || (!name && (verb === 'list' || verb === 'watch'))
      : namespace === '';
    if (!fits) throw new UnknownPathError();
    return;
  }
  if (!resource.namespaced) {
    const isOwnName =
      resource.resource === 'namespaces' && resource.group === '' && namespace === name;
    if (namespace && !isOwnName) throw pageNotFound();
  } else if (!namespace) {
    if (name) throw pageNotFound();
    if (verb !== 'list' && verb !== 'watch') throw methodNotAllowed();
  }
}

/** Answers a resource request other than connect. Throws 404 and 405 when it is not served. */
export function serveResource(request: ApiRequest): void | Promise<void> {
  const { resource, info } = request;
  const refusal = resource.definition.refuses?.(info.verb);
  if (refusal) throw refusal;
  const creator = creatorVerb(request);
  if (creator) return creator(request);
  if (info.subresource) {
    const verbs = subresourceVerbs(resource, info);
    if (!verbs) throw resource.definition.codec ? resource.notFound(info.name) : pageNotFound();
    const verb = verbs[info.verb];
    if (!verb) throw unsupportedVerb(resource, info.verb);
    return verb(request);
  }
  if (resource.resource === 'bindings' && resource.group === '' && info.verb === 'create')
    return createBinding(request);
  if (resource.definition.computed) {
    const verb = COMPUTED_VERBS[info.verb];
    if (!verb) throw methodNotAllowed();
    return verb(request);
  }
  const needsName = info.verb === 'update' || info.verb === 'patch';
  if (
    (needsName && !info.name) ||
    !resource.has(info.verb) ||
    (info.verb !== 'create' && !resource.maybeCache)
  )
    throw unsupportedVerb(resource, info.verb);
  return OBJECT_VERBS[info.verb]!(request);
}

/** The handlers of connect requests by group, resource and subresource. */
export class ConnectRoutes {
  private readonly byPath = new Map<string, ConnectHandler>();

  constructor(handlers: readonly ConnectHandler[]) {
    for (const handler of handlers)
      this.byPath.set(`${handler.group}/${handler.resource}/${handler.subresource}`, handler);
  }

  find(info: RequestInfo): ConnectHandler | undefined {
    const { isResource, group, resource, subresource, verb } = info;
    if (!isResource || !subresource || verb === 'watch') return undefined;
    const handler = this.byPath.get(`${group}/${resource}/${subresource}`);
    return handler?.verbs?.includes(verb) === false ? undefined : handler;
  }
}

/** Runs CONNECT admission, then the handler. */
export async function serveConnect(
  handler: ConnectHandler,
  request: ApiRequest,
  handlerRequest: HandlerRequest,
): Promise<void> {
  const { core, info } = request;
  const object = connectOptions(request);
  if (object) {
    const { name, subresource } = info;
    await core.admission.admit(admissionRequest(request, 'CONNECT', { name, subresource, object }));
  }
  await handler.handle(handlerRequest, core.services);
}
