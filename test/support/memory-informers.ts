// Informers over maps, for tests of components that only read the API.
import type { ApiObject, ResourceType } from '../../pkg/apimachinery/meta/object.js';
import { keyOf } from '../../pkg/apimachinery/meta/object.js';
import type {
  Handler,
  Indexers,
  Informer,
  InformerFactory,
  InformerOptions,
} from '../../pkg/client/informer.js';

class MemoryInformer<T extends ApiObject> implements Informer<T> {
  readonly synced = true;
  readonly objects = new Map<string, T>();
  private readonly handlers = new Set<Handler<T>>();
  private indexers: Indexers<T> = {};
  readonly store = {
    get: (key: string) => this.objects.get(key),
    list: () => [...this.objects.values()],
    byIndex: (index: string, value: string) =>
      [...this.objects.values()].filter((object) => this.indexers[index]!(object).includes(value)),
    size: 0,
    revision: 0n,
  };

  constructor(readonly type: ResourceType<T>) {}

  addHandler(handler: Handler<T>) {
    this.handlers.add(handler);
    for (const object of this.objects.values()) handler.added?.(object);
    return () => void this.handlers.delete(handler);
  }
  addIndexers(indexers: Indexers<T>) {
    this.indexers = { ...this.indexers, ...indexers };
  }
  waitForSync() {
    return Promise.resolve();
  }
  run() {
    return Promise.resolve();
  }
  put(object: T) {
    const old = this.objects.get(keyOf(object));
    this.objects.set(keyOf(object), object);
    for (const handler of this.handlers)
      if (old) handler.updated?.(object, old);
      else handler.added?.(object);
  }
  delete(key: string) {
    const old = this.objects.get(key);
    this.objects.delete(key);
    if (old) for (const handler of this.handlers) handler.deleted?.(old);
  }
}

export class MemoryInformers implements InformerFactory {
  private readonly informers = new Map<string, MemoryInformer<ApiObject>>();

  informer<T extends ApiObject>(type: ResourceType<T>, options?: InformerOptions<T>): Informer<T> {
    const informer = this.of(type);
    if (options?.indexers) informer.addIndexers(options.indexers);
    return informer;
  }
  drop(type: ResourceType<ApiObject>): void {
    this.informers.delete(type.resource);
  }
  has(type: ResourceType<ApiObject>): boolean {
    return this.informers.has(type.resource);
  }
  of<T extends ApiObject>(type: ResourceType<T>): MemoryInformer<T> {
    let informer = this.informers.get(type.resource);
    if (!informer)
      this.informers.set(
        type.resource,
        (informer = new MemoryInformer(type as unknown as ResourceType<ApiObject>)),
      );
    return informer as unknown as MemoryInformer<T>;
  }
  run() {
    return Promise.resolve();
  }
  waitForSync() {
    return Promise.resolve();
  }
}
