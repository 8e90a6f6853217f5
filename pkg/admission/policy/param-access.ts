// The writer of a policy reads its parameters through the server, so the writer has to be allowed
// to read them (upstream pkg/registry/admissionregistration/*/authz.go).
import { fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import type { ParamKind, ParamRef } from '../../apis/admissionregistration/v1/types.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import {
  MUTATING_ADMISSION_POLICIES,
  VALIDATING_ADMISSION_POLICIES,
} from '../../apis/resource-types.js';
import type {
  AdmissionPluginContext,
  AdmissionPluginFactory,
  AdmissionRequest,
} from '../../apiserver/admission/plugin.js';
import type { UserInfo } from '../../apiserver/auth/authenticator.js';

const GROUP = 'admissionregistration.k8s.io';

/** The specs of policies and of bindings. */
interface Spec {
  readonly paramKind?: ParamKind;
  readonly paramRef?: ParamRef;
  readonly policyName?: string;
}

/** As Go prints a user. */
function userText({ name, uid = '', groups, extra = {} }: UserInfo): string {
  const pairs = Object.keys(extra)
    .sort()
    .map((key) => `${key}:[${extra[key]!.join(' ')}]`);
  return `&{${name} ${uid} [${groups.join(' ')}] map[${pairs.join(' ')}]}`;
}

/** Without a kind, or with one that is not served, everything has to be allowed. */
function resourceOf(kind: ParamKind | undefined, { shapes }: AdmissionPluginContext) {
  if (!kind) return { group: '*', version: '*', resource: '*' };
  const { apiVersion = '' } = kind;
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const resource = shapes.objectsOf(apiVersion, kind.kind ?? '')?.resource ?? '*';
  return { group, version, resource };
}

/** The part of the spec that names parameters, and why its writer may not use them. */
async function problemOf(
  { context: { user }, resource }: AdmissionRequest,
  spec: Spec,
  old: Spec | undefined,
  context: AdmissionPluginContext,
): Promise<readonly [field: string, why: string] | undefined> {
  const { paramKind, paramRef, policyName = '' } = spec;
  const may = async (kind: ParamKind | undefined, namespace: string, name: string) => {
    const asked = { user, verb: 'get', ...resourceOf(kind, context), subresource: '' };
    return (await context.authorize({ ...asked, namespace, name })).allowed;
  };
  if (paramKind) {
    if (semanticEqual(paramKind, old?.paramKind) || (await may(paramKind, '*', '*')))
      return undefined;
    const { kind = '', apiVersion = '' } = paramKind;
    return [
      'spec.paramKind',
      `user ${userText(user)} must have "get" permission on all objects of the referenced paramKind (kind=${kind}, apiVersion=${apiVersion})`,
    ];
  }
  if (!paramRef) return undefined;
  if (semanticEqual(paramRef, old?.paramRef) && policyName === old?.policyName) return undefined;
  const type = resource.facts.kind.startsWith('Mutating')
    ? MUTATING_ADMISSION_POLICIES
    : VALIDATING_ADMISSION_POLICIES;
  const policy = context.reader.get<{ spec: Spec }>(type, '', policyName);
  const { namespace = '', name = '' } = paramRef;
  if (await may(policy?.spec.paramKind, namespace, name)) return undefined;
  return [
    'spec.paramRef',
    `user ${userText(user)} does not have "get" permission on the object referenced by paramRef`,
  ];
}

export const paramAccess: AdmissionPluginFactory = (context) => ({
  name: 'PolicyParamAccess',
  operations: ['CREATE', 'UPDATE'],
  resources: ['validating', 'mutating'].flatMap((kind) => [
    `${kind}admissionpolicies.${GROUP}`,
    `${kind}admissionpolicybindings.${GROUP}`,
  ]),
  async validate(request) {
    const { object, oldObject, subresource, resource, name } = request;
    if (!object || subresource) return;
    const { spec } = object as unknown as { spec: Spec };
    const old = (oldObject as unknown as { spec: Spec } | undefined)?.spec;
    const problem = await problemOf(request, spec, old, context);
    if (!problem) return;
    const [field, why] = problem;
    throw invalid(resource.facts, name || object.metadata.name, [
      fieldErrors.forbidden(field, why),
    ]);
  },
});
