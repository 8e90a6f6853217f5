// Objects of RBAC in short notation: words in a string are alternatives, 'core' is the group ''.
import type { LabelSelector, ObjectMeta } from '../../apimachinery/meta/types.js';
import { RBAC_GROUP } from '../../apis/rbac/v1/rbac.js';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  Subject,
} from '../../apis/rbac/v1/types.js';

const BOOTSTRAPPING = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const AUTOUPDATE = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };

const words = (text: string): string[] => text.split(' ');

/** rule('get list', 'core apps', 'pods replicasets', 'only-this-name') */
const rule = (verbs: string, groups: string, resources: string, names?: string): PolicyRule => ({
  verbs: words(verbs),
  apiGroups: words(groups).map((group) => (group === 'core' ? '' : group)),
  resources: words(resources),
  ...(names && { resourceNames: words(names) }),
});

function urlRule(verbs: string, urls: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}

const metadata = (
  name: string,
  namespace: string | undefined,
  labels: Record<string, string>,
): ObjectMeta => ({
  name,
  ...(namespace && { namespace }),
  labels: { ...BOOTSTRAPPING, ...labels },
  annotations: { ...AUTOUPDATE },
});

/** Verbs, groups, resources and perhaps names, or verbs and URLs. */
export type ShortRule = readonly string[];

export const ruleOf = ([verbs = '', groups = '', resources, names]: ShortRule): PolicyRule =>
  resources === undefined ? urlRule(verbs, groups) : rule(verbs, groups, resources, names);

const API = 'rbac.authorization.k8s.io/v1';

export const clusterRole = (
  name: string,
  rules: PolicyRule[],
  labels: Record<string, string> = {},
): ClusterRole => ({
  apiVersion: API,
  kind: 'ClusterRole',
  metadata: metadata(name, undefined, labels),
  rules,
});

/** A role that aggregates the rules of all roles that `selector` selects. */
export const aggregatedRole = (
  name: string,
  selector: LabelSelector,
  labels: Record<string, string> = {},
): ClusterRole => ({
  ...clusterRole(name, [], labels),
  aggregationRule: { clusterRoleSelectors: [selector] },
});

export function namespacedRole(namespace: string, name: string, rules: PolicyRule[]): Role {
  return { apiVersion: API, kind: 'Role', metadata: metadata(name, namespace, {}), rules };
}

/** Of 'user NAME', 'group NAME' or 'account NAMESPACE NAME'. */
export function subjectOf(text: string): Subject {
  const [kind, first = '', name = first] = words(text);
  if (kind === 'account') return { kind: 'ServiceAccount', namespace: first, name };
  return { kind: kind === 'user' ? 'User' : 'Group', apiGroup: RBAC_GROUP, name };
}

/** Binds the cluster role of the same name. */
export const clusterRoleBinding = (name: string, ...subjects: Subject[]): ClusterRoleBinding => ({
  apiVersion: API,
  kind: 'ClusterRoleBinding',
  metadata: metadata(name, undefined, {}),
  roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name },
  subjects,
});

export const roleBinding = (
  namespace: string,
  name: string,
  role: string,
  ...subjects: Subject[]
): RoleBinding => ({
  apiVersion: API,
  kind: 'RoleBinding',
  metadata: metadata(name, namespace, {}),
  roleRef: { apiGroup: RBAC_GROUP, kind: 'Role', name: role },
  subjects,
});
