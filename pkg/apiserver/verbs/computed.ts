// get and list of resources that are computed for each request instead of stored.
import type { Entry } from '../cache/entry.js';
import { negotiate } from '../codec/negotiate.js';
import { sendEntry } from './answer.js';
import { unstoredEntry } from './create.js';
import { sendPage } from './list.js';
import { parseListOptions } from './list-options.js';
import type { ApiRequest } from './request.js';
import { selectionOf } from './selection.js';

async function entriesOf({ resource, exchange }: ApiRequest): Promise<Entry[]> {
  const objects = await resource.definition.computed!();
  for (const object of objects)
    for (const warning of resource.definition.warnings?.(object) ?? []) exchange.warn(warning);
  return objects.map((object) => unstoredEntry(resource, object, 0));
}

export async function getComputed(request: ApiRequest): Promise<void> {
  const { resource, info } = request;
  const entry = (await entriesOf(request)).find(({ name }) => name === info.name);
  if (!entry) throw resource.notFound(info.name);
  return sendEntry(request, 200, entry);
}

export async function listComputed(request: ApiRequest): Promise<void> {
  const { resource, query, exchange } = request;
  const media = negotiate(exchange.header('accept'));
  parseListOptions(query);
  const { matches } = selectionOf(resource, query);
  const entries = await entriesOf(request);
  return sendPage(request, media, matches ? entries.filter(matches) : entries, '');
}
