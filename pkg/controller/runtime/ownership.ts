// How a controller adopts and releases objects (ControllerRefManager of pkg/controller/
// controller_ref_manager.go). Plans are pure. Every patch carries the object's uid, so that an
// object created meanwhile under the same name is never touched.
import { ignoring } from '../../apimachinery/errors/status-error.js';
import type { Selector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import {
  controllerOf,
  controllerReference,
  refersTo,
} from '../../component-helpers/owner-references.js';
import type { Client } from '../../client/client.js';
import type { Indexers, Store } from '../../client/informer.js';
import { addressOf, ignoreGone } from '../../client/requests.js';

/** The index that `ownershipIndexers` fills. */
export const OWNERSHIP_INDEX = 'controller';

/** By their controller's uid; without one, by namespace ('orphan:ns'). */
export const ownershipIndexers = <T extends ApiObject>(): Indexers<T> => ({
  [OWNERSHIP_INDEX](object) {
    const owner = controllerOf(object);
    return [owner ? owner.uid : `orphan:${object.metadata.namespace ?? ''}`];
  },
});

/** The key of the object's controller, when that is of the type. */
export function controllerKeys(object: ApiObject, type: ResourceType<unknown>): string[] {
  const owner = controllerOf(object);
  return owner && refersTo(owner, type) ? [`${object.metadata.namespace}/${owner.name}`] : [];
}

/** Keys of the owners in the object's namespace that select it: they may adopt it. */
export function selectingOwners<O extends ApiObject>(
  owners: Store<O>,
  selectorOf: (owner: O) => Selector,
  { metadata }: ApiObject,
): string[] {
  return owners
    .byIndex('namespace', metadata.namespace ?? '')
    .filter((owner) => selectorOf(owner).matches(metadata.labels))
    .map(keyOf);
}

export interface Owner<O extends ApiObject = ApiObject> {
  type: ResourceType<O>;
  object: O;
  selector: Selector;
}

export interface AdoptionPlan<T> {
  /** Controlled already and still selected. */
  owned: T[];
  /** Selected and without a controller. */
  adopt: T[];
  /** Controlled but not selected any more. */
  release: T[];
}

/** `candidates` are the objects that the owner controls and those without a controller. */
export function planAdoption<T extends ApiObject>(
  owner: ApiObject,
  selector: Selector,
  candidates: readonly T[],
): AdoptionPlan<T> {
  const plan: AdoptionPlan<T> = { owned: [], adopt: [], release: [] };
  const ownerDeleting = owner.metadata.deletionTimestamp !== undefined;
  for (const object of candidates) {
    const reference = controllerOf(object);
    const selected = selector.matches(object.metadata.labels);
    if (reference) {
      if (reference.uid !== owner.metadata.uid) continue;
      if (selected) plan.owned.push(object);
      else if (!ownerDeleting) plan.release.push(object);
    } else if (selected && !ownerDeleting && object.metadata.deletionTimestamp === undefined) {
      plan.adopt.push(object);
    }
  }
  return plan;
}

/** Another controller was faster: an object has one controller at most. */
const refused = ignoring('Invalid');

export interface AdoptionOptions<T> {
  /** False for objects that are not to be counted, adopted or released. */
  eligible?: (object: T) => boolean;
  /** Added to adopted objects, and taken from released ones. */
  finalizers?: readonly string[];
}

/**
 * Adopts and releases objects of the cache, which needs `ownershipIndexers`; returns those that the
 * owner controls then. Before an adoption the owner is read from the server: the cache may not show
 * yet that it is gone or being deleted.
 */
export async function adoptAndRelease<T extends ApiObject, O extends ApiObject>(
  client: Client,
  owner: Owner<O>,
  type: ResourceType<T>,
  store: Store<T>,
  { eligible = () => true, finalizers = [] }: AdoptionOptions<T> = {},
): Promise<T[]> {
  const { namespace = '', uid = '' } = owner.object.metadata;
  const candidates = [
    ...store.byIndex(OWNERSHIP_INDEX, uid),
    ...store.byIndex(OWNERSHIP_INDEX, `orphan:${namespace}`),
  ];
  const plan = planAdoption(owner.object, owner.selector, candidates.filter(eligible));
  const owned = [...plan.owned];
  if (plan.adopt.length) await confirmOwner(client, owner);
  for (const object of plan.adopt) {
    const ownerReferences = [controllerReference(owner.type, owner.object)];
    const metadata = { ownerReferences, ...(finalizers.length && { finalizers }) };
    const adopted = await patchMetadata(client, type, object, metadata).catch(refused);
    if (adopted) owned.push(adopted);
  }
  for (const object of plan.release) {
    const metadata = {
      ownerReferences: [{ $patch: 'delete', uid }],
      ...(finalizers.length && { '$deleteFromPrimitiveList/finalizers': finalizers }),
    };
    await patchMetadata(client, type, object, metadata).catch(refused);
  }
  return owned;
}

async function confirmOwner<O extends ApiObject>(
  client: Client,
  { object, type }: Owner<O>,
): Promise<void> {
  const { uid } = object.metadata;
  const fresh = await client.get(type, addressOf(object));
  const about = `${type.kind} ${keyOf(object)}`;
  if (fresh.metadata.uid !== uid)
    throw new Error(`original ${about} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`);
  if (fresh.metadata.deletionTimestamp)
    throw new Error(`${about} has just been deleted at ${fresh.metadata.deletionTimestamp}`);
}

/**
 * A strategic merge patch that holds for this object only. Undefined when the object is gone, or
 * when another object has its name by now.
 */
export function patchMetadata<T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  metadata: object,
): Promise<T | undefined> {
  const body = { metadata: { uid: object.metadata.uid, ...metadata } };
  return client.patch(type, addressOf(object), body, { type: 'strategic' }).catch(ignoreGone);
}
