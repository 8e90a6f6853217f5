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
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export function bindingRow(binding: RoleBinding | ClusterRoleBinding, now: number): Cell[] {
  const named = (kind: string): string[] =>
    (binding.subjects ?? []).filter((subject) => subject.kind === kind).map(({ name }) => name);
  const accounts = (binding.subjects ?? [])
    .filter(({ kind }) => kind === 'ServiceAccount')
    .map(({ namespace, name }) => `${namespace ?? ''}/${name}`);
  return [
    binding.metadata.name,
    `${binding.roleRef.kind}/${binding.roleRef.name}`,
    age(binding, now),
    named('User').join(', '),
    named('Group').join(', '),
    accounts.join(', '),
  ];
}

export const clusterRoleBindings = defineResource({
  type: CLUSTER_ROLE_BINDINGS,
  name: pathSegmentName,
  defaults: defaultBinding,
  row: bindingRow,
  validatesTwice: 'all',
  validate: validateClusterRoleBinding,
  validateUpdate: validateBindingUpdate,
  allowCreateOnUpdate: true,
});

export const clusterRoles = defineResource({
  type: CLUSTER_ROLES,
  name: pathSegmentName,
  validatesTwice: 'all',
  validate: validateClusterRole,
  allowCreateOnUpdate: true,
});

export const roleBindings = defineResource({
  type: ROLE_BINDINGS,
  name: pathSegmentName,
  defaults: defaultBinding,
  row: bindingRow,
  validatesTwice: 'all',
  validate: validateRoleBinding,
  validateUpdate: validateBindingUpdate,
  allowCreateOnUpdate: true,
});

export const roles = defineResource({
  type: ROLES,
  name: pathSegmentName,
  validatesTwice: 'all',
  validate: validateRole,
  allowCreateOnUpdate: true,
});
