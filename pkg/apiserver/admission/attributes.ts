// A request as webhooks and expressions see it (upstream admission/v1 AdmissionRequest without its
// objects).
import type { ResourceDefinition } from '../resource/definition.js';
import { kindOf, type GroupVersionKind } from './matching/rules.js';
import type { AdmissionRequest, OperationOptions } from './plugin.js';

interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

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
  readonly userInfo: {
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
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
  const { name: username, uid, groups, extra } = context.user;
  return {
    kind: kindOf(matched, subresource),
    resource: addressOf(matched),
    ...(subresource ? { subResource: subresource } : {}),
    requestKind: kindOf(resource, subresource),
    requestResource: addressOf(resource),
    ...(subresource ? { requestSubResource: subresource } : {}),
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    operation,
    userInfo: {
      ...(username ? { username } : {}),
      ...(uid ? { uid } : {}),
      ...(groups.length ? { groups } : {}),
      ...(extra && Object.keys(extra).length ? { extra } : {}),
    },
    dryRun: context.dryRun,
    options: options ?? null,
  };
}
