// list: from the cache. Only revisions that the cache no longer has are read from the store's
// history; other lists ask the store at most for its newest revision.
import { CompactedError } from '../../storage/storage.js';
import { entryOf, type Entry } from '../cache/entry.js';
import { negotiate, type Media } from '../codec/negotiate.js';
import { includeObject, partialBytes, tableBytes } from './table.js';
import { joinedRun, type ByteRun } from '../cache/ordered-index.js';
import { isPretty, sendBytes, sendRun } from './answer.js';
import { encodeContinue, expiredList, parseListOptions, type ListOptions } from './list-options.js';
import type { ApiRequest, Core } from './request.js';
import { selectionOf, type Selection } from './selection.js';
import type { ServedResource } from '../served/served.js';

export interface Page {
  entries: Entry[];
  revision: number;
  /** The key at which the next page begins, when there is one. */
  next: string | undefined;
  /** The number of remaining objects; absent with selectors, as in upstream. */
  remaining: number | undefined;
}

/**
 * Waits until the cache is as new as the options require. Resolves to the exact revision of the
 * options, if any. A list of the present state reads the cache's revision together with the
 * objects, since the cache may change before the caller continues.
 */
async function settle({ cacher }: Core, options: ListOptions): Promise<number | undefined> {
  const { continued, revision, exact } = options;
  const wanted = continued ? continued.revision : revision;
  if (wanted === undefined || wanted < 0) await cacher.fresh();
  else if (wanted > 0) await cacher.waitFor(wanted);
  return (continued && continued.revision > 0) || (exact && revision) ? wanted : undefined;
}

/** All entries from `start` on, as of `revision`, from the store's history. */
async function historyAt(
  core: Core,
  resource: ServedResource,
  prefix: string,
  start: string,
  revision: number,
  options: ListOptions,
): Promise<Entry[]> {
  const { cache } = resource;
  try {
    const base = resource.storeKey('');
    const { kvs } = await core.storage.list(base + prefix, { revision, start: base + start });
    return kvs.map((kv) =>
      entryOf(kv.key.slice(base.length), cache.namespaced, kv.value, kv.modRevision, kv.lease),
    );
  } catch (error) {
    if (error instanceof CompactedError) throw expiredList(options);
    throw error;
  }
}

/**
 * A revision that the store has compacted is gone, even while the cache could still show it: every
 * server gives the same answer. Throws 410.
 */
async function checkNotCompacted(
  core: Core,
  resource: ServedResource,
  revision: number,
  options: ListOptions,
): Promise<void> {
  try {
    await core.storage.get(resource.storeKey(''), { revision });
  } catch (error) {
    throw error instanceof CompactedError ? expiredList(options) : error;
  }
}

/**
 * The first `limit` matching entries; `last` is the last examined entry, when more entries follow.
 */
function firstMatching(
  all: Entry[],
  matches: Selection['matches'],
  limit: number,
): { entries: Entry[]; last: Entry | undefined; behind: number } {
  const entries: Entry[] = [];
  let looked = 0;
  for (; looked < all.length && entries.length < limit; looked++) {
    const entry = all[looked]!;
    if (!matches || matches(entry)) entries.push(entry);
  }
  return {
    entries,
    last: looked < all.length ? all[looked - 1] : undefined,
    behind: all.length - looked,
  };
}

/** One page of a list. Throws 410, 504. */
export async function listPage(
  core: Core,
  resource: ServedResource,
  namespace: string,
  options: ListOptions,
  selection: Selection,
): Promise<Page> {
  const fixed = await settle(core, options);
  if (fixed !== undefined && fixed < core.cacher.revision)
    await checkNotCompacted(core, resource, fixed, options);
  resource.cache.checkReadable();
  const revision = fixed ?? core.cacher.revision;
  const prefix = namespace && resource.namespaced ? `${namespace}/` : '';
  const { cache } = resource;
  if (selection.name !== undefined && !options.exact && (namespace || !resource.namespaced)) {
    const entry = cache.index.get(resource.keyOf(namespace, selection.name));
    const ready = await resource.ready(entry ? [entry] : []);
    return {
      entries: ready.filter(selection.matches!),
      revision,
      next: undefined,
      remaining: undefined,
    };
  }
  const start = prefix + (options.continued?.start ?? '');
  const view = cache.viewAt(revision, core.cacher.revision);
  const { matches } = selection;
  const limit = options.limit || Infinity;
  if (view && !resource.definition.stored?.convert) {
    const { entries, last } = view.filter(prefix, start, matches, selection.label, limit);
    if (!last) return { entries, revision, next: undefined, remaining: undefined };
    const remaining = matches ? undefined : view.countAfter(prefix, last.key);
    if (revision >= cache.lastChange) cache.keepSnapshot();
    return { entries, revision, next: `${last.key.slice(prefix.length)}\0`, remaining };
  }
  const all = view
    ? view.collect(prefix, start)
    : await historyAt(core, resource, prefix, start, revision, options);
  if (view && revision >= cache.lastChange && options.limit) cache.keepSnapshot();
  // Selectors see the converted objects, so these pages convert all that follows their start.
  const wanted = matches ? all : all.slice(0, limit);
  const { entries, last, behind } = firstMatching(
    [...(await resource.ready(wanted)), ...all.slice(wanted.length)],
    matches,
    limit,
  );
  const next = last && `${last.key.slice(prefix.length)}\0`;
  return { entries, revision, next, remaining: matches || !next ? undefined : behind };
}

function listMeta(page: Page, isUntyped: boolean): string {
  let meta = `"resourceVersion":"${page.revision}"`;
  // Lists of custom resources have no Go type, which would leave the empty text out.
  if (!page.next && isUntyped) meta += ',"continue":""';
  if (page.next) meta += `,"continue":"${encodeContinue(page.revision, page.next)}"`;
  if (page.next && page.remaining) meta += `,"remainingItemCount":${page.remaining}`;
  return meta;
}

/** A whole list in the stored form; requests between two changes share the joined bytes. */
async function listAll(request: ApiRequest, options: ListOptions): Promise<boolean> {
  const { core, resource, exchange, info } = request;
  const { codec, stored } = resource.definition;
  const hasOwnShape = !stored || (stored.isOwnShape && !stored.convert);
  if (!hasOwnShape || options.limit || options.continued || options.exact) return false;
  await settle(core, options);
  resource.cache.checkReadable();
  const { revision } = core.cacher;
  const prefix = info.namespace && resource.namespaced ? `${info.namespace}/` : '';
  const view = resource.cache.index.view();
  // Objects of an older shape are shown in another form than they are stored in.
  if (stored && !view.collect(prefix).every((entry) => resource.shown(entry) === entry))
    return false;
  const continued = codec ? '"continue":"",' : '';
  const head = Buffer.from(
    `${listHead(resource)},"metadata":{${continued}"resourceVersion":"${revision}"},"items":[`,
  );
  await sendRun(exchange, 200, enclosed(head, view.joined(prefix)), 'application/json');
  return true;
}

function enclosed(head: Buffer, { length, buffers }: ByteRun): ByteRun {
  function* all(): Generator<Buffer, void> {
    yield head;
    yield* buffers;
    yield LIST_END;
  }
  return { length: head.length + length + LIST_END.length, buffers: all() };
}

function whole(text: string): ByteRun {
  const bytes = Buffer.from(text);
  return { length: bytes.length, buffers: [bytes] };
}

const LIST_END = Buffer.from(']}');

const listHead = (resource: ServedResource): string =>
  `{"kind":"${resource.kind}List","apiVersion":"${resource.apiVersion}"`;

export async function list(request: ApiRequest): Promise<void> {
  const { core, resource, exchange, query, info } = request;
  const media = negotiate(exchange.header('accept'));
  const options = parseListOptions(query);
  const selection = selectionOf(resource, query);
  if (
    !selection.matches &&
    media.format === 'json' &&
    media.as === '' &&
    !isPretty(exchange, media) &&
    (await listAll(request, options))
  )
    return;
  const page = await listPage(core, resource, info.namespace, options, selection);
  return sendPage(
    request,
    media,
    page.entries,
    listMeta(page, media.as === '' && resource.definition.codec !== undefined),
  );
}

/**
 * Sends entries as a list in the negotiated form; `meta` is the JSON inside of the list's metadata.
 */
export function sendPage(
  request: ApiRequest,
  media: Media,
  entries: readonly Entry[],
  meta: string,
): Promise<void> {
  const { resource, exchange, query } = request;
  if (media.as === 'Table')
    return sendBytes(
      exchange,
      200,
      tableBytes(
        resource,
        entries,
        request.context.now,
        { include: includeObject(query), version: media.version },
        meta,
      ),
      media,
    );
  const partial = media.as === 'Partial';
  const head = partial
    ? `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${media.version}"`
    : listHead(resource);
  const items = joinedRun(entries, (entry) =>
    partial ? partialBytes(entry, media.version) : resource.bytes(entry),
  );
  // Upstream's converter leaves the items of an empty list nil.
  const run =
    partial && entries.length === 0
      ? whole(`${head},"metadata":{${meta}},"items":null}`)
      : enclosed(Buffer.from(`${head},"metadata":{${meta}},"items":[`), items);
  if (media.format === 'json' && !isPretty(exchange, media))
    return sendRun(exchange, 200, run, media.contentType);
  return sendBytes(exchange, 200, Buffer.concat([...run.buffers], run.length), media);
}
