// Informers that keep only some metadata. All use one transform function, and therefore share one
// informer per resource.
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { Informer, InformerFactory } from '../../client/informer.js';

function metadataOnly(object: ApiObject): ApiObject {
  const { deletionTimestamp, finalizers, name, namespace, ownerReferences, resourceVersion, uid } =
    object.metadata;
  const metadata = {
    name,
    namespace,
    uid,
    resourceVersion,
    ownerReferences,
    finalizers,
    deletionTimestamp,
  };
  const { apiVersion, kind } = object;
  return { apiVersion, kind, metadata: metadata as ApiObject['metadata'] };
}

/** The full informer of the resource, if a controller has one already. */
export function metadataInformer(
  informers: InformerFactory,
  type: ResourceType<ApiObject>,
): Informer<ApiObject> {
  return informers.informer(type, informers.has(type) ? {} : { transform: metadataOnly });
}
