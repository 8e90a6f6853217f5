// Permissions of each controller: roles `system:controller:NAME`
// (upstream plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go).
import type { ClusterRole, ClusterRoleBinding, PolicyRule } from '../../apis/rbac/v1/types.js';
import { account, clusterRole, clusterRoleBinding, EVENTS, rule, user } from './policy-rules.js';

const PREFIX = 'system:controller:';
const READ = 'get list watch';
const WATCH = 'list watch';
const APPS = 'apps extensions';
const RULES: Record<string, PolicyRule[]> = {
  'attachdetach-controller': [
    rule(WATCH, 'core', 'persistentvolumes persistentvolumeclaims pods'),
    rule(READ, 'core', 'nodes'),
    rule('patch update', 'core', 'nodes/status'),
    EVENTS,
    rule('get create delete list watch', 'storage.k8s.io', 'volumeattachments'),
    rule(READ, 'storage.k8s.io', 'csidrivers csinodes'),
  ],
  'clusterrole-aggregation-controller': [
    rule('escalate get list watch update patch', 'rbac.authorization.k8s.io', 'clusterroles'),
  ],
  'cronjob-controller': [
    rule('get list watch update', 'batch', 'cronjobs'),
    rule('get list watch create update delete patch', 'batch', 'jobs'),
    rule('update', 'batch', 'cronjobs/status cronjobs/finalizers'),
    rule('list delete', 'core', 'pods'),
    EVENTS,
  ],
  'daemon-set-controller': [
    rule(READ, APPS, 'daemonsets'),
    rule('update', APPS, 'daemonsets/status daemonsets/finalizers'),
    rule(WATCH, 'core', 'nodes'),
    rule('list watch create delete patch', 'core', 'pods'),
    rule('create', 'core', 'pods/binding'),
    rule('get list watch create delete update patch', 'apps', 'controllerrevisions'),
    EVENTS,
  ],
  'deployment-controller': [
    rule('get list watch update', APPS, 'deployments'),
    rule('update', APPS, 'deployments/status deployments/finalizers'),
    rule('get list watch create update patch delete', APPS, 'replicasets'),
    rule('get list watch update', 'core', 'pods'),
    EVENTS,
  ],
  'disruption-controller': [
    rule(READ, APPS, 'deployments replicasets'),
    rule(READ, 'core', 'replicationcontrollers pods'),
    rule(READ, 'policy', 'poddisruptionbudgets'),
    rule(READ, 'apps', 'statefulsets'),
    rule('update', 'policy', 'poddisruptionbudgets/status'),
    rule('patch update', 'core', 'pods/status'),
    rule('get', '*', '*/scale'),
    EVENTS,
  ],
  'endpoint-controller': [
    rule(READ, 'core', 'services pods'),
    rule('get list watch create update delete', 'core', 'endpoints'),
    rule('create', 'core', 'endpoints/restricted'),
    EVENTS,
  ],
  'endpointslice-controller': [
    rule(READ, 'core', 'services pods nodes'),
    rule('update', 'core', 'services/finalizers'),
    rule('get list watch create update delete', 'discovery.k8s.io', 'endpointslices'),
    EVENTS,
  ],
  'endpointslicemirroring-controller': [
    rule(READ, 'core', 'services endpoints'),
    rule('update', 'core', 'services/finalizers endpoints/finalizers'),
    rule('get list watch create update delete', 'discovery.k8s.io', 'endpointslices'),
    EVENTS,
  ],
  'ephemeral-volume-controller': [
    rule(READ, 'core', 'pods'),
    rule('update', 'core', 'pods/finalizers'),
    rule('get list watch create', 'core', 'persistentvolumeclaims'),
    EVENTS,
  ],
  'expand-controller': [
    rule('get list watch update patch', 'core', 'persistentvolumes'),
    rule('update patch', 'core', 'persistentvolumeclaims/status'),
    rule(READ, 'core', 'persistentvolumeclaims'),
    rule('get', 'core', 'services'),
    EVENTS,
  ],
  'generic-garbage-collector': [rule('get list watch patch update delete', '*', '*'), EVENTS],
  'horizontal-pod-autoscaler': [
    rule(READ, 'autoscaling', 'horizontalpodautoscalers'),
    rule('update', 'autoscaling', 'horizontalpodautoscalers/status'),
    rule('get update', '*', '*/scale'),
    rule(WATCH, 'core', 'pods'),
    rule(WATCH, 'metrics.k8s.io', 'pods'),
    rule(READ, 'custom.metrics.k8s.io external.metrics.k8s.io', '*'),
    EVENTS,
  ],
  'job-controller': [
    rule('get list watch update patch', 'batch', 'jobs'),
    rule('update', 'batch', 'jobs/status jobs/finalizers'),
    rule('list watch create delete patch', 'core', 'pods'),
    EVENTS,
  ],
  'namespace-controller': [
    rule('get list watch delete', 'core', 'namespaces'),
    rule('update', 'core', 'namespaces/finalize namespaces/status'),
    rule('get list watch delete deletecollection', '*', '*'),
  ],
  'node-controller': [
    rule('get list watch update delete patch', 'core', 'nodes'),
    rule('patch update', 'core', 'nodes/status pods/status'),
    rule('get list watch delete', 'core', 'pods'),
    EVENTS,
  ],
  'persistent-volume-binder': [
    rule('get list watch update create delete', 'core', 'persistentvolumes'),
    rule('update', 'core', 'persistentvolumes/status persistentvolumeclaims/status'),
    rule('get list watch update', 'core', 'persistentvolumeclaims'),
    rule('get list watch create delete', 'core', 'pods'),
    rule(READ, 'storage.k8s.io', 'storageclasses'),
    rule(WATCH, 'core', 'nodes'),
    rule('get create update delete', 'core', 'endpoints services'),
    rule('get list', 'core', 'secrets'),
    rule('watch', 'core', 'events'),
    EVENTS,
  ],
  'pod-garbage-collector': [
    rule('list watch delete', 'core', 'pods'),
    rule(READ, 'core', 'nodes'),
    rule('patch', 'core', 'pods/status'),
  ],
  'replicaset-controller': [
    rule('get list watch update', APPS, 'replicasets'),
    rule('update', APPS, 'replicasets/status replicasets/finalizers'),
    rule('list watch patch create delete', 'core', 'pods'),
    EVENTS,
  ],
  'replication-controller': [
    rule('get list watch update', 'core', 'replicationcontrollers'),
    rule('update', 'core', 'replicationcontrollers/status replicationcontrollers/finalizers'),
    rule('list watch patch create delete', 'core', 'pods'),
    EVENTS,
  ],
  'resourcequota-controller': [
    rule(WATCH, '*', '*'),
    rule('update', 'core', 'resourcequotas/status'),
    EVENTS,
  ],
  'route-controller': [rule(WATCH, 'core', 'nodes'), rule('patch', 'core', 'nodes/status'), EVENTS],
  'service-account-controller': [rule('create', 'core', 'serviceaccounts'), EVENTS],
  'service-controller': [
    rule(READ, 'core', 'services'),
    rule('patch update', 'core', 'services/status'),
    rule(WATCH, 'core', 'nodes'),
    EVENTS,
  ],
  'statefulset-controller': [
    rule('get list watch create delete update patch', 'core', 'pods'),
    rule(READ, 'apps', 'statefulsets'),
    rule('update', 'apps', 'statefulsets/status statefulsets/finalizers'),
    rule('get list watch create delete update patch', 'apps', 'controllerrevisions'),
    rule('get list watch create update delete', 'core', 'persistentvolumeclaims'),
    rule('update', 'core', 'pods/finalizers'),
    EVENTS,
  ],
  'ttl-controller': [rule('update patch list watch', 'core', 'nodes'), EVENTS],
  'certificate-controller': [
    rule('get list watch delete', 'certificates.k8s.io', 'certificatesigningrequests'),
    rule(
      'update',
      'certificates.k8s.io',
      'certificatesigningrequests/status certificatesigningrequests/approval',
    ),
    rule(
      'approve',
      'certificates.k8s.io',
      'signers',
      'kubernetes.io/kube-apiserver-client-kubelet',
    ),
    rule(
      'sign',
      'certificates.k8s.io',
      'signers',
      'kubernetes.io/legacy-unknown kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving',
    ),
    rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    EVENTS,
  ],
  'pvc-protection-controller': [
    rule('get list watch update', 'core', 'persistentvolumeclaims'),
    rule(READ, 'core', 'pods'),
    EVENTS,
  ],
  'pv-protection-controller': [rule('get list watch update', 'core', 'persistentvolumes'), EVENTS],
  'ttl-after-finished-controller': [rule('get list watch delete', 'batch', 'jobs'), EVENTS],
  'root-ca-cert-publisher': [rule('create update', 'core', 'configmaps'), EVENTS],
  'validatingadmissionpolicy-status-controller': [
    rule(READ, 'admissionregistration.k8s.io', 'validatingadmissionpolicies'),
    rule('get patch update', 'admissionregistration.k8s.io', 'validatingadmissionpolicies/status'),
    EVENTS,
  ],
  'legacy-service-account-token-cleaner': [
    rule('get', 'core', 'configmaps', 'kube-apiserver-legacy-service-account-token-tracking'),
    rule('patch delete', 'core', 'secrets'),
  ],
};

export const CONTROLLER_ROLES: readonly ClusterRole[] = Object.entries(RULES).map(([name, rules]) =>
  clusterRole(`${PREFIX}${name}`, rules),
);

/**
 * Upstream binds each role to a service account of its own. Our controller manager runs all of its
 * controllers under one user, so that user is bound to every role too.
 */
export const CONTROLLER_ROLE_BINDINGS: readonly ClusterRoleBinding[] = Object.keys(RULES).map(
  (name) =>
    clusterRoleBinding(
      `${PREFIX}${name}`,
      account('kube-system', name),
      user('system:kube-controller-manager'),
    ),
);
