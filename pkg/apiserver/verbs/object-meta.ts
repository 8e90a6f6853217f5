// The server's part of metadata: values set at create, carried over at update, and generated
// (upstream registry/rest/{create,update,meta}.go and storage/names/generate.go).
import {
  badRequest,
  fieldErrors,
  invalid,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { timestamp } from '../../util/env/env.js';
import type { RequestContext } from '../resource/definition.js';
import type { ServedResource } from '../served/served.js';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const RANDOM_LENGTH = 5;
const MAX_GENERATED_BASE = 63 - RANDOM_LENGTH;

/** `base`, cut to 58 characters, and five random characters. */
export function generateName(base: string, random: RequestContext['random']): string {
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
  const kept = references.filter((reference, at) => {
    const first = references.findIndex((other) => equalJson(other, reference));
    if (first !== at) doubled.add(reference.uid);
    return first === at;
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
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  metadata.namespace = namespace;
}

/** Fills in the metadata of a new object. */
export function fillNewMeta(
  resource: ServedResource,
  object: ApiObject,
  context: RequestContext,
): void {
  const { metadata } = object;
  delete metadata.resourceVersion;
  delete metadata.selfLink;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.generation;
  metadata.uid = context.random.uuid();
  metadata.creationTimestamp = timestamp(context.now);
  const { generation } = resource.definition;
  if (generation && generation !== 'later') metadata.generation = 1;
}

/** "0" is unset: upstream reads the version as a number. */
export function isVersionSet(resourceVersion: string | undefined): boolean {
  return resourceVersion !== undefined && !/^0*$/.test(resourceVersion);
}

/**
 * Compares uid and resourceVersion, if the update names them, with the stored ones. Throws 409 when
 * they differ, 422 when the kind requires a resourceVersion and the update has none.
 */
export function checkUpdatePreconditions(
  resource: ServedResource,
  next: ApiObject,
  old: ApiObject,
): void {
  const { metadata } = next;
  const { name } = old.metadata;
  if (metadata.uid && metadata.uid !== old.metadata.uid) {
    throw resource.conflict(
      name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid ?? ''}`,
    );
  }
  if (isVersionSet(metadata.resourceVersion)) {
    if (metadata.resourceVersion !== old.metadata.resourceVersion) throw resource.conflict(name);
  } else if (resource.definition.allowUnconditionalUpdate === false) {
    // Go's form of an unsigned zero; clients match on this text.
    throw invalid(resource, name, [
      {
        type: 'FieldValueInvalid',
        field: 'metadata.resourceVersion',
        message: 'Invalid value: 0x0: must be specified for an update',
      },
    ]);
  }
}

/** Carries over the metadata that an update may not change. */
export function carryMeta(next: ApiObject, old: ApiObject): void {
  const to = next.metadata as unknown as Record<string, unknown>;
  const from = old.metadata as unknown as Record<string, unknown>;
  for (const field of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'generateName',
    'resourceVersion',
  ]) {
    if (from[field] === undefined) delete to[field];
    else to[field] = from[field];
  }
  delete to['selfLink'];
}

const NOT_SPEC = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * Increments metadata.generation when anything but metadata and status changed; see GenerationRule.
 */
export function bumpGeneration(resource: ServedResource, next: ApiObject, old: ApiObject): void {
  const { generation } = resource.definition;
  if (!generation || generation === 'fixed') return;
  const specOf = (object: ApiObject) =>
    Object.fromEntries(Object.entries(object).filter(([field]) => !NOT_SPEC.has(field)));
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
