// The server's part of metadata: values set at create, carried over at update, and generated
// (upstream registry/rest/{create,update,meta}.go and storage/names/generate.go).
import {
  badRequest,
  fieldErrors,
  invalid,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { IMMUTABLE } from '../../apis/meta/v1/object-meta.js';
import { equalJson, jsonKey } from '../../apimachinery/meta/clone.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { timestamp } from '../../util/env/env.js';
import type { RequestContext } from '../resource/definition.js';
import type { ServedResource } from '../served/served.js';
import { CARRIED } from './facts.generated.js';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const RANDOM_LENGTH = 5;
const MAX_GENERATED_BASE = 63 - RANDOM_LENGTH;

/** `base`, cut to 58 characters, and five random characters. */
export function generateName(base: string, random: { next(): number }): string {
  let name = base.slice(0, MAX_GENERATED_BASE);
  for (let i = 0; i < RANDOM_LENGTH; i++)
    name += ALPHABET[Math.floor(random.next() * ALPHABET.length)]!;
  return name;
}

/** Drops duplicate owner references, with upstream's warning. */
export function dropDoubleOwners({ metadata }: ApiObject, warn: (text: string) => void): void {
  const references = metadata.ownerReferences;
  if (!references || references.length < 2) return;
  const doubled = new Set<string>();
  const seen = new Set<string>();
  const kept = references.filter((reference) => {
    const key = jsonKey(reference);
    const isFirst = !seen.has(key);
    if (isFirst) seen.add(key);
    else doubled.add(reference.uid);
    return isFirst;
  });
  if (!doubled.size) return;
  metadata.ownerReferences = kept;
  warn(
    `metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...doubled].join(', ')}`,
  );
}

/**
 * Sets the object's namespace to the path's. Throws 400 when the object names another namespace.
 */
export function fitNamespace(resource: ServedResource, object: ApiObject, namespace: string): void {
  const { metadata } = object;
  if (!resource.namespaced) {
    delete metadata.namespace;
    return;
  }
  if (metadata.namespace && metadata.namespace !== namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  metadata.namespace = namespace;
}

/** The error of an object without the name that its path has. */
export const unnamed = (wanted: string): Error =>
  badRequest(
    `the name of the object (${wanted} based on URL) was undeterminable: name must be provided`,
  );

/** An object that has a name has that of the path. Throws 400. */
export function checkName({ metadata: { name } }: ApiObject, wanted: string): void {
  if (name && name !== wanted)
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${wanted})`,
    );
}

const SERVER_META = [
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
] as const;

/** Drops from a new object the metadata that only the server writes. */
export function dropServerMeta({ metadata }: { metadata: Partial<ApiObject['metadata']> }): void {
  for (const field of SERVER_META) if (field in metadata) delete metadata[field];
}

/** Fills in the metadata of a new object. */
export function fillNewMeta(
  resource: ServedResource,
  object: ApiObject,
  context: RequestContext,
): void {
  const { metadata } = object;
  metadata.uid = context.random.uuid();
  metadata.creationTimestamp = timestamp(context.now);
  const { generation } = resource.definition;
  if (generation && generation !== 'later') metadata.generation = 1;
}

/** "0" is unset: upstream reads the version as a number. */
export const isVersionSet = (resourceVersion: string | undefined): boolean =>
  resourceVersion !== undefined && !/^0*$/.test(resourceVersion);

/**
 * Throws when the update names another uid than the stored one: 409, or 422 for the patch of a
 * custom resource.
 */
export function checkUid(
  resource: ServedResource,
  next: ApiObject,
  old: ApiObject,
  isPatch = false,
): void {
  const { uid } = next.metadata;
  if (uid && uid !== old.metadata.uid) {
    if (isPatch && resource.definition.codec) {
      const error = fieldErrors.invalid('metadata.uid', uid, IMMUTABLE);
      // The strategy of custom resources checks the metadata again.
      throw invalid(resource, old.metadata.name, [error, error]);
    }
    throw resource.conflict(
      old.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`,
    );
  }
}

/**
 * Compares the resourceVersion, if the update names one, with the stored one. Throws 409 when they
 * differ, 422 when the kind requires one and the update has none.
 */
export function checkVersion(resource: ServedResource, next: ApiObject, old: ApiObject): void {
  const { metadata } = next;
  const { name } = old.metadata;
  if (isVersionSet(metadata.resourceVersion)) {
    if (metadata.resourceVersion !== old.metadata.resourceVersion) throw resource.conflict(name);
  } else if (resource.definition.allowUnconditionalUpdate === false) {
    // Go's form of an unsigned zero; clients match on this text.
    // Upstream names the resource in the place of the kind here.
    throw invalid({ group: resource.group, kind: resource.resource }, name, [
      {
        type: 'FieldValueInvalid',
        field: 'metadata.resourceVersion',
        message: 'Invalid value: 0x0: must be specified for an update',
      },
    ]);
  }
}

type Meta = Record<string, unknown>;

function setField(meta: Meta, field: string, value: unknown): void {
  if (value === undefined) delete meta[field];
  else meta[field] = value;
}

/**
 * Carries over the metadata that an update may not change. Gives the values of the client that
 * were others, for `giveBack`.
 */
export function carryMeta(
  next: ApiObject,
  old: ApiObject,
): readonly (readonly [string, unknown])[] {
  const to = next.metadata as unknown as Meta;
  const from = old.metadata as unknown as Meta;
  const others: [string, unknown][] = [];
  for (const field of CARRIED) {
    if (to[field] === from[field]) continue;
    others.push([field, to[field]]);
    setField(to, field, from[field]);
  }
  delete to['selfLink'];
  return others;
}

/** Admission sees the metadata as the client sent them, as upstream's does. */
export function giveBack(
  { metadata }: ApiObject,
  sent: readonly (readonly [string, unknown])[],
): void {
  for (const [field, value] of sent) setField(metadata as unknown as Meta, field, value);
}

const NOT_SPEC = new Set(['apiVersion', 'kind', 'metadata', 'status']);
const NOT_DATA = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Increments metadata.generation when anything but metadata and status changed; see GenerationRule.
 */
export function bumpGeneration(resource: ServedResource, next: ApiObject, old: ApiObject): void {
  const { generation } = resource.definition;
  if (!generation || generation === 'fixed') return;
  const ignored = generation === 'status' ? NOT_DATA : NOT_SPEC;
  const specOf = (object: ApiObject) =>
    Object.fromEntries(Object.entries(object).filter(([field]) => !ignored.has(field)));
  const isRelabelled =
    generation === 'labels' && !equalJson(next.metadata.labels ?? {}, old.metadata.labels ?? {});
  if (isRelabelled || !equalJson(specOf(next), specOf(old)))
    next.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

/** An object that is being deleted takes no new finalizers. */
export function finalizerErrors(next: ApiObject, old: ApiObject): FieldError[] {
  if (!old.metadata.deletionTimestamp) return [];
  const added = (next.metadata.finalizers ?? []).filter(
    (finalizer) => !old.metadata.finalizers?.includes(finalizer),
  );
  if (!added.length) return [];
  return [
    fieldErrors.forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((f) => JSON.stringify(f)).join(', ')}}`,
    ),
  ];
}
