// The scale subresource: an autoscaling/v1 Scale made from, and written into, its parent.
import { badRequest, fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import type { Entry } from '../cache/entry.js';
import { decodeMode, readObject, type ExpectedKind } from '../codec/body.js';
import { mediaType } from '../codec/negotiate.js';
import { sendValue } from '../verbs/answer.js';
import { parseRevision } from '../verbs/list-options.js';
import { patchFunction } from '../verbs/patch.js';
import type { ApiRequest } from '../verbs/request.js';
import { updateObject } from '../verbs/update.js';

export interface Scale extends ApiObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

const SCALE: ExpectedKind = { group: 'autoscaling', version: 'v1', kind: 'Scale', schema: 'io.k8s.api.autoscaling.v1.Scale' };

function scaleOf(request: ApiRequest, object: ApiObject): Scale {
  const { specReplicas, statusReplicas, selector } = request.resource.definition.scale!.read(object);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}), ...(creationTimestamp ? { creationTimestamp } : {}) },
    spec: { replicas: specReplicas },
    status: { replicas: statusReplicas, ...(selector ? { selector } : {}) },
  };
}

export async function getScale(request: ApiRequest): Promise<void> {
  const { core, resource, info, query, exchange } = request;
  const revision = parseRevision(query.get('resourceVersion'));
  if (revision === undefined) await core.cacher.fresh();
  else if (revision > 0) await core.cacher.waitFor(revision);
  const entry = resource.cache.index.get(resource.keyOf(info.namespace, info.name));
  if (!entry) throw resource.notFound(info.name);
  await sendValue(exchange, 200, scaleOf(request, resource.object(entry)));
}

async function change(request: ApiRequest, edit: (scale: Scale) => Scale): Promise<void> {
  const { resource, info, exchange } = request;
  const entry: Entry = await updateObject(request, {
    subresource: 'scale',
    checkPreconditions: true,
    edit(current) {
      const before = scaleOf(request, current);
      const wanted = edit(before);
      if (wanted.metadata.name && wanted.metadata.name !== info.name) {
        throw badRequest(`the name of the object (${wanted.metadata.name}) does not match the name on the URL (${info.name})`);
      }
      const replicas = wanted.spec?.replicas ?? 0;
      if (replicas < 0) throw invalid({ group: 'autoscaling', kind: 'Scale' }, info.name, [fieldErrors.invalid('spec.replicas', replicas, 'must be greater than or equal to 0')]);
      resource.definition.scale!.write(current, replicas);
      if (wanted.metadata.resourceVersion) current.metadata.resourceVersion = wanted.metadata.resourceVersion;
      else delete current.metadata.resourceVersion;
      if (wanted.metadata.uid) current.metadata.uid = wanted.metadata.uid;
      return current;
    },
  });
  await sendValue(exchange, 200, scaleOf(request, resource.object(entry)));
}

export async function updateScale(request: ApiRequest): Promise<void> {
  const scale = await readObject<Scale>(request.exchange, SCALE, MESSAGES, decodeMode(request.query));
  await change(request, () => scale);
}

export async function patchScale(request: ApiRequest): Promise<void> {
  const { exchange, query } = request;
  const body = await exchange.readBody();
  const target = { expected: SCALE, schemas: MESSAGES, mode: decodeMode(query), warn: (text: string) => exchange.warn(text) };
  const apply = patchFunction(mediaType(exchange.header('content-type')), body, target);
  await change(request, (scale) => apply(scale) as Scale);
}
