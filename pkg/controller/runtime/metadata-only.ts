// Informers of whole kinds of which only a little metadata matters. All use this one function as their
// transform, and so share one informer for a resource.
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
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: metadata as ApiObject['metadata'],
  };
}

/** The full informer when some controller has asked for one before. */
export function metadataInformer(
  informers: InformerFactory,
  type: ResourceType<ApiObject>,
): Informer<ApiObject> {
  return informers.informer(type, informers.has(type) ? {} : { transform: metadataOnly });
}
