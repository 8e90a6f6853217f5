// watch: adds a watcher to its group at the resource's cache. All watchers of a group get the same
// buffers; they differ in their start and in the speed of their connection.
import type { Entry } from '../cache/entry.js';
import type { EventEncoder, EventType, Watcher, WatchGroup } from '../cache/watcher.js';
import { negotiate, notAcceptable, type Media } from '../codec/negotiate.js';
import { includeObject, partialBytes, tableBytes, type TableForm } from './table.js';
import { stringifyJson } from '../../apimachinery/codec/json.js';
import { convertedCacheOf, type ConvertedCache } from '../served/converted-cache.js';
import type { ServedResource } from '../served/served.js';
import { parseWatchOptions, type WatchOptions } from './list-options.js';
import type { ApiRequest } from './request.js';
import { selectionOf } from './selection.js';

const HEADS: Record<EventType, Buffer> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
};
const TAIL = Buffer.from('}\n');

/**
 * The annotations of the bookmark that ends the initial events. The blueprint is an empty list in
 * the watch's form (upstream handlers/response.go watchListTransformer).
 */
function initialEventsEnd(emptyList: string): string {
  const blueprint = Buffer.from(`${emptyList}\n`).toString('base64');
  return `"annotations":{"k8s.io/initial-events-end":"true","kubernetes.io/initial-events-list-blueprint":"${blueprint}"},`;
}

const emptyListOf = ({ kind, apiVersion }: { kind: string; apiVersion: string }): string =>
  `{"kind":"${kind}List","apiVersion":"${apiVersion}","metadata":{},"items":null}`;

function frame(type: EventType, object: Buffer): Buffer {
  const head = HEADS[type];
  return Buffer.concat([head, object, TAIL], head.length + object.length + TAIL.length);
}

/** `objects` gives the bytes of an entry in the watchers' form. */
const encoder = (
  resource: ServedResource,
  objects: (entry: Entry) => Buffer,
  kind: { kind: string; apiVersion: string },
): EventEncoder => ({
  event: (type, entry) => frame(type, objects(entry)),
  bookmark(revision, endsInitial) {
    const annotation = endsInitial ? initialEventsEnd(emptyListOf(kind)) : '';
    // Typed clients decode a bookmark as its kind: fields that are required in Go get their zero
    // value.
    return Buffer.from(
      `{"type":"BOOKMARK","object":{"kind":"${kind.kind}","apiVersion":"${kind.apiVersion}","metadata":{${annotation}"resourceVersion":"${revision}","creationTimestamp":null}}}\n`,
    );
  },
  error: (status) => Buffer.from(`{"type":"ERROR","object":${stringifyJson(status)}}\n`),
});

/** The object of an event is a table of one row; only the first has the columns. */
function tableEncoder(resource: ServedResource, form: TableForm, now: () => number): EventEncoder {
  let first = true;
  const row = (entry: Entry): Buffer => {
    const bytes = tableBytes(
      resource,
      [entry],
      now(),
      form,
      `"resourceVersion":"${entry.revision}"`,
      first,
    );
    first = false;
    return bytes;
  };
  const apiVersion = `meta.k8s.io/${form.version}`;
  const plain = encoder(resource, row, { kind: 'Table', apiVersion });
  return {
    ...plain,
    bookmark: (revision, endsInitial) => {
      const empty = () => tableBytes(resource, [], now(), form, '').toString();
      const annotation = endsInitial ? initialEventsEnd(empty()) : '';
      return Buffer.from(
        `{"type":"BOOKMARK","object":{"kind":"Table","apiVersion":"${apiVersion}","metadata":{"resourceVersion":"${revision}"},"columnDefinitions":null,"rows":[{"cells":[],"object":{"kind":"${resource.kind}","apiVersion":"${resource.apiVersion}","metadata":{${annotation}"resourceVersion":"${revision}","creationTimestamp":null}}}]}}\n`,
      );
    },
  };
}

function encoderFor(request: ApiRequest, media: Media): () => EventEncoder {
  const { resource, query, core } = request;
  if (media.as === 'Table')
    return () =>
      tableEncoder(resource, { include: includeObject(query), version: media.version }, () =>
        core.env.clock.now(),
      );
  if (media.as === 'Partial')
    return () =>
      encoder(resource, (entry) => partialBytes(entry, media.version), {
        kind: 'PartialObjectMetadata',
        apiVersion: `meta.k8s.io/${media.version}`,
      });
  return () => encoder(resource, (entry) => resource.bytes(entry), resource);
}

/** The start of the watch, after the cache has reached the revision that it needs. */
async function start(
  request: ApiRequest,
  options: WatchOptions,
): Promise<{ after: number; sendsInitial: boolean }> {
  const { cacher } = request.core;
  const { revision, sendInitialEvents } = options;
  if (sendInitialEvents !== undefined) {
    if (revision) await cacher.waitFor(revision);
    else if (revision === undefined && sendInitialEvents) await cacher.fresh();
    return {
      after: sendInitialEvents || !revision ? cacher.revision : revision,
      sendsInitial: sendInitialEvents,
    };
  }
  // A server that lags behind the client's last server catches up first, or answers with an error.
  if (revision) await cacher.waitFor(revision);
  else if (revision === undefined) await cacher.fresh();
  return { after: revision || cacher.revision, sendsInitial: !revision };
}

/** One reader per resource and field, which groups share. */
const equalField = (
  resource: ServedResource,
  { field, value }: { field: string; value: string },
): WatchGroup['equal'] => ({
  field: `${resource.apiVersion} ${field}`,
  value,
  read: (entry) => resource.field(entry, field),
});

let uniqueGroups = 0;

export async function watch(request: ApiRequest): Promise<void> {
  const { core, resource, exchange, query, info } = request;
  const media = negotiate(exchange.header('accept'));
  if (media.format !== 'json') throw notAcceptable(['application/json']);
  const options = parseWatchOptions(query);
  const selection = selectionOf(resource, query, info.name);
  const begin = await start(request, options);
  // The kind may go, or take another shape, while the request waits: its cache is dead then.
  const isServed = () =>
    core.resources.find(resource.group, resource.version, resource.resource) === resource;
  let converted: ConvertedCache | undefined;
  do {
    converted = resource.definition.stored?.convert
      ? await convertedCacheOf(resource, begin.after, core.env.clock)
      : undefined;
    if (converted) await converted.caughtUp();
  } while (converted?.isEnded() && isServed());
  const cache = converted?.cache ?? resource.cache;
  const newest = () => converted?.revision(core.cacher.revision) ?? core.cacher.revision;
  const namespace = resource.namespaced ? info.namespace : '';
  const sendsInitial = begin.sendsInitial && isServed();
  if (sendsInitial) cache.checkReadable();
  // No await from here to the watcher's first write: objects and revision must fit each other.
  const after = sendsInitial ? core.cacher.revision : begin.after;
  const initial = sendsInitial
    ? cache.index.view().collect(namespace ? `${namespace}/` : '')
    : undefined;
  const sink = exchange.watchSink({
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
  });
  // Tables name their columns once per watcher, so table watchers cannot share frames.
  const key = [
    resource.apiVersion,
    resource.kind,
    namespace,
    media.as,
    media.version,
    selection.text,
    media.as === 'Table' ? ++uniqueGroups : '',
  ].join('\n');
  const seconds = options.timeoutSeconds ?? core.minWatchSeconds * (1 + core.env.random.next());
  await new Promise<void>((resolve) => {
    const timer = core.env.clock.after(seconds * 1000, () => {
      if (options.bookmarks) watcher.sendBookmark(newest());
      watcher.end();
    });
    const group = {
      key,
      namespace,
      matches: selection.matches,
      equal: selection.equal && equalField(resource, selection.equal),
    };
    const watcher: Watcher = cache.addWatcher(group, encoderFor(request, media), {
      sink,
      after,
      initial: initial && selection.matches ? initial.filter(selection.matches) : initial,
      initialBookmark: sendsInitial && options.sendInitialEvents === true && options.bookmarks,
      bookmarks: options.bookmarks,
      onEnd() {
        timer.cancel();
        resolve();
      },
    });
    exchange.onClose(() => watcher.abandon());
    watcher.catchUp();
    if (core.cacher.ending || !isServed()) watcher.end();
  });
}
