// The scale subresource: an autoscaling/v1 Scale that is read from and written to its parent.
import { fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import { serverSideApply } from '../../apimachinery/apply/server-side-apply.js';
import { ageSince } from '../../apimachinery/duration/human-duration.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import { COLUMNS } from '../../apis/facts/columns.js';
import { wholeColumn } from '../../apis/meta/v1/columns.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import type { Entry } from '../cache/entry.js';
import { decodeMode, readObject, toObject, type ExpectedKind } from '../codec/body.js';
import { mediaType, negotiate } from '../codec/negotiate.js';
import { includeObject } from '../verbs/table.js';
import { sendValue } from '../verbs/answer.js';
import { applyOptions, checkVersion, parseApplied } from '../verbs/apply.js';
import { readEntry } from '../verbs/get.js';
import { answered } from '../verbs/managed-fields.js';
import { checkName } from '../verbs/object-meta.js';
import { APPLY_PATCH, patchFunction, readPatch } from '../verbs/patch.js';
import type { ApiRequest } from '../verbs/request.js';
import { updateObject, type AdmittedPart } from '../verbs/update.js';

export interface Scale extends ApiObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

const SCALE: ExpectedKind = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  schema: 'io.k8s.api.autoscaling.v1.Scale',
};

/** Replicas of an object that has none; no client sends this number. */
const NO_REPLICAS = -(2 ** 31);

/** Throws `missing` of a scale without replicas, unless `before` a write. */
function scaleOf(request: ApiRequest, object: ApiObject, before = false): Scale {
  const read = request.resource.definition.scale!.read(object);
  const { statusReplicas, selector, missing } = read;
  if (missing && !before) throw missing;
  const specReplicas = missing ? NO_REPLICAS : read.specReplicas;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: specReplicas ? { replicas: specReplicas } : {},
    status: { replicas: statusReplicas, ...(selector && { selector }) },
  };
}

/** Sends the Scale in the negotiated form: the object, or a table of one row. */
function sendScale(request: ApiRequest, scale: Scale): Promise<void> {
  const { exchange, query, context } = request;
  const { as, version } = negotiate(exchange.header('accept'));
  if (as !== 'Table') return sendValue(exchange, 200, scale);
  const { metadata, spec, status } = scale;
  const { creationTimestamp, name, resourceVersion } = metadata;
  const include = includeObject(query);
  const object =
    include === 'None'
      ? null
      : include === 'Object'
        ? scale
        : { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata };
  return sendValue(exchange, 200, {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: { resourceVersion },
    columnDefinitions: COLUMNS['Scale']!.map(wholeColumn),
    rows: [
      {
        cells: [
          name,
          spec?.replicas ?? 0,
          status?.replicas ?? 0,
          ageSince(creationTimestamp, context.now),
        ],
        object,
      },
    ],
  });
}

/** Sends the Scale of a stored parent. */
async function showScale(request: ApiRequest, entry: Entry): Promise<void> {
  const { resource } = request;
  const [shown] = await resource.ready([entry]);
  await sendScale(request, scaleOf(request, resource.object(shown!)));
}

/** The preconditions of a Scale hold for its parent. */
function takePreconditions(
  { resource }: ApiRequest,
  { metadata }: ApiObject,
  { metadata: { resourceVersion, uid } }: Scale,
): void {
  if (resourceVersion) metadata.resourceVersion = resourceVersion;
  else if (!resource.definition.codec) delete metadata.resourceVersion;
  if (uid) metadata.uid = uid;
}

export const getScale = async (request: ApiRequest): Promise<void> =>
  showScale(request, await readEntry(request));

/** The Scale of an object as admission sees it: without a zero, as Go writes it. */
const admittedScale = (request: ApiRequest): AdmittedPart => ({
  read(object) {
    const { spec, ...scale } = scaleOf(request, object, true);
    return { ...scale, spec: spec?.replicas === NO_REPLICAS ? {} : spec } as Scale;
  },
  write: (object, scale) =>
    request.resource.definition.scale!.write(object, (scale as Scale).spec?.replicas ?? 0),
});

function checkWanted({ info, resource }: ApiRequest, wanted: Scale): void {
  checkName(wanted, info.name);
  const replicas = wanted.spec?.replicas ?? 0;
  if (replicas < 0 && !resource.definition.scale!.checksParent)
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, info.name, [
      fieldErrors.invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
}

async function change(request: ApiRequest, edit: (scale: Scale) => Scale): Promise<void> {
  const { resource } = request;
  const entry: Entry = await updateObject(request, {
    subresource: 'scale',
    checkPreconditions: true,
    admits: admittedScale(request),
    edit(_old, copy) {
      const current = copy();
      const wanted = edit(scaleOf(request, current, true));
      const { empty } = resource.definition.scale!.read(current);
      if (empty && wanted.spec?.replicas === NO_REPLICAS) throw empty;
      checkWanted(request, wanted);
      resource.definition.scale!.write(current, wanted.spec?.replicas ?? 0);
      takePreconditions(request, current, wanted);
      return current;
    },
  });
  await showScale(request, entry);
}

export async function updateScale(request: ApiRequest): Promise<void> {
  const scale = await readObject<Scale>(request, SCALE, MESSAGES);
  await change(request, () => scale);
}

export async function patchScale(request: ApiRequest): Promise<void> {
  const { exchange } = request;
  const body = await readPatch(exchange);
  if (mediaType(exchange.header('content-type')) === APPLY_PATCH) return applyScale(request, body);
  const apply = patchFunction(request, body, SCALE, MESSAGES);
  await change(request, (scale) => apply(scale) as Scale);
}

/** `value` at the end of a path of new objects. */
const nested = (path: readonly string[] = ['spec', 'replicas'], value: number): object =>
  path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as object;

/**
 * An applied Scale applies only the replicas of its parent, recorded under the parent's version and
 * the subresource 'scale' (upstream apimachinery/pkg/util/managedfields/scalehandler.go). Another
 * owner of spec.replicas in the parent causes a conflict unless the apply is forced.
 */
async function applyScale(request: ApiRequest, body: Buffer): Promise<void> {
  const { resource, info, exchange, query } = request;
  const { definition } = resource;
  const mode = decodeMode(query);
  const warn = (text: string) => exchange.warn(text);
  const options = applyOptions(request, 'scale');
  const applied = parseApplied(body, mode, warn);
  checkVersion(applied, apiVersionOf(SCALE));
  const wanted = toObject<Scale>(
    { value: structuredClone(applied), duplicates: [] },
    SCALE,
    MESSAGES,
    mode,
    warn,
  );
  checkWanted(request, wanted);
  const replicas = wanted.spec?.replicas;
  const onParent = {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: { name: info.name },
    ...(replicas !== undefined && nested(definition.scale!.specReplicas, replicas)),
  };
  const entry = await updateObject(request, {
    subresource: 'scale',
    checkPreconditions: true,
    admits: admittedScale(request),
    isTracked: true,
    async edit(old) {
      const live = old as unknown as Record<string, unknown>;
      const value = await answered(request, serverSideApply(live, onParent, options));
      const next = toObject(
        { value, duplicates: [] },
        resource.expected,
        resource.schemas,
        mode,
        warn,
      );
      takePreconditions(request, next, wanted);
      return next;
    },
  });
  await showScale(request, entry);
}
