// The table row of both kinds of bindings.
import type { ClusterRoleBinding, RoleBinding } from '../../apis/rbac/v1/types.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { age } from '../cells.js';

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
