// A request as webhooks and expressions see it (upstream admission/v1 AdmissionRequest without its
// objects).
import type { UserInfo } from '../../apis/authentication/v1/types.js';
import type { ResourceFacts } from '../../apimachinery/schema/facts.js';
import { shownUser } from '../auth/authenticator.js';
import type { ResourceDefinition } from '../resource/definition.js';
import { kindOf, type GroupVersionKind } from './matching/rules.js';
import type { AdmissionRequest, OperationOptions } from './plugin.js';

type GroupVersionResource = Pick<ResourceFacts, 'group' | 'version' | 'resource'>;

export interface RequestAttributes {
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly subResource?: string;
  readonly requestKind: GroupVersionKind;
  readonly requestResource: GroupVersionResource;
  readonly requestSubResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: string;
  readonly userInfo: UserInfo;
  readonly dryRun: boolean;
  readonly options: OperationOptions | null;
}

const addressOf = ({ facts }: ResourceDefinition): GroupVersionResource => ({
  group: facts.group,
  version: facts.version,
  resource: facts.resource,
});

/** `matched` is the resource as which the object is shown (matchRequest). */
export function attributesOf(
  request: AdmissionRequest,
  matched: ResourceDefinition,
): RequestAttributes {
  const { resource, subresource, name, namespace, operation, context, options } = request;
  return {
    kind: kindOf(matched, subresource),
    resource: addressOf(matched),
    ...(subresource && { subResource: subresource }),
    requestKind: kindOf(resource, subresource),
    requestResource: addressOf(resource),
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: shownUser(context.user),
    dryRun: context.dryRun,
    options: options ?? null,
  };
}
