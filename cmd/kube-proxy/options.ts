// The command line of kube-proxy; flags.yaml has the flags.
import { parseCidr } from '../../pkg/util/netaddr/ip.js';
import { withConfig } from '../config-file.js';
import { KUBE_PROXY_CONFIGURATION } from '../config-kinds.generated.js';
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { PROXY_FLAGS } from './flags.generated.js';

export const FLAGS = { ...PROXY_FLAGS, 'log-level': LOG_LEVEL } as const;

export type KubeProxyConfig = Config<typeof FLAGS>;

/** Throws FlagError. */
export function parseOptions(argv: readonly string[]): KubeProxyConfig {
  const about = 'Reflects Services in nftables rules on this node.';
  return withConfig(KUBE_PROXY_CONFIGURATION, argv, (words) =>
    checked(parseFlags('kube-proxy', about, FLAGS, words)),
  );
}

function checked(config: KubeProxyConfig): KubeProxyConfig {
  if (config['proxy-mode'] !== 'nftables')
    throw new FlagError(
      `kube-proxy: --proxy-mode=${config['proxy-mode']} is not supported; this kube-proxy supports only nftables`,
    );
  const cidr = config['cluster-cidr'];
  const families = cidr ? cidr.split(',').map((part) => parseCidr(part)?.network.family) : [];
  if (families.includes(undefined))
    throw new FlagError(`kube-proxy: --cluster-cidr=${cidr} is not a list of CIDRs`);
  if (new Set(families).size < families.length)
    throw new FlagError(`kube-proxy: --cluster-cidr=${cidr} has two CIDRs of one address family`);
  for (const range of config['nodeport-addresses']) {
    if (range !== 'primary' && !parseCidr(range))
      throw new FlagError(
        `kube-proxy: --nodeport-addresses: "${range}" is neither a CIDR nor "primary"`,
      );
  }
  if (config['nodeport-addresses'].includes('primary') && config['nodeport-addresses'].length > 1) {
    throw new FlagError(
      'kube-proxy: --nodeport-addresses: "primary" cannot be combined with CIDRs',
    );
  }
  return config;
}
