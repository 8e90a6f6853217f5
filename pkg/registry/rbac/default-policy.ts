// The RBAC objects that every cluster starts with, upstream's as data
// (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go). At each start the apiserver creates
// missing objects and adds missing rules; rules that users added stay. Roles for people are in
// user-policy.ts, those of controllers in controller-policy.ts.
import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
} from '../../apis/rbac/v1/types.js';
import { CONTROLLER_ROLE_BINDINGS, CONTROLLER_ROLES } from './controller-policy.js';
import {
  account,
  clusterRole,
  clusterRoleBinding,
  EVENTS,
  group,
  namespacedRole,
  roleBinding,
  rule,
  urlRule,
  user,
} from './policy-rules.js';
import { USER_ROLES } from './user-policy.js';

const READ = 'get list watch';
const WATCH = 'list watch';
const AUTHENTICATED = group('system:authenticated');
const UNAUTHENTICATED = group('system:unauthenticated');
const KUBELET_API = 'nodes/proxy nodes/metrics nodes/stats nodes/log nodes/spec';

const NODE_RULES = [
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews'),
  rule(READ, 'core', 'services'),
  rule('create get list watch', 'core', 'nodes'),
  rule('patch update', 'core', 'nodes nodes/status'),
  rule('create patch update', 'core', 'events'),
  rule(READ, 'core', 'pods'),
  rule('create delete', 'core', 'pods'),
  rule('patch update', 'core', 'pods/status'),
  rule('create', 'core', 'pods/eviction'),
  rule(READ, 'core', 'configmaps secrets'),
  rule('get', 'core', 'persistentvolumeclaims persistentvolumes'),
  rule('get', 'core', 'endpoints'),
  rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
  rule('get create update patch delete', 'coordination.k8s.io', 'leases'),
  rule('get', 'storage.k8s.io', 'volumeattachments'),
  rule('create', 'core', 'serviceaccounts/token'),
  rule('get update patch', 'core', 'persistentvolumeclaims/status'),
  rule(READ, 'storage.k8s.io', 'csidrivers'),
  rule('create delete get patch update', 'storage.k8s.io', 'csinodes'),
  rule(READ, 'node.k8s.io', 'runtimeclasses'),
];

const SCHEDULER_RULES = [
  EVENTS,
  rule('create', 'coordination.k8s.io', 'leases'),
  rule('get update list watch', 'coordination.k8s.io', 'leases', 'kube-scheduler'),
  rule(READ, 'core', 'nodes'),
  rule('delete get list watch', 'core', 'pods'),
  rule('create', 'core', 'bindings pods/binding'),
  rule('patch update', 'core', 'pods/status'),
  rule(READ, 'core', 'replicationcontrollers services'),
  rule(READ, 'apps extensions', 'replicasets'),
  rule(READ, 'apps', 'statefulsets'),
  rule(READ, 'policy', 'poddisruptionbudgets'),
  rule('get list watch update patch', 'core', 'persistentvolumeclaims persistentvolumes'),
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
  rule(
    READ,
    'storage.k8s.io',
    'csinodes csidrivers csistoragecapacities storageclasses volumeattachments',
  ),
  rule(WATCH, 'core', 'namespaces'),
];

const CONTROLLER_MANAGER_RULES = [
  EVENTS,
  rule('create', 'coordination.k8s.io', 'leases'),
  rule('get update list watch', 'coordination.k8s.io', 'leases', 'kube-controller-manager'),
  rule('create', 'core', 'secrets serviceaccounts'),
  rule('delete', 'core', 'secrets'),
  rule('get', 'core', 'configmaps namespaces secrets serviceaccounts'),
  rule('update', 'core', 'secrets serviceaccounts'),
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
  rule(WATCH, '*', '*'),
  rule('create', 'core', 'serviceaccounts/token'),
];

/** Components and their groups; user-facing roles are in user-policy.ts. */
const SYSTEM_ROLES: readonly ClusterRole[] = [
  clusterRole('cluster-admin', [rule('*', '*', '*'), urlRule('*', '*')]),
  clusterRole('system:discovery', [
    urlRule(
      'get',
      '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/',
    ),
  ]),
  clusterRole('system:basic-user', [
    rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
  ]),
  clusterRole('system:public-info-viewer', [
    urlRule('get', '/healthz /livez /readyz /version /version/'),
  ]),
  clusterRole('system:monitoring', [
    urlRule('get', '/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*'),
  ]),
  clusterRole('system:heapster', [
    rule(READ, 'core', 'events namespaces nodes pods'),
    rule(READ, 'extensions', 'deployments'),
  ]),
  clusterRole('system:node', NODE_RULES),
  clusterRole('system:node-problem-detector', [
    rule('get', 'core', 'nodes'),
    rule('patch', 'core', 'nodes/status'),
    EVENTS,
  ]),
  clusterRole('system:kubelet-api-admin', [
    rule('get list watch proxy', 'core', 'nodes'),
    rule('*', 'core', KUBELET_API),
  ]),
  clusterRole('system:node-bootstrapper', [
    rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
  ]),
  clusterRole('system:auth-delegator', [
    rule('create', 'authentication.k8s.io', 'tokenreviews'),
    rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
  ]),
  clusterRole('system:kube-aggregator', [rule(READ, 'core', 'endpoints services')]),
  clusterRole('system:kube-controller-manager', CONTROLLER_MANAGER_RULES),
  clusterRole('system:kube-dns', [rule(WATCH, 'core', 'endpoints services')]),
  clusterRole('system:persistent-volume-provisioner', [
    rule('create delete get list watch', 'core', 'persistentvolumes'),
    rule('get list update watch', 'core', 'persistentvolumeclaims'),
    rule(READ, 'storage.k8s.io', 'storageclasses'),
    rule('watch', 'core', 'events'),
    EVENTS,
  ]),
  clusterRole('system:certificates.k8s.io:certificatesigningrequests:nodeclient', [
    rule('create', 'certificates.k8s.io', 'certificatesigningrequests/nodeclient'),
  ]),
  clusterRole('system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', [
    rule('create', 'certificates.k8s.io', 'certificatesigningrequests/selfnodeclient'),
  ]),
  ...[
    'kube-apiserver-client',
    'kube-apiserver-client-kubelet',
    'kubelet-serving',
    'legacy-unknown',
  ].map((signer) =>
    clusterRole(`system:certificates.k8s.io:${signer}-approver`, [
      rule('approve', 'certificates.k8s.io', 'signers', `kubernetes.io/${signer}`),
    ]),
  ),
  clusterRole('system:volume-scheduler', [
    rule('get list patch update watch', 'core', 'persistentvolumes'),
    rule(READ, 'storage.k8s.io', 'storageclasses'),
    rule('get list patch update watch', 'core', 'persistentvolumeclaims'),
  ]),
  clusterRole('system:node-proxier', [
    rule(WATCH, 'core', 'services endpoints'),
    rule(READ, 'core', 'nodes'),
    EVENTS,
    rule(WATCH, 'discovery.k8s.io', 'endpointslices'),
    rule(WATCH, 'networking.k8s.io', 'servicecidrs'),
  ]),
  // Our kube-proxy also enforces NetworkPolicy and needs a role besides upstream's.
  clusterRole('system:network-policy-agent', [
    rule(WATCH, 'core', 'namespaces pods'),
    rule(WATCH, 'networking.k8s.io', 'networkpolicies'),
  ]),
  clusterRole('system:kube-scheduler', SCHEDULER_RULES),
  clusterRole('system:service-account-issuer-discovery', [
    urlRule(
      'get',
      '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/',
    ),
  ]),
];

const SYSTEM_ROLE_BINDINGS: readonly ClusterRoleBinding[] = [
  clusterRoleBinding('cluster-admin', group('system:masters')),
  clusterRoleBinding('system:monitoring', group('system:monitoring')),
  clusterRoleBinding('system:discovery', AUTHENTICATED),
  clusterRoleBinding('system:basic-user', AUTHENTICATED),
  clusterRoleBinding('system:public-info-viewer', AUTHENTICATED, UNAUTHENTICATED),
  clusterRoleBinding('system:node-proxier', user('system:kube-proxy')),
  clusterRoleBinding('system:network-policy-agent', user('system:kube-proxy')),
  clusterRoleBinding('system:kubelet-api-admin', user('kube-apiserver-kubelet-client')),
  clusterRoleBinding('system:kube-controller-manager', user('system:kube-controller-manager')),
  clusterRoleBinding('system:kube-dns', account('kube-system', 'kube-dns')),
  clusterRoleBinding('system:kube-scheduler', user('system:kube-scheduler')),
  clusterRoleBinding('system:volume-scheduler', user('system:kube-scheduler')),
  // The Node authorizer grants nodes their permissions; upstream keeps this binding without
  // subjects.
  clusterRoleBinding('system:node'),
  clusterRoleBinding('system:service-account-issuer-discovery', group('system:serviceaccounts')),
];

const READS_EXTENSION_CONFIG = 'extension-apiserver-authentication-reader';

const NAMESPACED_ROLES: readonly Role[] = [
  namespacedRole('kube-system', READS_EXTENSION_CONFIG, [
    rule(READ, 'core', 'configmaps', 'extension-apiserver-authentication'),
  ]),
  namespacedRole('kube-system', 'system:controller:bootstrap-signer', [
    rule(READ, 'core', 'secrets'),
  ]),
  namespacedRole('kube-system', 'system:controller:token-cleaner', [
    rule('get list watch delete', 'core', 'secrets'),
    EVENTS,
  ]),
  namespacedRole('kube-system', 'system:controller:cloud-provider', [
    rule('create get list update watch', 'core', 'configmaps'),
  ]),
  ...['kube-controller-manager', 'kube-scheduler'].map((name) =>
    namespacedRole('kube-system', `system::leader-locking-${name}`, [
      rule('watch', 'core', 'configmaps'),
      rule('get update', 'core', 'configmaps', name),
    ]),
  ),
  namespacedRole('kube-public', 'system:controller:bootstrap-signer', [
    rule(READ, 'core', 'configmaps'),
    rule('update', 'core', 'configmaps', 'cluster-info'),
    EVENTS,
  ]),
];

const controllerBinding = (namespace: string, name: string): RoleBinding =>
  roleBinding(
    namespace,
    `system:controller:${name}`,
    `system:controller:${name}`,
    account('kube-system', name),
    user('system:kube-controller-manager'),
  );

const NAMESPACED_ROLE_BINDINGS: readonly RoleBinding[] = [
  roleBinding(
    'kube-system',
    `system::${READS_EXTENSION_CONFIG}`,
    READS_EXTENSION_CONFIG,
    user('system:kube-controller-manager'),
    user('system:kube-scheduler'),
  ),
  ...['kube-controller-manager', 'kube-scheduler'].map((name) =>
    roleBinding(
      'kube-system',
      `system::leader-locking-${name}`,
      `system::leader-locking-${name}`,
      user(`system:${name}`),
      account('kube-system', name),
    ),
  ),
  controllerBinding('kube-system', 'bootstrap-signer'),
  controllerBinding('kube-system', 'cloud-provider'),
  controllerBinding('kube-system', 'token-cleaner'),
  controllerBinding('kube-public', 'bootstrap-signer'),
];

export const DEFAULT_POLICY = {
  clusterRoles: [...SYSTEM_ROLES, ...USER_ROLES, ...CONTROLLER_ROLES],
  clusterRoleBindings: [...SYSTEM_ROLE_BINDINGS, ...CONTROLLER_ROLE_BINDINGS],
  roles: NAMESPACED_ROLES,
  roleBindings: NAMESPACED_ROLE_BINDINGS,
} as const;
