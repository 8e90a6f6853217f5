// Informers: the reflector's stream made into a store, handlers and indexes, one per resource and
// scope, shared by all controllers of a process. Invariant: the store is changed before handlers run,
// and handlers of one change run before the next change, in the order they were added.
import { keyOf, type ApiObject, type ResourceType } from '../apimachinery/meta/object.js';
import { assert } from '../util/assert/assert.js';
import type { Env } from '../util/env/env.js';
import type { Client } from './client.js';
import type { Handler, Informer, InformerFactory, InformerOptions } from './informer.js';
import { runReflector, type ReflectorSink } from './reflector.js';
import { IndexedStore } from './store.js';

/** An informer of its own; most callers want `createInformerFactory`. */
export function createInformer<T extends ApiObject>(
  env: Env,
  client: Client,
  type: ResourceType<T>,
  options: InformerOptions<T> = {},
): Informer<T> {
  const { transform = (object: T) => object, indexers, ...scope } = options;
  const store = new IndexedStore<T>();
  let handlers: readonly Handler<T>[] = []; // replaced, never changed: a handler may add another
  const waiting = new Set<() => void>();
  let synced = false;
  let running = false;
  if (indexers) store.addIndexers(indexers);

  const tell = (call: (handler: Handler<T>) => void): void => {
    for (const handler of handlers) {
      try {
        call(handler);
      } catch (error) {
        // One handler's bug must not cost the others their event.
        env.log.error('informer handler failed', { resource: type.resource, error });
      }
    }
  };
  const remove = (key: string, last?: T): void => {
    const old = store.remove(key);
    if (old) tell((h) => h.deleted?.(last ?? old));
  };
  const upsert = (raw: T): void => {
    const key = keyOf(raw);
    const known = store.get(key);
    if (known && known.metadata.uid !== raw.metadata.uid) remove(key);
    else if (known && known.metadata.resourceVersion === raw.metadata.resourceVersion) return;
    const object = transform(raw);
    const old = store.put(object);
    tell((h) => (old ? h.updated?.(object, old) : h.added?.(object)));
  };
  const sink: ReflectorSink<T> = {
    upsert,
    remove: (object) => remove(keyOf(object), transform(object)),
    replace(objects) {
      const present = new Set(objects.map(keyOf));
      for (const key of store.keys()) if (!present.has(key)) remove(key);
      for (const object of objects) upsert(object);
      synced = true;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
  };

  return {
    type,
    store,
    get synced() {
      return synced;
    },
    addHandler(handler) {
      handlers = [...handlers, handler];
      for (const object of store.list()) handler.added?.(object);
      return () => void (handlers = handlers.filter((other) => other !== handler));
    },
    addIndexers: (more) => store.addIndexers(more),
    waitForSync(signal) {
      if (synced) return Promise.resolve();
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const onAbort = () => {
          waiting.delete(done);
          reject(signal.reason as Error);
        };
        const done = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
    run(signal) {
      assert(!running, `informer of ${type.resource} runs twice`);
      running = true;
      return runReflector(env, client, type, scope, sink, signal);
    },
  };
}

/** `run` starts every informer handed out before and after it, until abort. */
export function createInformerFactory(client: Client, env: Env): InformerFactory {
  const informers = new Map<string, Informer<ApiObject>>();
  const transforms = new Map<unknown, number>();
  const runs = new Set<Promise<void>>();
  let running: AbortSignal | undefined;

  const nameOf = (type: ResourceType, options: InformerOptions<never>): string => {
    const { namespace = '', labelSelector = '', fieldSelector = '', transform } = options;
    if (transform && !transforms.has(transform)) transforms.set(transform, transforms.size);
    return JSON.stringify([type.group, type.version, type.resource, namespace, labelSelector, fieldSelector, transforms.get(transform) ?? null]);
  };
  const start = (informer: Informer<ApiObject>): void => {
    const run = informer.run(running!).catch((error: unknown) => env.log.error('informer failed', { resource: informer.type.resource, error }));
    runs.add(run);
    void run.finally(() => runs.delete(run));
  };

  return {
    informer<T extends ApiObject>(type: ResourceType<T>, options: InformerOptions<T> = {}): Informer<T> {
      const name = nameOf(type as ResourceType<ApiObject>, options as unknown as InformerOptions<never>);
      const known = informers.get(name) as Informer<T> | undefined;
      if (known) {
        if (options.indexers) known.addIndexers(options.indexers);
        return known;
      }
      const informer = createInformer(env, client, type, options);
      const erased = informer as unknown as Informer<ApiObject>;
      informers.set(name, erased);
      if (running && !running.aborted) start(erased);
      return informer;
    },
    has: (type) => informers.has(nameOf(type, {})),
    async run(signal) {
      assert(!running, 'the informer factory runs twice');
      running = signal;
      for (const informer of informers.values()) start(informer);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.all(runs);
    },
    async waitForSync(signal) {
      await Promise.all([...informers.values()].map((informer) => informer.waitForSync(signal)));
    },
  };
}
