// The RBAC objects that every cluster starts with; policy.yaml has them. At each start the
// apiserver creates missing objects and adds missing rules; rules that users added stay.
import { RBAC_POLICY } from './policy.generated.js';
import {
  aggregatedRole,
  clusterRole,
  clusterRoleBinding,
  namespacedRole,
  roleBinding,
  ruleOf,
  type ShortRule,
  subjectOf,
} from './policy-rules.js';

type Table<T> = Readonly<Record<string, T>>;

export interface PolicyTable {
  clusterRoles: Table<readonly ShortRule[]>;
  clusterRoleBindings: Table<readonly string[]>;
  roles: Table<readonly ShortRule[]>;
  roleBindings: Table<{ role: string; subjects: readonly string[] }>;
  people: Table<readonly ShortRule[]>;
  controllers: Table<readonly ShortRule[]>;
}

const AGGREGATE_TO = 'rbac.authorization.k8s.io/aggregate-to-';
const labelsOf = (role: string) => ({ [`${AGGREGATE_TO}${role}`]: 'true' });
/** Admin has the rules of edit, and edit those of view. */
const AGGREGATED_BY: Table<string> = { edit: 'admin', view: 'edit' };
const CONTROLLER = 'system:controller:';

const entries = <T, R>(table: Table<T>, make: (name: string, value: T) => R): R[] =>
  Object.entries(table).map(([name, value]) => make(name, value));
const split = (name: string) => name.split(' ') as [namespace: string, name: string];

/** The permissions of every node, which the Node authorizer gives; the role has no subjects. */
export const NODE_RULES = RBAC_POLICY.clusterRoles['system:node']!.map(ruleOf);

export const DEFAULT_POLICY = {
  clusterRoles: [
    ...entries(RBAC_POLICY.clusterRoles, (name, rules) => clusterRole(name, rules.map(ruleOf))),
    ...entries(RBAC_POLICY.people, (name) => {
      const by = AGGREGATED_BY[name];
      return aggregatedRole(name, { matchLabels: labelsOf(name) }, by ? labelsOf(by) : {});
    }),
    ...entries(RBAC_POLICY.people, (name, rules) =>
      clusterRole(`system:aggregate-to-${name}`, rules.map(ruleOf), labelsOf(name)),
    ),
    ...entries(RBAC_POLICY.controllers, (name, rules) =>
      clusterRole(`${CONTROLLER}${name}`, rules.map(ruleOf)),
    ),
  ],
  clusterRoleBindings: [
    ...entries(RBAC_POLICY.clusterRoleBindings, (name, subjects) =>
      clusterRoleBinding(name, ...subjects.map(subjectOf)),
    ),
    // Upstream binds each role to a service account of its own. Our controller manager runs all of
    // its controllers under one user, so that user is bound to every role too.
    ...entries(RBAC_POLICY.controllers, (name) =>
      clusterRoleBinding(
        `${CONTROLLER}${name}`,
        subjectOf(`account kube-system ${name}`),
        subjectOf('user system:kube-controller-manager'),
      ),
    ),
  ],
  roles: entries(RBAC_POLICY.roles, (name, rules) =>
    namespacedRole(...split(name), rules.map(ruleOf)),
  ),
  roleBindings: entries(RBAC_POLICY.roleBindings, (name, { role, subjects }) =>
    roleBinding(...split(name), role, ...subjects.map(subjectOf)),
  ),
};
