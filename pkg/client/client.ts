// The REST client every component uses. Objects are addressed by a ResourceType of
// apis/resource-types.ts. Errors are StatusError. Implemented by rest-client.ts over HTTP/2 and
// TLS.
import type { ApiList, ApiObject, ResourceType, WatchEvent } from '../apimachinery/meta/object.js';

export interface Key {
  namespace?: string;
  name: string;
}

/** Which objects of a resource. */
export interface Scope {
  /** Absent: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface ListOptions extends Scope {
  resourceVersion?: string;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  limit?: number;
  continue?: string;
  signal?: AbortSignal;
}

export interface WatchOptions extends Scope {
  resourceVersion?: string;
  allowWatchBookmarks?: boolean;
  timeoutSeconds?: number;
  signal: AbortSignal;
}

export interface WriteOptions {
  dryRun?: boolean;
  fieldManager?: string;
  signal?: AbortSignal;
  /** Milliseconds until an attempt is given up; default REQUEST_DEADLINE_MS. */
  deadlineMs?: number;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  preconditions?: { uid?: string; resourceVersion?: string };
  signal?: AbortSignal;
}

export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export interface PatchOptions extends WriteOptions {
  type: keyof typeof PATCH_TYPES;
  subresource?: string;
  /** Apply patches only. */
  force?: boolean;
}

/** Fields that the server fills in need not be given on create. */
export type NewObject<T> = T extends { metadata: infer M }
  ? Omit<T, 'metadata' | 'status'> & {
      metadata: Omit<Partial<M>, 'name'> & { name?: string };
      status?: unknown;
    }
  : T;

export interface Client {
  get<T>(
    type: ResourceType<T>,
    key: Key,
    options?: { signal?: AbortSignal; deadlineMs?: number; resourceVersion?: string },
  ): Promise<T>;
  list<T>(type: ResourceType<T>, options?: ListOptions): Promise<ApiList<T>>;
  /**
   * Ends when the server ends it; throws StatusError for an ERROR event, the signal's reason on
   * abort.
   */
  watch<T>(type: ResourceType<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  create<T>(type: ResourceType<T>, object: NewObject<T>, options?: WriteOptions): Promise<T>;
  update<T extends ApiObject>(
    type: ResourceType<T>,
    object: T,
    options?: WriteOptions & { subresource?: string },
  ): Promise<T>;
  patch<T>(type: ResourceType<T>, key: Key, body: unknown, options: PatchOptions): Promise<T>;
  delete<T>(type: ResourceType<T>, key: Key, options?: DeleteOptions): Promise<void>;
  deleteCollection<T>(
    type: ResourceType<T>,
    list: ListOptions,
    options?: DeleteOptions,
  ): Promise<void>;
  /** POST to a subresource: binding, eviction, token. Returns the answer's body. */
  createSubresource<R>(
    type: ResourceType,
    key: Key,
    subresource: string,
    body: unknown,
    options?: WriteOptions,
  ): Promise<R>;
  /** Any path, JSON or text: ('GET', '/readyz'). */
  raw(
    method: string,
    path: string,
    body?: unknown,
    options?: { signal?: AbortSignal; contentType?: string; accept?: string },
  ): Promise<{ status: number; body: Uint8Array; headers: Record<string, string> }>;
  close(): Promise<void>;
}
