// Flags of kube-controller-manager, under upstream's names. The last flags are not upstream's.
import { SIGNERS } from '../../pkg/controller/certificates/plan.js';
import { parseFlags, type Config } from '../flags.js';
import { leadingFlags } from '../leading.js';

export const FLAGS = {
  kubeconfig: {
    type: 'string',
    help: 'Path to kubeconfig file with authorization and master location information; absent: the service account of the pod.',
  },
  controllers: {
    type: 'list',
    default: ['*'],
    help: "Controllers to run: '*' all that run by default, 'foo' also foo, '-foo' not foo.",
  },
  'use-service-account-credentials': {
    type: 'boolean',
    default: false,
    help: 'Each controller acts as its own service account in kube-system; otherwise all act as the identity of the kubeconfig.',
  },
  'root-ca-file': {
    type: 'string',
    help: "CA bundle that pods trust, published as config map kube-root-ca.crt in every namespace; absent: the kubeconfig's CA.",
  },
  'service-account-private-key-file': {
    type: 'string',
    help: 'PEM key that signs the tokens of Secrets of type kubernetes.io/service-account-token; absent: such Secrets stay empty.',
  },
  'cluster-signing-cert-file': {
    type: 'string',
    help: 'CA certificate (PEM) that signs certificate signing requests; absent: none are signed.',
  },
  'cluster-signing-key-file': { type: 'string', help: 'Key (PEM) of --cluster-signing-cert-file.' },
  'cluster-signing-kubelet-serving-cert-file': {
    type: 'string',
    help: 'CA certificate (PEM) that signs requests of the signer kubernetes.io/kubelet-serving; then --cluster-signing-cert-file must not be set.',
  },
  'cluster-signing-kubelet-serving-key-file': {
    type: 'string',
    help: 'Key (PEM) of --cluster-signing-kubelet-serving-cert-file.',
  },
  'cluster-signing-kubelet-client-cert-file': {
    type: 'string',
    help: 'CA certificate (PEM) that signs requests of the signer kubernetes.io/kube-apiserver-client-kubelet; then --cluster-signing-cert-file must not be set.',
  },
  'cluster-signing-kubelet-client-key-file': {
    type: 'string',
    help: 'Key (PEM) of --cluster-signing-kubelet-client-cert-file.',
  },
  'cluster-signing-kube-apiserver-client-cert-file': {
    type: 'string',
    help: 'CA certificate (PEM) that signs requests of the signer kubernetes.io/kube-apiserver-client; then --cluster-signing-cert-file must not be set.',
  },
  'cluster-signing-kube-apiserver-client-key-file': {
    type: 'string',
    help: 'Key (PEM) of --cluster-signing-kube-apiserver-client-cert-file.',
  },
  'cluster-signing-legacy-unknown-cert-file': {
    type: 'string',
    help: 'CA certificate (PEM) that signs requests of the signer kubernetes.io/legacy-unknown; then --cluster-signing-cert-file must not be set.',
  },
  'cluster-signing-legacy-unknown-key-file': {
    type: 'string',
    help: 'Key (PEM) of --cluster-signing-legacy-unknown-cert-file.',
  },
  'cluster-signing-duration': {
    type: 'duration',
    default: '8760h0m0s',
    help: 'The longest that a signed certificate is valid.',
  },
  'cluster-name': {
    type: 'string',
    default: 'kubernetes',
    help: 'Instance prefix for the cluster.',
  },
  'cluster-cidr': {
    type: 'string',
    help: 'CIDR range for pods in the cluster, or two of different families: 10.244.0.0/16,fd00:244::/56; needs --allocate-node-cidrs.',
  },
  'allocate-node-cidrs': {
    type: 'boolean',
    default: false,
    help: 'Should node CIDRs be allocated by the controller manager. flannel leases its subnets from etcd and needs none.',
  },
  'node-cidr-mask-size': {
    type: 'number',
    help: 'Mask size of node CIDRs in a cluster of one family. Default 24 for IPv4 and 64 for IPv6.',
  },
  'node-cidr-mask-size-ipv4': {
    type: 'number',
    help: 'Mask size of IPv4 node CIDRs in a dual-stack cluster. Default 24.',
  },
  'node-cidr-mask-size-ipv6': {
    type: 'number',
    help: 'Mask size of IPv6 node CIDRs in a dual-stack cluster. Default 64.',
  },
  'concurrent-endpoint-syncs': { type: 'number', default: 5, help: 'Endpoints synced at once.' },
  'concurrent-service-endpoint-syncs': {
    type: 'number',
    default: 5,
    help: 'Services whose endpoint slices are synced at once.',
  },
  'mirroring-concurrent-service-endpoint-syncs': {
    type: 'number',
    default: 5,
    help: 'Endpoints mirrored to slices at once.',
  },
  'concurrent-rc-syncs': {
    type: 'number',
    default: 5,
    help: 'Replication controllers synced at once.',
  },
  'concurrent-replicaset-syncs': {
    type: 'number',
    default: 5,
    help: 'Replica sets synced at once.',
  },
  'concurrent-deployment-syncs': {
    type: 'number',
    default: 5,
    help: 'Deployments synced at once.',
  },
  'concurrent-namespace-syncs': {
    type: 'number',
    default: 10,
    help: 'Namespaces emptied at once.',
  },
  'concurrent-serviceaccount-syncs': {
    type: 'number',
    default: 5,
    help: 'Namespaces given their service accounts at once.',
  },
  'concurrent-gc-syncs': {
    type: 'number',
    default: 20,
    help: 'Objects examined by the garbage collector at once.',
  },
  'concurrent-resource-quota-syncs': {
    type: 'number',
    default: 5,
    help: 'Resource quotas counted at once.',
  },
  'concurrent-cron-job-syncs': { type: 'number', default: 5, help: 'Cron jobs synced at once.' },
  'concurrent-daemonset-syncs': { type: 'number', default: 2, help: 'Daemon sets synced at once.' },
  'concurrent-statefulset-syncs': {
    type: 'number',
    default: 5,
    help: 'Stateful sets synced at once.',
  },
  'concurrent-job-syncs': { type: 'number', default: 5, help: 'Jobs synced at once.' },
  'concurrent-service-account-token-syncs': {
    type: 'number',
    default: 5,
    help: 'Token Secrets of service accounts synced at once.',
  },
  'concurrent-ttl-after-finished-syncs': {
    type: 'number',
    default: 5,
    help: 'Finished jobs deleted at once.',
  },
  'enable-garbage-collector': {
    type: 'boolean',
    default: true,
    help: 'Collect objects whose owners are gone.',
  },
  'terminated-pod-gc-threshold': {
    type: 'number',
    default: 12500,
    help: 'Finished pods that may stay before the oldest are deleted; 0 or less: all.',
  },
  'node-monitor-grace-period': {
    type: 'duration',
    default: '50s',
    help: 'Silence after which a node is marked unhealthy.',
  },
  'node-monitor-period': {
    type: 'duration',
    default: '5s',
    help: 'Time between looks at a node whose eviction is held back.',
  },
  'node-startup-grace-period': {
    type: 'duration',
    default: '1m0s',
    help: 'Silence after which a node that never posted status is marked unhealthy.',
  },
  'node-eviction-rate': {
    type: 'number',
    default: 0.1,
    help: 'Nodes per second whose pods are evicted in a zone that is healthy.',
  },
  'secondary-node-eviction-rate': {
    type: 'number',
    default: 0.01,
    help: 'The same for a zone that is unhealthy; 0 in clusters below --large-cluster-size-threshold.',
  },
  'unhealthy-zone-threshold': {
    type: 'number',
    default: 0.55,
    help: 'Fraction of nodes not ready (at least 3) from which a zone is unhealthy.',
  },
  'large-cluster-size-threshold': {
    type: 'number',
    default: 50,
    help: 'Nodes from which on a zone counts as large.',
  },
  ...leadingFlags('kube-controller-manager', 10257),
} as const;

/** The flags of each signer's own authority, without '-cert-file' and '-key-file'. */
export const SIGNING_FLAGS = [
  ['cluster-signing-kubelet-serving', SIGNERS.kubeletServing],
  ['cluster-signing-kubelet-client', SIGNERS.kubeletClient],
  ['cluster-signing-kube-apiserver-client', SIGNERS.client],
  ['cluster-signing-legacy-unknown', SIGNERS.legacy],
] as const;

export type KubeControllerManagerConfig = Config<typeof FLAGS>;

export function parseOptions(argv: readonly string[]): KubeControllerManagerConfig {
  return parseFlags(
    'kube-controller-manager',
    'Runs the control loops that move the cluster to its desired state.',
    FLAGS,
    argv,
  );
}
