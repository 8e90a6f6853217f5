// Contract of admission plugins with upstream's two phases. pkg/admission/plugins.ts is the ordered
// list.
import type { ApiObject } from '../../apimachinery/meta/object.js';

import type { Env } from '../../util/env/env.js';
import type { Authorizer } from '../auth/authorizer.js';
import type { RequestContext, ResourceDefinition } from '../resource/definition.js';
import type { ObjectReader } from '../resource/reader.js';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** The options of a write as JSON: CreateOptions, UpdateOptions or DeleteOptions of meta/v1. */
export interface OperationOptions {
  readonly kind: string;
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly [field: string]: unknown;
}

/** A request as plugins see it (upstream admission.Attributes). */
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
  /** Absent on CONNECT. */
  options?: OperationOptions;
  context: RequestContext;
  /** Adds a Warning header to the answer. */
  warn(text: string): void;
}

/** Both phases throw StatusError (usually Forbidden) to refuse the request. */
export interface AdmissionPlugin {
  /** Upstream's name: 'NamespaceLifecycle'. */
  readonly name: string;
  readonly operations: readonly AdmissionOperation[];
  /** Resources of the plugin, with their group ('pods', 'deployments.apps'); absent: all. */
  readonly resources?: readonly string[];
  mutate?(request: AdmissionRequest): void | Promise<void>;
  validate?(request: AdmissionRequest): void | Promise<void>;
}

/** The services of the server for its plugins. */
export interface AdmissionPluginContext {
  readonly env: Env;
  readonly reader: ObjectReader;
  /** The server's finished chain of authorizers; ask only while a request is admitted. */
  readonly authorize: Authorizer;
  /**
   * Reads a PKCS #10 request in PEM. Throws Error when it is malformed or not signed by its own
   * key.
   */
  readonly parseCertificateRequest: (pem: string) => {
    readonly commonName: string;
    readonly organizations: readonly string[];
  };
}

export type AdmissionPluginFactory = (context: AdmissionPluginContext) => AdmissionPlugin;
