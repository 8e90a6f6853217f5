// RBAC's rule against escalation: a user grants only permissions that the user holds. Writing a
// role needs its rules or the verb `escalate`; writing a binding needs the role's rules or the verb
// `bind`. Upstream checks the same in the storage of these kinds (pkg/registry/rbac/*/policybased).
import { forbidden, type StatusError } from '../apimachinery/errors/status-error.js';
import { copyFields } from '../apimachinery/meta/copy-fields.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import { semanticEqual } from '../apis/meta/v1/semantic-equal.js';
import type { ClusterRole, PolicyRule, RoleBinding } from '../apis/rbac/v1/types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { rbacFor } from '../apiserver/authz/rbac.js';
import { compactRules, showRule, uncovered } from '../apiserver/authz/rules.js';

const GROUP = 'rbac.authorization.k8s.io';

const EVERYTHING: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

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

export const rbacEscalation: AdmissionPluginFactory = ({ reader, authorize }) => {
  const may = async (
    verb: string,
    resource: string,
    name: string,
    { namespace, context: { user } }: AdmissionRequest,
  ): Promise<boolean> => {
    const asked = { user, verb, group: GROUP, version: 'v1', resource, subresource: '' };
    return (await authorize({ ...asked, namespace, name })).allowed;
  };
  const refuse = ({ name, resource: { facts } }: AdmissionRequest, why: string): StatusError =>
    forbidden({ group: GROUP, resource: facts.resource }, name, why);

  function refuseEscalation(request: AdmissionRequest, rules: readonly PolicyRule[]): void {
    const { user } = request.context;
    const missing = uncovered(rbacFor(reader).rulesFor(user, request.namespace), rules);
    if (!missing.length) return;
    const lines = new Set(compactRules(missing).map(showRule));
    const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
    throw refuse(
      request,
      `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${[...lines].sort((a, b) => (a < b ? -1 : 1)).join('\n')}`,
    );
  }

  async function checkRole(request: AdmissionRequest): Promise<void> {
    const role = request.object as ClusterRole;
    const old = request.oldObject as ClusterRole | undefined;
    if (await may('escalate', request.resource.facts.resource, request.name, request)) return;
    if (
      (role.aggregationRule ?? old?.aggregationRule) &&
      uncovered(rbacFor(reader).rulesFor(request.context.user, ''), EVERYTHING).length
    )
      throw refuse(request, 'must have cluster-admin privileges to use the aggregationRule');
    refuseEscalation(request, role.rules ?? []);
  }

  async function checkBinding(request: AdmissionRequest): Promise<void> {
    const { roleRef } = request.object as RoleBinding;
    const resource = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
    if (await may('bind', resource, roleRef.name, request)) return;
    const rules = rbacFor(reader).rulesOf(roleRef, request.namespace);
    if (rules === undefined)
      throw refuse(request, `${resource}.${GROUP} ${JSON.stringify(roleRef.name)} not found`);
    refuseEscalation(request, rules);
  }

  return {
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
      return (isBinding ? checkBinding : checkRole)(request);
    },
  };
};
