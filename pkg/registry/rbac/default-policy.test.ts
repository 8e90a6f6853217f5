import { deepStrictEqual, ok } from 'node:assert/strict';
import type { ClusterRole, ClusterRoleBinding } from '../../apis/rbac/v1/types.js';
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
} from '../../apis/rbac/v1/rbac.js';
import { DEFAULT_POLICY } from './default-policy.js';

const { clusterRoles, clusterRoleBindings, roles, roleBindings } = DEFAULT_POLICY;

const names = (objects: readonly { metadata: { name: string; namespace?: string } }[]): string[] =>
  objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);

describe('default policy', () => {
  it('contains each object once', () => {
    for (const list of [clusterRoles, clusterRoleBindings, roles, roleBindings])
      deepStrictEqual(names(list), [...new Set(names(list))]);
  });

  it('is valid', () => {
    deepStrictEqual(
      clusterRoles.flatMap((role: ClusterRole) => validateClusterRole(role)),
      [],
    );
    deepStrictEqual(
      clusterRoleBindings.flatMap((binding: ClusterRoleBinding) =>
        validateClusterRoleBinding(binding),
      ),
      [],
    );
    deepStrictEqual(
      roles.flatMap((role) => validateRole(role)),
      [],
    );
    deepStrictEqual(
      roleBindings.flatMap((binding) => validateRoleBinding(binding)),
      [],
    );
  });

  it('lets users of a namespace write no endpoints, which lead anywhere (CVE-2021-25740)', () => {
    const user = clusterRoles.filter(({ metadata: { name } }) =>
      /^(?:system:aggregate-to-)?(?:admin|edit|view)$/.test(name),
    );
    ok(user.length >= 6);
    for (const { metadata, rules = [] } of user)
      for (const { resources = [], verbs } of rules ?? [])
        if (resources.some((name) => /^endpoints|^endpointslices/.test(name)))
          deepStrictEqual(
            verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb)),
            [],
            metadata.name,
          );
  });

  it('binds only roles that it contains', () => {
    for (const { roleRef } of clusterRoleBindings)
      ok(names(clusterRoles).includes(`/${roleRef.name}`), roleRef.name);
    for (const { roleRef, metadata } of roleBindings)
      ok(names(roles).includes(`${metadata.namespace}/${roleRef.name}`), roleRef.name);
  });

  it('aggregates view into edit and edit into admin', () => {
    const labels = (name: string): Record<string, string> =>
      clusterRoles.find(({ metadata }) => metadata.name === name)?.metadata.labels ?? {};
    const key = 'rbac.authorization.k8s.io/aggregate-to-';
    deepStrictEqual(
      [
        labels('view')[`${key}edit`],
        labels('edit')[`${key}admin`],
        labels('system:aggregate-to-view')[`${key}view`],
      ],
      ['true', 'true', 'true'],
    );
  });

  it('lets anonymous users read the version only', () => {
    const anonymous = clusterRoleBindings.filter(({ subjects }) =>
      subjects?.some(({ name }) => name === 'system:unauthenticated'),
    );
    deepStrictEqual(names(anonymous), ['/system:public-info-viewer']);
  });
});
