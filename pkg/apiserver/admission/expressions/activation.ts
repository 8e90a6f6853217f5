// The values of the variables of admission expressions (upstream
// apiserver/pkg/admission/plugin/cel/activation.go).
import type { ApiObject } from '../../../apimachinery/meta/object.js';
import {
  authorizerValue,
  requestResourceValue,
  type Authorize,
} from '../../../cel/kubernetes/authorizer.js';
import type { Activation } from '../../../cel/program/state.js';
import type { Value } from '../../../cel/values/value.js';
import type { ReadyAuthorizer } from '../../auth/authorizer.js';
import { exactFields } from '../../request/request-info.js';
import type { ResourceDefinition } from '../../resource/definition.js';
import { attributesOf } from '../attributes.js';
import type { AdmissionRequest } from '../plugin.js';

export interface ActivationInput {
  /** Its object and old object have the shape of `matched`. */
  readonly request: AdmissionRequest;
  readonly matched: ResourceDefinition;
  readonly authorize: ReadyAuthorizer;
  readonly namespaceObject?: ApiObject | undefined;
  readonly params?: ApiObject | undefined;
}

const SERVICE_ACCOUNTS = 'system:serviceaccounts';

/** The function behind the variable `authorizer`: it asks for the user of the request. */
function authorizeFor({ context }: AdmissionRequest, authorize: ReadyAuthorizer): Authorize {
  return (check) => {
    const { serviceAccount: account, path, fieldSelector, labelSelector, ...rest } = check;
    const user = account
      ? {
          name: `system:serviceaccount:${account.namespace}:${account.name}`,
          groups: [
            SERVICE_ACCOUNTS,
            `${SERVICE_ACCOUNTS}:${account.namespace}`,
            'system:authenticated',
          ],
        }
      : context.user;
    const decision = authorize({
      ...rest,
      user,
      version: '*',
      ...(path !== undefined && { path }),
      ...(fieldSelector && { fields: exactFields(fieldSelector), fieldSelector }),
      ...(labelSelector && { labelSelector }),
    });
    const { allowed, reason = '', error } = decision;
    return { allowed, reason, ...(error && { error }) };
  };
}

const valueOf = (object: unknown): Value => (object ?? null) as Value;

export function activationOf(input: ActivationInput): Activation {
  const { request, matched, params, namespaceObject } = input;
  const authorize = authorizeFor(request, input.authorize);
  const { facts } = request.resource;
  return {
    object: valueOf(request.object),
    oldObject: valueOf(request.oldObject),
    request: attributesOf(request, matched) as unknown as Value,
    namespaceObject: valueOf(namespaceObject),
    params: valueOf(params),
    authorizer: authorizerValue(authorize),
    'authorizer.requestResource': requestResourceValue(authorize, {
      group: facts.group,
      resource: facts.resource,
      subresource: request.subresource,
      namespace: request.namespace,
      name: request.name,
    }),
  };
}
