// The resources of the group rbac.authorization.k8s.io.
import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import {
  defaultBinding,
  validateBindingUpdate,
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
} from '../../apis/rbac/v1/rbac.js';
import type { ClusterRoleBinding, RoleBinding } from '../../apis/rbac/v1/types.js';
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  ROLE_BINDINGS,
  ROLES,
} from '../../apis/resource-types.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { defineResource } from '../define.js';

function bindingCells({ roleRef, subjects = [] }: RoleBinding | ClusterRoleBinding): Cell[] {
  const named = (wanted: string): string =>
    subjects
      .filter(({ kind }) => kind === wanted)
      .map(({ kind, namespace, name }) =>
        kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name,
      )
      .join(', ');
  return [`${roleRef.kind}/${roleRef.name}`, ...['User', 'Group', 'ServiceAccount'].map(named)];
}

const ALL = { name: pathSegmentName, validatesTwice: 'all', allowCreateOnUpdate: true } as const;
const BINDINGS = {
  ...ALL,
  defaults: defaultBinding,
  cells: bindingCells,
  validateUpdate: validateBindingUpdate,
};

export const clusterRoleBindings = defineResource({
  type: CLUSTER_ROLE_BINDINGS,
  validate: validateClusterRoleBinding,
  ...BINDINGS,
});

export const clusterRoles = defineResource({
  type: CLUSTER_ROLES,
  validate: validateClusterRole,
  ...ALL,
});

export const roleBindings = defineResource({
  type: ROLE_BINDINGS,
  validate: validateRoleBinding,
  ...BINDINGS,
});

export const roles = defineResource({ type: ROLES, validate: validateRole, ...ALL });
