// Watch caches with given objects, for unit tests of authentication, authorization and admission.
// Integration tests use the real caches of a server.
import type { ApiObject, ResourceType } from '../../pkg/apimachinery/meta/object.js';
import type { ObjectMeta } from '../../pkg/apimachinery/meta/types.js';
import type { ObjectReader, CacheChange } from '../../pkg/apiserver/resource/reader.js';

const idOf = (type: ResourceType<unknown>) => `${type.resource}.${type.group}`;

export class MemoryReader implements ObjectReader {
  private readonly objects = new Map<string, Map<string, ApiObject>>();
  private readonly observers = new Map<string, Set<(change: CacheChange<ApiObject>) => void>>();

  private of(type: ResourceType<unknown>): Map<string, ApiObject> {
    let map = this.objects.get(idOf(type));
    if (!map) this.objects.set(idOf(type), (map = new Map()));
    return map;
  }

  private tell(type: ResourceType<unknown>, object: ApiObject, deleted: boolean): void {
    const { namespace = '', name } = object.metadata;
    for (const observer of this.observers.get(idOf(type)) ?? [])
      observer({ deleted, namespace, name, object: () => object });
  }

  /** Stores the object unchanged except for kind and apiVersion, which come from the type. */
  set<T>(type: ResourceType<T>, object: { metadata: ObjectMeta; [field: string]: unknown }): void {
    const whole = {
      kind: type.kind,
      apiVersion: type.group ? `${type.group}/${type.version}` : type.version,
      ...object,
    } as ApiObject;
    this.of(type).set(`${whole.metadata.namespace ?? ''}/${whole.metadata.name}`, whole);
    this.tell(type, whole, false);
  }

  remove(type: ResourceType<unknown>, namespace: string, name: string): void {
    const object = this.of(type).get(`${namespace}/${name}`);
    if (!object) return;
    this.of(type).delete(`${namespace}/${name}`);
    this.tell(type, object, true);
  }

  get<T>(type: ResourceType<T>, namespace: string, name: string): T | undefined {
    return this.of(type).get(`${type.namespaced ? namespace : ''}/${name}`) as T | undefined;
  }

  list<T>(type: ResourceType<T>, namespace?: string): T[] {
    return [...this.of(type).values()].filter(
      (object) => !namespace || object.metadata.namespace === namespace,
    ) as T[];
  }

  getFresh<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined> {
    return Promise.resolve(this.get(type, namespace, name));
  }

  find<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined> {
    return Promise.resolve(this.get(type, namespace, name));
  }

  observe<T>(type: ResourceType<T>, callback: (change: CacheChange<T>) => void): () => void {
    const observers = this.observers.get(idOf(type)) ?? new Set();
    this.observers.set(idOf(type), observers);
    const observer = callback as (change: CacheChange<ApiObject>) => void;
    observers.add(observer);
    for (const object of this.of(type).values()) {
      observer({
        deleted: false,
        namespace: object.metadata.namespace ?? '',
        name: object.metadata.name,
        object: () => object,
      });
    }
    return () => observers.delete(observer);
  }
}
