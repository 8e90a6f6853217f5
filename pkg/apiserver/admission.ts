// Contract of admission plugins, upstream's two phases. pkg/admission/plugins.ts is the ordered list.
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { ResourceType } from '../apimachinery/meta/object.js';
import type { Env } from '../util/env/env.js';
import type { RequestContext, ResourceDefinition } from './resource.js';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface AdmissionRequest {
  operation: AdmissionOperation;
  resource: ResourceDefinition;
  subresource: string;
  namespace: string;
  name: string;
  /** Absent on DELETE. Mutating plugins change it in place. */
  object?: ApiObject;
  /** Absent on CREATE. */
  oldObject?: ApiObject;
  context: RequestContext;
  /** Warning headers for the client. */
  warn(text: string): void;
}

/** One object of a watch cache came, changed or went. */
export interface CacheChange<T> {
  deleted: boolean;
  namespace: string;
  name: string;
  /** Parsed when asked for; the last state of a deleted object. */
  object(): T;
}

/** What plugins may read: the watch caches. Objects are shared; never change them. */
export interface AdmissionReader {
  get<T>(type: ResourceType<T>, namespace: string, name: string): T | undefined;
  list<T>(type: ResourceType<T>, namespace?: string): T[];
  /** Waits until the cache is as new as the store, then looks again. For decisions that deny. */
  getFresh<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined>;
  /**
   * Calls back for every object there is, then for every change, synchronously with the cache (a
   * later `get` sees it). For derived indexes: RBAC, the node graph. Returns its removal.
   */
  observe<T>(type: ResourceType<T>, callback: (change: CacheChange<T>) => void): () => void;
}

/** Throws StatusError (usually Forbidden) to refuse. */
export interface AdmissionPlugin {
  /** Upstream's name: 'NamespaceLifecycle'. */
  readonly name: string;
  readonly operations: readonly AdmissionOperation[];
  /** Resource names with group ('pods', 'deployments.apps') the plugin looks at; absent: all. */
  readonly resources?: readonly string[];
  mutate?(request: AdmissionRequest): void | Promise<void>;
  validate?(request: AdmissionRequest): void | Promise<void>;
}

export type AdmissionPluginFactory = (context: {
  env: Env;
  reader: AdmissionReader;
}) => AdmissionPlugin;
