// Informers: a store, handlers and indexes over a reflector, one informer per resource and scope,
// shared by all controllers of a process. Invariant: the store changes before the handlers run, and
// all handlers of a change run, in the order of their registration, before the next change.
import { keyOf, type ApiObject, type ResourceType } from '../apimachinery/meta/object.js';
import { assert } from '../util/assert/assert.js';
import type { Env } from '../util/env/env.js';
import { abortable, aborted } from '../util/wait/abortable.js';
import type { Client, Scope } from './client.js';
import type { Handler, Indexers, Informer, InformerFactory, InformerOptions } from './informer.js';
import { runReflector, StoreSetBack, type ReflectorSink } from './reflector.js';
import { IndexedStore } from './store.js';

/** An informer that nobody shares. Most callers use `createInformerFactory`. */
export const createInformer = <T extends ApiObject>(
  env: Env,
  client: Client,
  type: ResourceType<T>,
  options: InformerOptions<T> = {},
): Informer<T> => new SharedInformer(env, client, type, options);

class SharedInformer<T extends ApiObject> implements Informer<T>, ReflectorSink<T> {
  readonly store = new IndexedStore<T>();
  synced = false;
  // Replaced, never mutated: a handler may add another handler.
  private handlers: readonly Handler<T>[] = [];
  private syncing: Promise<void> | undefined;
  private endSync: (() => void) | undefined;
  private readonly scope: Scope;
  private readonly transform: (object: T) => T;
  private running = false;

  constructor(
    private readonly env: Env,
    private readonly client: Client,
    readonly type: ResourceType<T>,
    options: InformerOptions<T>,
  ) {
    const { indexers, transform = (object: T) => object, ...scope } = options;
    this.scope = scope;
    this.transform = transform;
    if (indexers) this.store.addIndexers(indexers);
  }

  addHandler(handler: Handler<T>): () => void {
    this.handlers = [...this.handlers, handler];
    for (const object of this.store.list()) handler.added?.(object);
    return () => void (this.handlers = this.handlers.filter((other) => other !== handler));
  }

  addIndexers(indexers: Indexers<T>): void {
    this.store.addIndexers(indexers);
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    if (this.synced) return Promise.resolve();
    this.syncing ??= new Promise((resolve) => (this.endSync = resolve));
    return abortable(this.syncing, signal);
  }

  run(signal: AbortSignal): Promise<void> {
    assert(!this.running, `informer of ${this.type.resource} runs twice`);
    this.running = true;
    const ended = runReflector(this.env, this.client, this.type, this.scope, this, signal);
    return ended.finally(() => (this.running = false));
  }

  /** Forgets all objects. The informer is not synced until it runs again. */
  clear(): void {
    for (const key of this.store.keys()) this.forget(key);
    this.synced = false;
  }

  /** The reflector calls this method and the next four. */
  trim(object: T): T {
    return this.transform(object);
  }

  /** `objects` are trimmed. */
  replace(objects: T[]): void {
    const present = new Set(objects.map(keyOf));
    for (const key of this.store.keys()) if (!present.has(key)) this.forget(key);
    for (const object of objects) this.put(object);
    this.synced = true;
    this.endSync?.();
    this.syncing = undefined;
  }

  upsert(raw: T): void {
    this.put(this.transform(raw));
  }

  private put(object: T): void {
    const key = keyOf(object);
    const known = this.store.get(key);
    if (known && known.metadata.uid !== object.metadata.uid) this.forget(key);
    else if (known && known.metadata.resourceVersion === object.metadata.resourceVersion) return;
    const old = this.store.put(object);
    this.tell((handler) => (old ? handler.updated?.(object, old) : handler.added?.(object)));
  }

  remove(object: T): void {
    this.forget(keyOf(object), this.transform(object));
  }

  reached(resourceVersion: string): void {
    this.store.revision = BigInt(resourceVersion);
  }

  private forget(key: string, last?: T): void {
    const old = this.store.remove(key);
    if (old) this.tell((handler) => handler.deleted?.(last ?? old));
  }

  private tell(call: (handler: Handler<T>) => void): void {
    for (const handler of this.handlers) {
      try {
        call(handler);
      } catch (error) {
        // A bug in one handler must not keep the event from the others.
        this.env.log.error('informer handler failed', { resource: this.type.resource, error });
      }
    }
  }
}

/**
 * `run` starts all informers of the factory, later ones too, until abort; it throws StoreSetBack.
 */
export function createInformerFactory(client: Client, env: Env): InformerFactory {
  const informers = new Map<string, SharedInformer<ApiObject>>();
  const transforms = new Map<unknown, number>();
  /** The last run of each informer. */
  const runs = new Map<SharedInformer<ApiObject>, { end: AbortController; over: Promise<void> }>();
  /** Informers that `drop` has ended. */
  const dropped = new Set<SharedInformer<ApiObject>>();
  let running: AbortSignal | undefined;
  let giveUp: (error: Error) => void = () => {};
  const setBack = new Promise<never>((_, reject) => (giveUp = reject));
  setBack.catch(() => {}); // `run` may not wait for it yet

  const nameOf = (type: ResourceType, options: InformerOptions<never>): string => {
    const { namespace = '', labelSelector = '', fieldSelector = '', transform } = options;
    if (transform && !transforms.has(transform)) transforms.set(transform, transforms.size);
    return JSON.stringify([
      type.group,
      type.version,
      type.resource,
      namespace,
      labelSelector,
      fieldSelector,
      transforms.get(transform) ?? null,
    ]);
  };
  const start = (informer: SharedInformer<ApiObject>): void => {
    const end = new AbortController();
    const over = informer.run(AbortSignal.any([running!, end.signal])).catch((error: unknown) => {
      if (error instanceof StoreSetBack) giveUp(error);
      env.log.error('informer failed', { resource: informer.type.resource, error });
    });
    runs.set(informer, { end, over });
  };

  return {
    informer<T extends ApiObject>(
      type: ResourceType<T>,
      options: InformerOptions<T> = {},
    ): Informer<T> {
      const name = nameOf(
        type as ResourceType<ApiObject>,
        options as unknown as InformerOptions<never>,
      );
      const known = informers.get(name);
      if (known) {
        const informer = known as unknown as SharedInformer<T>;
        if (options.indexers) informer.addIndexers(options.indexers);
        if (dropped.delete(known) && running && !running.aborted)
          void runs.get(known)?.over.then(() => start(known));
        return informer;
      }
      const informer = new SharedInformer(env, client, type, options);
      const erased = informer as unknown as SharedInformer<ApiObject>;
      informers.set(name, erased);
      if (running && !running.aborted) start(erased);
      return informer;
    },
    drop(type) {
      for (const informer of informers.values()) {
        const { group, resource, version } = informer.type;
        if (group !== type.group || version !== type.version || resource !== type.resource)
          continue;
        runs.get(informer)?.end.abort(new Error(`${resource} are not served any more`));
        dropped.add(informer);
        informer.clear();
      }
    },
    has: (type) => informers.has(nameOf(type, {})),
    async run(signal) {
      assert(!running, 'the informer factory runs twice');
      running = signal;
      for (const informer of informers.values()) start(informer);
      await Promise.race([aborted(signal), setBack]);
      await Promise.all([...runs.values()].map(({ over }) => over));
    },
    async waitForSync(signal) {
      await Promise.all([...informers.values()].map((informer) => informer.waitForSync(signal)));
    },
  };
}
