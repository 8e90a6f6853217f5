// RBAC's rule against escalation: a user grants only permissions that the user holds. Writing a
// role needs its rules or the verb `escalate`; writing a binding needs the role's rules or the verb
// `bind`. Upstream checks the same in the storage of these kinds (pkg/registry/rbac/*/policybased).
import { forbidden } from '../apimachinery/errors/status-error.js';
import { copyFields } from '../apimachinery/meta/copy-fields.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import { semanticEqual } from '../apis/meta/v1/semantic-equal.js';
import type { ClusterRole, PolicyRule, RoleBinding } from '../apis/rbac/v1/types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import type { UserInfo } from '../apiserver/auth/authenticator.js';
import type { Authorizer } from '../apiserver/auth/authorizer.js';
import { rbacFor } from '../apiserver/authz/rbac.js';
import { compactRules, showRule, uncovered } from '../apiserver/authz/rules.js';
import type { ObjectReader } from '../apiserver/resource/reader.js';

const GROUP = 'rbac.authorization.k8s.io';

const EVERYTHING: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

async function may(
  user: UserInfo,
  authorize: Authorizer,
  verb: string,
  resource: string,
  namespace: string,
  name: string,
): Promise<boolean> {
  const { allowed } = await authorize({
    user,
    verb,
    group: GROUP,
    version: 'v1',
    resource,
    subresource: '',
    namespace,
    name,
  });
  return allowed;
}

function refuseEscalation(
  request: AdmissionRequest,
  reader: ObjectReader,
  rules: readonly PolicyRule[],
): void {
  const { user } = request.context;
  const missing = uncovered(rbacFor(reader).rulesFor(user, request.namespace), rules);
  if (!missing.length) return;
  const lines = new Set(compactRules(missing).map(showRule));
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const why = `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${[...lines].sort((a, b) => (a < b ? -1 : 1)).join('\n')}`;
  throw forbidden({ group: GROUP, resource: request.resource.facts.resource }, request.name, why);
}

/**
 * The garbage collector may release objects whose rules it does not hold; every other change, a
 * label's included, can grant: aggregation follows labels (upstream rbac.IsOnlyMutatingGCFields).
 */
function changesOnlyBookkeeping(next: ApiObject, old: ApiObject | undefined): boolean {
  if (!old) return false;
  const metadata = { ...next.metadata };
  copyFields(
    metadata,
    old.metadata,
    'ownerReferences',
    'finalizers',
    'managedFields',
    'resourceVersion',
  );
  return semanticEqual({ ...next, metadata }, old);
}

async function checkRole(
  request: AdmissionRequest,
  reader: ObjectReader,
  authorize: Authorizer,
): Promise<void> {
  const role = request.object as ClusterRole;
  const old = request.oldObject as ClusterRole | undefined;
  const { resource } = request.resource.facts;
  const { user } = request.context;
  if (await may(user, authorize, 'escalate', resource, request.namespace, request.name)) return;
  if (
    (role.aggregationRule ?? old?.aggregationRule) &&
    uncovered(rbacFor(reader).rulesFor(user, ''), EVERYTHING).length
  ) {
    throw forbidden(
      { group: GROUP, resource },
      request.name,
      'must have cluster-admin privileges to use the aggregationRule',
    );
  }
  refuseEscalation(request, reader, role.rules ?? []);
}

async function checkBinding(
  request: AdmissionRequest,
  reader: ObjectReader,
  authorize: Authorizer,
): Promise<void> {
  const binding = request.object as RoleBinding;
  const resource = binding.roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  const { namespace, context } = request;
  if (await may(context.user, authorize, 'bind', resource, namespace, binding.roleRef.name)) return;
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
      changesOnlyBookkeeping(request.object, request.oldObject)
    )
      return;
    const isBinding = request.resource.facts.kind.endsWith('Binding');
    return (isBinding ? checkBinding : checkRole)(request, reader, authorize);
  },
});
