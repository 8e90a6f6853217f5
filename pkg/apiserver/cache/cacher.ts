// Fills the caches of all resources from one listing of the store and follows one watch.
//
// The watch covers the store's whole key space, not only our root: then every revision brings an
// event, and the cache knows the newest revision without progress notices (etcd before 3.4.25 sends
// those too early, etcd issue 15220). A consistent read asks the store for its newest revision and
// waits until the watch has reached it; concurrent readers share the request.
import { errorText } from '../../util/errors/error-text.js';
import { statusError } from '../../apimachinery/errors/status-error.js';
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env } from '../../util/env/env.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { every } from '../../util/wait/every.js';
import {
  CompactedError,
  type KeyValue,
  type Storage,
  type StorageEvent,
} from '../../storage/storage.js';
import {
  BOOKMARK_INTERVAL_MS,
  FILL_PAGE_KEYS,
  FUTURE_REVISION_WAIT_MS,
  HOOK_RETRY_MS,
} from '../limits.js';
import { Entry, entryOf } from './entry.js';
import { ResourceCache } from './resource-cache.js';

/** Upstream's default of --etcd-prefix. */
export const DEFAULT_ROOT = '/registry';

interface Waiter {
  revision: number;
  resolve: () => void;
}

/** A cache that is being filled while the others work; its events wait meanwhile. */
interface Joining {
  cache: ResourceCache;
  events: StorageEvent[];
  done: Promise<ResourceCache>;
}

export class Cacher {
  /** The caches hold every change up to this revision. */
  revision = 0;
  filled = false;
  /** True when the server stops: watches end and are not resumed. */
  ending = false;
  private readonly caches = new Map<string, ResourceCache>();
  private readonly joining = new Map<string, Joining>();
  /**
   * Incremented when a fill of all caches begins and when it ends; odd during a fill, which skips
   * events.
   */
  private fills = 0;
  /** Keys below ranges/: reserved values, each with the holder's key. */
  private reservations = new Set<string>();
  private waiters: Waiter[] = [];
  /** Writes without an answer yet. */
  private readonly coming = new Map<string, { value: Buffer; mark: (entry: Entry) => void }>();
  private readonly written = new Map<string, Entry>();
  private replaced = new AbortController();

  constructor(
    private readonly storage: Storage,
    /** '/registry' */
    readonly root: string,
    private readonly env: Pick<Env, 'clock' | 'log' | 'random'>,
  ) {}

  /**
   * The cache of a folder, shared by the resources of that folder. Only before `run`; afterwards
   * use `join`.
   */
  cacheOf(folder: string, namespaced: boolean): ResourceCache {
    return getOrInsert(
      this.caches,
      folder,
      () => new ResourceCache(folder, namespaced, this.env.clock),
    );
  }

  /**
   * The filled cache of a folder while the others run, shared with other resources of that folder.
   * Throws for a folder inside or around another cache's folder, and when the store cannot be read.
   */
  async join(folder: string, namespaced: boolean): Promise<ResourceCache> {
    const known = this.caches.get(folder) ?? this.joining.get(folder)?.done;
    if (known) return known;
    const isWithin = (one: string, other: string) => one.startsWith(`${other}/`);
    const others = [...this.caches.keys(), ...this.joining.keys(), 'ranges', 'masterleases'];
    if (others.includes(folder)) throw new Error(`folder ${folder} is taken`);
    const clash = others.find((other) => isWithin(folder, other) || isWithin(other, folder));
    if (clash !== undefined) throw new Error(`folder ${folder} clashes with ${clash}`);
    const cache = new ResourceCache(folder, namespaced, this.env.clock);
    const joining: Joining = { cache, events: [], done: Promise.resolve(cache) };
    this.joining.set(folder, joining);
    joining.done = this.fillOne(joining);
    return joining.done;
  }

  private async fillOne(joining: Joining): Promise<ResourceCache> {
    try {
      while (!(await this.tryJoin(joining)));
    } finally {
      this.joining.delete(joining.cache.folder);
    }
    return joining.cache;
  }

  /** False when the caches were filled again meanwhile, so that events may be missing. */
  private async tryJoin(joining: Joining): Promise<boolean> {
    const { cache } = joining;
    const { fills } = this;
    joining.events = [];
    const found = new Map<string, Entry>();
    const prefix = `${this.root}/${cache.folder}/`;
    const revision = await this.readAll(prefix, (kv) => {
      const key = kv.key.slice(prefix.length);
      this.addReadable(found, cache, key, kv);
    });
    await this.waitFor(revision);
    if (fills !== this.fills || fills % 2 === 1) return false;
    // No await from here to the end: objects and events must fit each other.
    cache.refill(found, revision);
    this.caches.set(cache.folder, cache);
    this.joining.delete(cache.folder);
    for (const event of joining.events) if (event.kv.modRevision > revision) this.take(event);
    return true;
  }

  /** As `leave`, for the cache of a folder, if there is one. */
  leaveFolder(folder: string): void {
    const cache = this.caches.get(folder);
    if (cache) this.leave(cache);
  }

  /** Drops a cache and ends its watches. */
  leave(cache: ResourceCache): void {
    if (!this.caches.delete(cache.folder)) return;
    cache.endWatchers();
    const prefix = `${this.root}/${cache.folder}/`;
    for (const key of this.written.keys()) if (key.startsWith(prefix)) this.written.delete(key);
  }

  get all(): Iterable<ResourceCache> {
    return this.caches.values();
  }

  /** The store key of a reservation; definitions name reservations below upstream's root. */
  reservationKey(reservation: string): string {
    return this.root === DEFAULT_ROOT
      ? reservation
      : this.root + reservation.slice(DEFAULT_ROOT.length);
  }

  isReserved(reservation: string): boolean {
    return this.reservations.has(this.reservationKey(reservation));
  }

  /** The cache of a store key, and the key inside the cache. */
  private locate(key: string): { cache: ResourceCache; key: string } | undefined {
    const folder = this.folderOf(key, this.caches);
    return folder === undefined
      ? undefined
      : { cache: this.caches.get(folder)!, key: key.slice(this.root.length + folder.length + 2) };
  }

  private folderOf(key: string, folders: ReadonlyMap<string, unknown>): string | undefined {
    const start = this.root.length + 1;
    if (!key.startsWith(this.root) || key[start - 1] !== '/') return undefined;
    for (let slash = key.indexOf('/', start); slash > 0; slash = key.indexOf('/', slash + 1)) {
      const folder = key.slice(start, slash);
      if (folders.has(folder)) return folder;
    }
    return undefined;
  }

  /** Runs until abort. Calls `onFilled` when reads can be answered. */
  async run(signal: AbortSignal, onFilled: () => void): Promise<void> {
    const backoff = new Backoff(HOOK_RETRY_MS, this.env.random);
    const bookmarks = this.bookmarkLoop(signal);
    const failed = (error: unknown) =>
      this.env.log.warn(
        error instanceof CompactedError
          ? 'watch fell behind compaction, filling the caches again'
          : 'cache cannot follow the store',
        { error },
      );
    await every({ env: this.env, signal, periodMs: 0, backoff, failed }, async () => {
      this.fills++;
      await this.fill(signal).finally(() => this.fills++);
      this.filled = true;
      onFilled();
      backoff.reset();
      await this.follow(signal);
    });
    await bookmarks;
    this.endWatchers();
  }

  /** Ends all watches. Watches that begin later end after their pending events. */
  endWatchers(): void {
    this.ending = true;
    for (const cache of this.caches.values()) cache.endWatchers();
  }

  private async fill(signal: AbortSignal): Promise<void> {
    const found = new Map<ResourceCache, Map<string, Entry>>(
      [...this.caches.values()].map((cache) => [cache, new Map()]),
    );
    for (const cache of found.keys()) cache.clearUnreadable();
    const reservations = new Set<string>();
    const revision = await this.readAll(
      `${this.root}/`,
      (kv) => {
        const located = this.locate(kv.key);
        const entries = located && found.get(located.cache);
        if (entries) this.addReadable(entries, located.cache, located.key, kv);
        else if (this.isReservationKey(kv.key)) reservations.add(kv.key);
      },
      signal,
    );
    // A restored store continues from the backup's revision, and so does the cache.
    if (revision < this.revision) this.revision = 0;
    this.reservations = reservations;
    this.written.clear();
    for (const [cache, entries] of found) cache.refill(entries, revision);
    this.advance(revision);
  }

  /** Lists every key under `prefix` as of one revision, and returns that revision. */
  private async readAll(
    prefix: string,
    take: (kv: KeyValue) => void,
    signal?: AbortSignal,
  ): Promise<number> {
    let start = prefix;
    let revision: number | undefined;
    for (;;) {
      const page = await this.storage.list(prefix, {
        start,
        limit: FILL_PAGE_KEYS,
        ...(signal && { signal }),
        ...(revision && { revision }),
      });
      revision ??= page.revision;
      for (const kv of page.kvs) take(kv);
      if (!page.more) return revision;
      start = `${page.kvs[page.kvs.length - 1]!.key}\0`;
    }
  }

  private entry(cache: ResourceCache, key: string, kv: KeyValue): Entry {
    if (kv.unreadable) throw kv.unreadable;
    const entry = entryOf(key, cache.namespaced, kv.value, kv.modRevision, kv.lease);
    const coming = this.coming.get(kv.key);
    if (coming?.value.equals(kv.value)) coming.mark(entry);
    return entry;
  }

  private isReservationKey(key: string): boolean {
    return key.startsWith(`${this.root}/ranges/`);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    this.replaced = new AbortController();
    const either = AbortSignal.any([signal, this.replaced.signal]);
    // After each reconnect: the store may be another one than before.
    const onStart = () => void this.newest().catch(() => {});
    for await (const batch of this.storage.watch('', {
      fromRevision: this.revision + 1,
      onStart,
      signal: either,
    })) {
      if (batch.events.length && batch.events[0]!.kv.modRevision <= this.revision)
        throw new Error(`the watch went back from revision ${this.revision}`);
      for (const event of batch.events) this.take(event);
      this.advance(batch.revision);
    }
  }

  private take(event: StorageEvent): void {
    const { kv } = event;
    const located = this.locate(kv.key);
    if (!located) {
      const joining = this.joining.size > 0 ? this.folderOf(kv.key, this.joining) : undefined;
      if (joining !== undefined) return void this.joining.get(joining)!.events.push(event);
      if (!this.isReservationKey(kv.key)) return;
      if (event.type === 'put') this.reservations.add(kv.key);
      else this.reservations.delete(kv.key);
      return;
    }
    const { cache, key } = located;
    if (event.type === 'delete') return cache.apply(key, undefined, kv.modRevision);
    const written = this.written.get(kv.key);
    if (written) this.written.delete(kv.key);
    try {
      cache.apply(
        key,
        written?.revision === kv.modRevision ? written : this.entry(cache, key, kv),
        kv.modRevision,
      );
    } catch (error) {
      this.reportUnreadable(cache, key, kv, error);
    }
  }

  /** One value that cannot be decoded costs the lists of its resource, not the others. */
  private addReadable(
    entries: Map<string, Entry>,
    cache: ResourceCache,
    key: string,
    kv: KeyValue,
  ): void {
    try {
      entries.set(key, this.entry(cache, key, kv));
    } catch (error) {
      this.reportUnreadable(cache, key, kv, error);
    }
  }

  private reportUnreadable(cache: ResourceCache, key: string, kv: KeyValue, error: unknown): void {
    this.env.log.error('object in the store cannot be read', { key: kv.key, error });
    const where = `unable to decode ${cache.folder}/${key} in the store`;
    cache.markUnreadable(key, kv.unreadable?.message ?? `${where}: ${errorText(error)}`);
  }

  private advance(revision: number): void {
    if (revision <= this.revision) return;
    this.revision = revision;
    if (!this.waiters.length) return;
    const due = this.waiters.filter((waiter) => waiter.revision <= revision);
    this.waiters = this.waiters.filter((waiter) => waiter.revision > revision);
    for (const waiter of due) waiter.resolve();
  }

  /**
   * Runs a write. The watch may bring the entry before the transaction's answer comes; `mark` gets
   * it before any watcher.
   */
  async writing<T>(
    storeKey: string,
    value: Buffer,
    mark: (entry: Entry) => void,
    write: () => Promise<T>,
  ): Promise<T> {
    const coming = { value, mark };
    this.coming.set(storeKey, coming);
    try {
      return await write();
    } finally {
      if (this.coming.get(storeKey) === coming) this.coming.delete(storeKey);
    }
  }

  /** Remembers an entry that this server wrote, so that the watch event need not build it again. */
  remember(storeKey: string, entry: Entry): void {
    if (entry.revision > this.revision) this.written.set(storeKey, entry);
  }

  /**
   * Resolves when the caches hold `revision`. Throws upstream's 504 after FUTURE_REVISION_WAIT_MS.
   */
  async waitFor(revision: number): Promise<void> {
    if (this.revision >= revision) return;
    const waiter: Waiter = { revision, resolve: () => {} };
    const arrived = new Promise<boolean>((resolve) => (waiter.resolve = () => resolve(true)));
    this.waiters.push(waiter);
    let late: (value: boolean) => void = () => {};
    const timer = this.env.clock.after(FUTURE_REVISION_WAIT_MS, () => late(false));
    const inTime = await Promise.race([
      arrived,
      new Promise<boolean>((resolve) => (late = resolve)),
    ]);
    timer.cancel();
    if (inTime) return;
    this.waiters = this.waiters.filter((other) => other !== waiter);
    throw tooLargeRevision(revision, this.revision);
  }

  /** Resolves when the caches are as new as the store was at the call. Throws 504. */
  async fresh(): Promise<void> {
    const newest = await this.newest();
    if (this.revision < newest) await this.waitFor(newest);
  }

  /**
   * The store's newest revision. A revision below the cache's means another store: all keys are
   * read again.
   */
  private async newest(): Promise<number> {
    const known = this.revision;
    const newest = await this.storage.currentRevision();
    if (newest < known && known === this.revision) {
      this.revision = 0;
      this.replaced.abort(new Error(`the store went back from revision ${known} to ${newest}`));
    }
    return newest;
  }

  private async bookmarkLoop(signal: AbortSignal): Promise<void> {
    const periodMs = BOOKMARK_INTERVAL_MS;
    const failed = 'bookmarks not sent';
    await every({ env: this.env, signal, periodMs, firstMs: periodMs, failed }, () => {
      for (const cache of this.caches.values()) cache.bookmark(this.revision);
    });
  }
}

export function tooLargeRevision(wanted: number, current: number): Error {
  const message = `Too large resource version: ${wanted}, current: ${current}`;
  return statusError('Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
