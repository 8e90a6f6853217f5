// How a controller adopts and releases objects (ControllerRefManager of pkg/controller/
// controller_ref_manager.go). Plans are pure. Every patch carries the object's uid, so that an object
// created meanwhile under the same name is never touched.
import { isReason } from '../../apimachinery/errors/status-error.js';
import type { Selector } from '../../apimachinery/labels/selector.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import { controllerOf, controllerReference } from '../../component-helpers/owner-references.js';
import type { Client } from '../../client/client.js';
import type { Indexers } from '../../client/informer.js';

/** The index of objects by their controller; `ownershipIndexers` fills it. */
export const OWNERSHIP_INDEX = 'controller';

/** By their controller's uid; without one, by namespace ('orphan:ns'). */
export function ownershipIndexers<T extends ApiObject>(): Indexers<T> {
  return {
    [OWNERSHIP_INDEX](object) {
      const owner = controllerOf(object);
      return [owner ? owner.uid : `orphan:${object.metadata.namespace ?? ''}`];
    },
  };
}

export interface Claims<T> {
  /** Controlled already and still selected. */
  owned: T[];
  /** Selected and without a controller. */
  adopt: T[];
  /** Controlled but not selected any more. */
  release: T[];
}

/** `candidates` are the objects controlled by the owner and those without a controller. */
export function planClaims<T extends ApiObject>(
  owner: ApiObject,
  selector: Selector,
  candidates: readonly T[],
): Claims<T> {
  const claims: Claims<T> = { owned: [], adopt: [], release: [] };
  const ownerDeleting = owner.metadata.deletionTimestamp !== undefined;
  for (const object of candidates) {
    const reference = controllerOf(object);
    const selected = selector.matches(object.metadata.labels);
    if (reference) {
      if (reference.uid !== owner.metadata.uid) continue;
      if (selected) claims.owned.push(object);
      else if (!ownerDeleting) claims.release.push(object);
    } else if (selected && !ownerDeleting && object.metadata.deletionTimestamp === undefined) {
      claims.adopt.push(object);
    }
  }
  return claims;
}

/**
 * Carries the claims out and returns what the owner controls then. Before the first adoption the
 * owner is read live: the cache may not yet know that it is gone or being deleted.
 */
export async function carryOutClaims<T extends ApiObject>(
  client: Client,
  owner: { type: ResourceType<ApiObject>; object: ApiObject },
  type: ResourceType<T>,
  claims: Claims<T>,
  signal: AbortSignal,
): Promise<T[]> {
  const owned = [...claims.owned];
  if (claims.adopt.length) await confirmOwner(client, owner, signal);
  for (const object of claims.adopt) {
    const ownerReferences = [controllerReference(owner.type, owner.object)];
    const adopted = await patchOwners(client, type, object, ownerReferences, signal);
    if (adopted) owned.push(adopted);
  }
  for (const object of claims.release) {
    await patchOwners(
      client,
      type,
      object,
      [{ $patch: 'delete', uid: owner.object.metadata.uid }],
      signal,
    );
  }
  return owned;
}

async function confirmOwner(
  client: Client,
  owner: { type: ResourceType<ApiObject>; object: ApiObject },
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace, uid } = owner.object.metadata;
  const fresh = await client.get(
    owner.type,
    { name, ...(namespace ? { namespace } : {}) },
    { signal },
  );
  const about = `${owner.type.kind} ${namespace}/${name}`;
  if (fresh.metadata.uid !== uid)
    throw new Error(`original ${about} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`);
  if (fresh.metadata.deletionTimestamp)
    throw new Error(`${about} has just been deleted at ${fresh.metadata.deletionTimestamp}`);
}

/** Undefined when the object is gone or is another one by now. */
async function patchOwners<T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  ownerReferences: unknown[],
  signal: AbortSignal,
): Promise<T | undefined> {
  const { name, namespace, uid } = object.metadata;
  try {
    const key = { name, ...(namespace ? { namespace } : {}) };
    return await client.patch(
      type,
      key,
      { metadata: { uid, ownerReferences } },
      { type: 'strategic', signal },
    );
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'Invalid') || isReason(error, 'Conflict'))
      return undefined;
    throw error;
  }
}
