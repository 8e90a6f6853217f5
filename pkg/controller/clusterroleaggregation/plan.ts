// The rules of an aggregated ClusterRole: those of every role it selects. Pure.
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import type { ClusterRole, PolicyRule } from '../../apis/rbac/v1/types.js';
import { equalJson } from '../../apimachinery/meta/clone.js';

/** The role to write; undefined when the role is not aggregated or has its rules already. */
export function planAggregation(
  role: ClusterRole,
  all: readonly ClusterRole[],
): ClusterRole | undefined {
  const selectors = (role.aggregationRule?.clusterRoleSelectors ?? []).map(
    selectorFromLabelSelector,
  );
  if (!selectors.length || role.metadata.deletionTimestamp) return undefined;
  const rules: PolicyRule[] = [];
  const selected = all.filter(
    (other) =>
      other.metadata.name !== role.metadata.name &&
      selectors.some((selector) => selector.matches(other.metadata.labels ?? {})),
  );
  for (const other of selected.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    for (const rule of other.rules ?? [])
      if (!rules.some((known) => equalJson(known, rule))) rules.push(rule);
  }
  return equalJson(rules, role.rules ?? []) ? undefined : { ...role, rules };
}
