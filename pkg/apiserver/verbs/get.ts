// get: the cached bytes, after the cache has reached the requested revision.
import { sendEntry } from './answer.js';
import { parseRevision } from './list-options.js';
import type { ApiRequest } from './request.js';

export async function get(request: ApiRequest): Promise<void> {
  const { core, resource, info, query } = request;
  const revision = parseRevision(query.get('resourceVersion'));
  if (revision === undefined) await core.cacher.fresh();
  else if (revision > 0) await core.cacher.waitFor(revision);
  const key = resource.keyOf(info.namespace, info.name);
  resource.cache.checkReadable(key);
  const entry = resource.cache.index.get(key);
  if (!entry) throw resource.notFound(info.name);
  return sendEntry(request, 200, entry);
}
