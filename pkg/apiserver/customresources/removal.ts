// Removes all objects of a deleted CustomResourceDefinition, as they are stored: a broken
// conversion webhook and admission cannot keep them.
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../apis/resource-types.js';
import type { CustomResourceDefinition } from '../../apis/apiextensions/v1/types.js';
import { isReason } from '../../apimachinery/errors/status-error.js';
import type { ResourceCache } from '../cache/resource-cache.js';
import { DELETION_WORKERS } from '../limits.js';
import { ServedResource } from '../served/served.js';
import { deleteObject } from '../verbs/delete.js';
import { localRequest } from '../verbs/local-client.js';
import type { Core } from '../verbs/request.js';

/** The stored objects without schema and versions. */
function rawResource(
  core: Core,
  { spec }: CustomResourceDefinition,
  cache: ResourceCache,
): ServedResource {
  const { group, names, scope, versions } = spec;
  const version = versions.find(({ storage }) => storage)!.name;
  const facts = {
    group,
    version,
    kind: names.kind,
    resource: names.plural,
    singular: names.singular ?? '',
    namespaced: scope === 'Namespaced',
    verbs: [],
  };
  return new ServedResource(
    { facts, schema: '', storage: cache.folder },
    {},
    cache,
    core.cacher.root,
  );
}

/**
 * Deletes the objects. Objects with finalizers stay until their finalizers are gone. Throws the
 * first error of a deletion after all were tried.
 */
export async function removeObjects(
  core: Core,
  definition: CustomResourceDefinition,
  cache: ResourceCache,
): Promise<void> {
  const resource = rawResource(core, definition, cache);
  const { name, uid } = definition.metadata;
  // A definition that was created again meanwhile has objects of its own. The caches change in the
  // order of the store, so objects and definition are of one moment here.
  if (core.services.reader.get(CUSTOM_RESOURCE_DEFINITIONS, '', name)?.metadata.uid !== uid) return;
  const left = cache.index
    .view()
    .collect('')
    .filter((entry) => entry.object().metadata.deletionTimestamp === undefined);
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let entry = left.pop(); entry; entry = left.pop()) {
      const request = localRequest(core, resource, 'delete', entry.namespace, entry.name);
      const own = entry.object().metadata.uid;
      const options = own ? { preconditions: { uid: own } } : {};
      await deleteObject(request, entry.name, options, 'nothing').catch((error: unknown) => {
        if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) errors.push(error);
      });
    }
  };
  await Promise.all(Array.from({ length: DELETION_WORKERS }, work));
  if (errors.length) throw errors[0];
}
