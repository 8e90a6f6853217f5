// get: the cached bytes, after the cache has reached the requested revision.
import type { Entry } from '../cache/entry.js';
import { sendEntry } from './answer.js';
import { parseRevision } from './list-options.js';
import type { ApiRequest } from './request.js';

/** Throws 404. */
export async function readEntry({ core, resource, info, query }: ApiRequest): Promise<Entry> {
  const revision = parseRevision(query.get('resourceVersion'));
  if (revision === undefined) await core.cacher.fresh();
  else if (revision > 0) await core.cacher.waitFor(revision);
  const key = resource.keyOf(info.namespace, info.name);
  resource.cache.checkReadable(key);
  const entry = resource.cache.index.get(key);
  if (!entry) throw resource.notFound(info.name);
  return entry;
}

export const get = async (request: ApiRequest): Promise<void> =>
  sendEntry(request, 200, await readEntry(request));
