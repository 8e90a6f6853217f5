// Contract of admission plugins with upstream's two phases. pkg/admission/plugins.ts is the ordered
// list.
import type { ApiObject } from '../../apimachinery/meta/object.js';

import type { Status } from '../../apimachinery/meta/types.js';
import type { Env } from '../../util/env/env.js';
import type { Authorizer } from '../auth/authorizer.js';
import type { RequestContext, ResourceDefinition } from '../resource/definition.js';
import type { ObjectReader } from '../resource/reader.js';
import type { Review } from '../webhook/answer.js';
import type { WebhookTarget } from '../extension/webhooks.js';
import type { ObjectShapes } from './shapes.js';

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
  /** When the request times out, on the monotonic clock; absent: never. */
  deadline?: number;
  /**
   * Gives up the request's place among those in flight. A plugin calls this before it waits for
   * another program, so that a slow one holds up no other requests.
   */
  leaveFlow?(): void;
  /** Set by a plugin that changed the object by a patch: it may have unknown fields then. */
  patched?: boolean;
  /** Shared by both rounds of the mutating phase (AdmissionChain.mutate). */
  rounds?: Rounds;
  /** Adds a Warning header to the answer. */
  warn(text: string): void;
  /**
   * Adds an annotation to the request's audit events of that level and above. The first value of a
   * key stays.
   */
  annotate(key: string, value: string, level?: 'Metadata' | 'Request'): void;
}

/**
 * The mutating plugins run once more when a webhook or a policy has changed the object (upstream
 * admission.ReinvocationContext).
 */
export interface Rounds {
  /** Set by a plugin whose change the others have to see. */
  again: boolean;
  /** 1 in the second round. */
  round: 0 | 1;
  /** Kept between the rounds, by the plugin's name. */
  readonly memory: Map<string, unknown>;
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

export type ReviewVersion = 'v1' | 'v1beta1';

/** The decoded answer to an AdmissionReview. */
export type AdmissionReviewAnswer = Review<{
  response?: {
    uid?: string;
    allowed?: boolean;
    /** In base64. */
    patch?: string;
    patchType?: string;
    status?: Partial<Status>;
    warnings?: string[];
    auditAnnotations?: Record<string, string>;
  };
}>;

/** Posts an AdmissionReview as JSON. Throws WebhookError. */
export type AskWebhook = (
  target: WebhookTarget,
  version: ReviewVersion,
  review: string,
  timeoutMs: number,
) => Promise<AdmissionReviewAnswer>;

/** The services of the server for its plugins. */
export interface AdmissionPluginContext {
  readonly env: Env;
  readonly reader: ObjectReader;
  /** The server's finished chain of authorizers; ask only while a request is admitted. */
  readonly authorize: Authorizer;
  readonly askWebhook: AskWebhook;
  readonly shapes: ObjectShapes;
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
