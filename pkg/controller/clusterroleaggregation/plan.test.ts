import assert from 'node:assert/strict';
import type { ClusterRole, PolicyRule } from '../../apis/rbac/v1/types.js';
import { planAggregation } from './plan.js';

const rule = (resource: string): PolicyRule => ({
  apiGroups: [''],
  resources: [resource],
  verbs: ['get'],
});
const role = (
  name: string,
  rules: PolicyRule[],
  labels: Record<string, string> = {},
  selects?: string,
): ClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, labels },
  rules,
  ...(selects
    ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [selects]: 'true' } }] } }
    : {}),
});

describe('cluster role aggregation', () => {
  const all = [
    role('b', [rule('pods'), rule('nodes')], { 'to-view': 'true' }),
    role('a', [rule('pods')], { 'to-view': 'true' }),
    role('c', [rule('secrets')]),
  ];

  it('collects the rules of the selected roles, each once, sorted by role name', () => {
    assert.deepEqual(planAggregation(role('view', [], {}, 'to-view'), all)?.rules, [
      rule('pods'),
      rule('nodes'),
    ]);
  });

  it('removes rules that no selected role has any more', () => {
    assert.deepEqual(planAggregation(role('view', [rule('secrets')], {}, 'none'), all)?.rules, []);
  });

  it('skips roles that are up to date or not aggregated', () => {
    assert.equal(
      planAggregation(role('view', [rule('pods'), rule('nodes')], {}, 'to-view'), all),
      undefined,
    );
    assert.equal(planAggregation(role('plain', [rule('x')]), all), undefined);
  });
});
