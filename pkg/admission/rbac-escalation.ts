// RBAC's rule against escalation: a user grants only permissions that the user holds. Writing a
// role needs its rules or the verb `escalate`; writing a binding needs the role's rules or the verb
// `bind`. Upstream checks the same in the storage of these kinds (pkg/registry/rbac/*/policybased).
import { forbidden } from '../apimachinery/errors/status-error.js';
import type { ClusterRole, PolicyRule, RoleBinding } from '../apis/rbac/v1/types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import type { UserInfo } from '../apiserver/auth/authenticator.js';
import type { Authorizer } from '../apiserver/auth/authorizer.js';
import { rbacFor } from '../apiserver/authz/rbac.js';
import { showRule, uncovered } from '../apiserver/authz/rules.js';
import type { ObjectReader } from '../apiserver/resource/reader.js';

const GROUP = 'rbac.authorization.k8s.io';

const EVERYTHING: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

function may(
  user: UserInfo,
  authorize: Authorizer,
  verb: string,
  resource: string,
  namespace: string,
  name: string,
): boolean {
  return authorize({
    user,
    verb,
    group: GROUP,
    version: 'v1',
    resource,
    subresource: '',
    namespace,
    name,
  }).allowed;
}

function refuseEscalation(
  request: AdmissionRequest,
  reader: ObjectReader,
  rules: readonly PolicyRule[],
): void {
  const { user } = request.context;
  const missing = uncovered(rbacFor(reader).rulesFor(user, request.namespace), rules);
  if (!missing.length) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const why = `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(showRule).join('\n')}`;
  throw forbidden({ group: GROUP, resource: request.resource.facts.resource }, request.name, why);
}

function checkRole(request: AdmissionRequest, reader: ObjectReader, authorize: Authorizer): void {
  const role = request.object as ClusterRole;
  const old = request.oldObject as ClusterRole | undefined;
  if (
    old &&
    JSON.stringify([old.rules, old.aggregationRule]) ===
      JSON.stringify([role.rules, role.aggregationRule])
  )
    return;
  const { resource } = request.resource.facts;
  if (may(request.context.user, authorize, 'escalate', resource, request.namespace, request.name))
    return;
  if (
    role.aggregationRule &&
    uncovered(rbacFor(reader).rulesFor(request.context.user, ''), EVERYTHING).length
  ) {
    throw forbidden(
      { group: GROUP, resource },
      request.name,
      'must have cluster-admin privileges to use the aggregationRule',
    );
  }
  refuseEscalation(request, reader, role.rules ?? []);
}

function checkBinding(
  request: AdmissionRequest,
  reader: ObjectReader,
  authorize: Authorizer,
): void {
  const binding = request.object as RoleBinding;
  const old = request.oldObject as RoleBinding | undefined;
  if (
    old &&
    JSON.stringify([old.roleRef, old.subjects]) ===
      JSON.stringify([binding.roleRef, binding.subjects])
  )
    return;
  const resource = binding.roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  if (
    may(request.context.user, authorize, 'bind', resource, request.namespace, binding.roleRef.name)
  )
    return;
  const rules = rbacFor(reader).rulesOf(binding.roleRef, request.namespace);
  if (rules === undefined) {
    throw forbidden(
      { group: GROUP, resource: request.resource.facts.resource },
      request.name,
      `${resource}.${GROUP} ${JSON.stringify(binding.roleRef.name)} not found`,
    );
  }
  refuseEscalation(request, reader, rules);
}

export const rbacEscalation: AdmissionPluginFactory = ({ reader, authorize }) => ({
  name: 'RBACEscalation',
  operations: ['CREATE', 'UPDATE'],
  resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map(
    (name) => `${name}.${GROUP}`,
  ),
  validate(request) {
    if (
      !request.object ||
      request.subresource ||
      request.context.user.groups.includes('system:masters')
    )
      return;
    const isBinding = request.resource.facts.kind.endsWith('Binding');
    (isBinding ? checkBinding : checkRole)(request, reader, authorize);
  },
});
