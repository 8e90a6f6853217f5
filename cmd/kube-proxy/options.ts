// Flags of kube-proxy, under upstream's names.
import { parseCidr } from '../../pkg/util/netaddr/ip.js';
import { withConfig } from '../config-file.js';
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { KUBE_PROXY_CONFIGURATION } from './config-file.js';

export const FLAGS = {
  config: {
    type: 'string',
    help: 'File with a KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1); flags take precedence.',
  },
  kubeconfig: {
    type: 'string',
    help: 'Path to kubeconfig file with authorization information; absent: the service account of the pod.',
  },
  'hostname-override': {
    type: 'string',
    help: 'If non-empty, will be used as the name of the Node that kube-proxy is running on.',
  },
  'cluster-cidr': {
    type: 'string',
    default: '',
    help: 'The CIDR range of the pods in the cluster; traffic to cluster IPs from outside it is masqueraded. For a dual-stack cluster, one CIDR of each family, separated by a comma.',
  },
  'proxy-mode': {
    type: 'string',
    default: 'nftables',
    help: 'Which proxy mode to use; this kube-proxy supports only nftables.',
  },
  'nodeport-addresses': {
    type: 'list',
    default: ['primary'],
    help: 'CIDR ranges of the node\'s addresses that accept node port traffic; "primary": the addresses in the Node\'s status.',
  },
  'masquerade-all': { type: 'boolean', help: 'SNAT all traffic sent via Service cluster IPs.' },
  'min-sync-period': {
    type: 'duration',
    default: '1s',
    help: "Upstream's pause between rule changes; here a change is programmed at once and this bounds only bursts, at a twentieth of it.",
  },
  'conntrack-max-per-core': {
    type: 'number',
    default: 0,
    help: "Maximum number of NAT connections to track per CPU core (0 leaves the kernel's limit as it is).",
  },
  'conntrack-min': {
    type: 'number',
    default: 131072,
    help: 'Minimum number of conntrack entries to allocate, with conntrack-max-per-core above 0.',
  },
  'conntrack-cleanup': {
    type: 'boolean',
    default: true,
    help: 'Delete conntrack entries of removed UDP endpoints.',
  },
  'network-policy': {
    type: 'boolean',
    default: true,
    help: 'Enforce NetworkPolicy for the pods of this node.',
  },
  'healthz-bind-address': {
    type: 'string',
    default: '0.0.0.0:10256',
    help: 'The IP address and port for the health check server to serve on; empty to disable.',
  },
  'metrics-bind-address': {
    type: 'string',
    default: '127.0.0.1:10249',
    help: 'The IP address and port for the metrics server to serve on; empty to disable.',
  },
  'bind-address': {
    type: 'string',
    default: '0.0.0.0',
    help: 'Accepted for compatibility; the addresses in the Node are used.',
  },
  cleanup: { type: 'boolean', help: 'If true cleanup nftables rules and exit.' },
  'log-level': LOG_LEVEL,
} as const;

export type KubeProxyConfig = Config<typeof FLAGS>;

/** Throws FlagError. */
export function parseOptions(argv: readonly string[]): KubeProxyConfig {
  const parse = (words: readonly string[]) =>
    parseFlags('kube-proxy', 'Reflects Services in nftables rules on this node.', FLAGS, words);
  const given = parse(argv);
  return checked(
    given.config === undefined
      ? given
      : parse(withConfig(KUBE_PROXY_CONFIGURATION, given.config, argv)),
  );
}

function checked(config: KubeProxyConfig): KubeProxyConfig {
  if (config['proxy-mode'] !== 'nftables')
    throw new FlagError(
      `kube-proxy: --proxy-mode=${config['proxy-mode']} is not supported; this kube-proxy supports only nftables`,
      2,
    );
  const cidr = config['cluster-cidr'];
  const families = cidr ? cidr.split(',').map((part) => parseCidr(part)?.network.family) : [];
  if (families.includes(undefined))
    throw new FlagError(`kube-proxy: --cluster-cidr=${cidr} is not a list of CIDRs`, 2);
  if (new Set(families).size < families.length)
    throw new FlagError(
      `kube-proxy: --cluster-cidr=${cidr} has two CIDRs of one address family`,
      2,
    );
  for (const range of config['nodeport-addresses']) {
    if (range !== 'primary' && !parseCidr(range))
      throw new FlagError(
        `kube-proxy: --nodeport-addresses: "${range}" is neither a CIDR nor "primary"`,
        2,
      );
  }
  if (config['nodeport-addresses'].includes('primary') && config['nodeport-addresses'].length > 1) {
    throw new FlagError(
      'kube-proxy: --nodeport-addresses: "primary" cannot be combined with CIDRs',
      2,
    );
  }
  return config;
}
