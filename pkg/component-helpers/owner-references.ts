// Owner references to controllers (apimachinery pkg/apis/meta/v1/controller_ref.go). Pure.
import { apiVersionOf, type ApiObject, type ResourceType } from '../apimachinery/meta/object.js';
import type { OwnerReference } from '../apimachinery/meta/types.js';

/** The reference to the controller that manages the object (GetControllerOf). */
export function controllerOf(object: Pick<ApiObject, 'metadata'>): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller);
}

/** A reference that makes `owner` the controller of an object (NewControllerRef). */
export function controllerReference(type: ResourceType<unknown>, owner: ApiObject): OwnerReference {
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** True when the reference is to an object of this group and kind, in any version. */
export function refersTo(reference: OwnerReference, type: ResourceType<unknown>): boolean {
  const slash = reference.apiVersion.indexOf('/');
  return (
    reference.kind === type.kind &&
    (slash < 0 ? '' : reference.apiVersion.slice(0, slash)) === type.group
  );
}
