// The roles for people: view, edit and admin. Each aggregates the roles with its label, so that
// add-ons and custom resources can extend it.
import type { ClusterRole, PolicyRule } from '../../apis/rbac/v1/types.js';
import { aggregatedRole, clusterRole, rule } from './policy-rules.js';

const READ = 'get list watch';
const WRITE = 'create delete deletecollection patch update';
const AGGREGATE_TO = 'rbac.authorization.k8s.io/aggregate-to-';

const aggregateTo = (role: string): Record<string, string> => ({
  [`${AGGREGATE_TO}${role}`]: 'true',
});

const VIEW: PolicyRule[] = [
  rule(
    READ,
    'core',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
  ),
  rule(
    READ,
    'core',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
  ),
  rule(READ, 'core', 'namespaces'),
  rule(READ, 'discovery.k8s.io', 'endpointslices'),
  rule(
    READ,
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
  ),
  rule(READ, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
  rule(READ, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
  rule(
    READ,
    'extensions',
    'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
  ),
  rule(READ, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
  rule(READ, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
];

const EDIT: PolicyRule[] = [
  rule(READ, 'core', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  rule('impersonate', 'core', 'serviceaccounts'),
  rule(WRITE, 'core', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
  rule('create', 'core', 'pods/eviction'),
  rule(
    WRITE,
    'core',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
  ),
  rule('create', 'core', 'serviceaccounts/token'),
  rule(
    WRITE,
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
  ),
  rule(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
  rule(WRITE, 'batch', 'cronjobs jobs'),
  rule(
    WRITE,
    'extensions',
    'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
  ),
  rule(WRITE, 'policy', 'poddisruptionbudgets'),
  rule(WRITE, 'networking.k8s.io', 'ingresses networkpolicies'),
  rule('get list watch create update patch delete', 'coordination.k8s.io', 'leases'),
];

const ADMIN: PolicyRule[] = [
  rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rule(
    'get list watch create delete deletecollection patch update',
    'rbac.authorization.k8s.io',
    'rolebindings roles',
  ),
];

const collects = (role: string): { matchLabels: Record<string, string> } => ({
  matchLabels: aggregateTo(role),
});

export const USER_ROLES: readonly ClusterRole[] = [
  aggregatedRole('admin', collects('admin')),
  aggregatedRole('edit', collects('edit'), aggregateTo('admin')),
  aggregatedRole('view', collects('view'), aggregateTo('edit')),
  clusterRole('system:aggregate-to-admin', ADMIN, aggregateTo('admin')),
  clusterRole('system:aggregate-to-edit', EDIT, aggregateTo('edit')),
  clusterRole('system:aggregate-to-view', VIEW, aggregateTo('view')),
];
