// The common fields of API objects, and the address of a resource.
import type { ListMeta, ObjectMeta } from './types.js';

/** Any API object as JSON. */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

export interface ApiList<T = ApiObject> {
  apiVersion: string;
  kind: string;
  metadata: ListMeta;
  items: T[];
}

/**
 * Addresses one served resource; `T` is the type of its objects. The table is
 * apis/resource-types.ts.
 */
export interface ResourceType<T = ApiObject> {
  readonly group: string;
  readonly version: string;
  /** Plural, as in URLs. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set; only the type checker uses it. */
  readonly _object?: T;
}

/** 'namespace/name', or 'name' for cluster-scoped objects: the key used in caches and queues. */
export function keyOf(object: { metadata: { namespace?: string; name: string } }): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

/** The object with further annotations; the same object when it has them. */
export function annotated<T extends ApiObject>(object: T, added: Record<string, string>): T {
  const { annotations = {} } = object.metadata;
  if (Object.entries(added).every(([key, value]) => annotations[key] === value)) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...added } } };
}

/** 'v1' for the core group, 'group/version' otherwise. */
export const apiVersionOf = (type: { group: string; version: string }): string =>
  type.group ? `${type.group}/${type.version}` : type.version;

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

export interface WatchEvent<T = ApiObject> {
  type: WatchEventType;
  object: T;
}
