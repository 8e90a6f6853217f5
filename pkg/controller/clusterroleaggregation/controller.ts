// clusterrole-aggregation-controller: copies the rules of selected roles into aggregated roles such
// as admin, edit and view (upstream: pkg/controller/clusterroleaggregation). The authorizer follows
// the selectors by itself; the copied rules are for people and other readers.
import type { ClusterRole } from '../../apis/rbac/v1/types.js';
import { CLUSTER_ROLES } from '../../apis/resource-types.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { planAggregation } from './plan.js';

export function createClusterRoleAggregation(context: ControllerContext): Controller {
  const roles = context.informers.informer(CLUSTER_ROLES);
  // Any aggregated role may select any role; aggregated roles are few.
  const aggregated = (): string[] =>
    roles.store
      .list()
      .filter((role: ClusterRole) => role.aggregationRule)
      .map((role) => role.metadata.name);
  return {
    watches: [watch(roles, aggregated)],
    async reconcile(key) {
      const role = roles.store.get(key);
      const wanted = role && planAggregation(role, roles.store.list());
      if (wanted) await context.client.update(CLUSTER_ROLES, wanted);
    },
  };
}
