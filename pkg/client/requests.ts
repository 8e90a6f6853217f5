// Requests that most clients send, and the refusals that mean that nothing is left to do.
import { ignoring } from '../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { Client, DeleteOptions, Key } from './client.js';

/** The address of an object that exists. */
export function addressOf({ metadata }: Pick<ApiObject, 'metadata'>): Key {
  const { name, namespace } = metadata;
  return namespace ? { name, namespace } : { name };
}

export const ignoreNotFound = ignoring('NotFound');

/**
 * For requests that carry the uid: the object is gone, or another object has its name by now
 * (a Conflict).
 */
export const ignoreGone = ignoring('NotFound', 'Conflict');

/**
 * Deletes exactly this object: the request carries its uid. Returns false when the object was gone
 * already.
 */
export async function deleteObject<T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  options: Omit<DeleteOptions, 'preconditions'> = {},
): Promise<boolean> {
  const preconditions = { uid: object.metadata.uid ?? '' };
  const deleted = client.delete(type, addressOf(object), { ...options, preconditions });
  return (await deleted.then(() => true, ignoreGone)) ?? false;
}

/** Writes the status of an object. Returns undefined when the object is gone. */
export const updateStatus = <T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  status: object,
): Promise<T | undefined> =>
  client.update(type, { ...object, status }, { subresource: 'status' }).catch(ignoreNotFound);

/**
 * A strategic merge patch of a status, which holds for this object only. Rejects when the object is
 * gone (NotFound), or when another object has its name by now (Conflict).
 */
export function patchStatus<T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  status: object,
): Promise<T> {
  const body = { metadata: { uid: object.metadata.uid }, status };
  const options = { type: 'strategic', subresource: 'status' } as const;
  return client.patch(type, addressOf(object), body, options);
}
