// Builds the admission request of every verb (upstream admission.NewAttributesRecord).
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { AdmissionOperation, AdmissionRequest } from '../admission/plugin.js';
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
}

/** The namespace of a Namespace is its own name; other cluster-scoped objects have none. */
function namespaceOf({ resource, info }: ApiRequest, name: string): string {
  if (resource.namespaced) return info.namespace;
  return resource.resource === 'namespaces' && resource.group === '' ? name : '';
}

/** `request` as the admission plugins see it. Warnings of plugins go to the answer of `request`. */
export function admissionRequest(
  request: ApiRequest,
  operation: AdmissionOperation,
  subject: AdmissionSubject,
): AdmissionRequest {
  const { resource, info, context, exchange } = request;
  return {
    operation,
    resource: resource.definition,
    subresource: info.subresource,
    namespace: namespaceOf(request, subject.name),
    context,
    warn: (text) => exchange.warn(text),
    ...subject,
  };
}
