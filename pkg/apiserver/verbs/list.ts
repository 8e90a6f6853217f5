// list: from the cache, always. Revisions that the cache no longer knows exactly are read from the
// store's history; nothing else reaches the store but the question for its newest revision.
import { CompactedError } from '../../storage/storage.js';
import { entryOf, type Entry } from '../cache/entry.js';
import { negotiate } from '../codec/negotiate.js';
import { includeObject, tableBytes } from '../codec/table.js';
import { sendBytes } from './answer.js';
import { encodeContinue, expiredList, parseListOptions, type ListOptions } from './list-options.js';
import type { ApiRequest, Core } from './request.js';
import { selectionOf, type Selection } from './selection.js';
import type { ServedResource } from '../served.js';

export interface Page {
  entries: Entry[];
  revision: number;
  /** Key after the last entry looked at, when there is more. */
  next: string | undefined;
  /** Absent with selectors, as upstream cannot count those. */
  remaining: number | undefined;
}

/** The revision that the options ask for, once the cache has it. */
async function settle(core: Core, options: ListOptions): Promise<number> {
  const { cacher } = core;
  if (options.continued) {
    if (options.continued.revision < 0) await cacher.fresh();
    else await cacher.waitFor(options.continued.revision);
    return options.continued.revision < 0 ? cacher.revision : options.continued.revision;
  }
  if (options.revision === undefined) await cacher.fresh();
  else if (options.revision > 0) await cacher.waitFor(options.revision);
  return options.exact && options.revision ? options.revision : cacher.revision;
}

/** All entries from `start` on as of `revision`. */
async function entriesAt(core: Core, resource: ServedResource, prefix: string, start: string, revision: number, options: ListOptions): Promise<Entry[]> {
  const { cache } = resource;
  const view = cache.viewAt(revision, core.cacher.revision);
  if (view) return view.collect(prefix, start);
  try {
    const base = resource.storeKey('');
    const { kvs } = await core.storage.list(base + prefix, { revision, start: base + start });
    return kvs.map((kv) => entryOf(kv.key.slice(base.length), cache.namespaced, kv.value, kv.modRevision, kv.lease));
  } catch (error) {
    if (error instanceof CompactedError) throw expiredList(options);
    throw error;
  }
}

function select(all: Entry[], selection: Selection, limit: number): { entries: Entry[]; looked: number } {
  const { matches } = selection;
  if (!matches && (!limit || all.length <= limit)) return { entries: all, looked: all.length };
  const entries: Entry[] = [];
  let looked = 0;
  for (; looked < all.length; looked++) {
    if (limit && entries.length === limit) break;
    const entry = all[looked]!;
    if (!matches || matches(entry)) entries.push(entry);
  }
  return { entries, looked };
}

/** One page of a listing. Throws 410, 504. */
export async function listPage(core: Core, resource: ServedResource, namespace: string, options: ListOptions, selection: Selection): Promise<Page> {
  const revision = await settle(core, options);
  const prefix = namespace && resource.namespaced ? `${namespace}/` : '';
  const { cache } = resource;
  if (selection.name !== undefined && !options.exact && (namespace || !resource.namespaced)) {
    const entry = cache.index.get(resource.keyOf(namespace, selection.name));
    return { entries: entry && selection.matches!(entry) ? [entry] : [], revision, next: undefined, remaining: undefined };
  }
  const start = prefix + (options.continued?.start ?? '');
  const all = await entriesAt(core, resource, prefix, start, revision, options);
  const { entries, looked } = select(all, selection, options.limit);
  if (looked >= all.length) return { entries, revision, next: undefined, remaining: undefined };
  if (revision >= cache.lastChange) cache.keepSnapshot();
  const next = `${all[looked - 1]!.key.slice(prefix.length)}\0`;
  return { entries, revision, next, remaining: selection.matches ? undefined : all.length - looked };
}

function listMeta(page: Page): string {
  let meta = `"resourceVersion":"${page.revision}"`;
  if (page.next) meta += `,"continue":"${encodeContinue(page.revision, page.next)}"`;
  if (page.next && page.remaining) meta += `,"remainingItemCount":${page.remaining}`;
  return meta;
}

const COMMA = 0x2c;

/** The list's bytes: one allocation, each object copied once. */
function joinList(head: string, parts: readonly Buffer[]): Buffer {
  let length = head.length + 2 + Math.max(0, parts.length - 1);
  for (const part of parts) length += part.length;
  const out = Buffer.allocUnsafe(length);
  let at = out.write(head, 0, 'latin1');
  for (let i = 0; i < parts.length; i++) {
    if (i) out[at++] = COMMA;
    const part = parts[i]!;
    out.set(part, at);
    at += part.length;
  }
  out.write(']}', at, 'latin1');
  return out;
}

export async function list(request: ApiRequest): Promise<void> {
  const { core, resource, exchange, query, info } = request;
  const media = negotiate(exchange.header('accept'));
  const page = await listPage(core, resource, info.namespace, parseListOptions(query), selectionOf(resource, query));
  const meta = listMeta(page);
  if (media.as === 'Table') {
    return sendBytes(exchange, 200, tableBytes(resource, page.entries, request.context.now, includeObject(query), meta), media);
  }
  const partial = media.as === 'Partial';
  const head = partial ? '{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1"' : `{"kind":"${resource.kind}List","apiVersion":"${resource.apiVersion}"`;
  const parts = page.entries.map((entry) => (partial ? entry.partialBytes : resource.bytes(entry)));
  return sendBytes(exchange, 200, joinList(`${head},"metadata":{${meta}},"items":[`, parts), media);
}
