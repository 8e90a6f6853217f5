// Mirrors a resource by list and watch (client-go tools/cache/reflector.go): pages until complete,
// then follows events and bookmarks from the list's revision; 410 lists again, anything else
// watches again from the last revision seen, with back-off. Pure over Client and Env.
import { StatusError } from '../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import { Backoff } from '../util/backoff/backoff.js';
import { sleep, type Env } from '../util/env/env.js';
import type { Client, Scope, WatchOptions } from './client.js';
import {
  LIST_PAGE_SIZE,
  REFLECTOR_BACKOFF_BASE_MS,
  REFLECTOR_BACKOFF_MAX_MS,
  WATCH_TIMEOUT_MAX_SECONDS,
  WATCH_TIMEOUT_MIN_SECONDS,
} from './limits.js';
import { REFLECTOR_METRICS } from './metrics.generated.js';
import { registered } from '../util/metrics/registered.js';

/** Receives the mirrored state; calls are synchronous and in order. */
export interface ReflectorSink<T> {
  /**
   * Cuts down an object of a list before the next page is asked for; what it gives goes to
   * `replace`.
   */
  trim(object: T): T;
  /** The whole state, after every list. */
  replace(objects: T[]): void;
  upsert(object: T): void;
  remove(object: T): void;
  /** Everything up to this resourceVersion has been handed over. */
  reached(resourceVersion: string): void;
}

/**
 * Our revision is of no use: compacted, or beyond what a restored server knows. Only a list helps.
 */
function isExpired(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  return (
    error.code === 410 ||
    (error.status.details?.causes ?? []).some(({ reason }) => reason === 'ResourceVersionTooLarge')
  );
}

/**
 * The store was restored from a backup: what a process remembers of it may never have happened. Its
 * supervisor starts the process again, without a memory.
 */
export class StoreSetBack extends Error {
  override readonly name = 'StoreSetBack';
}

/** Runs until abort. Failures are logged at `warn` once they repeat; throws StoreSetBack alone. */
export async function runReflector<T extends ApiObject>(
  env: Env,
  client: Client,
  type: ResourceType<T>,
  scope: Scope,
  sink: ReflectorSink<T>,
  signal: AbortSignal,
): Promise<void> {
  const log = env.log.child({ resource: type.resource });
  const { failed, lists } = registered(env.metrics, REFLECTOR_METRICS);
  const backoff = new Backoff(
    { baseMs: REFLECTOR_BACKOFF_BASE_MS, maxMs: REFLECTOR_BACKOFF_MAX_MS, jitter: 1 },
    env.random,
  );
  let revision = '';
  let newest = 0n;
  let failures = 0;
  let wasExpired = false;

  while (!signal.aborted) {
    const verb = revision ? 'watch' : 'list';
    const started = env.clock.monotonic();
    const lasted = () => env.clock.monotonic() - started;
    try {
      if (!revision) {
        const list = await listAll(client, type, scope, sink, signal);
        signal.throwIfAborted();
        lists.inc({ resource: type.resource });
        // Only the API server itself serves the core group; others count revisions as they like.
        if (type.group === '' && BigInt(list.revision) < newest)
          throw new StoreSetBack(`the store went back from revision ${newest} to ${list.revision}`);
        sink.replace(list.items);
        revision = list.revision;
        sink.reached(revision);
      }
      const events = client.watch(type, watchOptions(env, scope, revision, signal));
      failures = 0;
      for await (const { type: kind, object } of events) {
        backoff.reset();
        wasExpired = false;
        if (kind === 'ADDED' || kind === 'MODIFIED') sink.upsert(object);
        else if (kind === 'DELETED') sink.remove(object);
        revision = object.metadata.resourceVersion ?? revision;
        sink.reached(revision);
      }
      // A watch that ends at once again and again must not spin.
      if (lasted() < REFLECTOR_BACKOFF_MAX_MS) await sleep(env.clock, backoff.next(), signal);
      else backoff.reset();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof StoreSetBack) throw error;
      failed.inc({ resource: type.resource, verb });
      const fields = { verb, error: (error as Error).message };
      if (isExpired(error)) {
        log.info('revision expired, listing again', fields);
        if (type.group === '' && revision) newest = BigInt(revision);
        revision = '';
        // The server works. Only a second expiry in a row waits.
        if (!wasExpired) {
          wasExpired = true;
          continue;
        }
      } else {
        failures++;
        log[failures > 1 ? 'warn' : 'info']('reflector failed', fields);
      }
      if (lasted() > REFLECTOR_BACKOFF_MAX_MS) backoff.reset();
      await sleep(env.clock, backoff.next(), signal).catch(() => {});
    }
  }
}

async function listAll<T>(
  client: Client,
  type: ResourceType<T>,
  scope: Scope,
  sink: ReflectorSink<T>,
  signal: AbortSignal,
): Promise<{ items: T[]; revision: string }> {
  const items: T[] = [];
  let next: string | undefined;
  for (;;) {
    const page = await client.list(type, {
      ...scope,
      signal,
      limit: LIST_PAGE_SIZE,
      ...(next && { continue: next }),
    });
    for (const item of page.items) items.push(sink.trim(item));
    next = page.metadata.continue;
    if (!next) return { items, revision: page.metadata.resourceVersion ?? '0' };
  }
}

function watchOptions(
  env: Env,
  scope: Scope,
  resourceVersion: string,
  signal: AbortSignal,
): WatchOptions {
  const spread = WATCH_TIMEOUT_MAX_SECONDS - WATCH_TIMEOUT_MIN_SECONDS;
  const timeoutSeconds = WATCH_TIMEOUT_MIN_SECONDS + Math.floor(spread * env.random.next());
  return { ...scope, resourceVersion, allowWatchBookmarks: true, timeoutSeconds, signal };
}
