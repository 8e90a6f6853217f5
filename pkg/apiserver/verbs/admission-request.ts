// Builds the admission request of every verb (upstream admission.NewAttributesRecord).
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type {
  AdmissionOperation,
  AdmissionRequest,
  OperationOptions,
} from '../admission/plugin.js';
import type { RequestContext } from '../resource/definition.js';
import type { ApiRequest } from './request.js';

export interface AdmissionSubject {
  /** The object's name; '' while it is still to be generated. */
  name: string;
  /** Default: the subresource on the URL. */
  subresource?: string;
  /** Absent for DELETE and CONNECT. */
  object?: ApiObject;
  /** Absent for CREATE and CONNECT. */
  oldObject?: ApiObject;
  /** Default: the request's context; the body of a DELETE may ask for a dry run. */
  context?: RequestContext;
  /** Default: those of the query. */
  options?: OperationOptions;
}

/** The namespace of a Namespace is its own name; other cluster-scoped objects have none. */
function namespaceOf({ resource, info }: ApiRequest, name: string): string {
  if (resource.namespaced) return info.namespace;
  return resource.resource === 'namespaces' && resource.group === '' ? name : '';
}

/** The options of an operation (meta/v1 CreateOptions, UpdateOptions) from the query. */
function optionsOf(
  { query, context }: Pick<ApiRequest, 'query' | 'context'>,
  kind: string,
): OperationOptions {
  const fieldManager = query.get('fieldManager');
  const fieldValidation = query.get('fieldValidation');
  return {
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...(context.dryRun && { dryRun: ['All'] }),
    ...(fieldManager && { fieldManager }),
    ...(fieldValidation && { fieldValidation }),
  };
}

const OPTIONS: Partial<Record<AdmissionOperation, string>> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
};

/** `request` as the admission plugins see it. Warnings of plugins go to the answer of `request`. */
export function admissionRequest(
  request: ApiRequest,
  operation: AdmissionOperation,
  subject: AdmissionSubject,
): AdmissionRequest {
  const { resource, info, context, exchange } = request;
  const kind = OPTIONS[operation];
  return {
    operation,
    resource: resource.definition,
    subresource: info.subresource,
    namespace: namespaceOf(request, subject.name),
    context,
    warn: (text) => exchange.warn(text),
    annotate: (key, value, level) => exchange.annotate(key, value, level),
    leaveFlow: () => exchange.leaveFlow(),
    ...(exchange.deadline !== undefined && { deadline: exchange.deadline }),
    ...(kind && { options: optionsOf(request, kind) }),
    ...subject,
  };
}
