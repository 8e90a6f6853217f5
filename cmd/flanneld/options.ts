// The command line of flanneld; flags.yaml has the flags. Each flag can also be set by
// FLANNELD_<NAME> in the environment.
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { familyOf } from '../../pkg/util/netaddr/ip.js';
import { FLANNEL_FLAGS } from './flags.generated.js';

export const FLAGS = { ...FLANNEL_FLAGS, 'log-level': LOG_LEVEL } as const;

export type FlanneldConfig = Config<typeof FLAGS>;

/** A flag on the command line wins over the environment. Throws FlagError. */
export function parseOptions(
  argv: readonly string[],
  environment: Record<string, string | undefined> = {},
): FlanneldConfig {
  const given = new Set(argv.map((word) => /^--?([a-z0-9-]+)/.exec(word)?.[1]));
  const fromEnvironment = Object.keys(FLAGS).flatMap((name) => {
    const value = environment[`FLANNELD_${name.toUpperCase().replaceAll('-', '_')}`];
    return value === undefined || given.has(name) ? [] : [`--${name}=${value}`];
  });
  const about =
    "Gives this node a subnet of the pod network and connects it with the other nodes'.";
  const config = parseFlags('flanneld', about, FLAGS, [...fromEnvironment, ...argv]);
  const margin = config['subnet-lease-renew-margin'];
  if (margin < 1 || margin > 1439)
    throw new FlagError('flanneld: --subnet-lease-renew-margin must be between 1 and 1439');
  if (!(config['subnet-lease-ttl'] >= 5))
    throw new FlagError('flanneld: --subnet-lease-ttl must be at least 5 seconds');
  if (config['public-ip'] !== undefined && familyOf(config['public-ip']) !== 4)
    throw new FlagError(`flanneld: --public-ip=${config['public-ip']} is not an IPv4 address`);
  if (config['public-ipv6'] !== undefined && familyOf(config['public-ipv6']) !== 6)
    throw new FlagError(`flanneld: --public-ipv6=${config['public-ipv6']} is not an IPv6 address`);
  if (Boolean(config['etcd-keyfile']) !== Boolean(config['etcd-certfile'])) {
    throw new FlagError('flanneld: --etcd-keyfile and --etcd-certfile must be given together');
  }
  return config;
}
