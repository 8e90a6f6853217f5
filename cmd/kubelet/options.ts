// The kubelet's flags, with upstream's names.
import { DEFAULT_EVICTION_HARD } from '../../pkg/kubelet/eviction/thresholds.js';
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { TLS_FLAGS } from '../tls-flags.js';
import { withConfig } from '../config-file.js';
import { KUBELET_CONFIGURATION } from './config-file.js';

export const FLAGS = {
  config: {
    type: 'string',
    help: 'The kubelet will load its initial configuration from this file (KubeletConfiguration, kubelet.config.k8s.io/v1beta1). Flags of the command line override it.',
  },
  kubeconfig: {
    type: 'string',
    help: 'Path to a kubeconfig file, specifying how to connect to the API server. Without it the kubelet runs alone, with static pods only.',
  },
  'hostname-override': {
    type: 'string',
    help: 'If non-empty, use this string as identification instead of the actual hostname.',
  },
  'node-ip': {
    type: 'list',
    help: 'IP address (or comma-separated dual-stack IP addresses) of the node; default: the first address of the default route.',
  },
  runtime: {
    type: 'string',
    default: 'cri',
    choices: ['cri', 'hollow'],
    help: 'The container runtime: cri, or hollow for simulated containers.',
  },
  'container-runtime-endpoint': {
    type: 'string',
    default: 'unix:///run/containerd/containerd.sock',
    help: 'The endpoint of the container runtime service.',
  },
  'pod-infra-container-image': {
    type: 'string',
    default: 'registry.k8s.io/pause:3.10',
    help: 'The image that image garbage collection never removes because sandboxes use it.',
  },
  'root-dir': {
    type: 'string',
    default: '/var/lib/kubelet',
    help: 'Directory path for managing kubelet files (volume mounts, etc.).',
  },
  'pod-log-dir': { type: 'string', default: '/var/log/pods', help: 'Directory of container logs.' },
  'cert-dir': {
    type: 'string',
    help: 'Directory of the self-signed certificate, used without --tls-cert-file; default ROOT-DIR/pki.',
  },
  'tls-cert-file': {
    type: 'string',
    help: 'File containing the x509 certificate used for serving HTTPS.',
  },
  'tls-private-key-file': {
    type: 'string',
    help: 'File containing the x509 private key matching --tls-cert-file.',
  },
  ...TLS_FLAGS,
  'client-ca-file': {
    type: 'string',
    help: 'Requests with a client certificate signed by one of the authorities of this file are authenticated by it.',
  },
  'authentication-token-webhook': {
    type: 'boolean',
    default: true,
    help: 'Use the TokenReview and SubjectAccessReview APIs to authenticate and authorize callers.',
  },
  address: {
    type: 'string',
    default: '0.0.0.0',
    help: 'The IP address for the kubelet to serve on.',
  },
  port: { type: 'number', default: 10250, help: 'The port for the kubelet to serve on.' },
  'read-only-port': {
    type: 'number',
    default: 0,
    help: 'The read-only port for the kubelet to serve on with no authentication/authorization (0 to disable).',
  },
  'healthz-bind-address': {
    type: 'string',
    default: '127.0.0.1',
    help: 'The IP address for the healthz server.',
  },
  'healthz-port': {
    type: 'number',
    default: 10248,
    help: 'The port of the localhost healthz endpoint (0 to disable).',
  },
  'cluster-dns': {
    type: 'list',
    help: 'Comma-separated list of DNS server IP addresses for containers with dnsPolicy=ClusterFirst.',
  },
  'cluster-domain': {
    type: 'string',
    default: 'cluster.local',
    help: "Domain for this cluster, searched by containers in addition to the host's search domains.",
  },
  'resolv-conf': {
    type: 'string',
    default: '/etc/resolv.conf',
    help: 'Resolver configuration file used as the basis for the container DNS resolution configuration.',
  },
  'pod-manifest-path': {
    type: 'string',
    help: 'Path to the directory containing static pod files to run, or to a single static pod file.',
  },
  'register-node': {
    type: 'boolean',
    default: true,
    help: 'Register the node with the API server.',
  },
  'node-labels': {
    type: 'map',
    help: 'Labels to add when registering the node in the cluster: key1=value1,key2=value2.',
  },
  'register-with-taints': {
    type: 'list',
    help: 'Register the node with these taints: key=value:effect, comma-separated.',
  },
  'max-pods': {
    type: 'number',
    default: 110,
    help: 'Number of pods that can run on this kubelet.',
  },
  'allowed-unsafe-sysctls': {
    type: 'list',
    help: 'Comma-separated whitelist of unsafe sysctls or unsafe sysctl patterns (ending in *). Use these at your own risk.',
  },
  'cgroup-root': { type: 'string', default: '/', help: 'Root cgroup to use for pods.' },
  'cgroup-driver': {
    type: 'string',
    default: 'cgroupfs',
    choices: ['cgroupfs', 'systemd'],
    help: 'Driver that the kubelet uses to manipulate cgroups.',
  },
  'seccomp-default': {
    type: 'boolean',
    default: false,
    help: 'Gives containers without a seccomp profile the default profile of the runtime.',
  },
  'pod-max-pids': {
    type: 'number',
    default: -1,
    help: 'Processes and threads of each pod; -1: no bound of its own. Needs the cgroupfs driver.',
  },
  'node-status-update-frequency': {
    type: 'duration',
    default: '10s',
    help: 'How often the kubelet computes the node status.',
  },
  'image-gc-high-threshold': {
    type: 'number',
    default: 85,
    help: 'The percent of disk usage after which image garbage collection is always run.',
  },
  'image-gc-low-threshold': {
    type: 'number',
    default: 80,
    help: 'The percent of disk usage before which image garbage collection is never run.',
  },
  'minimum-image-ttl-duration': {
    type: 'duration',
    default: '2m',
    help: 'Minimum age for an unused image before it is garbage collected.',
  },
  'eviction-hard': {
    type: 'list',
    default: DEFAULT_EVICTION_HARD.split(','),
    help: 'A set of eviction thresholds (e.g. memory.available<1Gi) that if met would trigger a pod eviction.',
  },
  'eviction-soft': {
    type: 'list',
    help: 'A set of eviction thresholds (e.g. memory.available<1.5Gi) that if met over a corresponding grace period would trigger a pod eviction.',
  },
  'eviction-soft-grace-period': {
    type: 'map',
    help: 'A set of eviction grace periods (e.g. memory.available=1m30s) that correspond to how long a soft eviction threshold must hold before triggering a pod eviction.',
  },
  'eviction-max-pod-grace-period': {
    type: 'number',
    default: 0,
    help: 'Maximum allowed grace period (in seconds) to use when terminating pods in response to a soft eviction threshold being met.',
  },
  'eviction-pressure-transition-period': {
    type: 'duration',
    default: '5m',
    help: 'Duration for which the kubelet has to wait before transitioning out of an eviction pressure condition.',
  },
  'container-log-max-size': {
    type: 'string',
    default: '10Mi',
    help: 'Maximum size of a container log file before it is rotated.',
  },
  'container-log-max-files': {
    type: 'number',
    default: 5,
    help: 'Maximum number of log files kept for a container.',
  },
  'hollow-start-delay': {
    type: 'duration',
    default: '50ms',
    help: 'With --runtime=hollow: the start delay of a container.',
  },
  'hollow-network': {
    type: 'string',
    default: '10.244',
    help: 'With --runtime=hollow: the first two octets of pod addresses.',
  },
  'log-level': LOG_LEVEL,
} as const;

export type KubeletConfig = Config<typeof FLAGS>;

function checked(config: KubeletConfig): KubeletConfig {
  if (config['pod-max-pids'] > 0 && config['cgroup-driver'] === 'systemd')
    throw new FlagError('kubelet: --pod-max-pids needs --cgroup-driver=cgroupfs', 2);
  return config;
}

export function parseOptions(argv: readonly string[]): KubeletConfig {
  const parse = (words: readonly string[]) =>
    checked(parseFlags('kubelet', 'Runs the pods of one node.', FLAGS, words));
  const given = parse(argv);
  if (given.config === undefined) return given;
  return parse(withConfig(KUBELET_CONFIGURATION, given.config, argv));
}
